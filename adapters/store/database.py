"""Connections to the store; every commit is on disk before it is believed, whatever the server's default is."""

import asyncpg
from pydantic import PostgresDsn
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECTIONS = 10
CONNECT_WITHIN = 10.0
"""Seconds."""
ANSWER_WITHIN = 10.0
"""Seconds one statement of the inbox may take; a database that hangs is given up, not waited for."""
DURABLE = {"synchronous_commit": "on", "application_name": "supplyline"}


def engine_for(url: PostgresDsn | str, *, connections: int = CONNECTIONS) -> AsyncEngine:
    """Return an engine; connections are made when first needed and checked before they are used again.

    asyncpg reads the address, so that `sslmode` and the like mean what they mean to libpq.
    """

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(str(url), timeout=CONNECT_WITHIN, server_settings=DURABLE)

    return create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, pool_size=connections, max_overflow=0, pool_pre_ping=True
    )


async def pool_for(
    url: PostgresDsn | str, *, connections: int = 2, answer_within: float = ANSWER_WITHIN
) -> asyncpg.Pool:
    """Return a plain pool, for the inbox's hot path."""
    return await asyncpg.create_pool(
        str(url),
        min_size=1,
        max_size=connections,
        timeout=CONNECT_WITHIN,
        command_timeout=answer_within,
        server_settings=DURABLE,
    )
