"""The exception cases about events that no running order can take."""

from datetime import datetime

from adapters.store.events import StoredEvent
from adapters.store.inbox import InboundMessage
from domain.exception_case import ExceptionCase, Resolution, case_id
from domain.policy import CaseKind, Policy

MENDABLE = frozenset({CaseKind.UNMATCHED_EVENT, CaseKind.UNREADABLE_DOCUMENT, CaseKind.UNCLEAR_DOCUMENT})
"""Cases whose cause is likely to be mended on our side: an order that is late, a profile that says too little."""


def event_case(kind: CaseKind, event: StoredEvent, summary: str, policy: Policy, at: datetime) -> ExceptionCase:
    """Return the case about an event: replay it once its cause is repaired, or let it be."""
    return _case(kind, event, summary, policy, at)


def message_case(kind: CaseKind, message: InboundMessage, summary: str, policy: Policy) -> ExceptionCase:
    """Return the case about an event that has just come."""
    return _case(kind, message, summary, policy, message.received_at)


def _case(
    kind: CaseKind, event: StoredEvent | InboundMessage, summary: str, policy: Policy, at: datetime
) -> ExceptionCase:
    return ExceptionCase(
        id=case_id("inbox", kind, event.key),
        kind=kind,
        subject=event.key,
        facility=event.facility,
        supplier=event.supplier,
        owner=policy.owner_of(kind),
        opened_at=at,
        due_at=at + policy.resolve_within,
        summary=summary[:500],
        choices=(Resolution.RETRY, Resolution.DISMISS),
        suggested=Resolution.RETRY if kind in MENDABLE else Resolution.DISMISS,
    )
