"""The states of an inbox row: every move, and that each row ends once."""

from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.events import Events
from adapters.store.inbox import Inbox
from adapters.store.reading import Reading
from adapters.store.repository import Repository
from domain.exception_case import Decision, Resolution
from domain.snapshot import EventDisposition, EventOutcome, OrderStatus
from tests.builders import MORNING, an_order
from tests.events import a_case, an_event, an_order_snapshot

pytestmark = pytest.mark.servers

KEY = "medline/e1"
SOON, LATER = timedelta(0), timedelta(hours=1)
APPLIED = EventDisposition(key=KEY, outcome=EventOutcome.APPLIED)


@pytest.fixture
def events(engine: AsyncEngine) -> Events:
    return Events(engine)


@pytest.fixture
def store(engine: AsyncEngine) -> Repository:
    return Repository(engine)


async def due(events: Events) -> list[str]:
    return [event.event_id for event in await events.due(limit=10)]


async def standing(pool: asyncpg.Pool, key: str = KEY) -> tuple[str, str | None]:
    row = await pool.fetchrow("SELECT state, outcome FROM inbox WHERE key = $1", key)
    assert row is not None
    return row["state"], row["outcome"]


async def test_events_are_due_in_the_sequence_they_were_received(events: Events, inbox: Inbox) -> None:
    for event_id in ("c", "a", "b"):
        await inbox.accept(an_event(event_id))
    assert await due(events) == ["c", "a", "b"]


async def test_what_must_wait_holds_up_its_own_order_and_nobody_else(events: Events, inbox: Inbox) -> None:
    for event_id, po_number in (("1", "PO-1"), ("2", "PO-1"), ("3", "PO-2")):
        await inbox.accept(an_event(event_id, po_number=po_number))
    await events.try_again("medline/1", after=LATER, attempts=1)
    assert await due(events) == ["3"]

    await events.try_again("medline/1", after=SOON, attempts=2)
    assert await due(events) == ["1", "2", "3"]


async def test_any_number_of_events_that_must_wait_leaves_room_for_the_others(events: Events, inbox: Inbox) -> None:
    for number in range(30):
        await inbox.accept(an_event(f"stuck-{number}", po_number="PO-1"))
    await inbox.accept(an_event("free", po_number="PO-2"))
    await events.try_again("medline/stuck-0", after=LATER, attempts=1)
    assert await due(events) == ["free"]


async def test_events_of_a_paused_partner_wait_until_it_is_resumed(events: Events, inbox: Inbox) -> None:
    for number in range(20):
        await inbox.accept(an_event(str(number)))
    await inbox.accept(an_event("other", partner="bard", supplier="BARD"))
    await events.pause("medline", "ops")
    await events.pause("medline", "somebody else")
    assert await due(events) == ["other"]
    assert await events.paused() == {"medline": "ops"}

    await events.resume("medline")
    assert len(await due(events)) == 10


async def test_an_event_finds_its_order_by_number_and_by_who_may_speak_of_it(
    events: Events, inbox: Inbox, store: Repository
) -> None:
    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    for event in (
        an_event("ours"),
        an_event("another number", po_number="PO-000002"),
        an_event("another supplier", supplier="BARD"),
        an_event("our stockroom", partner="depot", supplier=None, facility="NORTH"),
        an_event("another stockroom", partner="depot", supplier=None, facility="SOUTH"),
    ):
        await inbox.accept(event)
    found = {event.event_id for event in await events.due(limit=10) if await events.correlate(event)}
    assert found == {"ours", "our stockroom"}


async def test_an_order_that_is_over_is_found_as_closed(events: Events, inbox: Inbox, store: Repository) -> None:
    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    await store.publish_order(an_order_snapshot(status=OrderStatus.CLOSED))
    await inbox.accept(an_event())
    (event,) = await events.due(limit=1)
    found = await events.correlate(event)
    assert found is not None
    assert found.is_closed


async def test_registering_an_order_wakes_the_events_that_waited_for_it(
    events: Events, inbox: Inbox, store: Repository, pool: asyncpg.Pool
) -> None:
    await inbox.accept(an_event())
    await inbox.accept(an_event("other", po_number="PO-000002"))
    await events.parked(KEY)
    await events.parked("medline/other")
    assert await due(events) == []

    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    assert await due(events) == ["e1"]
    assert await standing(pool, "medline/other") == ("parked", None)


async def test_an_event_parked_just_after_its_order_registered_is_woken_as_well(
    events: Events, inbox: Inbox, store: Repository
) -> None:
    await inbox.accept(an_event())
    await inbox.accept(an_event("not theirs", partner="bard", supplier="BARD"))
    await store.register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    await events.parked(KEY)
    await events.parked("bard/not theirs")

    assert await events.wake_parked() == 1
    assert await due(events) == ["e1"]


async def test_the_orders_own_word_ends_an_event(
    events: Events, inbox: Inbox, store: Repository, pool: asyncpg.Pool
) -> None:
    await inbox.accept(an_event())
    await events.delivered(KEY)
    assert await standing(pool) == ("delivered", None)
    await store.publish_order(an_order_snapshot(dispositions=(APPLIED,)))
    assert await standing(pool) == ("done", "applied")


async def test_an_outcome_published_before_the_delivery_is_noted_stands(
    events: Events, inbox: Inbox, store: Repository, pool: asyncpg.Pool
) -> None:
    await inbox.accept(an_event())
    await store.publish_order(an_order_snapshot(dispositions=(APPLIED,)))
    await events.delivered(KEY)
    assert await standing(pool) == ("done", "applied")


async def test_an_event_ends_once_and_the_case_of_a_second_end_is_not_opened(
    events: Events, inbox: Inbox, store: Repository, pool: asyncpg.Pool, engine: AsyncEngine
) -> None:
    await inbox.accept(an_event())
    await store.publish_order(an_order_snapshot(dispositions=(APPLIED,)))
    await events.ended(KEY, EventOutcome.LATE, "the order was closed", a_case())
    assert await standing(pool) == ("done", "applied")
    assert await Reading(engine).case("EX-1") is None


async def test_an_event_delivered_and_never_settled_is_told_again_after_a_while(
    events: Events, inbox: Inbox, pool: asyncpg.Pool
) -> None:
    await inbox.accept(an_event())
    await events.delivered(KEY)
    assert await events.tell_again(silent_for=LATER) == 0
    assert await events.tell_again(silent_for=SOON) == 1
    assert await due(events) == ["e1"]
    assert await standing(pool) == ("received", None)


async def test_the_wait_before_telling_again_doubles(events: Events, inbox: Inbox, pool: asyncpg.Pool) -> None:
    await inbox.accept(an_event())
    waits = []
    for _ in range(8):
        await events.delivered(KEY)
        for minutes in (1, 2, 4, 8, 16, 32, 64, 128):
            await pool.execute("UPDATE inbox SET delivered_at = now() - $1::interval", timedelta(minutes=minutes + 0.5))
            if await events.tell_again(silent_for=timedelta(minutes=1)):
                waits.append(minutes)
                break
    assert waits == [1, 2, 4, 8, 16, 32, 64, 64]


@pytest.mark.parametrize("outcome", [EventOutcome.LATE, EventOutcome.EXCEPTION, EventOutcome.DEAD_LETTER])
async def test_what_no_order_has_dealt_with_can_be_replayed(
    events: Events, inbox: Inbox, outcome: EventOutcome
) -> None:
    await inbox.accept(an_event())
    await events.ended(KEY, outcome, "why")
    assert await due(events) == []
    assert await events.replay(KEY)
    assert await due(events) == ["e1"]


@pytest.mark.parametrize("outcome", [EventOutcome.APPLIED, EventOutcome.DUPLICATE, EventOutcome.CONFLICT])
async def test_replaying_what_an_order_has_dealt_with_changes_nothing(
    events: Events, inbox: Inbox, store: Repository, pool: asyncpg.Pool, outcome: EventOutcome
) -> None:
    await inbox.accept(an_event())
    await store.publish_order(an_order_snapshot(dispositions=(EventDisposition(key=KEY, outcome=outcome),)))
    assert await events.replay(KEY)
    assert await standing(pool) == ("done", outcome.value)


@pytest.mark.parametrize("key", ["medline/never came", "medline/\x00", "medline/\ud800"])
async def test_an_unknown_event_cannot_be_replayed(events: Events, key: str) -> None:
    assert not await events.replay(key)


async def test_an_event_that_fails_again_after_a_replay_opens_its_case_anew(
    events: Events, inbox: Inbox, engine: AsyncEngine
) -> None:
    reading, case = Reading(engine), a_case()
    await inbox.accept(an_event())
    await events.ended(KEY, EventOutcome.DEAD_LETTER, "why", case)
    decision = Decision(resolution=Resolution.RETRY, actor="ops", decided_at=MORNING)
    await reading.close_case(case, decision)
    await events.replay(KEY)
    again = case.model_copy(update={"opened_at": MORNING + LATER})
    await events.ended(KEY, EventOutcome.DEAD_LETTER, "why", again)
    assert await reading.case("EX-1") == (again, KEY)

    await reading.close_case(case, decision)
    assert await reading.case("EX-1") == (again, KEY), "the decision was about the case before"
