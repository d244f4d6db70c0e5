"""What partners transmit: one transaction keeps the bytes, the documents in them and our acknowledgements of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.documents.outbox import Draft
from adapters.store.cases import open_case
from adapters.store.inbox import CHANNEL, InboundMessage, StoreUnavailableError, conflict_case
from adapters.store.outbound import write_to
from adapters.store.tables import InboxRow, OutboundRow, RawDocumentRow, TransmissionRow
from adapters.store.text import is_storable, storable
from domain.document import Document
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey, PartnerCode
from domain.policy import Policy
from domain.snapshot import EventOutcome

AWAY = (SQLAlchemyError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, RuntimeError)
"""What a database that goes away makes of a transaction; a connection torn down under it is a RuntimeError."""
AT_ONCE = 500
"""Rows of one statement."""


class TransmissionState(StrEnum):
    """What became of a transmission."""

    TAKEN = "taken"
    """Its documents are in the inbox."""
    REFUSED = "refused"
    """It cannot be acted on; the bytes are kept and a case is open."""
    QUARANTINED = "quarantined"
    """Its number was used before for something else: nothing of it is acted on, and a case is open."""


class Receipt(StrEnum):
    """What a transmission turned out to be."""

    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RefusedDocument:
    """A document that cannot be acted on, and the case about it; a later reading may still take it."""

    message: InboundMessage
    why: str
    case: ExceptionCase


@dataclass(frozen=True, slots=True)
class Transmission:
    """One interchange or document as it came. `content` is what a copy repeats, `raw` what was sent."""

    partner: PartnerCode
    id: str
    content: bytes
    raw: bytes
    content_type: str
    via: str
    received_at: datetime
    documents: tuple[InboundMessage, ...] = ()
    refused: tuple[RefusedDocument, ...] = ()
    answers: tuple[Draft, ...] = ()
    refusal: ExceptionCase | None = None
    """Where nothing of it can be acted on: the case about the whole of it."""
    conflict: ExceptionCase | None = None
    """The case to open should this id have come before with another content."""

    @property
    def key(self) -> str:
        """What transmissions are unique on."""
        return f"{self.partner}/{self.id}"


class TransmissionRecord(Document):
    """A transmission without its bytes."""

    key: str
    partner: PartnerCode
    via: str
    received_at: datetime
    state: TransmissionState
    documents: int
    refused: int
    note: str


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The bytes of a transmission, and how they came."""

    body: bytes
    content_type: str
    partner: PartnerCode
    via: str


class Transmissions:
    """Takes transmissions in, each once."""

    def __init__(self, engine: AsyncEngine, policy: Policy) -> None:
        self._engine = engine
        self._policy = policy

    async def take(self, transmission: Transmission) -> Receipt:
        """Keep a transmission and everything in it, in one transaction; return when that is on disk.

        A copy changes nothing, except that what acknowledged it is sent again. Another content under a known id is kept
        aside, untouched by anything but a person. Raises StoreUnavailableError where the outcome is unknown.
        """
        try:
            return await self._take(transmission)
        except AWAY as error:
            raise StoreUnavailableError(type(error).__name__) from error

    async def _take(self, transmission: Transmission) -> Receipt:
        digest = hashlib.sha256(transmission.content).digest()
        async with self._engine.begin() as connection:
            await _keep_bytes(connection, transmission)
            state = TransmissionState.REFUSED if transmission.refusal else TransmissionState.TAKEN
            is_new = await _keep(connection, transmission, transmission.key, digest, state)
            if not is_new and not await _replaced(connection, transmission, digest, state):
                return await self._known(connection, transmission, digest)
            for answer in transmission.answers:
                await write_to(connection, answer, courier_at=transmission.received_at)
            if transmission.refusal is not None:
                await open_case(connection, transmission.refusal)
                return Receipt.REFUSED
            await self._keep_documents(connection, transmission)
            await connection.execute(text(f"NOTIFY {CHANNEL}"))
            return Receipt.NEW

    async def raw(self, key: str) -> RawDocument | None:
        """Return a transmission as it came."""
        query = (
            select(
                col(RawDocumentRow.body),
                col(RawDocumentRow.content_type),
                col(TransmissionRow.partner),
                col(TransmissionRow.via),
            )
            .join(TransmissionRow, col(TransmissionRow.raw) == col(RawDocumentRow.sha256))
            .where(col(TransmissionRow.key) == key)
        )
        if not is_storable(key):
            return None
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else RawDocument(*row)

    async def latest(self, partner: str | None, *, limit: int) -> tuple[TransmissionRecord, ...]:
        """Return the newest transmissions, of one partner or of all."""
        query = select(*(getattr(TransmissionRow, name) for name in TransmissionRecord.model_fields))
        query = query.order_by(col(TransmissionRow.sequence).desc()).limit(limit)
        if partner is not None:
            query = query.where(col(TransmissionRow.partner) == storable(partner))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings()
            return tuple(TransmissionRecord.model_validate(dict(row)) for row in rows)

    async def _known(self, connection: AsyncConnection, transmission: Transmission, digest: bytes) -> Receipt:
        query = select(col(TransmissionRow.sha256)).where(col(TransmissionRow.key) == transmission.key)
        if await connection.scalar(query) == digest:
            await _acknowledge_again(connection, transmission.answers)
            if transmission.refusal is not None:
                await open_case(connection, transmission.refusal)
                return Receipt.REFUSED
            return Receipt.SAME
        aside = f"{transmission.key}~{digest.hex()[:12]}"
        await _keep(connection, transmission, aside, digest, TransmissionState.QUARANTINED)
        if transmission.conflict is not None:
            await open_case(connection, transmission.conflict)
        return Receipt.CONFLICT

    async def _keep_documents(self, connection: AsyncConnection, transmission: Transmission) -> None:
        taken = [_inbox_row(message) for message in transmission.documents]
        refused = [_refused_row(document) for document in transmission.refused]
        new = await _insert(connection, taken) | await _insert(connection, refused)
        for document in transmission.refused:
            await open_case(connection, document.case, document.message.key)
        messages = [*transmission.documents, *(document.message for document in transmission.refused)]
        await self._raise_conflicts(connection, [message for message in messages if message.key not in new])

    async def _raise_conflicts(self, connection: AsyncConnection, known: Sequence[InboundMessage]) -> None:
        """The same document number in another interchange: a copy is nothing new, another content is a case."""
        for message in known:
            query = select(col(InboxRow.sha256)).where(col(InboxRow.key) == message.key)
            if await connection.scalar(query) != message.sha256:
                await open_case(connection, conflict_case(message, self._policy))


async def _keep_bytes(connection: AsyncConnection, transmission: Transmission) -> None:
    row = insert(RawDocumentRow).values(
        sha256=hashlib.sha256(transmission.raw).digest(),
        body=transmission.raw,
        content_type=transmission.content_type,
        kept_at=transmission.received_at,
    )
    await connection.execute(row.on_conflict_do_nothing())


async def _keep(
    connection: AsyncConnection, transmission: Transmission, key: str, digest: bytes, state: TransmissionState
) -> bool:
    """Keep the transmission under a key; False where that key is taken."""
    row = insert(TransmissionRow).values(
        key=key,
        partner=transmission.partner,
        transmission_id=transmission.id,
        sha256=digest,
        raw=hashlib.sha256(transmission.raw).digest(),
        via=transmission.via,
        received_at=transmission.received_at,
        state=state.value,
        documents=len(transmission.documents),
        refused=len(transmission.refused),
        note=storable(transmission.refusal.summary) if transmission.refusal else "",
    )
    return bool((await connection.execute(row.on_conflict_do_nothing(index_elements=["key"]))).rowcount)


async def _replaced(
    connection: AsyncConnection, transmission: Transmission, digest: bytes, state: TransmissionState
) -> bool:
    """True where only something refused came under this id before: that claims no number.

    Either the partner has mended what it sends, or we its page.
    """
    refused = [
        col(TransmissionRow.key) == transmission.key,
        col(TransmissionRow.state) == TransmissionState.REFUSED.value,
    ]
    if transmission.refusal is not None:
        refused.append(col(TransmissionRow.sha256) != digest)
    values = {
        "sha256": digest,
        "raw": hashlib.sha256(transmission.raw).digest(),
        "state": state.value,
        "documents": len(transmission.documents),
        "refused": len(transmission.refused),
        "note": storable(transmission.refusal.summary) if transmission.refusal else "",
    }
    replaced = await connection.execute(update(TransmissionRow).where(*refused).values(**values))
    return bool(replaced.rowcount)


async def _insert(connection: AsyncConnection, rows: list[dict[str, object]]) -> set[EventKey]:
    """Insert inbox rows, sorted by key; return the keys that are new."""
    ordered = sorted(rows, key=lambda row: str(row["key"]))
    new: set[EventKey] = set()
    for start in range(0, len(ordered), AT_ONCE):
        batch = insert(InboxRow).values(ordered[start : start + AT_ONCE]).on_conflict_do_nothing(index_elements=["key"])
        new.update((await connection.execute(batch.returning(col(InboxRow.key)))).scalars())
    return new


async def _acknowledge_again(connection: AsyncConnection, answers: Sequence[Draft]) -> None:
    keys = [answer.key for answer in answers]
    values = {"sent_at": None, "next_attempt_at": func.now()}
    await connection.execute(update(OutboundRow).where(col(OutboundRow.key).in_(keys)).values(**values))


def _inbox_row(message: InboundMessage) -> dict[str, object]:
    return {
        "key": message.key,
        "partner": message.partner,
        "event_id": message.event_id,
        "kind": message.kind,
        "content_type": message.content_type,
        "sha256": message.sha256,
        "body": message.body,
        "received_at": message.received_at,
        "supplier": message.supplier,
        "facility": message.facility,
        "po_number": storable(message.po_number) if message.po_number else None,
        "state": "received",
        "attempts": 0,
        "note": "",
    }


def _refused_row(document: RefusedDocument) -> dict[str, object]:
    at = document.message.received_at
    end = {
        "state": "done",
        "outcome": EventOutcome.EXCEPTION.value,
        "note": storable(document.why[:500]),
        "settled_at": at,
    }
    return {**_inbox_row(document.message), **end}
