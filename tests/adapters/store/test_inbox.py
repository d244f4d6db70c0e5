"""An event is stored once, before its sender hears yes, whatever arrives beside it."""

import asyncio
import os
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import asyncpg
import pytest

from adapters.store.database import pool_for
from adapters.store.inbox import Acceptance, InboundMessage, Inbox, InboxFullError, StoreUnavailableError
from domain.exception_case import ExceptionCase
from domain.policy import CaseKind, Policy
from tests.builders import MORNING
from tests.events import an_event

pytestmark = pytest.mark.servers


async def test_a_new_event_is_stored_as_it_came(inbox: Inbox, pool: asyncpg.Pool) -> None:
    assert await inbox.accept(an_event(body=b"\x00\xff not even text")) is Acceptance.NEW

    row = await pool.fetchrow("SELECT * FROM inbox")
    assert row is not None
    assert (row["key"], row["state"], row["outcome"]) == ("medline/e1", "received", None)
    assert row["body"] == b"\x00\xff not even text"
    assert row["received_at"] == MORNING


async def test_of_a_hundred_parallel_copies_one_is_new_and_the_altered_one_a_conflict(
    inbox: Inbox, pool: asyncpg.Pool
) -> None:
    first = await inbox.accept(an_event())
    others = [an_event() for _ in range(98)]
    others.insert(50, an_event(body=b'{"a": 2}'))

    answers = await asyncio.gather(*(inbox.accept(event) for event in others))

    assert Counter([first, *answers]) == {Acceptance.NEW: 1, Acceptance.SAME: 98, Acceptance.CONFLICT: 1}
    assert await pool.fetch("SELECT body FROM inbox") == [(b"{}",)]


async def test_copies_that_share_one_commit_are_told_apart_as_well(inbox: Inbox, pool: asyncpg.Pool) -> None:
    bodies = [b"first", b"first", b"second", b"first"]
    answers = await asyncio.gather(*(inbox.accept(an_event(body=body)) for body in bodies))
    assert answers == [Acceptance.NEW, Acceptance.SAME, Acceptance.CONFLICT, Acceptance.SAME]
    assert await pool.fetchval("SELECT body FROM inbox") == b"first"


async def test_a_conflict_opens_one_case_that_names_the_event(inbox: Inbox, pool: asyncpg.Pool) -> None:
    await inbox.accept(an_event())
    for _ in range(3):
        assert await inbox.accept(an_event(body=b"other")) is Acceptance.CONFLICT

    rows = await pool.fetch("SELECT event, is_open, document FROM exception_cases")
    assert [(row["event"], row["is_open"]) for row in rows] == [("medline/e1", True)]
    case = ExceptionCase.model_validate_json(rows[0]["document"])
    assert (case.kind, case.subject, case.supplier) == (CaseKind.CONFLICTING_EVENT, "medline/e1", "MEDL")


async def test_the_same_id_from_two_partners_is_two_events(inbox: Inbox) -> None:
    assert await inbox.accept(an_event()) is Acceptance.NEW
    assert await inbox.accept(an_event(partner="bard")) is Acceptance.NEW


async def test_gateways_that_get_the_same_events_in_opposite_sequence_do_not_block_each_other(
    pool: asyncpg.Pool,
) -> None:
    one, other = Inbox(pool, Policy()), Inbox(pool, Policy())
    one.start()
    other.start()
    for round_number in range(20):
        events = [an_event(f"{round_number}-{number}") for number in range(100)]
        answers = await asyncio.gather(
            *(one.accept(event) for event in events), *(other.accept(event) for event in reversed(events))
        )
        assert Counter(answers) == {Acceptance.NEW: 100, Acceptance.SAME: 100}
    await one.close()
    await other.close()


async def test_an_event_the_database_cannot_hold_does_not_take_its_neighbours_with_it(inbox: Inbox) -> None:
    events = [an_event("good-1"), an_event("bad\x00id"), an_event("good-2")]
    answers = await asyncio.gather(*(inbox.accept(event) for event in events), return_exceptions=True)
    assert answers[0] is answers[2] is Acceptance.NEW
    assert isinstance(answers[1], StoreUnavailableError)


async def test_what_waits_is_bounded_and_a_full_inbox_says_when_to_come_again(pool: asyncpg.Pool) -> None:
    inbox = Inbox(pool, Policy(), waiting=3)
    waiting = [asyncio.ensure_future(inbox.accept(an_event(str(number)))) for number in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(InboxFullError) as refused:
        await inbox.accept(an_event("one too many"))
    assert refused.value.retry_after > 0

    inbox.start()
    assert await asyncio.gather(*waiting) == [Acceptance.NEW] * 3
    await inbox.close()


async def test_closing_writes_what_waits(pool: asyncpg.Pool) -> None:
    inbox = Inbox(pool, Policy())
    inbox.start()
    waiting = [asyncio.ensure_future(inbox.accept(an_event(str(number)))) for number in range(50)]
    await asyncio.sleep(0)
    await inbox.close()
    assert await asyncio.gather(*waiting) == [Acceptance.NEW] * 50


async def test_a_sender_who_leaves_does_not_disturb_the_others(inbox: Inbox) -> None:
    leaving = asyncio.ensure_future(inbox.accept(an_event("gone")))
    staying = asyncio.ensure_future(inbox.accept(an_event("here")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying is Acceptance.NEW
    assert await inbox.accept(an_event("gone")) in {Acceptance.NEW, Acceptance.SAME}


async def test_a_database_that_drops_the_connection_is_answered_unknown_and_found_again(
    inbox: Inbox, database_url: str
) -> None:
    await inbox.accept(an_event("before"))
    blocker = await asyncpg.connect(database_url)
    lock = blocker.transaction()
    await lock.start()
    await blocker.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
    stuck = asyncio.ensure_future(inbox.accept(an_event("during")))
    while not await blocker.fetchval(  # noqa: ASYNC110 - another process's event
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND"
        " datname = current_database()"
    ):
        await asyncio.sleep(0.01)
    with pytest.raises(StoreUnavailableError):
        await stuck
    await lock.rollback()
    await blocker.close()

    assert await inbox.accept(an_event("during")) is Acceptance.NEW
    assert await inbox.accept(an_event("after")) is Acceptance.NEW


async def test_a_database_that_hangs_is_not_waited_for_for_ever(pool: asyncpg.Pool, database_url: str) -> None:
    inbox = Inbox(pool, Policy(), answer_within=0.2)
    inbox.start()
    blocker = await asyncpg.connect(database_url)
    lock = blocker.transaction()
    await lock.start()
    await blocker.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(StoreUnavailableError):
        await inbox.accept(an_event())
    await lock.rollback()
    await blocker.close()
    assert await inbox.accept(an_event()) is Acceptance.SAME, "it was stored after all, so sending it again is safe"
    await inbox.close()


async def test_a_backend_that_freezes_is_left_behind_and_the_inbox_goes_on_over_another(database_url: str) -> None:
    pool = await pool_for(database_url, answer_within=0.3)
    inbox = Inbox(pool, Policy(), answer_within=0.6)
    inbox.start()
    await inbox.accept(an_event("before"))
    frozen: int = await pool.fetchval("SELECT pg_backend_pid()")
    os.kill(frozen, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailableError):
            await inbox.accept(an_event("during"))
        async with asyncio.timeout(10):
            while not await taken(inbox, an_event("after")):
                pass
    finally:
        os.kill(frozen, signal.SIGCONT)
    await inbox.close()
    pool.terminate()


async def taken(inbox: Inbox, event: InboundMessage) -> bool:
    with suppress(StoreUnavailableError):
        await inbox.accept(event)
        return True
    return False


async def test_a_writer_that_died_is_not_waited_for(pool: asyncpg.Pool) -> None:
    inbox = Inbox(pool, Policy(default_owner="supply-chain"))
    inbox.start()
    assert await inbox.accept(an_event()) is Acceptance.NEW
    broken = replace(an_event(body=b"other"), supplier="not a code of ours")  # the case about it cannot be written
    with pytest.raises(StoreUnavailableError):
        await inbox.accept(broken)
    with pytest.raises(StoreUnavailableError):
        await inbox.accept(an_event("next"))
    with pytest.raises(ValueError, match="supplier"):
        await inbox.close()


async def test_every_commit_waits_for_the_disk(pool: asyncpg.Pool) -> None:
    assert await pool.fetchval("SHOW synchronous_commit") == "on"
