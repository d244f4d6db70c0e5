"""Who sent a cXML message: its From and Sender are the partner's, and its shared secret is one we agreed on."""

import hmac
from collections.abc import Sequence

from pydantic import SecretStr

from adapters.supplier.cxml.header import credentials, same
from adapters.supplier.cxml.options import Credential, CxmlOptions
from adapters.supplier.cxml.tree import Element, child, children, opened


class CxmlCredentialError(Exception):
    """The message is not the partner's. Which check failed is not said: the sender must not learn it."""

    def __init__(self) -> None:
        super().__init__("the credentials of the message are not the partner's")


def check_sender(body: bytes, options: CxmlOptions, secrets: Sequence[SecretStr]) -> None:
    """Accept a message of the partner, and nobody else's; any one of the secrets will do, so that they can be rotated.

    Raises CxmlCredentialError, and BadDocumentError where the body is no cXML.
    """
    header = child(opened(body).root, "Header")
    is_from_them = any(same(one, options.theirs.party) for one in credentials(child(header, "From")))
    proofs = [_proves(one, options, secrets) for one in children(child(header, "Sender"), "Credential")]
    if not (is_from_them and any(proofs)):
        raise CxmlCredentialError


def _proves(credential: Element, options: CxmlOptions, secrets: Sequence[SecretStr]) -> bool:
    """Compare every secret, whatever the identity says, so that the time taken tells nothing."""
    written = credential.find("SharedSecret")
    told = "" if written is None else "".join(str(part) for part in written.itertext()).strip()
    agreed = [hmac.compare_digest(_bytes(told), _bytes(one.get_secret_value())) for one in secrets]
    named = Credential.model_construct(
        domain=" ".join((credential.get("domain") or "").split()),
        identity=" ".join((credential.findtext("Identity") or "").split()),
    )
    is_proven = (bool(told) and any(agreed)) if options.expects_shared_secret else True
    return same(named, options.theirs.connecting) and is_proven


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
