"""What an operator sees in Temporal UI: search attributes to find a lifecycle by, Markdown that says where it is."""

from temporalio import workflow
from temporalio.common import SearchAttributePair, TypedSearchAttributes

with workflow.unsafe.imports_passed_through():
    from domain.exception_case import ExceptionCase
    from domain.purchase_order import PurchaseOrder
    from domain.requisition import Requisition
    from domain.snapshot import OrderSnapshot, RequisitionSnapshot, TimelineEntry
    from workflows.names import CRITICALITY, FACILITY, ORDER_NUMBER, STATUS, SUPPLIER, WAITING_FOR

_RECENT = 8
_ATTRIBUTE_LENGTH = 200


def order_attributes(order: PurchaseOrder) -> TypedSearchAttributes:
    """Return what an order is found by from its first moment."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(ORDER_NUMBER, order.name),
            SearchAttributePair(FACILITY, order.facility),
            SearchAttributePair(SUPPLIER, order.supplier),
            SearchAttributePair(CRITICALITY, order.criticality.value),
        ]
    )


def order_summary(order: PurchaseOrder) -> str:
    """Return an order in one line."""
    return f"{order.key}: {len(order.lines)} lines from {order.supplier} for {order.facility}, {order.total}"


def requisition_summary(requisition: Requisition) -> str:
    """Return a requisition in one line."""
    return f"{requisition.number}: {len(requisition.lines)} lines for {requisition.facility}, {requisition.trigger}"


def show_order(snapshot: OrderSnapshot, recent: tuple[TimelineEntry, ...]) -> None:
    """Show an order in Temporal: upsert what changed, set the details."""
    workflow.upsert_search_attributes(
        [
            ORDER_NUMBER.value_set(snapshot.order.name),
            STATUS.value_set(snapshot.status.value),
            WAITING_FOR.value_set(snapshot.waiting_for[:_ATTRIBUTE_LENGTH]),
        ]
    )
    workflow.set_current_details(_order_details(snapshot, recent))


def show_requisition(snapshot: RequisitionSnapshot, recent: tuple[TimelineEntry, ...]) -> None:
    """Show a requisition in Temporal: upsert what changed, set the details."""
    workflow.upsert_search_attributes(
        [STATUS.value_set(snapshot.status.value), WAITING_FOR.value_set(snapshot.waiting_for[:_ATTRIBUTE_LENGTH])]
    )
    workflow.set_current_details(
        "\n".join(
            [
                *_heading(f"Requisition {snapshot.requisition.number}", snapshot.status, snapshot.waiting_for),
                *(f"- order `{key}`" for key in snapshot.orders),
                *_cases(snapshot.cases),
                *_history(recent),
            ]
        )
    )


def _order_details(snapshot: OrderSnapshot, recent: tuple[TimelineEntry, ...]) -> str:
    order = snapshot.order
    return "\n".join(
        [
            *_heading(f"{order.name} to {order.supplier}", snapshot.status, snapshot.waiting_for),
            "| line | item | ordered | received | invoiced |",
            "| --- | --- | --- | --- | --- |",
            *(
                f"| {line.number} | {line.item} | {line.ordered} | {line.received} | {line.invoiced} |"
                for line in snapshot.lines
            ),
            "",
            *(f"- invoice {invoice.number}: {invoice.total}, {invoice.verdict}" for invoice in snapshot.invoices),
            *_cases(snapshot.cases),
            *_history(recent),
        ]
    )


def _heading(name: str, status: str, waiting_for: str) -> list[str]:
    lines = [f"### {name}: {status}", ""]
    return [*lines, f"Waits for **{waiting_for}**.", ""] if waiting_for else lines


def _cases(cases: tuple[ExceptionCase, ...]) -> list[str]:
    still_open = [case for case in cases if case.is_open]
    lines = [
        f"- **{case.owner}** must decide `{case.id}` by {case.due_at:%Y-%m-%d %H:%M} UTC: {case.summary} "
        f"({', '.join(case.choices)})"
        for case in still_open
    ]
    return ["", "#### To be decided", "", *lines] if lines else []


def _history(recent: tuple[TimelineEntry, ...]) -> list[str]:
    lines = [f"- {entry.at:%Y-%m-%d %H:%M:%S} {entry.text}" for entry in recent[-_RECENT:]]
    return ["", "#### Lately", "", *lines] if lines else []
