"""Inbox rows as the dispatcher works them off: the states of an event, and the moves between them.

    received -> delivered -> done        the order's workflow was told, and has published what became of it
    received -> parked -> received       no order of that number yet; woken when it registers
    received -> done                     late, refused, or a par breach that has been dealt with
    delivered -> received                told, but nothing published for a while: told again

Each row ends `done` with exactly one outcome (domain.snapshot.EventOutcome).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from adapters.store.inbox import CHANNEL
from adapters.store.repository import PURCHASE_ORDER
from adapters.store.tables import ExceptionCaseRow, InboxRow, PartnerStateRow, ProcessRow
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey
from domain.snapshot import EventOutcome


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
    """The lifecycle an event belongs to."""

    workflow_id: str
    is_closed: bool


class Events:
    """The dispatcher's side of the inbox."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def due(self, *, limit: int, busy: Sequence[EventKey] = ()) -> tuple[StoredEvent, ...]:
        """Return the oldest events to be dispatched now; those of paused partners wait."""
        paused = select(col(PartnerStateRow.partner))
        query = (
            select(*(getattr(InboxRow, name) for name in StoredEvent.__slots__))
            .where(
                col(InboxRow.state) == "received",
                col(InboxRow.partner).not_in(paused),
                col(InboxRow.key).not_in(busy),
            )
            .order_by(col(InboxRow.sequence))
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query.add_columns(col(InboxRow.next_attempt_at)))).all()
        blocked: set[str] = set()
        found = []
        for *values, next_attempt_at in rows:
            event = StoredEvent(*values)
            if event.subject in blocked:
                continue
            if next_attempt_at is not None and next_attempt_at > datetime.now(UTC):
                blocked.add(event.subject)
                continue
            found.append(event)
        return tuple(found)

    async def correlate(self, event: StoredEvent) -> Correlation | None:
        """Return the order an event is about, by its PO number and who may speak about it."""
        partner = (
            col(ProcessRow.supplier) == event.supplier
            if event.supplier is not None
            else col(ProcessRow.facility) == event.facility
        )
        query = select(col(ProcessRow.workflow_id), col(ProcessRow.closed_at)).where(
            col(ProcessRow.kind) == PURCHASE_ORDER, col(ProcessRow.po_number) == event.po_number, partner
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else Correlation(row[0], row[1] is not None)

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
        """Give an event its outcome, and open the case about it where there is one."""
        values = {"state": "done", "outcome": outcome.value, "note": note, "settled_at": datetime.now(UTC)}
        async with self._engine.begin() as connection:
            await connection.execute(
                update(InboxRow).where(col(InboxRow.key) == key, col(InboxRow.outcome).is_(None)).values(**values)
            )
            if case is not None:
                row = insert(ExceptionCaseRow).values(
                    id=case.id,
                    kind=case.kind.value,
                    owner=case.owner,
                    facility=case.facility,
                    supplier=case.supplier,
                    event=key,
                    opened_at=case.opened_at,
                    is_open=True,
                    document=case.model_dump(mode="json"),
                )
                await connection.execute(row.on_conflict_do_nothing())

    async def replay(self, key: EventKey) -> bool:
        """Dispatch an event again, whatever became of it; the workflow ignores what it knows. False where unknown."""
        values = {"state": "received", "outcome": None, "note": "", "attempts": 0, "next_attempt_at": None}
        async with self._engine.begin() as connection:
            found = await connection.execute(update(InboxRow).where(col(InboxRow.key) == key).values(**values))
            await connection.execute(text(f"NOTIFY {CHANNEL}"))
        return bool(found.rowcount)

    async def tell_again(self, *, silent_for: timedelta) -> int:
        """Return to `received` what was delivered but never settled; return how many that were."""
        before = datetime.now(UTC) - silent_for
        overdue = (col(InboxRow.state) == "delivered", col(InboxRow.delivered_at) < before)
        async with self._engine.begin() as connection:
            found = await connection.execute(update(InboxRow).where(*overdue).values(state="received"))
        return int(found.rowcount)

    async def parked_since(self, before: datetime) -> tuple[StoredEvent, ...]:
        """Return the events whose order never came."""
        query = select(*(getattr(InboxRow, name) for name in StoredEvent.__slots__)).where(
            col(InboxRow.state) == "parked", col(InboxRow.received_at) < before
        )
        async with self._engine.connect() as connection:
            return tuple(StoredEvent(*row) for row in (await connection.execute(query)).all())

    async def unpark(self, key: EventKey) -> None:
        """Take an event back from waiting for its order."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(InboxRow)
                .where(col(InboxRow.key) == key, col(InboxRow.state) == "parked")
                .values(state="received")
            )

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
