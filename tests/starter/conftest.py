"""A dispatcher over a real store; Temporal is a list of what was told, unless a test is about Temporal."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.store.events import Events
from adapters.store.inbox import Inbox
from adapters.store.outbound import Outbound
from adapters.store.processes import Processes
from adapters.store.reading import EventRecord, Reading
from adapters.store.repository import Repository
from adapters.store.usages import Usages
from domain.order_state import OrderEvent
from domain.policy import Policy
from starter.acknowledgements import Acknowledgements
from starter.dispatcher import Dispatcher, Pace
from starter.hearing import Hearing, Read
from starter.replenishment import Replenishment
from starter.requisitions import Requisitions
from tests.starter.reading import reading_of_tests

HASTY = Pace(
    poll=timedelta(milliseconds=20),
    sweep=timedelta(0),
    tell_again=timedelta(0),
    unmatched=timedelta(days=36500),
    backoff=timedelta(0),
    poison_attempts=3,
)


@dataclass
class RecordedOrders:
    """Orders that write down what they are told, and fail as often as a test wants."""

    told: list[tuple[str, str]] = field(default_factory=list)
    failures: dict[str, list[Exception]] = field(default_factory=dict)

    async def tell(self, workflow_id: str, event: OrderEvent) -> None:
        waiting = self.failures.get(event.key, [])
        if waiting:
            raise waiting.pop(0)
        self.told.append((workflow_id, event.key))

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.told]


@dataclass
class Office:
    """A dispatcher and everything around it."""

    engine: AsyncEngine
    client: Client
    inbox: Inbox
    facility: str
    orders: RecordedOrders = field(default_factory=RecordedOrders)
    read: Read = reading_of_tests
    reordering: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.events, self.store = Events(self.engine), Repository(self.engine)
        self.reading, self.processes = Reading(self.engine), Processes(self.engine)
        self.requisitions = Requisitions(self.client, self.processes, Policy(), task_queue="nobody-listens")

    def dispatcher(self, pace: Pace = HASTY) -> Dispatcher:
        hearing = Hearing(
            events=self.events,
            read=self.read,
            orders=self.orders,
            replenishment=Replenishment(self.processes, self.requisitions, Usages(self.engine)),
            acknowledgements=Acknowledgements(Outbound(self.engine), Policy()),
            policy=Policy(),
            reordering=self.reordering,
        )
        return Dispatcher(hearing, self.requisitions, pace=pace)

    async def record(self, key: str) -> EventRecord:
        found = await self.reading.event(key)
        assert found is not None
        return found[0]

    async def ending(self, key: str) -> tuple[str, str | None]:
        record = await self.record(key)
        return record.state, record.outcome

    async def open_cases(self) -> list[tuple[str, str]]:
        return [(case.kind.value, case.subject) for case in (await self.reading.cases(limit=50)).items]


@pytest.fixture
async def office(
    engine: AsyncEngine, inbox: Inbox, temporal: WorkflowEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    facility = "T" + hashlib.sha256(request.node.name.encode()).hexdigest()[:8]
    with temporal.with_time_skipping_disabled():
        yield Office(engine, temporal.client, inbox, facility)
