"""Every ending recorded in this folder still replays: running orders survive the next release."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import WORKFLOWS

RECORDED = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_a_recorded_lifecycle_replays(path: Path) -> None:
    history = WorkflowHistory.from_json(path.stem, path.read_text(encoding="utf-8"))
    await Replayer(workflows=WORKFLOWS, data_converter=pydantic_data_converter).replay_workflow(history)


def test_both_lifecycles_are_recorded() -> None:
    kinds = {path.name.rsplit(".", 2)[1] for path in RECORDED}
    assert kinds == {"purchase-order", "requisition"}
    assert len(RECORDED) >= 30
