"""How a partner proves that a document is its own: a signature, a password, or a secret the document itself carries."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretBytes, SecretStr

from adapters.documents.channel import Channel
from adapters.partners import PartnerProfile
from adapters.secrets import read_text_secret, read_webhook_secret
from adapters.signatures import SignatureError, verify
from adapters.transports.options import BasicCheck, HttpsTransport, InDocumentCheck, SignatureCheck


class ProofError(Exception):
    """The document is not proven. `reason` is for the audit trail, never for the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Proof:
    """What one partner's documents are checked with, by its page. Nothing at all proves nothing."""

    signatures: tuple[SecretBytes, ...] = ()
    user: str = ""
    passwords: tuple[SecretStr, ...] = ()
    shared: tuple[SecretStr, ...] = ()
    channel: Channel | None = None

    def check(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Return where the document is proven. Raises ProofError."""
        if self.signatures:
            try:
                verify(self.signatures, headers, body, now)
            except SignatureError as error:
                raise ProofError(error.reason) from error
        elif self.passwords:
            self._check_password(headers.get("authorization", ""))
        elif not (self.shared and self.channel and self.channel.proves_itself(body, self.shared)):
            raise ProofError("credentials")

    def _check_password(self, authorization: str) -> None:
        user, password = _basic(authorization)
        is_user = hmac.compare_digest(user, self.user.encode())
        fits = [hmac.compare_digest(password, known.get_secret_value().encode()) for known in self.passwords]
        if not (is_user and any(fits)):
            raise ProofError("password")


NOBODY = Proof()


def proof_of(partner: PartnerProfile, channel: Channel | None) -> Proof:
    """Return how a partner's posts are checked. Raises ConfigurationError where a secret is missing."""
    check = partner.transport.inbound if isinstance(partner.transport, HttpsTransport) else None
    match check:
        case SignatureCheck():
            return Proof(signatures=tuple(read_webhook_secret(reference) for reference in check.secrets))
        case BasicCheck():
            return Proof(user=check.user, passwords=_texts(check.passwords))
        case InDocumentCheck():
            return Proof(shared=_texts(check.secrets), channel=channel)
    return NOBODY


def _texts(references: Sequence[str]) -> tuple[SecretStr, ...]:
    return tuple(read_text_secret(reference) for reference in references)


def _basic(authorization: str) -> tuple[bytes, bytes]:
    """Return user and password of an Authorization header (RFC 7617), empty where there are none."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return b"", b""
    try:
        user, _, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return b"", b""
    return user, password
