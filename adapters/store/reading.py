"""What people list and look up, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, false, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from adapters.store.tables import ExceptionCaseRow, InboxRow, OrderRow, RequisitionRow, TimelineRow
from adapters.store.text import is_storable
from domain.document import Document
from domain.exception_case import Decision, ExceptionCase
from domain.identifiers import EventKey
from domain.snapshot import OrderSnapshot, RequisitionSnapshot, TimelineEntry

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of what was asked for; `next` is where the rest begins, None at the end."""

    items: tuple[Item, ...]
    next: str | None


class EventRecord(Document):
    """An event of the inbox, without its body."""

    key: EventKey
    sequence: int
    partner: str
    event_id: str
    kind: str
    received_at: str
    supplier: str | None
    facility: str | None
    po_number: str | None
    state: str
    outcome: str | None
    note: str
    attempts: int
    sha256: str


class Reading:
    """Reads the projections; the workflow stays the truth."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def requisitions(
        self, *, limit: int, after: str | None = None, status: str | None = None, facility: str | None = None
    ) -> Page[RequisitionSnapshot]:
        """Return requisitions by number."""
        query = _narrowed(select(RequisitionRow), RequisitionRow, status=status, facility=facility)
        rows = await self._page(query, col(RequisitionRow.number), limit, after)
        return _paged(rows, limit, RequisitionSnapshot, "number")

    async def requisition(self, number: str) -> RequisitionSnapshot | None:
        """Return one requisition."""
        rows = await self._rows(_narrowed(select(RequisitionRow), RequisitionRow, number=number))
        return RequisitionSnapshot.model_validate(rows[0]["snapshot"]) if rows else None

    async def orders(
        self,
        *,
        limit: int,
        after: str | None = None,
        status: str | None = None,
        facility: str | None = None,
        supplier: str | None = None,
    ) -> Page[OrderSnapshot]:
        """Return purchase orders by key."""
        query = _narrowed(select(OrderRow), OrderRow, status=status, facility=facility, supplier=supplier)
        return _paged(await self._page(query, col(OrderRow.key), limit, after), limit, OrderSnapshot, "key")

    async def order(self, name: str) -> OrderSnapshot | None:
        """Return one purchase order, by its key or its PO number."""
        is_called = or_(col(OrderRow.key) == name, col(OrderRow.po_number) == name)
        query = select(OrderRow).where(is_called if is_storable(name) else false())
        rows = await self._rows(query)
        return OrderSnapshot.model_validate(rows[0]["snapshot"]) if rows else None

    async def timeline(self, lifecycle: str) -> tuple[TimelineEntry, ...]:
        """Return what happened in one lifecycle, in sequence."""
        query = _narrowed(select(TimelineRow), TimelineRow, lifecycle=lifecycle).order_by(col(TimelineRow.number))
        return tuple(TimelineEntry.model_validate(dict(row)) for row in await self._rows(query))

    async def cases(
        self,
        *,
        limit: int,
        after: str | None = None,
        only_open: bool = True,
        owner: str | None = None,
        kind: str | None = None,
    ) -> Page[ExceptionCase]:
        """Return exception cases by id."""
        query = _narrowed(select(ExceptionCaseRow), ExceptionCaseRow, owner=owner, kind=kind)
        if only_open:
            query = query.where(col(ExceptionCaseRow.is_open).is_(True))
        rows = await self._page(query, col(ExceptionCaseRow.id), limit, after)
        cases = tuple(ExceptionCase.model_validate(row["document"]) for row in rows[:limit])
        return Page(cases, cases[-1].id if len(rows) > limit else None)

    async def case(self, identifier: str) -> tuple[ExceptionCase, EventKey | None] | None:
        """Return one case, and the event it is about where no lifecycle owns it."""
        rows = await self._rows(_narrowed(select(ExceptionCaseRow), ExceptionCaseRow, id=identifier))
        return (ExceptionCase.model_validate(rows[0]["document"]), rows[0]["event"]) if rows else None

    async def close_case(self, case: ExceptionCase, decision: Decision) -> ExceptionCase:
        """Close a case that no lifecycle owns. The first decision stands, and one opened anew since stays open."""
        closed = case.decided(decision)
        statement = (
            update(ExceptionCaseRow)
            .where(
                col(ExceptionCaseRow.id) == case.id,
                col(ExceptionCaseRow.is_open).is_(True),
                col(ExceptionCaseRow.opened_at) == case.opened_at,
            )
            .values(is_open=False, document=closed.model_dump(mode="json"))
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
        return closed

    async def events(
        self,
        *,
        limit: int,
        after: str | None = None,
        partner: str | None = None,
        state: str | None = None,
        outcome: str | None = None,
    ) -> Page[EventRecord]:
        """Return events in the sequence they were received."""
        columns = [getattr(InboxRow, name) for name in EventRecord.model_fields]
        query = _narrowed(select(*columns), InboxRow, partner=partner, state=state, outcome=outcome)
        if after is not None:
            query = query.where(col(InboxRow.sequence) > int(after))
        rows = await self._rows(query.order_by(col(InboxRow.sequence)).limit(limit + 1))
        events = tuple(_event(row) for row in rows[:limit])
        return Page(events, str(events[-1].sequence) if len(rows) > limit else None)

    async def event(self, key: EventKey) -> tuple[EventRecord, bytes] | None:
        """Return one event with its body."""
        rows = await self._rows(_narrowed(select(InboxRow), InboxRow, key=key))
        return (_event(rows[0]), rows[0]["body"]) if rows else None

    async def _page(
        self,
        query: Select[Any],
        key: Any,  # noqa: ANN401 - SQLAlchemy's column type
        limit: int,
        after: str | None,
    ) -> Sequence[Any]:
        if after is not None:
            query = query.where(key > after if is_storable(after) else false())
        return await self._rows(query.order_by(key).limit(limit + 1))

    async def _rows(self, query: Select[Any]) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(query)).mappings().all()
            return rows


def _narrowed(query: Select[Any], row: type[Any], **wanted: str | None) -> Select[Any]:
    """Return the rows that are as wanted; what PostgreSQL cannot hold is in none."""
    for name, value in wanted.items():
        if value is not None:
            query = query.where(getattr(row, name) == value if is_storable(value) else false())
    return query


Shown = TypeVar("Shown", bound=Document)


def _paged(rows: Sequence[Any], limit: int, document: type[Shown], key: str) -> Page[Shown]:
    items = tuple(document.model_validate(row["snapshot"]) for row in rows[:limit])
    return Page(items, rows[limit - 1][key] if len(rows) > limit else None)


def _event(row: Any) -> EventRecord:  # noqa: ANN401 - SQLAlchemy's mapping
    return EventRecord(
        **{name: row[name] for name in EventRecord.model_fields if name not in {"received_at", "sha256"}},
        received_at=row["received_at"].isoformat(),
        sha256=row["sha256"].hex(),
    )
