"""Documents of partners, from the bytes to the order: taken apart, kept, told, acknowledged once, quarantined."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.channels import channel_of
from adapters.documents.channel import Channel, OrderMessageKind
from adapters.documents.outbox import Written
from adapters.partners import PartnerProfile
from adapters.store.database import engine_for
from adapters.store.outbound import Outbound
from adapters.store.repository import Repository
from adapters.store.transmissions import Transmissions
from adapters.supplier.posted import PostedSupplier
from adapters.supplier.ubl.channel import UblChannel
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import read
from adapters.transports.parcel import Parcel, Receipt
from domain.errors import RejectedError, UnavailableError
from domain.policy import Policy
from domain.ports import OrderMessage, RemittanceAdvice
from domain.quantities import Money
from starter.courier import Courier
from starter.gateway.edge import LARGEST_DOCUMENT
from starter.reception import Reception
from tests.builders import an_order
from tests.starter.gateway_fixture import Gateway, a_gateway, queue_of

pytestmark = pytest.mark.servers

PROFILE = PartnerProfile.model_validate(
    {
        "code": "edi",
        "kind": "supplier",
        "supplier": "MEDL",
        "language": "x12",
        "x12": {"their_id": "MIDLAND", "our_id": "NORTHHOSP", "acknowledges_within_hours": 4, "resend_at_most": 1},
        "transport": {
            "kind": "https",
            "inbound": {"kind": "basic", "user": "midland", "passwords": ["env:EDI_PASSWORD"]},
        },
    }
)
PASSWORD = httpx.BasicAuth("midland", "opensesame")


@pytest.fixture
async def gateway(
    database_url: str,
    temporal: WorkflowEnvironment,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Gateway]:
    monkeypatch.setenv("EDI_PASSWORD", "opensesame")
    queue = queue_of(request.node.name)
    async with a_gateway(database_url, temporal, tmp_path, task_queue=queue, more_partners=[PROFILE]) as here:
        yield here


def interchange(*sets: str, control: int = 1, group: str = "PR", sender: str = "MIDLAND") -> bytes:
    """Write an interchange the way a partner's own translator does."""
    head = f"ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*NORTHHOSP      *261126*0800*U*00401*{control:09}*0*P*>~"
    body = f"GS*{group}*{sender}*NORTHHOSP*20261126*0800*{control}*X*004010~{''.join(sets)}GE*{len(sets)}*{control}~"
    return f"{head}{body}IEA*1*{control:09}~".encode()


def answer(number: str = "0001", *, po_number: str = "PO-000001", ack: str = "ACK*IA*20*BX", count: int = 6) -> str:
    lines = f"BAK*00*AD*{po_number}*20261126~PO1*1*20*BX*1.1**VP*M-GLV-M~{ack}~CTT*1~"
    return f"ST*855*{number}~{lines}SE*{count}*{number}~"


async def post(gateway: Gateway, body: bytes, auth: httpx.BasicAuth = PASSWORD) -> httpx.Response:
    return await gateway.http.post("/v1/partners/edi/documents", content=body, auth=auth)


async def outcomes(gateway: Gateway) -> dict[str, tuple[str, str | None]]:
    page = await gateway.parts.reading.events(limit=50, partner="edi")
    return {event.event_id: (event.state, event.outcome) for event in page.items}


async def cases(gateway: Gateway) -> list[str]:
    return sorted(case.kind.value for case in (await gateway.parts.reading.cases(limit=50)).items)


async def ours(gateway: Gateway) -> list[Written]:
    outbound = gateway.parts.outbound
    found = [await outbound.document(sent.key) for sent in await outbound.of_partner("edi", limit=50)]
    return [written for written in found if written is not None]


async def test_an_interchange_is_taken_apart_and_its_group_acknowledged_once(gateway: Gateway) -> None:
    taken = await post(gateway, interchange(answer("0001"), answer("0002", po_number="PO-000009")))
    assert (taken.status_code, taken.json()["transmissions"][0]["documents"]) == (202, 2)
    assert set(await outcomes(gateway)) == {"isa-000000001-1-855-0001", "isa-000000001-1-855-0002"}
    [written] = await ours(gateway)
    [reading] = read(written.body, X12Options())
    assert (reading.language, reading.details["group verdict"]) == ("x12 997 004010", "A")
    assert [line.number for line in reading.lines] == ["0001", "0002"]


async def test_a_copy_changes_nothing_and_has_its_acknowledgement_sent_again(gateway: Gateway) -> None:
    await post(gateway, interchange(answer()))
    [first] = await ours(gateway)
    await gateway.parts.outbound.sent(first.key)
    again = await post(gateway, interchange(answer()))
    assert (again.status_code, again.json()["transmissions"][0]["result"]) == (200, "same")
    [second] = await ours(gateway)
    assert (second.body, first.is_sent, second.is_sent) == (first.body, False, False)
    assert len(await outcomes(gateway)) == 1


async def test_a_control_number_used_again_for_something_else_is_quarantined(gateway: Gateway) -> None:
    await post(gateway, interchange(answer()))
    other = await post(gateway, interchange(answer(ack="ACK*IR*20*BX")))
    assert (other.status_code, other.headers["content-type"]) == (409, "application/problem+json")
    assert len(await outcomes(gateway)) == 1
    assert await cases(gateway) == ["conflicting event"]
    states = {row.state for row in await gateway.parts.transmissions.latest("edi", limit=5)}
    assert states == {"taken", "quarantined"}


async def test_a_bad_set_is_refused_and_its_neighbour_goes_on(gateway: Gateway) -> None:
    bad = answer("0002").replace("SE*6*0002", "SE*6*0009")
    taken = await post(gateway, interchange(answer("0001"), bad))
    assert taken.status_code == 202
    [finding] = taken.json()["transmissions"][0]["refused"]
    assert "SE02 must repeat ST02" in finding["message"]
    ended = await outcomes(gateway)
    assert ended["isa-000000001-1-855-0001"] == ("received", None)
    assert ended["isa-000000001-1-855-0002"] == ("done", "exception")
    assert await cases(gateway) == ["unreadable document"]
    [reading] = read((await ours(gateway))[0].body, X12Options())
    assert reading.details["group verdict"] == "P"
    assert [line.raw_codes[0] for line in reading.lines] == ["A", "R"]


async def test_what_is_no_x12_at_all_is_a_422_kept_and_put_to_a_person(gateway: Gateway) -> None:
    refused = await post(gateway, b"Dear Sirs, your order is on its way")
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert await cases(gateway) == ["unreadable document"]
    [row] = await gateway.parts.transmissions.latest("edi", limit=5)
    raw = await gateway.parts.transmissions.raw(row.key)
    assert (raw and raw.body, raw and raw.via) == (b"Dear Sirs, your order is on its way", "https")
    assert await outcomes(gateway) == {}


async def test_a_cut_interchange_is_refused_whole_and_the_whole_one_is_taken_under_the_same_number(
    gateway: Gateway,
) -> None:
    whole = interchange(answer("0001"), answer("0002", po_number="PO-000009"))
    cut = await post(gateway, whole[: whole.index(b"ST*855*0002")])
    assert (cut.status_code, await outcomes(gateway)) == (422, {})
    [note] = await ours(gateway)
    assert b"TA1*000000001*" in note.body
    taken = await post(gateway, whole)
    assert (taken.status_code, len(await outcomes(gateway))) == (202, 2)
    assert [written.kind for written in await ours(gateway)] == [
        "functional acknowledgement",
        "interchange acknowledgement",
    ]


async def test_no_set_of_a_group_whose_trailer_is_wrong_is_acted_on(gateway: Gateway) -> None:
    wrong = interchange(answer("0001")).replace(b"GE*1*1~", b"GE*1*7~")
    assert (await post(gateway, wrong)).status_code == 202
    assert list((await outcomes(gateway)).values()) == [("done", "exception")]
    [reading] = read((await ours(gateway))[0].body, X12Options())
    assert reading.details["group verdict"] == "R"


async def test_retrying_a_refused_document_takes_it_once_the_partners_page_is_repaired(gateway: Gateway) -> None:
    await post(gateway, interchange(answer(), sender="MIDLAND2"))
    [case] = (await gateway.parts.reading.cases(limit=5)).items
    resolve = f"/v1/exceptions/{case.id}/resolve"
    await gateway.as_person("kim.larsen", "POST", resolve, {"resolution": "retry"})
    assert await cases(gateway) == ["unreadable document"]

    options = X12Options(their_id="MIDLAND2", our_id="NORTHHOSP")
    gateway.parts.channels["edi"] = X12Channel("edi", options, PROFILE.correspondents)
    retried = await gateway.as_person("kim.larsen", "POST", resolve, {"resolution": "retry"})
    assert retried.status_code == 200
    assert (await cases(gateway), list(await outcomes(gateway))) == ([], ["isa-000000001-1-855-0001"])
    assert (await gateway.parts.transmissions.latest("edi", limit=5))[0].state == "taken"


async def test_a_store_that_is_away_is_503_and_sending_again_is_safe(gateway: Gateway) -> None:
    parts = gateway.parts
    nowhere = engine_for("postgresql://nobody@127.0.0.1:1/none")
    gateway.swap(reception=Reception(parts.channels, Transmissions(nowhere, Policy()), Policy()))
    away = await post(gateway, interchange(answer()))
    assert (away.status_code, "retry-after" in away.headers) == (503, True)
    gateway.swap(reception=parts.reception)
    assert (await post(gateway, interchange(answer()))).status_code == 202
    await nowhere.dispose()


async def test_couriers_that_press_together_send_an_overdue_document_once_more(gateway: Gateway) -> None:
    written = await placed(gateway)
    later = datetime.now(UTC) + timedelta(hours=5)
    couriers = [Courier(gateway.parts.outbound, {"edi": Recording()}, Policy(), lambda _: 9) for _ in range(4)]
    await asyncio.gather(*(courier.press(later) for courier in couriers))
    record = await gateway.parts.outbound.record(written.key)
    assert record is not None
    assert record.repeats == 1


async def test_an_interchange_may_be_larger_than_an_event_and_is_refused_beyond_its_own_limit(gateway: Gateway) -> None:
    padding = "REF*ZZ*" + "x" * 1000 + "~"
    long = answer(ack="ACK*IA*20*BX~" + (padding * 1500)[:-1], count=1506)
    assert (await post(gateway, interchange(long))).status_code == 202
    beyond = await post(gateway, b"ISA" + b"x" * LARGEST_DOCUMENT)
    assert (beyond.status_code, beyond.headers["content-type"]) == (413, "application/problem+json")
    assert len(await gateway.parts.transmissions.latest("edi", limit=5)) == 1


async def test_a_zero_byte_anywhere_is_no_outage_of_the_store(gateway: Gateway) -> None:
    whole = interchange(answer())
    for place in (b"PO-000001", b"0001*", b"000000001*0*P", b"ACK*IA", b"VP*M-GLV-M", b"MIDLAND*NORTH"):
        spoilt = whole.replace(place, place[:3] + b"\x00" + place[4:], 1)
        assert (await post(gateway, spoilt)).status_code in {202, 409, 422}, place
    await gateway.work_off()


async def test_somebody_elses_interchange_is_refused_whole(gateway: Gateway) -> None:
    refused = await post(gateway, interchange(answer(), sender="SOMEBODY"))
    assert refused.status_code == 422
    assert "ISA06" in refused.json()["detail"]
    assert (await outcomes(gateway), await ours(gateway)) == ({}, [])


@pytest.mark.parametrize("auth", [httpx.BasicAuth("midland", "wrong"), httpx.BasicAuth("card", "opensesame")])
async def test_a_wrong_password_is_401_and_nothing_is_kept(gateway: Gateway, auth: httpx.BasicAuth) -> None:
    assert (await post(gateway, interchange(answer()), auth)).status_code == 401
    assert await gateway.parts.transmissions.latest("edi", limit=5) == ()


async def test_an_order_answered_in_x12_hears_it(gateway: Gateway) -> None:
    order = an_order()
    workflow_id = f"purchase-order/NORTH/{order.key}"
    await Repository(gateway.parts.engine).register_order(order, workflow_id)
    await post(gateway, interchange(answer(ack="ACK*IA*12*BX~ACK*IB*8*BX", count=7)))
    await gateway.work_off()
    [(state, outcome)] = (await outcomes(gateway)).values()
    assert (state, outcome) == ("received", None)  # told, and told again: there is no such workflow in this test
    [event] = (await gateway.parts.reading.events(limit=5, partner="edi")).items
    assert event.attempts > 0


async def test_an_answer_that_fits_no_line_is_put_to_a_person_with_the_rule_it_breaks(gateway: Gateway) -> None:
    await Repository(gateway.parts.engine).register_order(an_order(), "purchase-order/NORTH/RQ-1-MEDL")
    await post(gateway, interchange(answer().replace("PO1*1*", "PO1*7*").replace("M-GLV-M", "X-1")))
    await gateway.work_off()
    [case] = (await gateway.parts.reading.cases(limit=5)).items
    assert case.kind.value == "unclear document"
    assert "is on no line of the order" in case.summary
    assert list((await outcomes(gateway)).values()) == [("done", "exception")]


async def test_a_partners_997_settles_our_document_and_accepts_no_order(gateway: Gateway) -> None:
    written = await placed(gateway)
    note = "ST*997*0001~AK1*PO*1~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~"
    await post(gateway, interchange(note, group="FA"))
    await gateway.work_off()
    assert list((await outcomes(gateway)).values()) == [("done", "applied")]
    document = await gateway.parts.outbound.about_group("edi", "PO", 1)
    assert document is not None
    assert (document.key, document.verdict, document.answered_at is not None) == (written.key, "A", True)
    assert [sent.kind for sent in await gateway.parts.outbound.of_partner("edi", limit=5)] == ["purchase order"]


async def test_a_refusing_997_opens_a_case_and_one_about_nothing_of_ours_another(gateway: Gateway) -> None:
    await placed(gateway)
    refusing = "ST*997*0001~AK1*PO*1~AK2*850*0001~AK3*PO1*9**8~AK4*2*330*6~AK5*R*5~AK9*R*1*1*0~SE*8*0001~"
    unknown = "ST*997*0001~AK1*PO*77~AK9*A*1*1*1~SE*4*0001~"
    await post(gateway, interchange(refusing, group="FA"))
    await post(gateway, interchange(unknown, group="FA", control=2))
    await gateway.work_off()
    assert await cases(gateway) == ["refused document", "unmatched event"]


async def test_a_ta1_that_accepts_settles_nothing_and_one_that_refuses_is_somebodys_work(gateway: Gateway) -> None:
    written = await placed(gateway)
    head, _, _ = interchange(answer(), control=1).decode().partition("GS*")
    taken = f"{head}TA1*000000001*261126*0800*A*000~IEA*0*000000001~"
    await post(gateway, taken.encode())
    await gateway.work_off()
    document = await gateway.parts.outbound.record(written.key)
    assert (document and document.verdict, await cases(gateway)) == (None, [])
    await post(gateway, taken.replace("*A*000~", "*R*024~").replace("*000000001*0*P", "*000000002*0*P").encode())
    await gateway.work_off()
    assert await cases(gateway) == ["refused document"]


async def test_a_payment_is_advised_by_820_where_the_page_wants_it(gateway: Gateway) -> None:
    advice = RemittanceAdvice(
        message=OrderMessage(key=f"{an_order().key}/paid/INV-1", order=an_order()),
        invoice_number="INV-1",
        amount=Money(amount=Decimal("22.00"), currency="USD"),
        paid_on=date(2026, 11, 26),
    )
    wanting = X12Options(their_id="MIDLAND", our_id="NORTHHOSP", wants_remittance_advice=True)
    sender = Recording()
    for options in (X12Options(), wanting, wanting):
        channel = X12Channel("edi", options, PROFILE.correspondents)
        await PostedSupplier(channel, gateway.parts.outbound, sender).send_remittance_advice(advice)
    [body] = sender.sent
    [reading] = read(body, X12Options())
    assert (reading.language, reading.lines[0].references[0].value, reading.lines[0].amount) == (
        "x12 820 004010",
        "INV-1",
        Decimal("22.00"),
    )


async def test_an_order_its_partners_language_cannot_say_is_refused_at_once_with_the_element_it_lacks(
    gateway: Gateway,
) -> None:
    supplier = PostedSupplier(
        UblChannel("ubl", UblOptions(), PROFILE.correspondents), gateway.parts.outbound, Recording()
    )
    message = OrderMessage(key="RQ-9-MEDL/placed", order=an_order())
    with pytest.raises(RejectedError, match="EndpointID"):
        await supplier.send_purchase_order(message)
    assert await ours(gateway) == []


async def test_an_unacknowledged_order_goes_out_again_as_the_same_bytes_and_then_to_a_person(gateway: Gateway) -> None:
    written = await placed(gateway)
    sender = Recording()
    courier = Courier(gateway.parts.outbound, {"edi": sender}, Policy(), lambda _: 1)
    later = datetime.now(UTC) + timedelta(hours=5)
    await courier.press(datetime.now(UTC))
    assert await courier.deliver() == 0
    await courier.press(later)
    assert await courier.deliver() == 1
    assert sender.sent == [written.body]
    await courier.press(later)
    assert (await courier.deliver(), await cases(gateway)) == (0, ["unacknowledged document"])


async def test_an_order_that_never_went_out_is_its_lifecycles_to_send_and_never_the_couriers(gateway: Gateway) -> None:
    supplier = PostedSupplier(a_channel(), gateway.parts.outbound, Recording(failures=1))
    with pytest.raises(UnavailableError):
        await supplier.send_purchase_order(OrderMessage(key="RQ-1-MEDL/placed", order=an_order()))
    courier = Courier(gateway.parts.outbound, {"edi": Recording()}, Policy(), lambda _: 1)
    await courier.press(datetime.now(UTC) + timedelta(days=9))
    assert await courier.deliver() == 0


async def test_an_order_that_was_taken_back_is_not_sent_again_however_late_its_997(gateway: Gateway) -> None:
    await placed(gateway)
    cancelled = OrderMessage(key="RQ-1-MEDL/cancelled", order=an_order(), reason="not needed")
    await PostedSupplier(a_channel(), gateway.parts.outbound, Recording()).send_cancellation(cancelled)
    courier = Courier(gateway.parts.outbound, {"edi": (sender := Recording())}, Policy(), lambda _: 1)
    await courier.press(datetime.now(UTC) + timedelta(days=9))
    assert await courier.deliver() == 1
    assert b"ST*860*" in sender.sent[0]


async def test_an_acknowledgement_its_partner_refuses_is_somebodys_work_and_not_sent_for_ever(gateway: Gateway) -> None:
    await post(gateway, interchange(answer()))
    courier = Courier(gateway.parts.outbound, {"edi": Refusing()}, Policy(), lambda _: 1)
    assert await courier.deliver() == 1
    assert (await courier.deliver(), await cases(gateway)) == (0, ["refused document"])
    [case] = (await gateway.parts.reading.cases(limit=5)).items
    await gateway.as_person("kim.larsen", "POST", f"/v1/exceptions/{case.id}/resolve", {"resolution": "retry"})
    taking = Courier(gateway.parts.outbound, {"edi": Recording()}, Policy(), lambda _: 1)
    assert await taking.deliver() == 1


async def test_a_partner_that_is_away_is_sent_to_later_and_control_numbers_have_no_gap(gateway: Gateway) -> None:
    for control in (1, 2, 3):
        await post(gateway, interchange(answer(), control=control))
    away = Recording(failures=2)
    courier = Courier(gateway.parts.outbound, {"edi": away}, Policy(), lambda _: 1)
    assert (await courier.deliver(), len(away.sent)) == (3, 1)
    sent = await gateway.parts.outbound.of_partner("edi", limit=9)
    assert sorted(one.interchange_number or 0 for one in sent) == [1, 2, 3]
    assert sum(one.sent_at is None for one in sent) == 2


class Recording:
    """A way out that writes down what goes, and fails as often as a test wants."""

    def __init__(self, failures: int = 0) -> None:
        self.sent: list[bytes] = []
        self._failures = failures

    async def send(self, parcel: Parcel) -> Receipt:
        if self._failures:
            self._failures -= 1
            raise UnavailableError("away")
        self.sent.append(parcel.body)
        return Receipt()


class Refusing:
    """A way out whose partner says no."""

    async def send(self, parcel: Parcel) -> Receipt:
        raise RejectedError(f"edi answered 400 to {parcel.name}")


def a_channel() -> Channel:
    channel = channel_of(PROFILE)
    assert channel is not None
    return channel


async def placed(gateway: Gateway) -> Written:
    """Place an order by X12, as the worker does."""
    channel = a_channel()
    outbound: Outbound = gateway.parts.outbound
    message = OrderMessage(key=f"{an_order().key}/placed", order=an_order())
    written = await outbound.write(channel.draft(OrderMessageKind.ORDER, message))
    await outbound.sent(written.key)
    return written
