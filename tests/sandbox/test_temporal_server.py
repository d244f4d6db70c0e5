"""The embedded Temporal server: what it promised before a kill -9 is there after the restart."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from sandbox.ports import LOOPBACK, is_serving
from sandbox.process import ProcessError
from sandbox.temporal_server import TemporalServer, start_temporal
from workflows.names import SEARCH_ATTRIBUTES, STATUS, TASK_QUEUE

pytestmark = pytest.mark.servers
ID = "purchase-order/NORTH/4711"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TemporalServer]:
    running = start_temporal(tmp_path / "temporal")
    yield running
    running.stop()
    await asyncio.sleep(0.3)  # the SDK's threads outlive its client; see tests/time_skipping.py


async def test_an_open_workflow_survives_kill_9_with_its_search_attributes(server: TemporalServer) -> None:
    client = await Client.connect(server.address)
    found = TypedSearchAttributes([SearchAttributePair(STATUS, "waiting")])
    await client.start_workflow("Never", id=ID, task_queue=TASK_QUEUE, search_attributes=found)
    server.process.kill()
    server.process.start()
    description = await (await Client.connect(server.address)).get_workflow_handle(ID).describe()
    assert description.status is WorkflowExecutionStatus.RUNNING
    assert description.typed_search_attributes[STATUS] == "waiting"


async def test_all_our_search_attributes_are_registered(server: TemporalServer) -> None:
    client = await Client.connect(server.address)
    pairs = [SearchAttributePair(key, "x") for key in SEARCH_ATTRIBUTES]
    await client.start_workflow("Never", id=ID, task_queue=TASK_QUEUE, search_attributes=TypedSearchAttributes(pairs))


async def test_people_find_the_ui(server: TemporalServer) -> None:
    assert is_serving(server.ui_url)


@pytest.mark.parametrize("asked", ["port", "ui_port"])
def test_a_port_that_is_taken_is_named(tmp_path: Path, asked: str) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ProcessError, match=f"port {port} for Temporal is taken"):
            start_temporal(tmp_path, **{asked: port})
