"""One world per test, on one Temporal server per session."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.time_skipping import time_skipping_environment
from tests.workflows.world import World
from worker import build_worker

HISTORIES = Path(__file__).parents[1] / "histories"


def facility_of(test: str) -> str:
    """Return a facility of a test's own, so that its workflow ids are."""
    return "T" + hashlib.sha256(test.encode()).hexdigest()[:8]


@pytest.fixture
async def world(temporal: WorkflowEnvironment, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Everything a lifecycle talks to, with a worker of its own."""
    here = World(temporal, facility=facility_of(request.node.name))
    async with worker_of(here):
        yield here
        if request.config.getoption("--record-histories") and request.node.get_closest_marker("ending"):
            await record_histories(here, request.node.name)


@pytest.fixture
async def short_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The same, on a server that finds histories of 60 events long."""
    option = "limit.historyCount.suggestContinueAsNew=60"
    async with time_skipping_environment("--dynamic-config-value", option) as temporal:
        here = World(temporal, facility=facility_of(request.node.name))
        async with worker_of(here):
            yield here


async def record_histories(here: World, test: str) -> None:
    """Save what this test's lifecycles did, for the replay tests of every later release."""
    for workflow_id in here.workflow_ids():
        history = await here.temporal.client.get_workflow_handle(workflow_id).fetch_history()
        kind = workflow_id.partition("/")[0]
        recorded = json.loads(history.to_json(), object_hook=_without_this_machine)
        content = json.dumps(recorded, separators=(",", ":"), sort_keys=True)
        (HISTORIES / f"{test.removeprefix('test_')}.{kind}.json").write_text(content + "\n")


def _without_this_machine(part: dict[str, object]) -> dict[str, object]:
    """Leave out what only the recording machine knows: stacks with its paths, and who it was."""
    return {name: value for name, value in part.items() if name not in {"stackTrace", "identity"}}


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
