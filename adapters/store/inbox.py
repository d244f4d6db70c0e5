"""The inbox: an event is on disk before its sender hears yes, and whatever waits shares one commit.

One INSERT takes every waiting event (docs/events.md has the figures). The primary key decides what is new; the stored
SHA-256 decides whether a repeated event id brings the same bytes. Rows go in sorted by key, so that two gateways that
are sent the same events at once wait for each other and never deadlock.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg

from domain.exception_case import ExceptionCase, Resolution, case_id
from domain.identifiers import EventKey, FacilityCode, PartnerCode, PoNumber, SupplierCode
from domain.policy import CaseKind, Policy

BATCH = 500
WAITING = 10_000
"""Events that may wait for a commit; a sender beyond that is asked to come again."""
COME_AGAIN_SECONDS = 1
ANSWER_WITHIN = 15.0
"""Seconds a sender is kept waiting for a database that hangs; then the outcome is unknown to both."""
CLOSE_WITHIN = 20.0
"""Seconds for writing what waits when the process is asked to stop."""
CHANNEL = "inbox"
INTERRUPTIONS = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    RuntimeError,
    TimeoutError,
)
"""What a database that goes away makes of a commit; asyncpg may be left in a state of its own that it cannot leave."""

INSERT = """
INSERT INTO inbox (key, partner, event_id, kind, content_type, sha256, body, received_at, supplier, facility, po_number,
                   state, attempts, note)
SELECT *, 'received', 0, ''
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::timestamptz[],
            $9::text[], $10::text[], $11::text[])
ORDER BY 1
ON CONFLICT (key) DO NOTHING
RETURNING key
"""
KNOWN = "SELECT key, sha256 FROM inbox WHERE key = ANY($1::text[])"
OPEN_CASE = """
INSERT INTO exception_cases (id, kind, owner, facility, supplier, event, opened_at, is_open, document)
VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8::jsonb)
ON CONFLICT (id) DO NOTHING
"""


class InboxFullError(Exception):
    """Too many events wait for a commit; come again after `retry_after` seconds."""

    retry_after = COME_AGAIN_SECONDS


class StoreUnavailableError(Exception):
    """The store did not confirm. The event may or may not be kept: sending it again is safe."""

    retry_after = COME_AGAIN_SECONDS


class Acceptance(StrEnum):
    """What an event turned out to be."""

    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One event as it came, with what correlating it needs."""

    partner: PartnerCode
    event_id: str
    kind: str
    content_type: str
    body: bytes
    received_at: datetime
    supplier: SupplierCode | None = None
    facility: FacilityCode | None = None
    po_number: PoNumber | None = None

    @property
    def key(self) -> EventKey:
        """What the inbox is unique on."""
        return f"{self.partner}/{self.event_id}"

    @property
    def sha256(self) -> bytes:
        """What tells a copy from another content."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True, slots=True)
class _Waiting:
    message: InboundMessage
    answer: asyncio.Future[Acceptance]


class Inbox:
    """Accepts events; one writer per process, so that commits are shared."""

    def __init__(
        self, pool: asyncpg.Pool, policy: Policy, *, waiting: int = WAITING, answer_within: float = ANSWER_WITHIN
    ) -> None:
        self._pool = pool
        self._policy = policy
        self._answer_within = answer_within
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(waiting)
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._writer = asyncio.create_task(self._write(), name="inbox writer")

    async def close(self) -> None:
        """Write what waits, then stop; raise what stopped the writer before its time."""
        if self._writer is None:
            return
        written = asyncio.create_task(self._queue.join(), name="inbox draining")
        await asyncio.wait({written, self._writer}, timeout=CLOSE_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        written.cancel()
        self._writer.cancel()
        with suppress(asyncio.CancelledError):
            await self._writer

    async def accept(self, message: InboundMessage) -> Acceptance:
        """Return once the event is committed, or found to be committed before.

        Raises InboxFullError, and StoreUnavailableError where the outcome is unknown.
        """
        if self._writer is not None and self._writer.done():
            raise StoreUnavailableError("the inbox's writer has stopped")
        answer: asyncio.Future[Acceptance] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Waiting(message, answer))
        except asyncio.QueueFull as error:
            raise InboxFullError from error
        try:
            async with asyncio.timeout(self._answer_within):
                return await answer
        except TimeoutError as error:
            raise StoreUnavailableError("the store has not answered in time") from error

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._settle(batch)
            finally:
                _answer_unknown(batch, "the inbox's writer has stopped")
            for _ in batch:
                self._queue.task_done()

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        """Commit a batch and answer it; where PostgreSQL cannot hold one of its events, only that one is refused."""
        try:
            acceptances = await self._commit([waiting.message for waiting in batch])
        except asyncpg.DataError as error:
            if len(batch) == 1:
                return _answer_unknown(batch, type(error).__name__)
            for waiting in batch:
                await self._settle([waiting])
        except INTERRUPTIONS as error:
            _answer_unknown(batch, type(error).__name__)
        else:
            for waiting, acceptance in zip(batch, acceptances, strict=True):
                if not waiting.answer.done():
                    waiting.answer.set_result(acceptance)

    async def _commit(self, messages: Sequence[InboundMessage]) -> list[Acceptance]:
        digests = [message.sha256 for message in messages]
        async with self._pool.acquire() as connection, connection.transaction():
            new = {row["key"] for row in await connection.fetch(INSERT, *_columns(messages, digests))}
            if new:
                await connection.execute(f"NOTIFY {CHANNEL}")
            if len(new) == len(messages):
                return [Acceptance.NEW] * len(messages)
            keys = [message.key for message in messages]
            known = {row["key"]: row["sha256"] for row in await connection.fetch(KNOWN, keys)}
            acceptances = _acceptances(messages, digests, new, known)
            for message, acceptance in zip(messages, acceptances, strict=True):
                if acceptance is Acceptance.CONFLICT:
                    await self._open_case(connection, message)
            return acceptances

    async def _open_case(self, connection: asyncpg.pool.PoolConnectionProxy, message: InboundMessage) -> None:
        case = conflict_case(message, self._policy)
        await connection.execute(
            OPEN_CASE,
            case.id,
            case.kind,
            case.owner,
            case.facility,
            case.supplier,
            message.key,
            case.opened_at,
            case.model_dump_json(),
        )


def conflict_case(message: InboundMessage, policy: Policy) -> ExceptionCase:
    """Return the case about an event id that came again with another content; the first content stands."""
    kind = CaseKind.CONFLICTING_EVENT
    resolve_within: timedelta = policy.resolve_within
    return ExceptionCase(
        id=case_id("inbox", kind, message.key),
        kind=kind,
        subject=message.key,
        facility=message.facility,
        supplier=message.supplier,
        owner=policy.owner_of(kind),
        opened_at=message.received_at,
        due_at=message.received_at + resolve_within,
        summary=f"{message.partner} sent event {message.event_id} again with another content; the first one stands",
        choices=(Resolution.DISMISS,),
        suggested=Resolution.DISMISS,
    )


def _answer_unknown(batch: Sequence[_Waiting], why: str) -> None:
    for waiting in batch:
        if not waiting.answer.done():
            waiting.answer.set_exception(StoreUnavailableError(why))


def _columns(messages: Sequence[InboundMessage], digests: Sequence[bytes]) -> tuple[list[object], ...]:
    return (
        [message.key for message in messages],
        [message.partner for message in messages],
        [message.event_id for message in messages],
        [message.kind for message in messages],
        [message.content_type for message in messages],
        list(digests),
        [message.body for message in messages],
        [message.received_at for message in messages],
        [message.supplier for message in messages],
        [message.facility for message in messages],
        [message.po_number for message in messages],
    )


def _acceptances(
    messages: Sequence[InboundMessage], digests: Sequence[bytes], new: set[str], known: dict[str, bytes]
) -> list[Acceptance]:
    """Say what each message is; of several copies under one new key one was stored, the others are the same."""
    unclaimed = set(new)
    found = []
    for message, digest in zip(messages, digests, strict=True):
        if known[message.key] != digest:
            found.append(Acceptance.CONFLICT)
        elif message.key in unclaimed:
            unclaimed.remove(message.key)
            found.append(Acceptance.NEW)
        else:
            found.append(Acceptance.SAME)
    return found
