"""The open work item: one kind of object from acknowledgement to payment, with an owner and a clock."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints

from domain.document import Document
from domain.identifiers import Code, FacilityCode, OrderKey, RequisitionNumber, SupplierCode
from domain.policy import CaseKind


class Resolution(StrEnum):
    """The decisions that close a case. Each case lists those that fit it."""

    ACCEPT = "accept"
    REJECT = "reject"
    RETRY = "retry"
    KEEP_WAITING = "keep waiting"
    SHORT_CLOSE = "short close"
    CANCEL_ORDER = "cancel order"
    DISMISS = "dismiss"


class Discrepancy(Document):
    """One finding of a match or an acknowledgement, in words and in numbers."""

    kind: str
    line: int | None = None
    expected: str = ""
    actual: str = ""
    variance: str = ""
    explanation: str


class Decision(Document):
    """Who closed a case, how and why."""

    resolution: Resolution
    actor: Code
    reason: Annotated[str, StringConstraints(max_length=500)] = ""
    decided_at: datetime


class ExceptionCase(Document):
    """Something a person must decide, or that cured itself. The id comes from what it is about, so it opens once."""

    id: Code
    kind: CaseKind
    subject: str
    """What it is about: an invoice number, an event key, a line."""
    order_key: OrderKey | None = None
    requisition: RequisitionNumber | None = None
    facility: FacilityCode | None = None
    supplier: SupplierCode | None = None
    owner: Code
    opened_at: datetime
    due_at: datetime
    escalated_at: datetime | None = None
    summary: str
    discrepancies: tuple[Discrepancy, ...] = ()
    choices: tuple[Resolution, ...]
    suggested: Resolution | None = None
    decision: Decision | None = None
    cured_at: datetime | None = None
    """When its cause went away by itself."""

    @property
    def is_open(self) -> bool:
        """True while somebody must still decide it."""
        return self.decision is None and self.cured_at is None

    def decided(self, decision: Decision) -> Self:
        """Return the case closed by a person."""
        return self.model_copy(update={"decision": decision})

    def cured(self, at: datetime) -> Self:
        """Return the case closed because its cause went away."""
        return self.model_copy(update={"cured_at": at})

    def escalated(self, to: Code, at: datetime) -> Self:
        """Return the case handed to the next owner, because its due time passed."""
        return self.model_copy(update={"owner": to, "escalated_at": at})


def case_id(*parts: str) -> Code:
    """Return the id of the case about these things: the same parts, the same case."""
    return "EX-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]
