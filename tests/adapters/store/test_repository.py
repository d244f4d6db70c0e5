"""What only the real store does: cases, the registry, and the items a requisition frees."""

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.processes import Processes
from adapters.store.reading import Reading
from adapters.store.repository import Repository
from domain.exception_case import Decision, Resolution
from domain.snapshot import OrderStatus, RequisitionStatus
from tests.builders import MORNING, a_requisition, an_order
from tests.events import a_case, a_requisition_snapshot, an_order_snapshot

pytestmark = pytest.mark.servers


@pytest.fixture
def store(engine: AsyncEngine) -> Repository:
    return Repository(engine)


@pytest.fixture
def reading(engine: AsyncEngine) -> Reading:
    return Reading(engine)


async def test_a_case_follows_its_order_until_it_is_decided(store: Repository, reading: Reading) -> None:
    case = a_case()
    await store.publish_order(an_order_snapshot(1, cases=(case,)))
    escalated = case.escalated("supply-chain-manager", MORNING)
    await store.publish_order(an_order_snapshot(2, cases=(escalated,)))
    assert await reading.case("EX-1") == (escalated, None)

    decided = escalated.decided(Decision(resolution=Resolution.DISMISS, actor="buyer", decided_at=MORNING))
    await store.publish_order(an_order_snapshot(3, cases=(decided,)))
    assert await reading.case("EX-1") == (decided, None)


async def test_an_older_snapshot_takes_no_case_back(store: Repository, reading: Reading) -> None:
    case = a_case()
    escalated = case.escalated("supply-chain-manager", MORNING)
    await store.publish_order(an_order_snapshot(2, cases=(escalated,)))
    await store.publish_order(an_order_snapshot(1, cases=(case,)))
    assert await reading.case("EX-1") == (escalated, None)


async def test_a_case_that_cured_itself_is_never_opened_again_by_a_snapshot(
    store: Repository, reading: Reading
) -> None:
    case = a_case()
    await store.publish_order(an_order_snapshot(1, cases=(case.cured(MORNING),)))
    await store.publish_order(an_order_snapshot(2, cases=(case,)))
    assert await reading.case("EX-1") == (case.cured(MORNING), None)


async def test_registering_an_order_twice_is_one_process(store: Repository, pool: asyncpg.Pool) -> None:
    for _ in range(2):
        await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    rows = await pool.fetch("SELECT workflow_id, po_number, closed_at FROM processes")
    assert [tuple(row) for row in rows] == [("purchase-order/NORTH/RQ-1-MEDL", "PO-000001", None)]


async def test_registering_again_after_the_end_does_not_open_an_order(store: Repository, pool: asyncpg.Pool) -> None:
    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    await store.publish_order(an_order_snapshot(status=OrderStatus.CANCELLED))
    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    assert await pool.fetchval("SELECT closed_at FROM processes") is not None


@pytest.mark.parametrize(
    ("status", "is_free"),
    [(RequisitionStatus.ORDERED, False), (RequisitionStatus.CLOSED, True), (RequisitionStatus.REJECTED, True)],
)
async def test_a_requisition_that_is_over_frees_its_items(
    store: Repository, engine: AsyncEngine, status: RequisitionStatus, *, is_free: bool
) -> None:
    processes = Processes(engine)
    number, _ = await processes.replenish("depot/1", "NORTH", "NORTH", ("GLV-M",))
    assert number is not None
    requisition = a_requisition(number=number)
    await store.publish_requisition(a_requisition_snapshot(requisition=requisition, status=status))
    begun, _ = await processes.replenish("depot/2", "NORTH", "NORTH", ("GLV-M",))
    assert (begun is not None) is is_free
