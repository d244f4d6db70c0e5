"""What we send partners as documents: numbered without gaps, kept before it is sent, awaited, sent again unchanged."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.orm import aliased
from sqlmodel import col

from adapters.documents.channel import OrderMessageKind
from adapters.documents.outbox import HIGHEST, ControlNumbers, Draft, Written
from adapters.store.cases import open_case
from adapters.store.tables import ControlNumberRow, OutboundRow, PartnerStateRow
from adapters.store.text import is_storable, storable
from adapters.transports.parcel import file_name_of
from domain.document import Document
from domain.exception_case import ExceptionCase

FIRST = 1
SENDING = timedelta(minutes=2)
"""How long whoever took a document to send it has, before somebody else takes it."""


class SentDocument(Document):
    """A document of ours without its bytes. `verdict` is the functional acknowledgement: it accepts no order."""

    key: str
    partner: str
    kind: str
    about: str
    name: str
    content_type: str
    interchange_number: int | None
    group_number: int | None
    written_at: datetime
    sent_at: datetime | None
    attempts: int
    awaited_until: datetime | None
    repeats: int
    verdict: str | None
    answered_at: datetime | None
    note: str


class Outbound:
    """`adapters.documents.outbox.Outbox` in PostgreSQL, and the courier's side of it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def write(self, draft: Draft) -> Written:
        """Return the document of this key, writing it under the next control numbers where there is none yet.

        Whoever writes it sends it, and asks again while its order still stands; the courier only repeats it.
        """
        async with self._engine.begin() as connection:
            return await write_to(connection, draft, courier_at=None)

    async def sent(self, key: str) -> None:
        """The partner has the bytes; from now on its acknowledgement is awaited, where one is."""
        values = {
            "sent_at": func.now(),
            "next_attempt_at": None,
            "awaited_until": func.now() + func.make_interval(0, 0, 0, 0, 0, 0, col(OutboundRow.awaits_seconds)),
        }
        async with self._engine.begin() as connection:
            await connection.execute(
                update(OutboundRow)
                .where(col(OutboundRow.key) == key, col(OutboundRow.sent_at).is_(None))
                .values(**values)
            )

    async def take_unsent(self, *, limit: int) -> tuple[Written, ...]:
        """Take the oldest documents that are due to be sent, each partner's in sequence; paused partners' wait."""
        now = datetime.now(UTC)
        is_paused = select(col(PartnerStateRow.partner))
        due = (
            select(col(OutboundRow.key))
            .where(
                col(OutboundRow.sent_at).is_(None),
                col(OutboundRow.next_attempt_at) <= now,
                col(OutboundRow.partner).not_in(is_paused),
            )
            .order_by(col(OutboundRow.sequence))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        values = {"next_attempt_at": now + SENDING, "attempts": col(OutboundRow.attempts) + 1}
        async with self._engine.begin() as connection:
            keys = list((await connection.execute(due)).scalars())
            await connection.execute(update(OutboundRow).where(col(OutboundRow.key).in_(keys)).values(**values))
            rows = await connection.execute(
                select(OutboundRow).where(col(OutboundRow.key).in_(keys)).order_by(col(OutboundRow.sequence))
            )
            return tuple(_written(row) for row in rows.mappings())

    async def not_sent(self, key: str, why: str, *, again_at: datetime) -> None:
        """Sending failed; it is tried again."""
        await self._change(key, next_attempt_at=again_at, note=why[:500])

    async def refused(self, key: str, why: str, case: ExceptionCase) -> None:
        """The partner will not have it: a person is asked, and it is not sent again by itself."""
        async with self._engine.begin() as connection:
            values = {"next_attempt_at": None, "note": why[:500]}
            await connection.execute(update(OutboundRow).where(col(OutboundRow.key) == key).values(**values))
            await open_case(connection, case)

    async def overdue(self, now: datetime) -> tuple[SentDocument, ...]:
        """Return what has been sent and whose acknowledgement is late; not what has been taken back since."""
        later = aliased(OutboundRow)
        is_taken_back = exists().where(
            col(later.partner) == col(OutboundRow.partner),
            col(later.about) == col(OutboundRow.about),
            col(later.kind) == OrderMessageKind.CANCELLATION.value,
            col(later.sequence) > col(OutboundRow.sequence),
        )
        query = select(*_COLUMNS).where(
            col(OutboundRow.answered_at).is_(None),
            col(OutboundRow.sent_at).is_not(None),
            col(OutboundRow.awaited_until) < now,
            ~is_taken_back,
        )
        async with self._engine.connect() as connection:
            return tuple(SentDocument.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())

    async def send_again(self, key: str) -> bool:
        """Have the same bytes sent again; False where there is no such document."""
        return is_storable(key) and await self._repeat(col(OutboundRow.key) == key)

    async def repeat_overdue(self, key: str, now: datetime) -> bool:
        """Have the same bytes sent again, unless somebody has done so already or it has been acknowledged."""
        late = (col(OutboundRow.awaited_until) < now, col(OutboundRow.answered_at).is_(None))
        return await self._repeat(col(OutboundRow.key) == key, *late)

    async def given_up(self, key: str, note: str, case: ExceptionCase) -> None:
        """Nobody acknowledges it: a person is asked, and it is awaited no longer."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(OutboundRow).where(col(OutboundRow.key) == key).values(awaited_until=None, note=note)
            )
            await open_case(connection, case)

    async def answered(self, key: str, verdict: str, *, note: str = "", case: ExceptionCase | None = None) -> None:
        """File what the partner's functional acknowledgement says of a document of ours, and open a case about it.

        The first verdict stands: the same bytes sent twice may be acknowledged twice.
        """
        values = {"verdict": storable(verdict), "note": storable(note[:500]), "answered_at": func.now()}
        unanswered = (col(OutboundRow.key) == key, col(OutboundRow.answered_at).is_(None))
        async with self._engine.begin() as connection:
            first = await connection.execute(update(OutboundRow).where(*unanswered).values(**values))
            if first.rowcount and case is not None:
                await open_case(connection, case)

    async def about_group(self, partner: str, functional_id: str, group: int) -> SentDocument | None:
        """Return the document that went out as this group."""
        query = select(*_COLUMNS).where(
            col(OutboundRow.partner) == partner,
            col(OutboundRow.functional_id) == functional_id,
            col(OutboundRow.group_number) == group,
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else SentDocument.model_validate(dict(row))

    async def about_interchange(self, partner: str, number: int) -> SentDocument | None:
        """Return the document that went out as this interchange."""
        query = select(*_COLUMNS).where(
            col(OutboundRow.partner) == partner, col(OutboundRow.interchange_number) == number
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else SentDocument.model_validate(dict(row))

    async def of_partner(self, partner: str | None, *, limit: int) -> tuple[SentDocument, ...]:
        """Return the newest documents, of one partner or of all."""
        query = select(*_COLUMNS).order_by(col(OutboundRow.sequence).desc()).limit(limit)
        if partner is not None:
            query = query.where(col(OutboundRow.partner) == storable(partner))
        async with self._engine.connect() as connection:
            return tuple(SentDocument.model_validate(dict(row)) for row in (await connection.execute(query)).mappings())

    async def record(self, key: str) -> SentDocument | None:
        """Return one document without its bytes."""
        if not is_storable(key):
            return None
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(*_COLUMNS).where(col(OutboundRow.key) == key))).mappings().first()
        return None if row is None else SentDocument.model_validate(dict(row))

    async def document(self, key: str) -> Written | None:
        """Return a document with its bytes."""
        if not is_storable(key):
            return None
        async with self._engine.connect() as connection:
            return await _known(connection, key)

    async def _repeat(self, *which: ColumnElement[bool]) -> bool:
        values = {
            "sent_at": None,
            "next_attempt_at": func.now(),
            "awaited_until": None,
            "repeats": col(OutboundRow.repeats) + 1,
        }
        async with self._engine.begin() as connection:
            repeated = await connection.execute(update(OutboundRow).where(*which).values(**values))
        return bool(repeated.rowcount)

    async def _change(self, key: str, **values: object) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(update(OutboundRow).where(col(OutboundRow.key) == key).values(**values))


async def write_to(connection: AsyncConnection, draft: Draft, *, courier_at: datetime | None) -> Written:
    """Write a document within the caller's transaction: its numbers are drawn, or given back, with it.

    The courier sends it from `courier_at` on; not at all where that is None.
    """
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:partner))"), {"partner": f"documents to {draft.partner}"}
    )
    known = await _known(connection, draft.key)
    if known is not None:
        return known
    now = datetime.now(UTC)
    numbers = await _next_numbers(connection, draft)
    body = draft.write(numbers or ControlNumbers(FIRST, FIRST), now)
    digest = hashlib.sha256(body).digest()
    values = {
        "key": draft.key,
        "partner": draft.partner,
        "kind": draft.kind,
        "about": draft.about,
        "name": file_name_of(draft.key, draft.suffix.lstrip(".")),
        "content_type": draft.content_type,
        "body": body,
        "sha256": digest,
        "interchange_number": numbers.interchange if numbers else None,
        "group_number": numbers.group if numbers else None,
        "functional_id": draft.functional_id,
        "written_at": now,
        "next_attempt_at": courier_at,
        "awaits_seconds": round(draft.awaits.total_seconds()) if draft.awaits else None,
        "attempts": 0,
        "repeats": 0,
        "note": "",
    }
    await connection.execute(insert(OutboundRow).values(**values))
    written = await _known(connection, draft.key)
    if written is None:
        raise LookupError(draft.key)
    return written


async def _next_numbers(connection: AsyncConnection, draft: Draft) -> ControlNumbers | None:
    if draft.functional_id is None:
        return None
    return ControlNumbers(
        interchange=await _draw(connection, draft.partner, "interchange"),
        group=await _draw(connection, draft.partner, "group"),
    )


async def _draw(connection: AsyncConnection, partner: str, series: str) -> int:
    row = insert(ControlNumberRow).values(partner=partner, series=series, next=FIRST + 1)
    following = {"next": (col(ControlNumberRow.next) % HIGHEST) + 1}
    drawn = row.on_conflict_do_update(index_elements=["partner", "series"], set_=following)
    upcoming = await connection.scalar(drawn.returning(col(ControlNumberRow.next)))
    return HIGHEST if upcoming == FIRST else int(upcoming or FIRST + 1) - 1


async def _known(connection: AsyncConnection, key: str) -> Written | None:
    row = (await connection.execute(select(OutboundRow).where(col(OutboundRow.key) == key))).mappings().first()
    return None if row is None else _written(row)


def _written(row: RowMapping) -> Written:
    return Written(
        key=row["key"],
        partner=row["partner"],
        kind=row["kind"],
        about=row["about"],
        name=row["name"],
        content_type=row["content_type"],
        body=row["body"],
        is_sent=row["sent_at"] is not None,
        attempts=row["attempts"],
    )


_COLUMNS = tuple(getattr(OutboundRow, name) for name in SentDocument.model_fields)
