"""Sample events in our own JSON: read as the gateway reads them, and judged like any document."""

from adapters.bad_document import BadDocumentError
from adapters.documents.findings import Finding, Severity, finding_of
from adapters.inbound import NotYoursError, read_document
from starter.onboarding.checked import CheckedDocument, CheckedFile, CheckedTransmission
from starter.onboarding.verdicts import Judge


def checked_event(judge: Judge, name: str, body: bytes) -> CheckedFile:
    """Return what one event says and would bring about."""
    try:
        heard = read_document(judge.profile, body)
    except BadDocumentError as error:
        return CheckedFile(file=name, error=finding_of(error))
    except NotYoursError:
        return CheckedFile(file=name, error=_not_yours())
    identity = heard.event_id or ""
    verdict = judge.event(heard.document, identity)
    document = CheckedDocument(reading=None, event=heard.document, verdicts=(verdict,))
    return CheckedFile(file=name, transmissions=(CheckedTransmission(id=identity or name, documents=(document,)),))


def _not_yours() -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="not yours",
        position="the document",
        message="speaks for somebody the page does not name",
        remedy="check supplier or facilities in the page",
    )
