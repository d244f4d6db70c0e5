"""Every ending recorded in this folder still replays: running orders survive the next release."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import WORKFLOW_RUNNER, WORKFLOWS

RECORDED = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.json")}


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_a_recorded_lifecycle_replays(name: str) -> None:
    history = WorkflowHistory.from_json(name, RECORDED[name])
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=WORKFLOW_RUNNER, data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history)


def test_both_lifecycles_are_recorded() -> None:
    kinds = {name.rpartition(".")[2] for name in RECORDED}
    assert kinds == {"purchase-order", "requisition"}
    assert len(RECORDED) >= 30
