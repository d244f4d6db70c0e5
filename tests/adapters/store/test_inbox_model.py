"""Whatever arrives, however often: the inbox answers like a dictionary that is never overwritten."""

import asyncio
from collections.abc import Awaitable
from itertools import count
from typing import TypeVar

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from adapters.store.database import engine_for, pool_for
from adapters.store.events import REPEATABLE, Events
from adapters.store.inbox import Acceptance, Inbox
from adapters.store.repository import Repository
from domain.policy import Policy
from domain.snapshot import EventDisposition, EventOutcome
from tests.events import a_case, an_event, an_order_snapshot

pytestmark = pytest.mark.servers

T = TypeVar("T")
IDS = st.sampled_from(["e1", "e2", "e3"])
BODIES = st.sampled_from([b"one", b"two"])
BATCHES = st.lists(st.tuples(IDS, BODIES), min_size=1, max_size=6)
OWN_ENDS = st.sampled_from(REPEATABLE)
ORDERS_ENDS = st.sampled_from([EventOutcome.APPLIED, EventOutcome.DUPLICATE, EventOutcome.CONFLICT])
_partners = count(1)


class InboxModel(RuleBasedStateMachine):
    """Its events are those of a partner of its own, so that every run begins with none."""

    runner: asyncio.Runner
    pool: asyncpg.Pool
    events: Events
    store: Repository

    def __init__(self) -> None:
        super().__init__()
        self.partner = f"p{next(_partners)}"
        self.stored: dict[str, bytes] = {}
        self.conflicting: set[str] = set()
        self.ends: dict[str, EventOutcome] = {}
        self.inbox = self._opened()

    def _opened(self) -> Inbox:
        inbox = Inbox(self.pool, Policy())

        async def start() -> None:
            inbox.start()

        self.runner.run(start())
        return inbox

    def _run(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return self.runner.run(awaited())

    @rule(batch=BATCHES)
    def several_arrive_at_once(self, batch: list[tuple[str, bytes]]) -> None:
        async def all_of_them() -> list[Acceptance]:
            arriving = (an_event(event_id, body, partner=self.partner) for event_id, body in batch)
            return await asyncio.gather(*(self.inbox.accept(event) for event in arriving))

        answers = self._run(all_of_them())
        new = [event_id for (event_id, _), answer in zip(batch, answers, strict=True) if answer is Acceptance.NEW]
        assert sorted(new) == sorted({event_id for event_id, _ in batch} - set(self.stored))
        for (event_id, body), answer in zip(batch, answers, strict=True):
            if answer is Acceptance.NEW:
                self.stored[event_id] = body
        for (event_id, body), answer in zip(batch, answers, strict=True):
            assert (answer is Acceptance.CONFLICT) == (self.stored[event_id] != body)
            if answer is Acceptance.CONFLICT:
                self.conflicting.add(event_id)

    @rule()
    def the_gateway_restarts(self) -> None:
        self._run(self.inbox.close())
        self.inbox = self._opened()

    @rule(event_id=IDS)
    def it_is_delivered(self, event_id: str) -> None:
        self._run(self.events.delivered(self._key(event_id)))

    @rule(event_id=IDS)
    def its_order_is_unknown(self, event_id: str) -> None:
        self._run(self.events.parked(self._key(event_id)))

    @rule(event_id=IDS, outcome=OWN_ENDS)
    def it_is_given_up(self, event_id: str, outcome: EventOutcome) -> None:
        self._run(self.events.ended(self._key(event_id), outcome, "", a_case(f"EX-{self.partner}-{event_id}")))
        if event_id in self.stored:
            self.ends.setdefault(event_id, outcome)

    @rule(event_id=IDS, outcome=ORDERS_ENDS)
    def its_order_says_what_became_of_it(self, event_id: str, outcome: EventOutcome) -> None:
        disposition = EventDisposition(key=self._key(event_id), outcome=outcome)
        self._run(self.store.publish_order(an_order_snapshot(dispositions=(disposition,))))
        if event_id in self.stored:
            self.ends.setdefault(event_id, outcome)

    @rule(event_id=IDS)
    def somebody_replays_it(self, event_id: str) -> None:
        assert self._run(self.events.replay(self._key(event_id))) == (event_id in self.stored)
        if self.ends.get(event_id) in REPEATABLE:
            del self.ends[event_id]

    @invariant()
    def every_event_is_there_once_with_its_first_bytes_and_its_first_end(self) -> None:
        rows = self._run(
            self.pool.fetch("SELECT event_id, body, state, outcome FROM inbox WHERE partner = $1", self.partner)
        )
        assert {row["event_id"]: row["body"] for row in rows} == self.stored
        assert {row["event_id"]: row["outcome"] for row in rows if row["state"] == "done"} == self.ends
        assert all((row["outcome"] is not None) == (row["state"] == "done") for row in rows)

    @invariant()
    def every_conflict_has_one_case(self) -> None:
        rows = self._run(
            self.pool.fetch(
                "SELECT event FROM exception_cases WHERE kind = 'conflicting event' AND event LIKE $1",
                f"{self.partner}/%",
            )
        )
        assert sorted(row["event"] for row in rows) == sorted(self._key(event_id) for event_id in self.conflicting)

    def teardown(self) -> None:
        self._run(self.inbox.close())

    def _key(self, event_id: str) -> str:
        return f"{self.partner}/{event_id}"


def test_the_inbox_keeps_its_promises_in_any_sequence_of_arrivals_moves_and_restarts(database_url: str) -> None:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        engine = engine_for(database_url)
        pool = runner.run(pool_for(database_url))
        InboxModel.runner, InboxModel.pool = runner, pool
        InboxModel.events, InboxModel.store = Events(engine), Repository(engine)
        run_state_machine_as_test(
            InboxModel,
            settings=settings(
                max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
        runner.run(pool.close())
        runner.run(engine.dispose())
