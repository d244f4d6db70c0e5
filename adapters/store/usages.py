"""What was used at each place, once per event and line, and which requisition orders it again."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.store.tables import UsageRow
from domain.identifiers import EventKey, FacilityCode, ItemCode, LocationCode, RequisitionNumber
from domain.quantities import Quantity
from domain.usage import Usage

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext(:subject))")


@dataclass(frozen=True, slots=True)
class UsedItem:
    """So many of an item, net of what came back."""

    item: ItemCode
    quantity: Quantity


class Usages:
    """Keeps what points of use report."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def record(self, event: EventKey, usage: Usage) -> None:
        """Keep what an event reports. A report counts once, under whatever event ids it comes: the later one.

        What a requisition orders already stays as it is.
        """
        rows = [
            {
                "report": usage.key,
                "line": line.number,
                "event": event,
                "facility": usage.facility,
                "location": line.location or usage.location,
                "item": line.key,
                "quantity": line.quantity.value,
                "unit": line.quantity.unit,
                "lot": line.lot,
                "serial": line.serial,
                "case_reference": usage.case_reference,
                "used_at": usage.used_at,
            }
            for line in usage.lines
        ]
        of_report = col(UsageRow.report) == usage.key
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK, {"subject": f"usage report {usage.key}"})
            known = await connection.scalar(select(func.max(col(UsageRow.used_at))).where(of_report))
            if known is not None and known >= usage.used_at:
                return
            await connection.execute(delete(UsageRow).where(of_report, col(UsageRow.requisition).is_(None)))
            await connection.execute(insert(UsageRow).values(rows).on_conflict_do_nothing())

    async def unordered(
        self, facility: FacilityCode, location: LocationCode, items: Collection[ItemCode]
    ) -> tuple[UsedItem, ...]:
        """Return what of these items was used and is not ordered again yet; what came back is taken off."""
        async with self._engine.connect() as connection:
            return await _net(connection, _at(facility, location, items), col(UsageRow.requisition).is_(None))

    async def claim(
        self,
        number: RequisitionNumber,
        facility: FacilityCode,
        location: LocationCode,
        items: Collection[ItemCode],
    ) -> tuple[UsedItem, ...]:
        """Give what is unordered of these items to a requisition, once; return what that requisition orders."""
        mine = col(UsageRow.requisition) == number
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK, {"subject": f"usage at {facility} {location}"})
            claimed = await _net(connection, mine)
            if claimed:
                return claimed
            unclaimed = (_at(facility, location, items), col(UsageRow.requisition).is_(None))
            await connection.execute(update(UsageRow).where(*unclaimed).values(requisition=number))
            return await _net(connection, mine)


def _at(facility: str, location: str, items: Collection[str]) -> ColumnElement[bool]:
    here = (col(UsageRow.facility) == facility) & (col(UsageRow.location) == location)
    return here & col(UsageRow.item).in_(list(items))


async def _net(connection: AsyncConnection, *which: ColumnElement[bool]) -> tuple[UsedItem, ...]:
    query = (
        select(col(UsageRow.item), col(UsageRow.unit), func.sum(col(UsageRow.quantity)))
        .where(*which)
        .group_by(col(UsageRow.item), col(UsageRow.unit))
        .order_by(col(UsageRow.item), col(UsageRow.unit))
    )
    rows = (await connection.execute(query)).all()
    return tuple(UsedItem(item, Quantity(value=total, unit=unit)) for item, unit, total in rows if total > 0)
