"""Whether a document is from whom the page says, where the language itself says who sends it."""

from collections.abc import Callable, Iterator

from adapters.bad_document import BadDocumentError
from adapters.documents.findings import Finding, Severity
from adapters.partners import Language, PartnerProfile
from adapters.supplier.cxml.credentials import CxmlCredentialError, check_sender
from adapters.supplier.cxml.options import CxmlOptions
from adapters.transports.options import HttpsTransport, InDocumentCheck


def strangers(profile: PartnerProfile, body: bytes) -> Iterator[Finding]:
    """Yield why a document would not pass for the partner's: an error where it is proven by that."""
    check = _CHECKS.get(profile.language)
    if check is not None:
        yield from check(profile, body)


def _cxml(profile: PartnerProfile, body: bytes) -> Iterator[Finding]:
    """Compare From and Sender; the shared secret is not known here."""
    options = (profile.cxml or CxmlOptions()).model_copy(update={"expects_shared_secret": False})
    try:
        check_sender(body, options, ())
    except CxmlCredentialError:
        transport = profile.transport
        is_proof = isinstance(transport, HttpsTransport) and isinstance(transport.inbound, InDocumentCheck)
        yield Finding(
            severity=Severity.ERROR if is_proof else Severity.WARNING,
            code="credentials",
            position="/cXML/Header",
            message="From and Sender are not those of the page, so that a post of it is refused unread (401)",
            remedy="check cxml.theirs in the page, or whose document this is",
        )
    except BadDocumentError:
        return


_CHECKS: dict[Language, Callable[[PartnerProfile, bytes], Iterator[Finding]]] = {Language.CXML: _cxml}
