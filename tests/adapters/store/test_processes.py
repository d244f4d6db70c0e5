"""One number, one lifecycle; one open replenishment per item and place."""

import asyncio

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.processes import Processes
from adapters.store.reading import Reading
from domain.snapshot import RequisitionStatus
from tests.builders import a_requisition

pytestmark = pytest.mark.servers

ID = "requisition/NORTH/RQ-1"


@pytest.fixture
def processes(engine: AsyncEngine) -> Processes:
    return Processes(engine)


async def test_of_many_who_register_the_same_requisition_one_is_first(processes: Processes) -> None:
    registrations = await asyncio.gather(*(processes.register(a_requisition(), ID) for _ in range(20)))
    assert sum(registration.is_new for registration in registrations) == 1
    assert {registration.requisition for registration in registrations} == {a_requisition()}


async def test_another_content_under_the_number_gets_the_first_one_back(processes: Processes) -> None:
    await processes.register(a_requisition(), ID)
    other = a_requisition(items=(("CATH-14", "5", "BX"),))
    registration = await processes.register(other, ID)
    assert (registration.requisition, registration.is_new) == (a_requisition(), False)


async def test_the_number_of_another_facilitys_requisition_is_taken_as_well(processes: Processes) -> None:
    await processes.register(a_requisition(), ID)
    elsewhere = a_requisition(facility="SOUTH")
    registration = await processes.register(elsewhere, "requisition/SOUTH/RQ-1")
    assert registration.requisition.facility == "NORTH"


async def test_a_registered_requisition_is_shown_before_its_lifecycle_has_said_anything(
    processes: Processes, engine: AsyncEngine
) -> None:
    await processes.register(a_requisition(), ID)
    shown = await Reading(engine).requisition("RQ-1")
    assert shown is not None
    assert (shown.status, shown.waiting_for) == (RequisitionStatus.SOURCING, "its lifecycle to start")


async def test_what_was_registered_and_never_started_is_found_after_a_while(
    processes: Processes, pool: asyncpg.Pool
) -> None:
    await processes.register(a_requisition(), ID)
    assert await processes.unstarted() == (), "whoever registered it may be about to start it"
    await pool.execute("UPDATE processes SET registered_at = now() - interval '1 minute'")
    assert await processes.unstarted() == (a_requisition(),)
    await processes.started("RQ-1")
    assert await processes.unstarted() == ()


async def test_a_breach_begins_a_requisition_and_another_of_the_same_item_joins_it(processes: Processes) -> None:
    assert await processes.replenish("depot/1", "NORTH", "OR", ("SUT-3", "GLV-M")) == ("RQ-000001", ("SUT-3", "GLV-M"))
    assert await processes.replenish("depot/2", "NORTH", "OR", ("GLV-M",)) == (None, ())
    number, items = await processes.replenish("depot/3", "NORTH", "OR", ("GLV-M", "CATH-14"))
    assert number not in {None, "RQ-000001"}
    assert items == ("CATH-14",)


async def test_the_same_item_at_another_place_is_another_replenishment(processes: Processes) -> None:
    await processes.replenish("depot/1", "NORTH", "OR", ("GLV-M",))
    number, _ = await processes.replenish("depot/2", "NORTH", "ICU", ("GLV-M",))
    assert number is not None


async def test_the_same_breach_always_gets_the_same_answer(processes: Processes) -> None:
    first = await processes.replenish("depot/1", "NORTH", "OR", ("SUT-3", "GLV-M"))
    again = await processes.replenish("depot/1", "NORTH", "OR", ("SUT-3", "GLV-M"))
    assert again == first, "the items too are in the breach's own sequence, or its requisition would differ"
    joined = await processes.replenish("depot/2", "NORTH", "OR", ("GLV-M",))
    assert await processes.replenish("depot/2", "NORTH", "OR", ("GLV-M",)) == joined


async def test_parallel_breaches_of_the_same_items_take_each_item_once(processes: Processes) -> None:
    items = ("A", "B", "C")
    answers = await asyncio.gather(
        *(processes.replenish(f"depot/{number}", "NORTH", "OR", items[:: 1 - number % 2 * 2]) for number in range(20))
    )
    taken = [item for _, found in answers for item in found]
    assert sorted(taken) == ["A", "B", "C"]


async def test_a_number_a_person_has_used_is_passed_over(processes: Processes) -> None:
    await processes.register(a_requisition(number="RQ-000001"), "requisition/NORTH/RQ-000001")
    number, _ = await processes.replenish("depot/1", "NORTH", "OR", ("GLV-M",))
    assert number == "RQ-000002"
