"""A store of each test's own, over real PostgreSQL."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.database import engine_for, pool_for
from adapters.store.inbox import Inbox
from domain.policy import Policy


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = engine_for(database_url)
    yield made
    await made.dispose()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    made = await pool_for(database_url)
    yield made
    await made.close()


@pytest.fixture
async def inbox(pool: asyncpg.Pool) -> AsyncIterator[Inbox]:
    made = Inbox(pool, Policy())
    made.start()
    yield made
    await made.close()
