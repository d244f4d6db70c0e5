"""Connections to the store."""

import asyncpg
from pydantic import PostgresDsn
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

CONNECTIONS = 10


def engine_for(url: PostgresDsn | str, *, connections: int = CONNECTIONS) -> AsyncEngine:
    """Return an engine; connections are made when first needed and checked before they are used again."""
    address = str(url).replace("postgresql://", "postgresql+asyncpg://", 1)
    return create_async_engine(address, pool_size=connections, max_overflow=0, pool_pre_ping=True)


async def pool_for(url: PostgresDsn | str, *, connections: int = 2) -> asyncpg.Pool:
    """Return a plain pool, for the inbox's hot path."""
    return await asyncpg.create_pool(str(url), min_size=1, max_size=connections, command_timeout=30)
