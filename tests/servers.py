"""Real servers for the tests, each started once per session and only when a test asks for it."""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.database import engine_for, pool_for
from adapters.store.inbox import Inbox
from adapters.store.migrate import migrate
from domain.policy import Policy
from sandbox.postgres import Postgres, start_postgres
from sandbox.tryton.server import TrytonServer, restore, start_tryton, template

CHECKOUT = Path(__file__).parents[1]
CACHE = CHECKOUT / ".cache"
TRYTON_ENVIRONMENT = CACHE / "tryton-env"
_databases = count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """PostgreSQL, fast and forgetful."""
    server = start_postgres(tmp_path_factory.mktemp("postgres") / "data", durable=False)
    yield server
    server.discard()


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = f"test_{next(_databases)}"
    postgres.create_database(name)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
async def store_template(postgres: Postgres) -> str:
    """The name of a database with the store's empty tables, to be copied."""
    name = "store_template"
    postgres.create_database(name)
    await migrate(postgres.url(name))
    return name


@pytest.fixture
def database_url(postgres: Postgres, store_template: str) -> Iterator[str]:
    """The address of a store of the test's own, with nothing in its tables."""
    name = f"store_{next(_databases)}"
    postgres.create_database(name, store_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Connections to the test's own store."""
    made = engine_for(database_url)
    yield made
    await made.dispose()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    """Plain connections to the test's own store."""
    made = await pool_for(database_url)
    yield made
    await made.close()


@pytest.fixture
async def inbox(pool: asyncpg.Pool) -> AsyncIterator[Inbox]:
    """The inbox of the test's own store."""
    made = Inbox(pool, Policy())
    made.start()
    yield made
    await made.close()


@pytest.fixture(scope="session")
def tryton(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """Tryton with the demo's hospital in it."""
    chosen = template(CACHE, TRYTON_ENVIRONMENT, print)
    restore(chosen, postgres, "tryton")
    server = start_tryton(
        chosen, postgres, "tryton", environment=TRYTON_ENVIRONMENT, run_dir=tmp_path_factory.mktemp("tryton")
    )
    yield server
    server.process.stop()
