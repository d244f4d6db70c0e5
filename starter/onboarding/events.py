"""Sample events in our own JSON: read as the gateway reads them, and judged like any document."""

from adapters.documents.findings import Finding, Severity, finding_of
from adapters.inbound import NotYoursError, read_document
from adapters.strict_json import BadDocumentError
from domain.par_breach import ParBreach
from starter.onboarding.checked import CheckedDocument, CheckedFile, CheckedTransmission, Outcome, Verdict
from starter.onboarding.verdicts import Judge


def checked_event(judge: Judge, name: str, body: bytes) -> CheckedFile:
    """Return what one event says and would bring about."""
    try:
        heard = read_document(judge.profile, body)
    except BadDocumentError as error:
        return CheckedFile(file=name, error=finding_of(error))
    except NotYoursError:
        rule, remedy = "speaks for somebody the profile does not name", "check supplier or facilities in the profile"
        return CheckedFile(
            file=name,
            error=Finding(
                severity=Severity.ERROR, code="not yours", position="the document", message=rule, remedy=remedy
            ),
        )
    identity = heard.event_id or ""
    if isinstance(heard.document, ParBreach):
        summary = f"replenishes {len(heard.document.lines)} items at {heard.document.facility}"
        verdict = Verdict(event_id=identity, outcome=Outcome.APPLIED, is_acted_on=True, summary=summary)
    else:
        verdict = judge.event(heard.document, identity)
    document = CheckedDocument(reading=None, event=heard.document, verdicts=(verdict,))
    return CheckedFile(file=name, transmissions=(CheckedTransmission(id=identity or name, documents=(document,)),))
