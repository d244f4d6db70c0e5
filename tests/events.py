"""Events, cases and snapshots for tests of the store and of what works on it."""

from datetime import timedelta

from adapters.store.inbox import InboundMessage
from domain.exception_case import ExceptionCase, Resolution
from domain.policy import CaseKind
from domain.purchase_order import PurchaseOrder
from domain.requisition import Requisition
from domain.snapshot import (
    EventDisposition,
    OrderSnapshot,
    OrderStatus,
    RequisitionSnapshot,
    RequisitionStatus,
    TimelineEntry,
)
from tests.builders import MORNING, a_requisition, an_order


def an_event(
    event_id: str = "e1",
    body: bytes = b"{}",
    *,
    partner: str = "medline",
    kind: str = "supplier invoice",
    supplier: str | None = "MEDL",
    facility: str | None = None,
    po_number: str | None = "PO-000001",
) -> InboundMessage:
    return InboundMessage(
        partner=partner,
        event_id=event_id,
        kind=kind,
        content_type="application/json",
        body=body,
        received_at=MORNING,
        supplier=supplier,
        facility=facility,
        po_number=po_number,
    )


def a_case(
    identifier: str = "EX-1", *, owner: str = "supply-chain", kind: CaseKind = CaseKind.LATE_EVENT
) -> ExceptionCase:
    return ExceptionCase(
        id=identifier,
        kind=kind,
        subject="medline/e1",
        owner=owner,
        opened_at=MORNING,
        due_at=MORNING + timedelta(days=2),
        summary="Somebody must look",
        choices=(Resolution.RETRY, Resolution.DISMISS),
    )


def an_order_snapshot(
    version: int = 1,
    *,
    order: PurchaseOrder | None = None,
    status: OrderStatus = OrderStatus.AWAITING_GOODS,
    waiting_for: str = "goods",
    cases: tuple[ExceptionCase, ...] = (),
    dispositions: tuple[EventDisposition, ...] = (),
    timeline: tuple[TimelineEntry, ...] = (),
) -> OrderSnapshot:
    return OrderSnapshot(
        version=version,
        at=MORNING + timedelta(minutes=version),
        order=order or an_order(),
        status=status,
        waiting_for=waiting_for,
        cases=cases,
        dispositions=dispositions,
        timeline=timeline,
    )


def a_requisition_snapshot(
    version: int = 1,
    *,
    requisition: Requisition | None = None,
    status: RequisitionStatus = RequisitionStatus.ORDERED,
    waiting_for: str = "orders",
    timeline: tuple[TimelineEntry, ...] = (),
) -> RequisitionSnapshot:
    return RequisitionSnapshot(
        version=version,
        at=MORNING + timedelta(minutes=version),
        requisition=requisition or a_requisition(),
        status=status,
        waiting_for=waiting_for,
        timeline=timeline,
    )


def a_timeline_entry(number: int, text: str = "something happened") -> TimelineEntry:
    return TimelineEntry(number=number, at=MORNING, actor="supplyline", text=text)
