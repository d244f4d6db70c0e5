"""One number, one lifecycle: requisitions are registered, then started, and a start cut short is made good."""

from contextlib import suppress

import structlog
from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from adapters.store.processes import Processes, Registration
from domain.policy import Policy
from domain.requisition import Requisition
from workflows.messages import RequisitionStart
from workflows.names import (
    CRITICALITY,
    FACILITY,
    ORDER_NUMBER,
    TASK_QUEUE,
    priority_of,
    requisition_workflow_id,
)
from workflows.requisition import RequisitionWorkflow
from workflows.showing import requisition_summary

log = structlog.get_logger()


class RequisitionConflictError(Exception):
    """The number belongs to a requisition that says something else."""


class Requisitions:
    """Begins requisitions."""

    def __init__(self, client: Client, processes: Processes, policy: Policy, *, task_queue: str = TASK_QUEUE) -> None:
        self._client = client
        self._processes = processes
        self._policy = policy
        self._task_queue = task_queue

    async def begin(self, requisition: Requisition) -> Registration:
        """Register and start a requisition; the same one again is the same lifecycle.

        Dying between the two lines leaves it registered, and `make_good` starts it. Raises RequisitionConflictError.
        """
        workflow_id = requisition_workflow_id(requisition.facility, requisition.number)
        registration = await self._processes.register(requisition, workflow_id)
        if registration.requisition != requisition:
            raise RequisitionConflictError(requisition.number)
        if not registration.is_started:
            await self._start(requisition)
        return registration

    async def make_good(self) -> int:
        """Start what was registered but never started; return how many were started now, the others keep."""
        begun = 0
        for requisition in await self._processes.unstarted():
            try:
                await self._start(requisition)
            except RPCError as error:
                log.warning("requisition not started yet", number=requisition.number, cause=error.status.name)
            else:
                begun += 1
        return begun

    async def _start(self, requisition: Requisition) -> None:
        # Already started: it has run before and may be over, which is the number's one lifecycle.
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                RequisitionWorkflow.run,
                RequisitionStart(requisition=requisition, policy=self._policy),
                id=requisition_workflow_id(requisition.facility, requisition.number),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                search_attributes=TypedSearchAttributes(
                    [
                        SearchAttributePair(ORDER_NUMBER, requisition.number),
                        SearchAttributePair(FACILITY, requisition.facility),
                        SearchAttributePair(CRITICALITY, requisition.criticality.value),
                    ]
                ),
                static_summary=requisition_summary(requisition),
                priority=Priority(priority_key=priority_of(requisition.criticality)),
            )
        await self._processes.started(requisition.number)
