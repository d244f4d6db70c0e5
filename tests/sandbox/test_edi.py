"""The X12 supplier's own writer against our reader, and our writer against its reader."""

from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.documents.channel import OrderMessageKind
from adapters.documents.conventions import Conventions
from adapters.documents.outbox import ControlNumbers
from adapters.documents.placing import place
from adapters.documents.reading import Reading
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import SupplierInvoice
from domain.order_state import PartnerDocument
from sandbox.partners import edi
from sandbox.partners.edi import Names
from sandbox.partners.trading import Behaviour, answer_of, bill_of, shipments_of
from tests.sandbox.trades import NOW, TODAY, WHO, a_message, two_lines, what_was_ordered

NUMBERS = ControlNumbers(interchange=41, group=41, transaction_set=1)
CHANNEL = X12Channel("heartland", X12Options(their_id="HLIN"), WHO)


def said(code: str, body: list[edi.Segment], number: int = 5) -> bytes:
    return edi.interchange(code, body, Names("HLIN", "SUPPLYLINE"), number, NOW).encode()


def read(document: bytes) -> Reading:
    """Return the one reading of a document, without a finding of any kind."""
    (reading,) = CHANNEL.read(document)
    assert reading.findings == ()
    return reading


def placed(document: bytes) -> PartnerDocument:
    return place(read(document), two_lines(), Conventions(supplier="MEDL"))


def ordered(kind: OrderMessageKind) -> list[edi.Received]:
    document = CHANNEL.draft(kind, a_message()).write(NUMBERS, NOW)
    return edi.read(document.decode())


def test_our_order_is_understood() -> None:
    (received,) = ordered(OrderMessageKind.ORDER)
    assert edi.order_of(received) == what_was_ordered("000000041-41-0001")


def test_our_change_is_understood() -> None:
    (received,) = ordered(OrderMessageKind.CHANGE)
    assert edi.po_number_taken_back(received) is None
    assert edi.order_of(received) == what_was_ordered("000000041-41-0001")


def test_our_cancellation_is_understood() -> None:
    (received,) = ordered(OrderMessageKind.CANCELLATION)
    assert edi.po_number_taken_back(received) == "PO-000001"


def test_an_answer_says_what_comes_of_every_line() -> None:
    behaviour = Behaviour(backorder_item="DRP-S", substitute_item="WND-10")
    answer = placed(said("855", edi.acknowledgement(answer_of(what_was_ordered(), behaviour, TODAY), NOW)))
    assert isinstance(answer, OrderAcknowledgement)
    assert [
        (line.number, part.kind, str(part.quantity), part.item, part.promised_on)
        for line in answer.lines
        for part in line.parts
    ] == [
        (1, AnswerKind.ACCEPTED, "3 BX", None, TODAY + timedelta(days=1)),
        (1, AnswerKind.BACKORDERED, "4 BX", None, TODAY + timedelta(days=5)),
        (2, AnswerKind.SUBSTITUTED, "4 BX", "S-WND-ALT", TODAY + timedelta(days=1)),
    ]


@pytest.mark.parametrize(("behaviour", "kind"), [("", AnswerKind.ACCEPTED), ("DRP-S", AnswerKind.REJECTED)])
def test_an_answer_accepts_or_rejects_a_line(behaviour: str, kind: AnswerKind) -> None:
    promised = answer_of(what_was_ordered(), Behaviour(reject_item=behaviour), TODAY)
    answer = placed(said("855", edi.acknowledgement(promised, NOW)))
    assert isinstance(answer, OrderAcknowledgement)
    assert [part.kind for part in answer.lines[0].parts] == [kind]
    assert [part.unit_price for part in answer.lines[1].parts] == [Decimal("12.25")]


def test_ship_notices_name_lots_expiry_and_the_pallet() -> None:
    shipments = shipments_of(what_was_ordered(), Behaviour(parts=2), TODAY)
    notices = [placed(said("856", edi.ship_notice(shipment, NOW))) for shipment in shipments]
    assert [type(notice) for notice in notices] == [ShipNotice, ShipNotice]
    first, second = (notice for notice in notices if isinstance(notice, ShipNotice))
    assert (first.number, second.number) == ("ASN-PO-000001-1", "ASN-PO-000001-2")
    assert [line.quantity.value for line in (*first.lines, *second.lines)] == [3, 2, 4, 2]
    assert (first.packages, second.packages) == ((shipments[0].sscc,), (shipments[1].sscc,))
    lot = first.lines[0].lots[0]
    assert (lot.lot, lot.expires_on, str(lot.quantity)) == ("L000001-1A", TODAY + timedelta(days=730), "3 BX")
    assert (first.expected_on, first.carrier) == (TODAY + timedelta(days=1), "Roadrunner")


def test_an_invoice_adds_up_at_the_suppliers_price() -> None:
    behaviour = Behaviour(over_price_item="DRP-S", over_price_percent=6)
    invoice = placed(said("810", edi.invoice(bill_of(what_was_ordered(), behaviour, "HLIN"), NOW)))
    assert isinstance(invoice, SupplierInvoice)
    assert (invoice.number, invoice.total) == ("INV-HLIN-000001", Decimal("319.83"))
    assert [(line.order_line, line.unit_price, line.amount) for line in invoice.lines] == [
        (1, Decimal("38.69"), Decimal("270.83")),
        (2, Decimal("12.25"), Decimal("49.00")),
    ]


def test_our_group_is_confirmed_under_its_own_number() -> None:
    reading = read(said("997", edi.functional(ordered(OrderMessageKind.ORDER))))
    assert (reading.details["acknowledged group"], reading.details["group verdict"]) == ("41", "A")
    assert [(line.number, line.raw_codes) for line in reading.lines] == [("0001", ("A",))]


def test_our_verdict_on_its_group_is_understood() -> None:
    body = edi.acknowledgement(answer_of(what_was_ordered(), Behaviour(), TODAY), NOW)
    for document, verdict in ((said("855", body), "A"), (edi.broken(said("855", body).decode()).encode(), "R")):
        (envelope,) = CHANNEL.receive(document)
        (answer,) = envelope.answers
        (received,) = edi.read(answer.write(NUMBERS, NOW).decode())
        assert edi.verdict_of(received) == ("5", verdict)
