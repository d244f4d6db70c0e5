"""The inbox: an event is on disk before its sender hears yes, and whatever waits shares one commit.

One INSERT takes every waiting event (docs/events.md has the figures). The primary key decides what is new; the stored
SHA-256 decides whether a repeated event id brings the same bytes.
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
CHANNEL = "inbox"

INSERT = """
INSERT INTO inbox (key, partner, event_id, kind, content_type, sha256, body, received_at, supplier, facility, po_number,
                   state, attempts, note)
SELECT *, 'received', 0, ''
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::timestamptz[],
            $9::text[], $10::text[], $11::text[])
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

    def __init__(self, pool: asyncpg.Pool, policy: Policy) -> None:
        self._pool = pool
        self._policy = policy
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(WAITING)
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._writer = asyncio.create_task(self._write(), name="inbox writer")

    async def close(self) -> None:
        """Write what waits, then stop."""
        await self._queue.join()
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer

    async def accept(self, message: InboundMessage) -> Acceptance:
        """Return once the event is committed, or found to be committed before.

        Raises InboxFullError, and StoreUnavailableError where the outcome is unknown.
        """
        answer: asyncio.Future[Acceptance] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait(_Waiting(message, answer))
        except asyncio.QueueFull as error:
            raise InboxFullError from error
        return await answer

    async def _write(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._settle(batch)
            for _ in batch:
                self._queue.task_done()

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            acceptances = await self._commit([waiting.message for waiting in batch])
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
            failure = StoreUnavailableError(type(error).__name__)
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_exception(failure)
            return
        for waiting, acceptance in zip(batch, acceptances, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(acceptance)

    async def _commit(self, messages: Sequence[InboundMessage]) -> list[Acceptance]:
        digests = [message.sha256 for message in messages]
        async with self._pool.acquire() as connection, connection.transaction():
            new = {row["key"] for row in await connection.fetch(INSERT, *_columns(messages, digests))}
            if len(new) == len(messages):
                await connection.execute(f"NOTIFY {CHANNEL}")
                return [Acceptance.NEW] * len(messages)
            keys = [message.key for message in messages]
            known = {row["key"]: row["sha256"] for row in await connection.fetch(KNOWN, keys)}
            acceptances = _acceptances(messages, digests, new, known)
            for message, acceptance in zip(messages, acceptances, strict=True):
                if acceptance is Acceptance.CONFLICT:
                    await self._open_case(connection, message)
            if new:
                await connection.execute(f"NOTIFY {CHANNEL}")
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
    """Say what each message is; of several under one new key the first was stored."""
    unclaimed = set(new)
    found = []
    for message, digest in zip(messages, digests, strict=True):
        if message.key in unclaimed:
            unclaimed.remove(message.key)
            found.append(Acceptance.NEW)
        else:
            found.append(Acceptance.SAME if known[message.key] == digest else Acceptance.CONFLICT)
    return found
