"""One world per test, on one Temporal server per session."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.time_skipping import time_skipping_environment
from tests.workflows.world import World
from worker import build_worker


def facility_of(test: str) -> str:
    """Return a facility of a test's own, so that its workflow ids are."""
    return "T" + hashlib.sha256(test.encode()).hexdigest()[:8]


@pytest.fixture
async def world(temporal: WorkflowEnvironment, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Everything a lifecycle talks to, with a worker of its own."""
    here = World(temporal, facility=facility_of(request.node.name))
    async with worker_of(here):
        yield here


@pytest.fixture
async def short_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The same, on a server that finds histories of 60 events long."""
    option = "limit.historyCount.suggestContinueAsNew=60"
    async with time_skipping_environment("--dynamic-config-value", option) as temporal:
        here = World(temporal, facility=facility_of(request.node.name))
        async with worker_of(here):
            yield here


def worker_of(here: World) -> Worker:
    """Return a worker over the world's twins."""
    return build_worker(
        here.temporal.client,
        erp=here.erp,
        supplier=here.supplier,
        inventory=here.inventory,
        store=here.store,
        task_queue=here.task_queue,
    )
