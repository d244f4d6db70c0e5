"""One number, one lifecycle, on a real Temporal server."""

import asyncio
from typing import Any, cast

import asyncpg
import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from domain.policy import Policy
from domain.requisition import Criticality, Requisition
from starter.requisitions import RequisitionConflictError, Requisitions
from tests.builders import a_requisition
from tests.starter.conftest import Office
from workflows.names import CRITICALITY, FACILITY, ORDER_NUMBER, requisition_workflow_id

pytestmark = pytest.mark.servers


def asked(office: Office, number: str = "RQ-1", criticality: Criticality = Criticality.URGENT) -> Requisition:
    return a_requisition(number=number, facility=office.facility, criticality=criticality)


async def run_ids(office: Office, number: str = "RQ-1") -> list[str]:
    """Return every run there has ever been; from the server's own record, not from visibility, which lags."""
    handle = office.client.get_workflow_handle(requisition_workflow_id(office.facility, number))
    return [(await handle.describe()).run_id]


async def test_a_requisition_submitted_many_times_at_once_is_one_lifecycle(office: Office) -> None:
    registrations = await asyncio.gather(*(office.requisitions.begin(asked(office)) for _ in range(10)))
    assert sum(registration.is_new for registration in registrations) == 1
    handle = office.client.get_workflow_handle(requisition_workflow_id(office.facility, "RQ-1"))
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.RUNNING
    attributes = described.typed_search_attributes
    assert attributes[ORDER_NUMBER] == "RQ-1"
    assert attributes[FACILITY] == office.facility
    assert attributes[CRITICALITY] == "urgent"


async def test_another_content_under_the_same_number_is_a_conflict_and_starts_nothing(office: Office) -> None:
    await office.requisitions.begin(asked(office))
    (before,) = await run_ids(office)
    with pytest.raises(RequisitionConflictError):
        await office.requisitions.begin(asked(office, criticality=Criticality.ROUTINE))
    assert await run_ids(office) == [before]


async def test_a_requisition_that_is_over_is_not_begun_again(office: Office) -> None:
    await office.requisitions.begin(asked(office))
    (before,) = await run_ids(office)
    await office.client.get_workflow_handle(requisition_workflow_id(office.facility, "RQ-1")).terminate()
    again = await office.requisitions.begin(asked(office))
    assert not again.is_new
    assert await run_ids(office) == [before]


async def test_temporal_refuses_a_second_run_even_where_the_registry_forgot_that_it_started(
    office: Office, pool: asyncpg.Pool
) -> None:
    await office.requisitions.begin(asked(office))
    (before,) = await run_ids(office)
    await office.client.get_workflow_handle(requisition_workflow_id(office.facility, "RQ-1")).terminate()
    await pool.execute("UPDATE processes SET started = false")
    await office.requisitions.begin(asked(office))
    assert await run_ids(office) == [before]
    assert await pool.fetchval("SELECT started FROM processes") is True


async def test_dying_between_registering_and_starting_is_made_good_by_the_sweep(
    office: Office, pool: asyncpg.Pool
) -> None:
    workflow_id = requisition_workflow_id(office.facility, "RQ-1")
    await office.processes.register(asked(office), workflow_id)
    await pool.execute("UPDATE processes SET registered_at = now() - interval '1 minute'")
    assert await office.requisitions.make_good() == 1
    assert (await office.client.get_workflow_handle(workflow_id).describe()).status is WorkflowExecutionStatus.RUNNING
    assert await office.requisitions.make_good() == 0


class ClientThatRefuses:
    """A client to whom the server says no about one workflow."""

    def __init__(self, client: Client, workflow_id: str) -> None:
        self._client = client
        self._refused = workflow_id

    async def start_workflow(self, *args: Any, id: str, **options: Any) -> Any:  # noqa: A002 - the SDK's signature
        if id == self._refused:
            raise RPCError("no", RPCStatusCode.INVALID_ARGUMENT, b"")
        return await self._client.start_workflow(*args, id=id, **options)


async def test_one_requisition_that_cannot_be_started_does_not_stop_the_others(
    office: Office, pool: asyncpg.Pool
) -> None:
    for number in ("RQ-1", "RQ-2"):
        await office.processes.register(asked(office, number), requisition_workflow_id(office.facility, number))
    await pool.execute("UPDATE processes SET registered_at = now() - interval '1 minute'")
    refusing = cast("Client", ClientThatRefuses(office.client, requisition_workflow_id(office.facility, "RQ-1")))
    requisitions = Requisitions(refusing, office.processes, Policy(), task_queue="nobody-listens")
    assert await requisitions.make_good() == 1
    assert [requisition.number for requisition in await office.processes.unstarted()] == ["RQ-1"]
