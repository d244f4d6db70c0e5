"""Inbox rows as the dispatcher works them off: the states of an event, and the moves between them.

    received -> delivered -> done        the order's workflow was told, and has published what became of it
    received -> parked -> received       no order of that number yet; woken when it registers
    received -> done                     late, refused, or a par breach that has been dealt with
    delivered -> received                told, but nothing published for a while: told again
    done -> received                     replayed by a person, unless its order has dealt with it

Each row ends `done` with exactly one outcome (domain.snapshot.EventOutcome); the first to say it stands.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import aliased
from sqlmodel import col

from adapters.store.cases import open_case
from adapters.store.inbox import CHANNEL
from adapters.store.repository import PURCHASE_ORDER
from adapters.store.tables import InboxRow, OrderRow, PartnerStateRow, ProcessRow
from adapters.store.text import is_storable, storable
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey
from domain.purchase_order import PurchaseOrder
from domain.snapshot import EventOutcome

REPEATABLE = (EventOutcome.LATE, EventOutcome.EXCEPTION, EventOutcome.DEAD_LETTER, EventOutcome.KEPT)
"""The ends no order has dealt with; an order ignores an event it knows, so the others would wait for ever."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it was received."""

    key: EventKey
    partner: str
    event_id: str
    kind: str
    content_type: str
    body: bytes
    received_at: datetime
    supplier: str | None
    facility: str | None
    po_number: str | None
    attempts: int

    @property
    def subject(self) -> str:
        """What it is dispatched in sequence with: its order, or itself alone."""
        return f"{self.supplier or self.facility} {self.po_number}" if self.po_number else self.key


@dataclass(frozen=True, slots=True)
class Correlation:
    """The lifecycle an event belongs to, and its order as it was last published, or as it was registered."""

    workflow_id: str
    is_closed: bool
    order: PurchaseOrder


class Events:
    """The dispatcher's side of the inbox."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def due(self, *, limit: int) -> tuple[StoredEvent, ...]:
        """Return the oldest events to be dispatched now.

        Those of paused partners wait, and so does what stands behind an event of its own order that must wait: neither
        takes up room, so a thousand of them hold up nobody else.
        """
        ahead, now = aliased(InboxRow), datetime.now(UTC)
        waits = col(InboxRow.next_attempt_at) > now
        is_paused = exists().where(col(PartnerStateRow.partner) == col(InboxRow.partner))
        is_behind = exists().where(
            col(ahead.state) == "received",
            col(ahead.next_attempt_at) > now,
            col(ahead.sequence) < col(InboxRow.sequence),
            col(ahead.po_number) == col(InboxRow.po_number),
            func.coalesce(col(ahead.supplier), col(ahead.facility))
            == func.coalesce(col(InboxRow.supplier), col(InboxRow.facility)),
        )
        query = (
            select(*(getattr(InboxRow, name) for name in StoredEvent.__slots__))
            .where(col(InboxRow.state) == "received", waits.is_not(True), ~is_paused, ~is_behind)
            .order_by(col(InboxRow.sequence))
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            return tuple(StoredEvent(*row) for row in (await connection.execute(query)).all())

    async def correlate(self, event: StoredEvent) -> Correlation | None:
        """Return the order an event is about, by its PO number and who may speak about it."""
        partner = (
            col(ProcessRow.supplier) == event.supplier
            if event.supplier is not None
            else col(ProcessRow.facility) == event.facility
        )
        shown = col(OrderRow.snapshot)["order"]
        query = (
            select(col(ProcessRow.workflow_id), col(ProcessRow.closed_at), shown, col(ProcessRow.request))
            .outerjoin(OrderRow, col(OrderRow.key) == col(ProcessRow.business_key))
            .where(col(ProcessRow.kind) == PURCHASE_ORDER, col(ProcessRow.po_number) == event.po_number, partner)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        return Correlation(row[0], row[1] is not None, PurchaseOrder.model_validate(row[2] or row[3]))

    async def delivered(self, key: EventKey) -> None:
        """The workflow has been told; unless it has published the outcome already, that is awaited."""
        await self._move(key, state="delivered", delivered_at=datetime.now(UTC))

    async def parked(self, key: EventKey) -> None:
        """No order of that number is known yet."""
        await self._move(key, state="parked")

    async def try_again(self, key: EventKey, *, after: timedelta, attempts: int) -> None:
        """Dispatching failed; it is tried again later, and what is about the same order waits behind it."""
        await self._move(key, attempts=attempts, next_attempt_at=datetime.now(UTC) + after)

    async def ended(self, key: EventKey, outcome: EventOutcome, note: str, case: ExceptionCase | None = None) -> None:
        """Give an event its outcome, and open the case about it where there is one; too late, neither happens."""
        values = {
            "state": "done",
            "outcome": outcome.value,
            "note": storable(note),
            "settled_at": datetime.now(UTC),
        }
        async with self._engine.begin() as connection:
            settled = await connection.execute(
                update(InboxRow).where(col(InboxRow.key) == key, col(InboxRow.outcome).is_(None)).values(**values)
            )
            if settled.rowcount and case is not None:
                await open_case(connection, case, key)

    async def replay(self, key: EventKey) -> bool:
        """Dispatch an event again, unless its order has dealt with it. False where unknown."""
        values = {"state": "received", "outcome": None, "note": "", "attempts": 0, "next_attempt_at": None}
        known = select(col(InboxRow.sequence)).where(col(InboxRow.key) == key)
        may_repeat = or_(col(InboxRow.outcome).is_(None), col(InboxRow.outcome).in_(REPEATABLE))
        if not is_storable(key):
            return False
        async with self._engine.begin() as connection:
            await connection.execute(update(InboxRow).where(col(InboxRow.key) == key, may_repeat).values(**values))
            await connection.execute(text(f"NOTIFY {CHANNEL}"))
            return await connection.scalar(known) is not None

    async def tell_again(self, *, silent_for: timedelta) -> int:
        """Return to `received` what was delivered but never settled; return how many that were.

        The wait doubles each time, up to sixty-four times: while no worker runs, Temporal is not told over and over.
        """
        patience = silent_for * func.power(2, func.least(col(InboxRow.attempts), 6))
        overdue = (
            col(InboxRow.state) == "delivered",
            col(InboxRow.outcome).is_(None),
            col(InboxRow.delivered_at) < func.now() - patience,
        )
        values = {"state": "received", "attempts": col(InboxRow.attempts) + 1, "next_attempt_at": None}
        async with self._engine.begin() as connection:
            found = await connection.execute(update(InboxRow).where(*overdue).values(**values))
        return int(found.rowcount)

    async def wake_parked(self) -> int:
        """Return to `received` what is parked although its order is known; return how many that were.

        Registering an order wakes what is parked by then; an event that was looked up just before and parked just
        after is found here.
        """
        speaks = or_(
            col(ProcessRow.supplier) == col(InboxRow.supplier),
            and_(col(InboxRow.supplier).is_(None), col(ProcessRow.facility) == col(InboxRow.facility)),
        )
        is_known = exists().where(
            col(ProcessRow.kind) == PURCHASE_ORDER, col(ProcessRow.po_number) == col(InboxRow.po_number), speaks
        )
        values = {"state": "received", "next_attempt_at": None}
        async with self._engine.begin() as connection:
            found = await connection.execute(
                update(InboxRow).where(col(InboxRow.state) == "parked", is_known).values(**values)
            )
        return int(found.rowcount)

    async def parked_since(self, before: datetime) -> tuple[StoredEvent, ...]:
        """Return the events whose order never came."""
        query = select(*(getattr(InboxRow, name) for name in StoredEvent.__slots__)).where(
            col(InboxRow.state) == "parked", col(InboxRow.received_at) < before
        )
        async with self._engine.connect() as connection:
            return tuple(StoredEvent(*row) for row in (await connection.execute(query)).all())

    async def pause(self, partner: str, by: str) -> None:
        """Hold a partner's events back until it is resumed."""
        row = insert(PartnerStateRow).values(partner=partner, paused_by=by, paused_at=datetime.now(UTC))
        async with self._engine.begin() as connection:
            await connection.execute(row.on_conflict_do_nothing())

    async def resume(self, partner: str) -> None:
        """Let a partner's events through again."""
        async with self._engine.begin() as connection:
            await connection.execute(text("DELETE FROM partner_states WHERE partner = :partner"), {"partner": partner})
            await connection.execute(text(f"NOTIFY {CHANNEL}"))

    async def paused(self) -> dict[str, str]:
        """Return the paused partners and who paused each."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(col(PartnerStateRow.partner), col(PartnerStateRow.paused_by)))
            return {row.partner: row.paused_by for row in rows.all()}

    async def _move(self, key: EventKey, **values: object) -> None:
        unsettled = or_(col(InboxRow.state) == "received", col(InboxRow.state) == "delivered")
        async with self._engine.begin() as connection:
            await connection.execute(
                update(InboxRow)
                .where(col(InboxRow.key) == key, unsettled, col(InboxRow.outcome).is_(None))
                .values(**values)
            )
