"""Fixtures for every test: servers of the session, and the clock that can be moved."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.time_skipping import time_skipping_environment

pytest_plugins = ["tests.servers"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the endings be recorded anew, after a change that was made on purpose."""
    parser.addoption(
        "--record-histories", action="store_true", help="write tests/histories from the tests marked ending"
    )


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal, one for all tests: workflow ids and task queues of their own keep them apart."""
    async with time_skipping_environment() as env:
        yield env
