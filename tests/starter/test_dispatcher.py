"""From the inbox to the orders: every event reaches its order or a person, whatever fails beside it."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.inbound import NotYoursError
from adapters.store.events import StoredEvent
from adapters.store.inbox import InboundMessage, StoreUnavailableError
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.purchase_order import PurchaseOrder
from domain.snapshot import EventDisposition, EventOutcome, OrderStatus
from starter.order_signals import OrderClosedError, OrderMissingError, SignalError
from tests.builders import an_invoice, an_order
from tests.events import an_event, an_order_snapshot
from tests.starter.conftest import HASTY, Office
from tests.starter.reading import reading_of_tests

pytestmark = pytest.mark.servers

ORDER = "purchase-order/NORTH/RQ-1-MEDL"
OTHER = "purchase-order/NORTH/RQ-2-MEDL"


def billed(event_id: str = "e1", po_number: str = "PO-000001") -> InboundMessage:
    return an_event(event_id, an_invoice(number=event_id).model_dump_json().encode(), po_number=po_number)


def other_order() -> PurchaseOrder:
    return an_order(key="RQ-2-MEDL", po_number="PO-000002")


async def test_an_event_is_told_to_its_order_and_ends_when_the_order_says_so(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.inbox.accept(billed())
    assert await office.dispatcher().work_off() == 1
    assert office.orders.told == [(ORDER, "medline/e1")]
    assert await office.ending("medline/e1") == ("delivered", None)

    applied = EventDisposition(key="medline/e1", outcome=EventOutcome.APPLIED)
    await office.store.publish_order(an_order_snapshot(dispositions=(applied,)))
    assert await office.ending("medline/e1") == ("done", "applied")
    assert await office.dispatcher().work_off() == 0


async def test_an_orders_events_are_told_in_the_sequence_they_came(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    for number in range(30):
        await office.inbox.accept(billed(f"e{number}"))
    await office.dispatcher().work_off()
    assert office.orders.keys == [f"medline/e{number}" for number in range(30)]


async def test_an_event_that_comes_before_its_order_waits_and_is_told_when_the_order_registers(office: Office) -> None:
    await office.inbox.accept(billed())
    await office.dispatcher().work_off()
    assert await office.ending("medline/e1") == ("parked", None)

    await office.store.register_order(an_order(), ORDER)
    await office.dispatcher().work_off()
    assert office.orders.told == [(ORDER, "medline/e1")]


async def test_an_order_that_registers_while_its_event_is_being_parked_still_gets_it(office: Office) -> None:
    await office.inbox.accept(billed())
    (event,) = await office.events.due(limit=1)
    assert await office.events.correlate(event) is None
    await office.store.register_order(an_order(), ORDER)
    await office.events.parked(event.key)

    dispatcher = office.dispatcher()
    await dispatcher.sweep()
    await dispatcher.work_off()
    assert office.orders.told == [(ORDER, "medline/e1")]


async def test_an_event_whose_order_never_comes_becomes_a_case(office: Office) -> None:
    await office.inbox.accept(billed(po_number="PO-999999"))
    dispatcher = office.dispatcher(replace(HASTY, unmatched=timedelta(0)))
    await dispatcher.work_off()
    for _ in range(2):
        await dispatcher.sweep()
    assert await office.ending("medline/e1") == ("done", "exception")
    assert await office.open_cases() == [("unmatched event", "medline/e1")]


async def test_a_supplier_cannot_speak_about_anothers_order(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.inbox.accept(replace(billed(), partner="bard", supplier="BARD"))
    await office.dispatcher().work_off()
    assert office.orders.told == []
    assert await office.ending("bard/e1") == ("parked", None)


async def test_an_event_for_an_order_that_is_over_is_late_and_never_begins_a_second_lifecycle(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.store.publish_order(an_order_snapshot(status=OrderStatus.CLOSED))
    await office.inbox.accept(billed())
    await office.dispatcher().work_off()
    assert office.orders.told == []
    assert await office.ending("medline/e1") == ("done", "late")
    assert await office.open_cases() == [("late event", "medline/e1")]


async def test_an_order_that_closes_just_before_it_is_told_makes_the_event_late(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    office.orders.failures["medline/e1"] = [OrderClosedError()]
    await office.inbox.accept(billed())
    await office.dispatcher().work_off()
    assert await office.ending("medline/e1") == ("done", "late")


async def test_while_temporal_is_away_nothing_is_lost_and_an_orders_sequence_is_kept(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    office.orders.failures["medline/e0"] = [SignalError("away") for _ in range(10)]
    for number in range(3):
        await office.inbox.accept(billed(f"e{number}"))
    dispatcher = office.dispatcher()
    while await dispatcher.work_off():
        pass
    assert office.orders.keys == ["medline/e0", "medline/e1", "medline/e2"]


async def test_a_poisonous_event_becomes_a_case_after_a_few_attempts_and_the_others_move_on(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.store.register_order(other_order(), OTHER)
    for error in (KeyError("sku"), AttributeError("lines"), OrderMissingError()):
        office.orders.failures.setdefault("medline/poison", []).append(error)
    for event in (billed("poison"), billed("after"), billed("beside", "PO-000002")):
        await office.inbox.accept(event)
    dispatcher = office.dispatcher()
    await dispatcher.work_off()
    assert office.orders.keys == ["medline/beside"]

    while await dispatcher.work_off():
        pass
    assert await office.ending("medline/poison") == ("done", "dead letter")
    assert await office.open_cases() == [("poison event", "medline/poison")]
    assert office.orders.keys == ["medline/beside", "medline/after"]


async def test_an_event_its_partner_may_not_send_any_more_becomes_a_case_at_once(office: Office) -> None:
    def read(_: StoredEvent) -> PartnerDocument | ParBreach:
        raise NotYoursError

    office.read = read
    await office.inbox.accept(billed())
    await office.dispatcher().work_off()
    assert await office.ending("medline/e1") == ("done", "dead letter")
    assert await office.open_cases() == [("poison event", "medline/e1")]


async def test_a_replayed_event_is_told_once_its_cause_is_repaired(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)

    def broken(_: StoredEvent) -> PartnerDocument | ParBreach:
        raise LookupError("unknown unit")

    office.read = broken
    await office.inbox.accept(billed())
    dispatcher = office.dispatcher()
    while await dispatcher.work_off():
        pass
    office.read = reading_of_tests
    await office.events.replay("medline/e1")
    await office.dispatcher().work_off()
    assert office.orders.keys == ["medline/e1"]
    assert await office.ending("medline/e1") == ("delivered", None)


async def test_a_thousand_events_stuck_behind_one_order_hold_up_no_other(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.store.register_order(other_order(), OTHER)
    office.orders.failures["medline/s0"] = [SignalError("away") for _ in range(1000)]
    await asyncio.gather(*(office.inbox.accept(billed(f"s{number}")) for number in range(1000)))
    await office.inbox.accept(billed("free", "PO-000002"))
    dispatcher = office.dispatcher(replace(HASTY, backoff=timedelta(hours=1), longest_backoff=timedelta(hours=1)))
    while await dispatcher.work_off():
        pass
    assert "medline/free" in office.orders.keys


async def test_an_event_that_was_told_but_never_settled_is_told_again(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.inbox.accept(billed())
    dispatcher = office.dispatcher()
    await dispatcher.work_off()
    await dispatcher.sweep()
    await dispatcher.work_off()
    assert office.orders.keys == ["medline/e1", "medline/e1"]


async def test_a_paused_partners_events_wait(office: Office) -> None:
    await office.store.register_order(an_order(), ORDER)
    await office.inbox.accept(billed())
    await office.events.pause("medline", "ops")
    assert await office.dispatcher().work_off() == 0
    await office.events.resume("medline")
    assert await office.dispatcher().work_off() == 1


async def test_one_dispatcher_leads_and_another_takes_over_when_it_goes(office: Office, database_url: str) -> None:
    await office.store.register_order(an_order(), ORDER)
    first = asyncio.create_task(office.dispatcher(replace(HASTY, sweep=timedelta(hours=1))).run(database_url))
    await office.inbox.accept(billed("e1"))
    await told(office, "medline/e1")
    second = asyncio.create_task(office.dispatcher(replace(HASTY, sweep=timedelta(hours=1))).run(database_url))
    for number in range(2, 20):
        await office.inbox.accept(billed(f"e{number}"))
    await told(office, "medline/e19")
    assert len(office.orders.keys) == 19, "with two leaders some would have been told twice"

    first.cancel()
    await asyncio.wait({first})
    await office.inbox.accept(billed("e20"))
    await told(office, "medline/e20")
    second.cancel()
    await asyncio.wait({second})


async def test_a_dispatcher_is_woken_by_the_commit_and_does_not_wait_for_its_poll(
    office: Office, database_url: str
) -> None:
    await office.store.register_order(an_order(), ORDER)
    slow = replace(HASTY, poll=timedelta(minutes=5), sweep=timedelta(hours=1))
    running = asyncio.create_task(office.dispatcher(slow).run(database_url))
    await office.inbox.accept(billed("e1"))
    await told(office, "medline/e1")
    await office.inbox.accept(billed("e2"))
    await told(office, "medline/e2")
    running.cancel()
    await asyncio.wait({running})


async def test_a_dispatcher_survives_the_loss_of_its_database_connections(office: Office, database_url: str) -> None:
    await office.store.register_order(an_order(), ORDER)
    running = asyncio.create_task(office.dispatcher().run(database_url))
    await office.inbox.accept(billed("e1"))
    await told(office, "medline/e1")
    async with office.engine.connect() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await sent_until_accepted(office, billed("e2"))
    await told(office, "medline/e2")
    running.cancel()
    await asyncio.wait({running})


async def sent_until_accepted(office: Office, event: InboundMessage) -> None:
    for _ in range(50):
        with suppress(StoreUnavailableError):
            await office.inbox.accept(event)
            return
        await asyncio.sleep(0.05)


async def told(office: Office, key: str) -> None:
    async with asyncio.timeout(10):
        while key not in office.orders.keys:  # noqa: ASYNC110 - what another task does
            await asyncio.sleep(0.01)
