"""The signed answer to a message: what it must say to be believed, and ours to theirs (RFC 8098, RFC 4130)."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from adapters.transports.as2.cms import CmsError
from adapters.transports.as2.keys import Keys
from adapters.transports.as2.mime import Entity, MimeError, entity, fields_of, multipart, received
from adapters.transports.as2.signing import digest_named, proven, signed
from adapters.transports.options import As2Transport
from adapters.transports.parcel import digest_of
from domain.errors import RejectedError, UnavailableError

LARGEST_DISPOSITION = 256 * 1024
"""Bytes."""
DUPLICATE = "duplicate-document"
UNEXPECTED = "unexpected-processing-error"
CODES = frozenset(
    {
        "authentication-failed",
        "decompression-failed",
        "decryption-failed",
        DUPLICATE,
        "insufficient-message-security",
        "integrity-check-failed",
        "sender-equals-receiver",
        UNEXPECTED,
        "unknown-trading-partner",
        "unknown-trading-relationship",
        "unsupported-format",
        "unsupported-mic-algorithms",
    }
)
_DISPOSITION = re.compile(
    r"[^;]*;\s*(?P<type>processed|failed)\s*(?:/\s*(?P<modifier>error|warning|failure)\s*(?::\s*(?P<code>.*))?)?",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(r"[!-~]{1,250}")


@dataclass(frozen=True)
class Asked:
    """What the sender of a message wants for an answer."""

    message_id: str
    disposition: bool
    signed: bool
    asynchronous: bool
    micalg: str
    """How they spell the digest algorithm."""


@dataclass(frozen=True)
class Mdn:
    """Our answer to a message, ready to be sent."""

    headers: Mapping[str, str]
    body: bytes
    url: str | None = None
    """Where it is posted, from our configuration; none where it is the reply itself."""


@dataclass(frozen=True)
class Disposition:
    """What a partner says became of a message of ours."""

    message_id: str
    mic: bytes | None
    code: str | None
    """Why it was not processed; None where it was."""

    def prove(self, mic: str) -> None:
        """Return where the message whose integrity check this was has arrived.

        Raises UnavailableError where sending it again may help, RejectedError where not.
        """
        if self.code == UNEXPECTED:
            raise UnavailableError("the partner could not process the message yet")
        if self.code not in {None, DUPLICATE}:
            raise RejectedError(f"the partner refused the message: {self.code}")
        if self.mic is None and self.code == DUPLICATE:
            return
        if self.mic is None or not hmac.compare_digest(base64.b64encode(self.mic), mic.encode()):
            raise RejectedError("the partner received other bytes than were sent: the integrity checks differ")


def open_disposition(headers: Mapping[str, str], body: bytes, transport: As2Transport, keys: Keys) -> Disposition:
    """Read a disposition, in a reply or posted to us. Raises RejectedError, and nothing else."""
    if len(body) > LARGEST_DISPOSITION:
        raise RejectedError("the disposition is too large")
    try:
        whole = received(headers, body)
        if transport.signed_mdn or whole.content_type == "multipart/signed":
            whole, _, _ = proven(whole, keys)
        return _read(whole)
    except CmsError as error:
        raise RejectedError(f"the disposition is not proven to be the partner's: {error.code}") from error
    except MimeError as error:
        raise RejectedError("the answer is not a disposition") from error


def _read(report: Entity) -> Disposition:
    if report.content_type != "multipart/report":
        raise MimeError("the answer is not a report")
    about = [part for part in report.parts() if part.content_type == "message/disposition-notification"]
    if len(about) != 1:
        raise MimeError("a report has one disposition")
    fields = fields_of(about[0].content())
    said = _DISPOSITION.fullmatch(fields.get("disposition", ""))
    message_id = fields.get("original-message-id", "").strip("<> ")
    if said is None or not _MESSAGE_ID.fullmatch(message_id):
        raise MimeError("a disposition names its message and what became of it")
    return Disposition(message_id, _mic(fields.get("received-content-mic", "")), _code(said))


def _mic(field: str) -> bytes | None:
    try:
        return base64.b64decode(field.partition(",")[0].strip(), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _code(said: re.Match[str]) -> str | None:
    code = (said["code"] or "").strip().lower().replace(" ", "-")
    known = code if code in CODES else "unknown"
    if code.startswith("duplicate"):
        return DUPLICATE
    is_processed = said["type"].lower() == "processed" and (said["modifier"] or "warning").lower() == "warning"
    return None if is_processed else known


def asked_of(headers: Mapping[str, str]) -> Asked | None:
    """Return what a message wants for an answer, None where it has no usable id."""
    lowered = {name.lower(): value for name, value in headers.items()}
    message_id = lowered.get("message-id", "").strip().removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(message_id):
        return None
    options = lowered.get("disposition-notification-options", "").lower()
    offered = re.search(r"signed-receipt-micalg\s*=\s*([^;]{0,200})", options)
    names = [name.strip() for name in offered.group(1).split(",")] if offered else []
    return Asked(
        message_id=message_id,
        disposition="disposition-notification-to" in lowered,
        signed="pkcs7-signature" in options,
        asynchronous="receipt-delivery-option" in lowered,
        micalg=next((name for name in names if digest_named(name) is not None), ""),
    )


def mdn_of(
    asked: Asked, transport: As2Transport, keys: Keys, *, now: datetime, mic: str | None = None, code: str | None = None
) -> Mdn | None:
    """Return our answer: processed where there is no code, else refused for it. None where no answer is wanted."""
    if not asked.disposition:
        return None
    became = "processed" if code is None else f"processed/error: {code}"
    text = "The message was received." if code is None else "The message was refused."
    fields = {
        "Reporting-UA": "Supplyline",
        "Original-Recipient": f"rfc822; {transport.our_name}",
        "Final-Recipient": f"rfc822; {transport.our_name}",
        "Original-Message-ID": f"<{asked.message_id}>",
        "Disposition": f"automatic-action/MDN-sent-automatically; {became}",
        **({"Received-Content-MIC": mic} if mic else {}),
    }
    notification = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    plain = entity({"Content-Type": "text/plain; charset=us-ascii"}, f"{text}\r\n".encode())
    about = entity({"Content-Type": "message/disposition-notification"}, notification)
    answer = multipart("multipart/report; report-type=disposition-notification", plain, about)
    if asked.signed:
        answer = signed(answer, keys, digest_named(asked.micalg) or transport.sign)
    headers = {
        **names_of(transport),
        "Message-ID": f"<{digest_of(asked.message_id)}.mdn@{host_of(transport)}>",
        "Date": format_datetime(now, usegmt=True),
        "Content-Type": answer.headers["content-type"],
    }
    url = str(transport.their_mdn_url) if asked.asynchronous and transport.their_mdn_url else None
    return Mdn(headers, answer.body, url)


def names_of(transport: As2Transport) -> dict[str, str]:
    """Return the headers that say from whom to whom."""
    return {
        "AS2-Version": "1.2",
        "MIME-Version": "1.0",
        "AS2-From": _quoted(transport.our_name),
        "AS2-To": _quoted(transport.their_name),
    }


def host_of(transport: As2Transport) -> str:
    """Return the right side of our message ids."""
    return re.sub(r"[^A-Za-z0-9-]+", "-", transport.our_name).strip("-").lower() or "supplyline"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
