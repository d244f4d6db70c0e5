"""A workflow with the calls and the signals of a requisition with one order, and nothing else."""

from datetime import timedelta

from temporalio import activity, workflow

CALLS_BEFORE, CALLS_AFTER = 3, 6
SIGNALS_HEARD = 4


@activity.defn
async def trivial(text: str) -> str:
    """Answer at once."""
    return text


@workflow.defn
class BareOrder:
    """Calls and signals of an order, and nothing else."""

    def __init__(self) -> None:
        self._heard = 0

    @workflow.run
    async def run(self, name: str) -> str:
        for _ in range(CALLS_BEFORE):
            await workflow.execute_activity(trivial, name, start_to_close_timeout=timedelta(minutes=1))
        await workflow.wait_condition(lambda: self._heard == SIGNALS_HEARD)
        for _ in range(CALLS_AFTER):
            await workflow.execute_activity(trivial, name, start_to_close_timeout=timedelta(minutes=1))
        return name

    @workflow.signal
    def heard(self, text: str) -> None:
        del text
        self._heard += 1


@workflow.defn
class BareRequisition:
    """Its parent."""

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.execute_activity(trivial, name, start_to_close_timeout=timedelta(minutes=1))
        return await workflow.execute_child_workflow(BareOrder.run, name, id=f"{name}-order")
