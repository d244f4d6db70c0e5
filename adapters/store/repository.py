"""What running lifecycles leave in the store: `domain.ports.Store` over PostgreSQL, one transaction a call."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.store.inbox import CHANNEL
from adapters.store.tables import (
    ExceptionCaseRow,
    InboxRow,
    InvoiceClaimRow,
    OpenReplenishmentRow,
    OrderRow,
    ProcessRow,
    RequisitionRow,
    TimelineRow,
)
from domain.exception_case import ExceptionCase
from domain.invoice import CreditNote, SupplierInvoice
from domain.match import PriorInvoice
from domain.purchase_order import PurchaseOrder
from domain.quantities import Money
from domain.snapshot import EventDisposition, OrderSnapshot, RequisitionSnapshot, TimelineEntry

PURCHASE_ORDER = "purchase order"
REQUISITION = "requisition"


class Repository:
    """Every method may be called twice to one effect; an older snapshot never replaces a newer one."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def register_order(self, order: PurchaseOrder, workflow_id: str) -> None:
        """Make the order findable by its PO number, and wake the events that were waiting for it."""
        values = {
            "workflow_id": workflow_id,
            "kind": PURCHASE_ORDER,
            "business_key": order.key,
            "facility": order.facility,
            "supplier": order.supplier,
            "po_number": order.po_number,
            "request": order.model_dump(mode="json"),
            "started": True,
            "registered_at": datetime.now(UTC),
        }
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(ProcessRow)
                .values(**values)
                .on_conflict_do_update(
                    index_elements=["workflow_id"], set_={"po_number": order.po_number, "request": values["request"]}
                )
            )
            woken = await connection.execute(
                update(InboxRow)
                .where(col(InboxRow.state) == "parked", col(InboxRow.po_number) == order.po_number)
                .values(state="received", next_attempt_at=None)
            )
            if woken.rowcount:
                await connection.execute(text(f"NOTIFY {CHANNEL}"))

    async def publish_order(self, snapshot: OrderSnapshot) -> None:
        """Show the snapshot, close its events, keep its timeline and its cases."""
        order = snapshot.order
        async with self._engine.begin() as connection:
            shown = {
                "po_number": order.po_number,
                "requisition": order.requisition,
                "facility": order.facility,
                "supplier": order.supplier,
                "status": snapshot.status.value,
                "version": snapshot.version,
                "total": order.total.amount,
                "currency": order.currency,
                "updated_at": snapshot.at,
                "snapshot": _lasting(snapshot),
            }
            published = await connection.execute(
                insert(OrderRow)
                .values(key=order.key, **shown)
                .on_conflict_do_update(
                    index_elements=["key"],
                    set_=shown,
                    where=col(OrderRow.version) <= snapshot.version,
                )
            )
            await _settle_events(connection, snapshot.dispositions, snapshot.at)
            await _keep_timeline(connection, order.key, snapshot.timeline)
            if not published.rowcount:
                return  # a later version is shown already, with later cases
            await _keep_cases(connection, snapshot.cases)
            if snapshot.is_over:
                await _close(connection, PURCHASE_ORDER, order.key, snapshot.at)

    async def publish_requisition(self, snapshot: RequisitionSnapshot) -> None:
        """Show the snapshot, keep its timeline and its cases; when it is over its items may be asked for again."""
        requisition = snapshot.requisition
        async with self._engine.begin() as connection:
            shown = {
                "facility": requisition.facility,
                "status": snapshot.status.value,
                "version": snapshot.version,
                "updated_at": snapshot.at,
                "snapshot": _lasting(snapshot),
            }
            published = await connection.execute(
                insert(RequisitionRow)
                .values(number=requisition.number, **shown)
                .on_conflict_do_update(
                    index_elements=["number"],
                    set_=shown,
                    where=col(RequisitionRow.version) <= snapshot.version,
                )
            )
            await _keep_timeline(connection, requisition.number, snapshot.timeline)
            if not published.rowcount:
                return  # a later version is shown already, with later cases
            await _keep_cases(connection, snapshot.cases)
            if snapshot.is_over:
                await _close(connection, REQUISITION, requisition.number, snapshot.at)
                await connection.execute(
                    delete(OpenReplenishmentRow).where(col(OpenReplenishmentRow.requisition) == requisition.number)
                )

    async def claim_invoice(
        self, order: PurchaseOrder, document: SupplierInvoice | CreditNote
    ) -> tuple[PriorInvoice, ...]:
        """Claim the document's number; return what the supplier sent before that it could repeat.

        Claims of one supplier are made one after the other, so of two copies exactly one is the earlier.
        """
        claim = {
            "supplier": document.supplier,
            "kind": document.kind,
            "normalised_number": document.normalised_number,
            "order_key": order.key,
            "number": document.number,
            "issued_on": document.issued_on,
            "total": document.total,
            "currency": document.currency,
        }
        row = InvoiceClaimRow
        async with self._engine.begin() as connection:
            lock = text("SELECT pg_advisory_xact_lock(hashtext(:supplier))")
            await connection.execute(lock, {"supplier": f"claims of {document.supplier}"})
            await connection.execute(insert(row).values(**claim).on_conflict_do_nothing())
            mine = select(col(row.sequence)).where(
                col(row.supplier) == document.supplier,
                col(row.kind) == document.kind,
                col(row.order_key) == order.key,
                col(row.number) == document.number,
            )
            earlier = select(row).where(
                col(row.supplier) == document.supplier,
                col(row.kind) == document.kind,
                col(row.sequence) < mine.scalar_subquery(),
                or_(
                    col(row.normalised_number) == document.normalised_number,
                    and_(
                        col(row.issued_on) == document.issued_on,
                        col(row.total) == document.total,
                        col(row.currency) == document.currency,
                    ),
                ),
            )
            found = (await connection.execute(earlier.order_by(text("sequence")))).mappings().all()
        return tuple(
            PriorInvoice(
                order_key=known["order_key"],
                number=known["number"],
                normalised_number=known["normalised_number"],
                issued_on=known["issued_on"],
                total=Money(amount=known["total"], currency=known["currency"]),
            )
            for known in found
        )


def _lasting(snapshot: OrderSnapshot | RequisitionSnapshot) -> dict[str, object]:
    """Return what lists and screens show; timeline and dispositions have tables of their own."""
    return snapshot.model_dump(mode="json", exclude={"timeline", "dispositions"})


async def _settle_events(connection: AsyncConnection, dispositions: Sequence[EventDisposition], at: datetime) -> None:
    for disposition in dispositions:
        await connection.execute(
            update(InboxRow)
            .where(col(InboxRow.key) == disposition.key, col(InboxRow.outcome).is_(None))
            .values(state="done", outcome=disposition.outcome.value, note=disposition.note, settled_at=at)
        )


async def _keep_timeline(connection: AsyncConnection, lifecycle: str, entries: Sequence[TimelineEntry]) -> None:
    if entries:
        rows = [{"lifecycle": lifecycle, **entry.model_dump()} for entry in entries]
        await connection.execute(insert(TimelineRow).values(rows).on_conflict_do_nothing())


async def _keep_cases(connection: AsyncConnection, cases: Sequence[ExceptionCase]) -> None:
    for case in cases:
        values = {
            "kind": case.kind.value,
            "owner": case.owner,
            "facility": case.facility,
            "supplier": case.supplier,
            "opened_at": case.opened_at,
            "is_open": case.is_open,
            "document": case.model_dump(mode="json"),
        }
        still_open = col(ExceptionCaseRow.is_open).is_(True)
        await connection.execute(
            insert(ExceptionCaseRow)
            .values(id=case.id, **values)
            .on_conflict_do_update(index_elements=["id"], set_=values, where=still_open)
        )


async def _close(connection: AsyncConnection, kind: str, key: str, at: datetime) -> None:
    await connection.execute(
        update(ProcessRow).where(col(ProcessRow.kind) == kind, col(ProcessRow.business_key) == key).values(closed_at=at)
    )
