"""The process registry and the replenishments: what makes one business key one lifecycle, for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.store.repository import REQUISITION
from adapters.store.tables import OpenReplenishmentRow, ProcessRow, ReplenishmentRow, RequisitionRow
from domain.identifiers import EventKey, FacilityCode, ItemCode, LocationCode, RequisitionNumber
from domain.requisition import Requisition
from domain.snapshot import RequisitionSnapshot, RequisitionStatus


@dataclass(frozen=True, slots=True)
class Registration:
    """A requisition as it was first registered. `is_new` for whoever came first."""

    requisition: Requisition
    is_new: bool
    is_started: bool


class Processes:
    """Registers lifecycles before they are started, so that a crash in between can be made good."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def register(self, requisition: Requisition, workflow_id: str) -> Registration:
        """Register a requisition under its number, or return the one registered before."""
        row = insert(ProcessRow).values(
            workflow_id=workflow_id,
            kind=REQUISITION,
            business_key=requisition.number,
            facility=requisition.facility,
            request=requisition.model_dump(mode="json"),
            started=False,
            registered_at=text("now()"),
        )
        known = select(col(ProcessRow.request), col(ProcessRow.started)).where(
            col(ProcessRow.kind) == REQUISITION, col(ProcessRow.business_key) == requisition.number
        )
        async with self._engine.begin() as connection:
            added = await connection.execute(row.on_conflict_do_nothing())
            first, is_started = (await connection.execute(known)).one()
            if added.rowcount:
                await connection.execute(
                    insert(RequisitionRow).values(**_first_row(requisition)).on_conflict_do_nothing()
                )
        return Registration(Requisition.model_validate(first), bool(added.rowcount), is_started)

    async def started(self, number: RequisitionNumber) -> None:
        """Temporal has it: nothing is left to make good."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(ProcessRow)
                .where(col(ProcessRow.kind) == REQUISITION, col(ProcessRow.business_key) == number)
                .values(started=True)
            )

    async def unstarted(self) -> tuple[Requisition, ...]:
        """Return what was registered but perhaps never started: whoever did it died in between."""
        query = select(col(ProcessRow.request)).where(
            col(ProcessRow.kind) == REQUISITION,
            col(ProcessRow.started).is_(False),
            col(ProcessRow.registered_at) < text("now() - interval '5 seconds'"),
        )
        async with self._engine.connect() as connection:
            return tuple(Requisition.model_validate(row[0]) for row in (await connection.execute(query)).all())

    async def replenish(
        self, event: EventKey, facility: FacilityCode, location: LocationCode, items: tuple[ItemCode, ...]
    ) -> tuple[RequisitionNumber | None, tuple[ItemCode, ...]]:
        """Say which requisition an event begins, and for which items; None where all are being replenished already.

        The same event always gets the same answer: the number is drawn and the items are taken in one transaction.
        """
        async with self._engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:place))"), {"place": f"{facility} {location}"}
            )
            known = await connection.execute(
                select(col(ReplenishmentRow.requisition)).where(col(ReplenishmentRow.event) == event)
            )
            row = known.first()
            if row is not None:
                taken_before = await _items_of(connection, row[0])
                return row[0], tuple(item for item in items if item in taken_before)
            number = await _next_number(connection)
            taken = await _take(connection, number, facility, location, items)
            begun = number if taken else None
            await connection.execute(insert(ReplenishmentRow).values(event=event, requisition=begun))
            return begun, taken

    async def begun_by(self, event: EventKey) -> tuple[RequisitionNumber | None, tuple[ItemCode, ...]]:
        """Return the requisition an event has begun before, and the items it took; None where it began none."""
        async with self._engine.connect() as connection:
            query = select(col(ReplenishmentRow.requisition)).where(col(ReplenishmentRow.event) == event)
            number = await connection.scalar(query)
            return number, tuple(await _items_of(connection, number))


def _first_row(requisition: Requisition) -> dict[str, object]:
    """Return what people see of a requisition until its lifecycle has published anything."""
    now = datetime.now(UTC)
    snapshot = RequisitionSnapshot(
        version=1,
        at=now,
        requisition=requisition,
        status=RequisitionStatus.SOURCING,
        waiting_for="its lifecycle to start",
    )
    return {
        "number": requisition.number,
        "facility": requisition.facility,
        "status": snapshot.status.value,
        "version": 0,
        "updated_at": now,
        "snapshot": snapshot.model_dump(mode="json", exclude={"timeline"}),
    }


async def _next_number(connection: AsyncConnection) -> RequisitionNumber:
    """Draw a number; one that a person has given a requisition of their own is passed over."""
    while True:
        drawn = await connection.scalar(text("SELECT nextval('requisition_numbers')"))
        number = f"RQ-{drawn:06}"
        taken = select(col(ProcessRow.workflow_id)).where(
            col(ProcessRow.kind) == REQUISITION, col(ProcessRow.business_key) == number
        )
        if await connection.scalar(taken) is None:
            return number


async def _take(
    connection: AsyncConnection,
    number: RequisitionNumber,
    facility: FacilityCode,
    location: LocationCode,
    items: tuple[ItemCode, ...],
) -> tuple[ItemCode, ...]:
    rows = [{"facility": facility, "location": location, "item": item, "requisition": number} for item in items]
    taken = insert(OpenReplenishmentRow).values(rows).on_conflict_do_nothing().returning(col(OpenReplenishmentRow.item))
    found = {row[0] for row in (await connection.execute(taken)).all()}
    return tuple(item for item in items if item in found)


async def _items_of(connection: AsyncConnection, number: RequisitionNumber | None) -> frozenset[ItemCode]:
    query = select(col(OpenReplenishmentRow.item)).where(col(OpenReplenishmentRow.requisition) == number)
    return frozenset(row[0] for row in (await connection.execute(query)).all())
