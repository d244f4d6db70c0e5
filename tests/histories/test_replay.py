"""Every ending recorded in this folder still replays: running orders survive the next release."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import WORKFLOWS

RECORDED = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.json")}


@pytest.mark.parametrize("name", sorted(RECORDED))
async def test_a_recorded_lifecycle_replays(name: str) -> None:
    history = WorkflowHistory.from_json(name, RECORDED[name])
    await Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter).replay_workflow(history)


def test_both_lifecycles_are_recorded() -> None:
    kinds = {name.rpartition(".")[2] for name in RECORDED}
    assert kinds == {"purchase-order", "requisition"}
    assert len(RECORDED) >= 30
