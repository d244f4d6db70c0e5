"""From the inbox to the orders: serially per order, once per event as far as anybody can see, nothing ever lost.

One dispatcher leads at a time, whoever holds the advisory lock; the others stand by. It dies between any two lines
without harm: a row leaves `received` only after its effect, and every effect knows its event's key.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Protocol

import asyncpg
import structlog

from adapters.bad_document import BadDocumentError
from adapters.inbound import NotYoursError
from adapters.store.events import StoredEvent
from adapters.store.inbox import CHANNEL
from domain.policy import CaseKind
from domain.snapshot import EventOutcome
from starter.event_cases import event_case
from starter.hearing import Hearing
from starter.interruptions import INTERRUPTIONS
from starter.order_signals import OrderMissingError, SignalError
from starter.requisitions import RequisitionConflictError

LEADERSHIP = 7_305_003
BATCH = 200
AT_ONCE = 16
"""Orders told at the same time."""

log = structlog.get_logger()

UNREADABLE = (BadDocumentError, NotYoursError)
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    OrderMissingError,
    RequisitionConflictError,
)
"""What our own code raises over a document it cannot handle: tried a few times, then a case, and never a standstill."""


@dataclass(frozen=True)
class Pace:
    """How patient the dispatcher is."""

    poll: timedelta = timedelta(milliseconds=500)
    sweep: timedelta = timedelta(seconds=5)
    tell_again: timedelta = timedelta(minutes=1)
    unmatched: timedelta = timedelta(hours=24)
    backoff: timedelta = timedelta(milliseconds=200)
    longest_backoff: timedelta = timedelta(seconds=5)
    poison_attempts: int = 5


class MakingGood(Protocol):
    """Who begins what was registered and never started, as `starter.requisitions.Requisitions` does."""

    async def make_good(self) -> int:
        """Begin it; return how many that were."""


class Dispatcher:
    """Works the inbox off."""

    def __init__(self, hearing: Hearing, requisitions: MakingGood, *, pace: Pace | None = None) -> None:
        self._hearing = hearing
        self._events = hearing.events
        self._policy = hearing.policy
        self._requisitions = requisitions
        self._pace = pace or Pace()
        self._news = asyncio.Event()
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._swept = datetime.min.replace(tzinfo=UTC)

    async def run(self, database_url: str) -> None:
        """Lead whenever nobody else does, until cancelled."""
        while True:
            try:
                await self._lead_while_possible(database_url)
            except INTERRUPTIONS as error:
                log.warning("dispatcher interrupted", cause=type(error).__name__)
            await asyncio.sleep(1)

    async def work_off(self) -> int:
        """Dispatch everything due now; return how many events that were."""
        due = await self._events.due(limit=BATCH)
        groups = [list(group) for _, group in groupby(sorted(due, key=_subject), key=_subject)]
        await asyncio.gather(*(self._dispatch_in_sequence(group) for group in groups))
        return len(due)

    async def sweep(self) -> None:
        """Make good what a crash left behind, and raise what has waited too long."""
        await self._requisitions.make_good()
        await self._events.tell_again(silent_for=self._pace.tell_again)
        await self._events.wake_parked()
        now = datetime.now(UTC)
        for event in await self._events.parked_since(now - self._pace.unmatched):
            await self._hearing.unmatched(event, now)

    async def _lead_while_possible(self, database_url: str) -> None:
        connection = await asyncpg.connect(database_url)
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADERSHIP):
                return
            await connection.add_listener(CHANNEL, lambda *_: self._news.set())
            while not connection.is_closed():
                self._news.clear()
                await self._sweep_when_due()
                if await self.work_off() == 0:
                    await self._wait_for_news()
        finally:
            await connection.close()

    async def _sweep_when_due(self) -> None:
        if datetime.now(UTC) - self._swept >= self._pace.sweep:
            self._swept = datetime.now(UTC)
            await self.sweep()

    async def _wait_for_news(self) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), self._pace.poll.total_seconds())
        except TimeoutError:
            return

    async def _dispatch_in_sequence(self, group: Iterable[StoredEvent]) -> None:
        """Dispatch one order's events; after one that must wait, the others wait behind it."""
        async with self._limit:
            for event in group:
                if not await self._dispatch(event):
                    return

    async def _dispatch(self, event: StoredEvent) -> bool:
        try:
            await self._hearing.hear(event)
        except UNREADABLE as error:
            await self._give_up(event, f"cannot be read: {type(error).__name__}")
        except SignalError:
            await self._try_again(event)
            return False
        except BROKEN as error:
            if event.attempts + 1 < self._pace.poison_attempts:
                await self._try_again(event)
                return False
            await self._give_up(event, f"cannot be handled: {type(error).__name__}")
        return True

    async def _give_up(self, event: StoredEvent, why: str) -> None:
        log.error("event given up", event_key=event.key, why=why)
        case = event_case(
            CaseKind.POISON_EVENT, event, f"{event.kind} {event.key} {why}", self._policy, datetime.now(UTC)
        )
        await self._events.ended(event.key, EventOutcome.DEAD_LETTER, why, case)

    async def _try_again(self, event: StoredEvent) -> None:
        pause = min(self._pace.backoff * 2 ** min(event.attempts, 10), self._pace.longest_backoff)
        await self._events.try_again(event.key, after=pause, attempts=event.attempts + 1)


def _subject(event: StoredEvent) -> str:
    return event.subject
