"""What a running lifecycle shows of itself: the rows people list, the timeline they read, the ends of its events."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.document import Document
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey, ItemCode, OrderKey
from domain.purchase_order import PurchaseOrder
from domain.quantities import Money, Quantity, UnitPrice
from domain.requisition import Requisition


class OrderStatus(StrEnum):
    """Where an order is in its life."""

    ISSUING = "issuing"
    AWAITING_ACKNOWLEDGEMENT = "awaiting acknowledgement"
    AWAITING_GOODS = "awaiting goods"
    AWAITING_INVOICE = "awaiting invoice"
    AWAITING_PAYMENT = "awaiting payment"
    EXCEPTION = "exception"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class RequisitionStatus(StrEnum):
    """Where a requisition is in its life."""

    SOURCING = "sourcing"
    AWAITING_APPROVAL = "awaiting approval"
    ORDERED = "ordered"
    EXCEPTION = "exception"
    CLOSED = "closed"
    REJECTED = "rejected"


class EventOutcome(StrEnum):
    """How an event from a partner ended; each ends in exactly one of these."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    LATE = "late"
    CONFLICT = "conflict"
    EXCEPTION = "exception"
    DEAD_LETTER = "dead letter"
    KEPT = "kept"
    """Understood, and nothing an order has to know: a functional acknowledgement, a price catalogue, a sales report."""


class EventDisposition(Document):
    """What became of one event."""

    key: EventKey
    outcome: EventOutcome
    note: str = ""


class TimelineEntry(Document):
    """One thing that happened in a lifecycle. `number` counts from 1 within it."""

    number: Annotated[int, Field(ge=1)]
    at: datetime
    actor: str
    text: str
    event: EventKey | None = None


class LineProgress(Document):
    """Ordered, received and invoiced of one line, cumulatively, in the order line's unit."""

    number: int
    item: ItemCode
    description: str = ""
    unit_price: UnitPrice
    ordered: Quantity
    received: Quantity
    invoiced: Quantity


class InvoiceProgress(Document):
    """Where one supplier invoice is."""

    number: str
    total: Money
    verdict: str
    erp_number: str | None = None
    erp_state: str | None = None


class OrderSnapshot(Document):
    """A purchase order at one moment. `version` only grows; `timeline` and `dispositions` hold only what is new."""

    version: Annotated[int, Field(ge=1)]
    at: datetime
    order: PurchaseOrder
    status: OrderStatus
    waiting_for: str
    lines: tuple[LineProgress, ...] = ()
    invoices: tuple[InvoiceProgress, ...] = ()
    cases: tuple[ExceptionCase, ...] = ()
    dispositions: tuple[EventDisposition, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def is_over(self) -> bool:
        """True when the lifecycle has ended."""
        return self.status in {OrderStatus.CLOSED, OrderStatus.CANCELLED}


class RequisitionSnapshot(Document):
    """A requisition at one moment; as for an order."""

    version: Annotated[int, Field(ge=1)]
    at: datetime
    requisition: Requisition
    status: RequisitionStatus
    waiting_for: str
    total: Money | None = None
    approver: str | None = None
    orders: tuple[OrderKey, ...] = ()
    cases: tuple[ExceptionCase, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def is_over(self) -> bool:
        """True when the lifecycle has ended."""
        return self.status in {RequisitionStatus.CLOSED, RequisitionStatus.REJECTED}
