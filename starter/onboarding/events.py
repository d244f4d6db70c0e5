"""Sample events in our own JSON: read as the gateway reads them, and judged like any document."""

from adapters.documents.findings import Finding, Severity, finding_of
from adapters.inbound import NotYoursError, read_document
from adapters.strict_json import BadDocumentError
from domain.par_breach import ParBreach
from domain.usage import ReplenishmentRequest, Usage
from starter.onboarding.checked import CheckedDocument, CheckedFile, CheckedTransmission, Heard, Outcome, Verdict
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
    verdict = _verdict(judge, heard.document, identity)
    document = CheckedDocument(reading=None, event=heard.document, verdicts=(verdict,))
    return CheckedFile(file=name, transmissions=(CheckedTransmission(id=identity or name, documents=(document,)),))


def _verdict(judge: Judge, document: Heard, identity: str) -> Verdict:
    match document:
        case ParBreach():
            summary = f"replenishes {len(document.lines)} items at {document.facility}"
        case Usage() | ReplenishmentRequest():
            summary = f"read as {document.kind} {document.number} of {len(document.lines)} lines at {document.facility}"
        case _:
            return judge.event(document, identity)
    return Verdict(event_id=identity, outcome=Outcome.APPLIED, is_acted_on=True, summary=summary)


def _not_yours() -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="not yours",
        position="the document",
        message="speaks for somebody the page does not name",
        remedy="check supplier or facilities in the page",
    )
