"""The exception cases about events that no running order can take."""

from datetime import datetime

from adapters.store.events import StoredEvent
from domain.exception_case import ExceptionCase, Resolution, case_id
from domain.policy import CaseKind, Policy


def event_case(kind: CaseKind, event: StoredEvent, summary: str, policy: Policy, at: datetime) -> ExceptionCase:
    """Return the case about an event: replay it once its cause is repaired, or let it be."""
    return ExceptionCase(
        id=case_id("inbox", kind, event.key),
        kind=kind,
        subject=event.key,
        facility=event.facility,
        supplier=event.supplier,
        owner=policy.owner_of(kind),
        opened_at=at,
        due_at=at + policy.resolve_within,
        summary=summary,
        choices=(Resolution.RETRY, Resolution.DISMISS),
        suggested=Resolution.RETRY if kind is CaseKind.UNMATCHED_EVENT else Resolution.DISMISS,
    )
