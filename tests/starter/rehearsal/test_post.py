"""The inbox and outbox of a rehearsal keep the rules of the real ones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.documents.outbox import ControlNumbers, Draft
from adapters.store.in_memory import InMemoryStore
from adapters.store.inbox import InboundMessage
from adapters.store.transmissions import Receipt, RefusedDocument, Transmission
from adapters.transports.parcel import Parcel
from domain.policy import CaseKind, Policy
from domain.snapshot import EventOutcome
from starter.event_cases import message_case
from starter.rehearsal.post import Inbox, Outbox

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def a_message(body: bytes = b"ST*855", *, event_id: str = "isa-1-1") -> InboundMessage:
    return InboundMessage("heartland", event_id, "order acknowledgement", "x", body, AT, "HLIN", None, "PO-000001")


def a_case(kind: CaseKind, message: InboundMessage | None = None):  # type: ignore[no-untyped-def]
    return message_case(kind, message or a_message(), "a summary", Policy())


def a_draft(key: str = "heartland/isa-1/group-1", functional_id: str | None = "FA") -> Draft:
    def write(numbers: ControlNumbers, at: datetime) -> bytes:
        return f"{numbers.interchange} at {at:%H:%M}".encode()

    return Draft(
        key, "heartland", "functional acknowledgement", "isa-1", "application/edi-x12", ".x12", write, functional_id
    )


def a_transmission(content: bytes = b"content", **fields: object) -> Transmission:
    plain = Transmission("heartland", "isa-1", content, content, "x", "rehearsal", AT, documents=(a_message(),))
    return replace(plain, **fields)  # type: ignore[arg-type]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox(InMemoryStore(), Outbox(lambda: AT), Policy())


async def test_a_transmission_taken_twice_is_the_same_and_acknowledged_again() -> None:
    outbox = Outbox(lambda: AT)
    inbox = Inbox(InMemoryStore(), outbox, Policy())
    transmission = a_transmission(answers=(a_draft(),))
    assert [await inbox.take(transmission) for _ in range(2)] == [Receipt.NEW, Receipt.SAME]
    assert [event.key for event in await inbox.due(limit=10)] == ["heartland/isa-1-1"]
    (acknowledged,) = outbox.documents.values()
    assert (acknowledged.written.body, len(acknowledged.handed_over)) == (b"1 at 09:30", 2)


async def test_another_content_under_a_known_number_is_put_to_a_person_and_not_acted_on(inbox: Inbox) -> None:
    other = a_message(b"another", event_id="isa-1-2")
    await inbox.take(a_transmission())
    conflicting = a_transmission(b"other", documents=(other,), conflict=a_case(CaseKind.CONFLICTING_EVENT))
    assert await inbox.take(conflicting) is Receipt.CONFLICT
    assert [case.kind for case in inbox.cases.values()] == [CaseKind.CONFLICTING_EVENT]
    assert list(inbox.events) == ["heartland/isa-1-1"]


async def test_what_was_refused_is_taken_once_it_can_be_read(inbox: Inbox) -> None:
    refused = a_transmission(documents=(), refusal=a_case(CaseKind.UNREADABLE_DOCUMENT))
    assert [await inbox.take(refused) for _ in range(2)] == [Receipt.REFUSED, Receipt.REFUSED]
    assert await inbox.take(a_transmission()) is Receipt.NEW
    assert len(inbox.cases) == 1


async def test_a_refused_document_ends_as_an_exception_with_its_case(inbox: Inbox) -> None:
    document = RefusedDocument(a_message(), "has no end", a_case(CaseKind.UNREADABLE_DOCUMENT))
    await inbox.take(a_transmission(documents=(), refused=(document,)))
    end = inbox.end_of("heartland/isa-1-1")
    assert end is not None
    assert (end.outcome, end.note) == (EventOutcome.EXCEPTION, "has no end")
    assert await inbox.due(limit=10) == ()


async def test_an_event_known_under_another_content_is_a_conflict(inbox: Inbox) -> None:
    await inbox.take(a_transmission())
    again = replace(a_transmission(b"2"), id="isa-2", documents=(a_message(b"changed"),))
    assert await inbox.take(again) is Receipt.NEW
    assert [case.kind for case in inbox.cases.values()] == [CaseKind.CONFLICTING_EVENT]


async def test_the_first_end_of_an_event_stands(inbox: Inbox) -> None:
    await inbox.take(a_transmission())
    await inbox.ended("heartland/isa-1-1", EventOutcome.LATE, "first")
    await inbox.ended("heartland/isa-1-1", EventOutcome.APPLIED, "second")
    end = inbox.end_of("heartland/isa-1-1")
    assert end is not None
    assert end.note == "first"


async def test_an_event_waits_for_its_order_to_be_known() -> None:
    store = InMemoryStore()
    inbox = Inbox(store, Outbox(lambda: AT), Policy())
    await inbox.take(a_transmission())
    await inbox.parked("heartland/isa-1-1")
    assert await inbox.wake_parked() == 0
    assert [event.key for event in await inbox.parked_since(datetime.max.replace(tzinfo=UTC))] == ["heartland/isa-1-1"]
    store.workflow_ids["PO-000001"] = "purchase-order/MAIN/RQ-1"
    assert await inbox.wake_parked() == 1
    assert len(await inbox.due(limit=10)) == 1


async def test_what_was_sent_is_found_by_its_numbers_and_its_first_verdict_stands() -> None:
    outbox = Outbox(lambda: AT)
    written = await outbox.write(a_draft(functional_id="PO"))
    found = await outbox.about_group("heartland", "PO", 1)
    assert found is not None
    assert found.key == written.key
    assert await outbox.about_group("heartland", "PC", 1) is None
    assert await outbox.about_group("somebody", "PO", 1) is None
    assert await outbox.about_interchange("heartland", 1) == found
    assert await outbox.about_interchange("heartland", 2) is None
    await outbox.answered(written.key, "R", note="unreadable", case=a_case(CaseKind.REFUSED_DOCUMENT))
    await outbox.answered(written.key, "A", case=a_case(CaseKind.REFUSED_DOCUMENT))
    assert outbox.documents[written.key].verdict == "R"
    assert len(outbox.cases) == 1


async def test_a_message_is_written_once_and_sent_as_the_same_bytes() -> None:
    outbox = Outbox(lambda: AT)
    first, again = await outbox.write(a_draft()), await outbox.write(a_draft())
    other = await outbox.write(a_draft("another"))
    assert first == again
    assert other.body == b"2 at 09:30"
    await outbox.send(Parcel(key=first.key, name=first.name, content_type=first.content_type, body=first.body))
    await outbox.sent(first.key)
    assert (await outbox.write(a_draft())).is_sent
    assert outbox.documents[first.key].handed_over == [AT]
