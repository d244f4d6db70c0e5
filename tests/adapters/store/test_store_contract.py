"""What every store promises running lifecycles: PostgreSQL's and its twin's alike."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.in_memory import InMemoryStore
from adapters.store.reading import Reading
from adapters.store.repository import Repository
from domain.invoice import CreditNote, SupplierInvoice
from domain.ports import Store
from domain.snapshot import OrderSnapshot, OrderStatus, RequisitionStatus, TimelineEntry
from tests.builders import a_credit_note, an_invoice, an_order
from tests.events import a_requisition_snapshot, a_timeline_entry, an_order_snapshot

pytestmark = pytest.mark.servers


@dataclass(frozen=True)
class Opened:
    """A store, and how to see what it shows."""

    store: Store
    order: Callable[[str], Awaitable[OrderSnapshot | None]]
    timeline: Callable[[str], Awaitable[tuple[TimelineEntry, ...]]]


def in_memory() -> Opened:
    store = InMemoryStore()

    async def order(key: str) -> OrderSnapshot | None:
        return store.orders.get(key)

    async def timeline(lifecycle: str) -> tuple[TimelineEntry, ...]:
        return tuple(entry for _, entry in sorted(store.timelines[lifecycle].items()))

    return Opened(store, order, timeline)


def in_postgres(engine: AsyncEngine) -> Opened:
    reading = Reading(engine)
    return Opened(Repository(engine), reading.order, reading.timeline)


@pytest.fixture(params=["in memory", "PostgreSQL"])
def opened(request: pytest.FixtureRequest) -> Opened:
    return in_memory() if request.param == "in memory" else in_postgres(request.getfixturevalue("engine"))


async def test_the_latest_snapshot_is_shown(opened: Opened) -> None:
    await opened.store.publish_order(an_order_snapshot(1, waiting_for="an answer"))
    await opened.store.publish_order(an_order_snapshot(2, waiting_for="goods"))
    shown = await opened.order("RQ-1-MEDL")
    assert shown is not None
    assert (shown.version, shown.waiting_for) == (2, "goods")


async def test_an_older_snapshot_never_replaces_a_newer_one(opened: Opened) -> None:
    await opened.store.publish_order(an_order_snapshot(3, status=OrderStatus.CLOSED))
    await opened.store.publish_order(an_order_snapshot(2, status=OrderStatus.AWAITING_INVOICE))
    shown = await opened.order("RQ-1-MEDL")
    assert shown is not None
    assert (shown.version, shown.status) == (3, OrderStatus.CLOSED)


async def test_a_timeline_keeps_each_entry_once_however_often_it_is_published(opened: Opened) -> None:
    one, two = a_timeline_entry(1, "first"), a_timeline_entry(2, "second")
    await opened.store.publish_order(an_order_snapshot(1, timeline=(one,)))
    await opened.store.publish_order(an_order_snapshot(2, timeline=(one, two)))
    await opened.store.publish_order(an_order_snapshot(1, timeline=(one,)))
    assert await opened.timeline("RQ-1-MEDL") == (one, two)


async def test_requisitions_have_timelines_of_their_own(opened: Opened) -> None:
    entry = a_timeline_entry(1)
    await opened.store.publish_requisition(a_requisition_snapshot(1, timeline=(entry,)))
    await opened.store.publish_requisition(a_requisition_snapshot(2, status=RequisitionStatus.CLOSED))
    assert await opened.timeline("RQ-1") == (entry,)


async def claimed(opened: Opened, document: SupplierInvoice | CreditNote, key: str = "RQ-1-MEDL") -> tuple[str, ...]:
    return tuple(prior.number for prior in await opened.store.claim_invoice(an_order(key=key), document))


async def test_the_first_claim_of_a_number_finds_nothing_before_it(opened: Opened) -> None:
    assert await claimed(opened, an_invoice()) == ()
    assert await claimed(opened, an_invoice()) == (), "claiming again changes nothing"


async def test_the_same_number_on_another_order_finds_the_first(opened: Opened) -> None:
    await claimed(opened, an_invoice(day=21))
    assert await claimed(opened, an_invoice(day=25, total="99"), key="RQ-2-MEDL") == ("INV-1",)
    assert await claimed(opened, an_invoice(day=21)) == (), "the first stays the first"


@pytest.mark.parametrize("variant", ["inv-1", "INV 1", "INV-001", "\uff29\uff2e\uff36\uff0d\uff11"])
async def test_a_number_written_another_way_is_the_same_number(opened: Opened, variant: str) -> None:
    await claimed(opened, an_invoice(number="INV-1"))
    assert await claimed(opened, an_invoice(number=variant, day=29, total="5")) == ("INV-1",)


async def test_another_number_over_the_same_total_on_the_same_day_could_be_a_repeat(opened: Opened) -> None:
    await claimed(opened, an_invoice(number="INV-1", day=21))
    assert await claimed(opened, an_invoice(number="INV-9", day=21)) == ("INV-1",)
    assert await claimed(opened, an_invoice(number="INV-10", day=22)) == ()


async def test_the_same_figure_in_another_currency_is_another_total(opened: Opened) -> None:
    await claimed(opened, an_invoice(number="INV-1", currency="USD"))
    assert await claimed(opened, an_invoice(number="INV-9", currency="EUR")) == ()


async def test_invoices_and_credit_notes_are_numbered_apart(opened: Opened) -> None:
    await claimed(opened, an_invoice(number="4711"))
    assert await claimed(opened, a_credit_note(number="4711")) == ()


async def test_a_claim_tells_where_and_what_the_earlier_document_was(opened: Opened) -> None:
    invoice = an_invoice()
    await claimed(opened, invoice)
    (prior,) = await opened.store.claim_invoice(an_order(key="RQ-2-MEDL"), invoice)
    assert (prior.order_key, prior.normalised_number) == ("RQ-1-MEDL", "inv1")
    assert (prior.issued_on, prior.total) == (date(2026, 11, 21), invoice.payable)
