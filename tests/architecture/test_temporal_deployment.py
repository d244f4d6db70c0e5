"""The script that prepares Temporal in production, run against a real server."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from sandbox.process import CHECKOUT
from sandbox.temporal_server import TemporalServer, start_temporal, temporal_binary
from workflows.names import SEARCH_ATTRIBUTES, TASK_QUEUE

pytestmark = pytest.mark.servers


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TemporalServer]:
    running = start_temporal(tmp_path / "temporal")
    yield running
    running.stop()
    await asyncio.sleep(0.3)  # the SDK's threads outlive its client; see tests/time_skipping.py


def prepare(server: TemporalServer) -> None:
    environment = {
        "PATH": f"{temporal_binary().parent}:{os.environ['PATH']}",
        "TEMPORAL_ADDRESS": server.address,
        "TEMPORAL_NAMESPACE": "supplyline",
        "SUPPLYLINE_RETENTION": "2160h",
    }
    script = str(CHECKOUT / "deploy" / "temporal" / "namespace.sh")
    done = subprocess.run(["/bin/sh", script], check=False, env=environment, capture_output=True, text=True)  # noqa: S603 - ours
    assert done.returncode == 0, done.stderr


async def test_the_namespace_script_makes_what_our_workflows_need_and_may_run_again(server: TemporalServer) -> None:
    prepare(server)
    prepare(server)
    client = await Client.connect(server.address, namespace="supplyline")
    pairs = [SearchAttributePair(key, "x") for key in SEARCH_ATTRIBUTES]
    await client.start_workflow("Never", id="1", task_queue=TASK_QUEUE, search_attributes=TypedSearchAttributes(pairs))
