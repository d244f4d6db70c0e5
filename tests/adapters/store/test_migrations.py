"""The tables in Python and the tables in PostgreSQL are the same."""

import asyncio

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from adapters.store import tables
from adapters.store.migrate import migrate

pytestmark = pytest.mark.servers


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, SQLModel.metadata))


async def test_the_migrations_make_exactly_the_tables_of_the_code(engine: AsyncEngine) -> None:
    assert tables.InboxRow.metadata is SQLModel.metadata
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []


async def test_processes_that_start_together_migrate_once(empty_database: str) -> None:
    await asyncio.gather(*(migrate(empty_database) for _ in range(4)))
    connection = await asyncpg.connect(empty_database)
    assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
    await connection.close()


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("INSERT INTO replenishments (event, requisition) VALUES ('depot/1', NULL)")
    await migrate(database_url)
    assert await connection.fetchval("SELECT count(*) FROM replenishments") == 1
    await connection.close()


async def test_no_column_holds_a_float_or_a_time_without_zone(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    wrong = await connection.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('real', 'double precision', 'timestamp without time zone', 'time without time zone')"
    )
    await connection.close()
    assert wrong == []
