"""The audit trail cannot be changed unseen."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.audit import Audit, AuditEntry, Refusal
from tests.builders import MORNING

pytestmark = pytest.mark.servers


def an_entry(number: int = 1) -> AuditEntry:
    return AuditEntry("buyer", "case resolved", f"EX-{number}", "because")


@pytest.fixture
def audit(engine: AsyncEngine) -> Audit:
    return Audit(engine)


async def test_a_trail_written_from_everywhere_at_once_verifies(audit: Audit) -> None:
    await asyncio.gather(*(audit.append(an_entry(number), an_entry(-number)) for number in range(25)))
    assert await audit.verify() == 50


@pytest.mark.parametrize(
    "change",
    ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM audit WHERE false"],
)
async def test_the_database_refuses_every_change(audit: Audit, pool: asyncpg.Pool, change: str) -> None:
    await audit.append(an_entry())
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        await pool.execute(change)
    assert await audit.verify() == 1


@pytest.mark.parametrize(
    ("tampering", "row"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE sequence = 2", 2),
        ("UPDATE audit SET at = at + interval '1 microsecond' WHERE sequence = 2", 2),
        ("UPDATE audit SET digest = sha256('x') WHERE sequence = 2", 2),
        ("DELETE FROM audit WHERE sequence = 2", 3),
        ("DELETE FROM audit WHERE sequence = 1", 2),
    ],
)
async def test_who_gets_round_the_database_is_found_out(
    audit: Audit, pool: asyncpg.Pool, tampering: str, row: int
) -> None:
    await audit.append(*(an_entry(number) for number in range(3)))
    async with pool.acquire() as connection:
        await connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
        await connection.execute(tampering)
    with pytest.raises(ValueError, match=f"row {row}"):
        await audit.verify()


async def test_strangers_are_counted_by_the_minute(audit: Audit, pool: asyncpg.Pool) -> None:
    refusals = [Refusal("medline", "signature", MORNING + timedelta(seconds=second)) for second in range(90)]
    await audit.count(refusals)
    await audit.count(refusals[:1])
    rows = await pool.fetch("SELECT count FROM refusals ORDER BY minute")
    assert [row["count"] for row in rows] == [61, 30]
    assert await audit.refused() == 91


async def test_text_the_database_cannot_hold_does_not_silence_the_audit(audit: Audit, pool: asyncpg.Pool) -> None:
    await audit.append(AuditEntry("buyer", "refused", "/v1/orders/\x00\ud800", "x"))
    await audit.count([Refusal("\x00medline", "\ud800", MORNING)])
    assert await audit.verify() == 1
    assert await audit.refused() == 1
    assert await pool.fetchval("SELECT subject FROM audit") == "/v1/orders/\ufffd?"
