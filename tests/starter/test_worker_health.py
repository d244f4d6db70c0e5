"""The worker's health: somebody of this machine asks Temporal for work."""

import socket
from datetime import UTC, datetime, timedelta

import pytest
from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from starter.worker_health import RECENT, is_polling

pytestmark = pytest.mark.servers
QUEUE = "worker-health"


@workflow.defn
class Answer:
    """The least a worker can offer."""

    @workflow.run
    async def run(self) -> int:
        return 42


async def test_a_worker_is_healthy_while_it_polls_and_only_on_its_own_machine(temporal: WorkflowEnvironment) -> None:
    here, now = socket.gethostname(), datetime.now(UTC)
    async with Worker(temporal.client, task_queue=QUEUE, workflows=[Answer]):
        await temporal.client.execute_workflow(Answer.run, id="worker-health", task_queue=QUEUE)
        assert await is_polling(temporal.client, host=here, now=now, task_queue=QUEUE)
        assert not await is_polling(temporal.client, host=f"not-{here}", now=now, task_queue=QUEUE)


async def test_a_worker_that_stopped_polling_is_not_healthy_for_long(temporal: WorkflowEnvironment) -> None:
    queue = f"{QUEUE}-stopped"
    async with Worker(temporal.client, task_queue=queue, workflows=[Answer]):
        await temporal.client.execute_workflow(Answer.run, id="worker-health-stopped", task_queue=queue)
    later = datetime.now(UTC) + RECENT + timedelta(seconds=5)
    assert not await is_polling(temporal.client, host=socket.gethostname(), now=later, task_queue=queue)


async def test_nobody_polls_a_queue_without_a_worker(temporal: WorkflowEnvironment) -> None:
    now = datetime.now(UTC)
    assert not await is_polling(temporal.client, host=socket.gethostname(), now=now, task_queue="nobody")
