"""Real servers for the tests, each started once per session and only when a test asks for it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

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
def tryton(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """Tryton with the demo's hospital in it."""
    chosen = template(CACHE, TRYTON_ENVIRONMENT, print)
    restore(chosen, postgres, "tryton")
    server = start_tryton(
        chosen, postgres, "tryton", environment=TRYTON_ENVIRONMENT, run_dir=tmp_path_factory.mktemp("tryton")
    )
    yield server
    server.process.stop()
