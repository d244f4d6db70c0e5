"""Fixtures for every test: servers of the session, and the clock that can be moved."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.time_skipping import time_skipping_environment

pytest_plugins = ["tests.servers"]


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal, one for all tests: workflow ids and task queues of their own keep them apart."""
    async with time_skipping_environment() as env:
        yield env
