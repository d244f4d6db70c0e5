"""Lists come a page at a time, whole and without repeats; what cannot be there is not found."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.store.inbox import Inbox
from adapters.store.reading import Page, Reading
from adapters.store.repository import Repository
from domain.policy import CaseKind
from domain.snapshot import OrderStatus
from tests.builders import MORNING, a_requisition, an_order
from tests.events import a_case, a_requisition_snapshot, an_event, an_order_snapshot

pytestmark = pytest.mark.servers

Item = TypeVar("Item")
UNSTORABLE = ["\x00", "\ud800", "a\x00b"]


@pytest.fixture
def reading(engine: AsyncEngine) -> Reading:
    return Reading(engine)


@pytest.fixture
def store(engine: AsyncEngine) -> Repository:
    return Repository(engine)


async def every_page(load: Callable[[str | None], Awaitable[Page[Item]]]) -> list[list[Item]]:
    pages: list[list[Item]] = []
    cursor: str | None = None
    while True:
        page = await load(cursor)
        pages.append(list(page.items))
        cursor = page.next
        if cursor is None:
            return pages


async def test_orders_come_in_pages(reading: Reading, store: Repository) -> None:
    for number in range(5):
        await store.publish_order(an_order_snapshot(order=an_order(key=f"RQ-{number}-MEDL", po_number=f"PO-{number}")))
    pages = await every_page(lambda cursor: reading.orders(limit=2, after=cursor))
    assert [len(page) for page in pages] == [2, 2, 1]
    keys = [snapshot.order.key for page in pages for snapshot in page]
    assert keys == [f"RQ-{number}-MEDL" for number in range(5)]


async def test_a_last_page_that_is_just_full_has_no_next(reading: Reading, store: Repository) -> None:
    for number in range(2):
        await store.publish_requisition(a_requisition_snapshot(requisition=a_requisition(number=f"RQ-{number}")))
    page = await reading.requisitions(limit=2)
    assert (len(page.items), page.next) == (2, None)


async def test_orders_are_narrowed_by_status_facility_and_supplier(reading: Reading, store: Repository) -> None:
    await store.publish_order(an_order_snapshot())
    await store.publish_order(
        an_order_snapshot(order=an_order(key="RQ-2-BARD", supplier="BARD"), status=OrderStatus.CLOSED)
    )
    assert [shown.order.key for shown in (await reading.orders(limit=9, status="closed")).items] == ["RQ-2-BARD"]
    assert [shown.order.key for shown in (await reading.orders(limit=9, supplier="MEDL")).items] == ["RQ-1-MEDL"]
    assert (await reading.orders(limit=9, facility="SOUTH")).items == ()


async def test_an_order_is_found_by_its_key_and_by_its_po_number(reading: Reading, store: Repository) -> None:
    await store.publish_order(an_order_snapshot())
    assert await reading.order("RQ-1-MEDL") == await reading.order("PO-000001") == an_order_snapshot()
    assert await reading.order("PO-000002") is None


async def test_cases_are_listed_open_first_of_all_and_by_owner_and_kind(reading: Reading, store: Repository) -> None:
    mine = a_case("EX-1", owner="buyer")
    yours = a_case("EX-2", kind=CaseKind.INVOICE_MATCH)
    settled = a_case("EX-3").cured(MORNING)
    await store.publish_order(an_order_snapshot(cases=(mine, yours, settled)))
    assert (await reading.cases(limit=9)).items == (mine, yours)
    assert (await reading.cases(limit=9, only_open=False)).items == (mine, yours, settled)
    assert (await reading.cases(limit=9, owner="buyer")).items == (mine,)
    assert (await reading.cases(limit=9, kind="invoice match")).items == (yours,)
    pages = await every_page(lambda cursor: reading.cases(limit=1, after=cursor))
    assert pages == [[mine], [yours]]


async def test_events_come_in_pages_in_the_sequence_of_their_arrival(reading: Reading, inbox: Inbox) -> None:
    for event_id in ("c", "a", "b"):
        await inbox.accept(an_event(event_id, b"secret body"))
    pages = await every_page(lambda cursor: reading.events(limit=2, after=cursor))
    assert [[event.event_id for event in page] for page in pages] == [["c", "a"], ["b"]]
    assert "secret body" not in str(pages)


async def test_an_event_is_shown_with_its_bytes(reading: Reading, inbox: Inbox) -> None:
    await inbox.accept(an_event(body=b"\x00\xff"))
    found = await reading.event("medline/e1")
    assert found is not None
    record, body = found
    assert (record.state, record.outcome, body) == ("received", None, b"\x00\xff")


@pytest.mark.parametrize("text", UNSTORABLE)
async def test_what_the_database_cannot_hold_is_not_found_rather_than_an_error(reading: Reading, text: str) -> None:
    assert await reading.order(text) is None
    assert await reading.requisition(text) is None
    assert await reading.case(text) is None
    assert await reading.event(text) is None
    assert await reading.timeline(text) == ()
    assert (await reading.orders(limit=1, status=text)).items == ()
    assert (await reading.requisitions(limit=1, after=text)).items == ()
    assert (await reading.cases(limit=1, owner=text)).items == ()
    assert (await reading.events(limit=1, partner=text)).items == ()
