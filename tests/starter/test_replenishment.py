"""A par breach becomes a requisition once; a second breach of the same item joins it."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.store.inbox import InboundMessage
from adapters.store.usages import Usages
from domain.par_breach import BreachLine, ParBreach
from domain.requisition import Criticality, Trigger
from domain.snapshot import RequisitionSnapshot, RequisitionStatus
from domain.usage import Usage, UsageLine
from starter.replenishment import Replenishment
from starter.requisitions import RequisitionConflictError
from tests.builders import MORNING, a_requisition, quantity
from tests.events import a_requisition_snapshot, an_event
from tests.starter.conftest import Office
from workflows.names import requisition_workflow_id

pytestmark = pytest.mark.servers


def breached(
    office: Office, event_id: str, *items: str, par: int = 10, on_hand: int = 4, on_order: int | None = None
) -> InboundMessage:
    lines = tuple(
        BreachLine(
            item=item,
            par_level=quantity(par),
            on_hand=quantity(on_hand),
            on_order=None if on_order is None else quantity(on_order),
        )
        for item in items
    )
    breach = ParBreach(
        facility=office.facility,
        location="OR",
        reported_at=MORNING,
        reported_by="cabinet-7",
        criticality=Criticality.CRITICAL,
        lines=lines,
    )
    body = breach.model_dump_json().encode()
    return an_event(
        event_id, body, partner="depot", kind="par breach", supplier=None, facility=office.facility, po_number=None
    )


async def dispatched(office: Office, *messages: InboundMessage) -> None:
    for message in messages:
        await office.inbox.accept(message)
    while await office.dispatcher().work_off():
        pass


async def test_a_breach_begins_a_requisition_for_what_is_missing(office: Office) -> None:
    await dispatched(office, breached(office, "b1", "SUT-3", "GLV-M", par=10, on_hand=4, on_order=1))
    assert await office.ending("depot/b1") == ("done", "applied")
    shown = await office.reading.requisition("RQ-000001")
    assert shown is not None
    requisition = shown.requisition
    assert (requisition.trigger, requisition.requester) == (Trigger.PAR_BREACH, "cabinet-7")
    assert (requisition.deliver_to, requisition.criticality) == ("OR", Criticality.CRITICAL)
    assert [(line.item, line.quantity.value) for line in requisition.lines] == [
        ("SUT-3", Decimal(5)),
        ("GLV-M", Decimal(5)),
    ]
    handle = office.client.get_workflow_handle(requisition_workflow_id(office.facility, "RQ-000001"))
    assert (await handle.describe()).run_id


async def test_a_second_breach_of_the_same_item_joins_the_first(office: Office) -> None:
    await dispatched(office, breached(office, "b1", "GLV-M"), breached(office, "b2", "GLV-M"))
    assert await office.ending("depot/b2") == ("done", "duplicate")
    assert (await office.reading.requisitions(limit=9)).items[0].requisition.number == "RQ-000001"
    assert len((await office.reading.requisitions(limit=9)).items) == 1


async def test_items_nobody_is_replenishing_begin_a_requisition_of_their_own(office: Office) -> None:
    await dispatched(office, breached(office, "b1", "GLV-M"), breached(office, "b2", "GLV-M", "CATH-14"))
    shown = (await office.reading.requisitions(limit=9)).items
    assert [[line.item for line in snapshot.requisition.lines] for snapshot in shown] == [["GLV-M"], ["CATH-14"]]


async def test_once_a_requisition_is_over_its_items_may_be_asked_for_again(office: Office) -> None:
    await dispatched(office, breached(office, "b1", "GLV-M"))
    shown = await office.reading.requisition("RQ-000001")
    assert shown is not None
    await office.store.publish_requisition(
        a_requisition_snapshot(requisition=shown.requisition, status=RequisitionStatus.CLOSED)
    )
    await dispatched(office, breached(office, "b2", "GLV-M"))
    assert await office.ending("depot/b2") == ("done", "applied")


async def test_what_is_on_its_way_already_needs_nothing(office: Office) -> None:
    await dispatched(office, breached(office, "b1", "GLV-M", par=10, on_hand=4, on_order=6))
    assert await office.ending("depot/b1") == ("done", "duplicate")
    assert (await office.reading.requisitions(limit=9)).items == ()


async def test_a_crash_after_any_step_begins_the_same_requisition_and_no_second_one(office: Office) -> None:
    message = breached(office, "b1", "SUT-3", "GLV-M", "CATH-14")
    await office.inbox.accept(message)
    await office.processes.replenish("depot/b1", office.facility, "OR", ("SUT-3", "GLV-M", "CATH-14"))
    dispatcher = office.dispatcher()
    await dispatcher.work_off()
    await office.events.replay("depot/b1")
    await dispatcher.work_off()
    shown = (await office.reading.requisitions(limit=9)).items
    assert [[line.item for line in snapshot.requisition.lines] for snapshot in shown] == [["SUT-3", "GLV-M", "CATH-14"]]


async def test_parallel_dispatchers_begin_one_requisition(office: Office) -> None:
    await office.inbox.accept(breached(office, "b1", "SUT-3", "GLV-M"))
    await asyncio.gather(*(office.dispatcher().work_off() for _ in range(4)))
    assert len((await office.reading.requisitions(limit=9)).items) == 1
    assert await office.ending("depot/b1") == ("done", "applied")


async def test_a_number_somebody_took_meanwhile_becomes_a_case_and_stops_nobody(office: Office) -> None:
    await office.inbox.accept(breached(office, "b1", "GLV-M"))
    await office.processes.replenish("depot/b1", office.facility, "OR", ("GLV-M",))
    mine = a_requisition(number="RQ-000001", facility=office.facility)
    await office.requisitions.begin(mine)
    with pytest.raises(RequisitionConflictError):
        await office.requisitions.begin(mine.model_copy(update={"note": "another"}))
    await dispatched(office, breached(office, "b2", "SUT-3"))
    assert await office.ending("depot/b1") == ("done", "dead letter")
    assert await office.ending("depot/b2") == ("done", "applied")


def used(
    office: Office, event_id: str, amount: int, *, report: str | None = None, minutes: int = 0, item: str = "GLV-M"
) -> InboundMessage:
    usage = Usage(
        number=report or event_id,
        facility=office.facility,
        location="OR",
        used_at=MORNING + timedelta(minutes=minutes),
        lines=(UsageLine(number=1, item=item, quantity=quantity(amount, "EA")),),
    )
    body = usage.model_dump_json().encode()
    return an_event(
        event_id, body, partner="cabinet", kind="usage", supplier=None, facility=office.facility, po_number=None
    )


async def ordered(office: Office) -> list[tuple[str, str]]:
    shown = (await office.reading.requisitions(limit=9)).items
    return [(one.requisition.number, str(one.requisition.lines[0].quantity)) for one in shown]


async def test_usage_is_only_kept_where_a_par_breach_will_order_it(office: Office) -> None:
    await dispatched(office, used(office, "u1", 3))
    record = await office.record("cabinet/u1")
    assert (record.outcome, record.note, await ordered(office)) == ("applied", "kept", [])


async def test_usage_orders_again_what_nobody_orders_yet(office: Office) -> None:
    office.reordering = frozenset({"cabinet"})
    await dispatched(office, used(office, "u1", 3))
    await dispatched(office, used(office, "u2", 2, minutes=1))
    assert await ordered(office) == [("RQ-000001", "3 EA")]
    await office.store.publish_requisition(closed(office, "RQ-000001"))
    await dispatched(office, used(office, "u3", 1, minutes=2))
    assert [amount for _, amount in await ordered(office)][1:] == ["3 EA"]


async def test_a_usage_report_counts_once_whatever_event_ids_it_comes_under(office: Office) -> None:
    office.reordering = frozenset({"cabinet"})
    await dispatched(office, used(office, "u0", -9))
    await dispatched(office, used(office, "u1", 5, report="U", minutes=1), used(office, "u2", 5, report="U", minutes=1))
    assert await ordered(office) == []
    await dispatched(office, used(office, "u3", 10, report="U", minutes=2))
    assert await ordered(office) == [("RQ-000001", "1 EA")]


async def test_usage_that_began_a_requisition_begins_the_same_when_it_is_heard_again(office: Office) -> None:
    office.reordering = frozenset({"cabinet"})
    await dispatched(office, used(office, "u1", 3))
    replenishment = Replenishment(office.processes, office.requisitions, Usages(office.engine))
    usage = Usage.model_validate_json(used(office, "u1", 3).body)
    assert await replenishment.used("cabinet/u1", usage, orders_again=True) == "RQ-000001"
    assert await ordered(office) == [("RQ-000001", "3 EA")]


def closed(office: Office, number: str) -> RequisitionSnapshot:
    requisition = a_requisition(number=number, facility=office.facility)
    return a_requisition_snapshot(requisition=requisition, status=RequisitionStatus.CLOSED, version=9)
