"""One world per test, on one Temporal server per session."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.world import World
from worker import build_worker


def facility_of(test: str) -> str:
    """Return a facility of a test's own, so that its workflow ids are."""
    return "T" + hashlib.sha256(test.encode()).hexdigest()[:8]


@pytest.fixture
async def world(temporal: WorkflowEnvironment, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Everything a lifecycle talks to, with a worker of its own."""
    here = World(temporal, facility=facility_of(request.node.name))
    worker = build_worker(
        temporal.client,
        erp=here.erp,
        supplier=here.supplier,
        inventory=here.inventory,
        store=here.store,
        task_queue=here.task_queue,
    )
    async with worker:
        yield here
