"""The audit trail: who did what, each row chained to the one before, so that a change cannot go unseen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from adapters.store.tables import AuditRow, RefusalRow
from adapters.store.text import storable

GENESIS = bytes(32)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7305002)")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing somebody did. `detail` never holds a body, a secret or a patient."""

    actor: str
    action: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One request that was turned away before anybody knew who sent it."""

    partner: str
    reason: str
    at: datetime


class Audit:
    """Appends and verifies; nothing else."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def append(self, *entries: AuditEntry) -> None:
        """Add entries to the end of the chain."""
        async with self._engine.begin() as connection:
            await append_to(connection, *entries)

    async def count(self, refusals: list[Refusal]) -> None:
        """Count refusals per minute, claimed partner and reason."""
        totals: dict[tuple[datetime, str, str], int] = {}
        for refusal in refusals:
            minute = refusal.at.replace(second=0, microsecond=0)
            key = (minute, storable(refusal.partner[:40]), storable(refusal.reason))
            totals[key] = totals.get(key, 0) + 1
        async with self._engine.begin() as connection:
            for (minute, partner, reason), number in sorted(totals.items()):
                row = insert(RefusalRow).values(minute=minute, partner=partner, reason=reason, count=number)
                more = {"count": col(RefusalRow.count) + number}
                await connection.execute(
                    row.on_conflict_do_update(index_elements=["minute", "partner", "reason"], set_=more)
                )

    async def verify(self) -> int:
        """Return how many rows the chain has. Raises ValueError naming the first row that does not fit."""
        previous, number = GENESIS, 0
        async with self._engine.connect() as connection:
            rows = await connection.stream(select(AuditRow).order_by(col(AuditRow.sequence)))
            async for row in rows.mappings():
                expected = _digest(
                    previous, row["at"], AuditEntry(row["actor"], row["action"], row["subject"], row["detail"])
                )
                if row["previous"] != previous or row["digest"] != expected:
                    raise ValueError(f"the audit trail is broken at row {row['sequence']}")
                previous, number = row["digest"], number + 1
        return number

    async def refused(self) -> int:
        """Return how many requests were turned away unauthenticated."""
        async with self._engine.connect() as connection:
            return int(await connection.scalar(select(func.coalesce(func.sum(col(RefusalRow.count)), 0))) or 0)


async def append_to(connection: AsyncConnection, *entries: AuditEntry) -> None:
    """Add entries to the end of the chain, within the caller's transaction."""
    await connection.execute(_ONE_AT_A_TIME)
    newest = select(col(AuditRow.digest)).order_by(col(AuditRow.sequence).desc()).limit(1)
    previous = await connection.scalar(newest) or GENESIS
    for given in entries:
        at, entry = datetime.now(UTC), _storable_entry(given)
        digest = _digest(previous, at, entry)
        await connection.execute(
            insert(AuditRow).values(
                at=at,
                actor=entry.actor,
                action=entry.action,
                subject=entry.subject,
                detail=entry.detail,
                previous=previous,
                digest=digest,
            )
        )
        previous = digest


def _storable_entry(entry: AuditEntry) -> AuditEntry:
    """Return the entry as PostgreSQL can hold it: a path or a name from outside must not stop the audit."""
    return AuditEntry(*(storable(text) for text in (entry.actor, entry.action, entry.subject, entry.detail)))


def _digest(previous: bytes, at: datetime, entry: AuditEntry) -> bytes:
    content = json.dumps([at.astimezone(UTC).isoformat(), entry.actor, entry.action, entry.subject, entry.detail])
    return hashlib.sha256(previous + content.encode()).digest()
