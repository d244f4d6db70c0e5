"""Every document a sandbox supplier writes, read by our readers; every one of ours, read by the supplier's own."""

from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.documents.channel import OrderMessageKind
from adapters.documents.conventions import Conventions
from adapters.documents.placing import place
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import SupplierInvoice
from domain.order_state import PartnerDocument
from sandbox.partners.trading import Behaviour, answer_of, bill_of, shipments_of
from tests.sandbox.tongues import TONGUES, Tongue
from tests.sandbox.trades import TODAY, a_message, two_lines, what_was_ordered

pytestmark = pytest.mark.parametrize("tongue", TONGUES, ids=lambda tongue: tongue.name)
SOON, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=5)


def placed(tongue: Tongue, document: bytes) -> PartnerDocument:
    """Return what a document says of our order; there is nothing in it to find fault with."""
    (reading,) = tongue.read(document)
    assert reading.findings == ()
    return place(reading, two_lines(), Conventions(supplier="MEDL"))


def answered(tongue: Tongue, behaviour: Behaviour) -> OrderAcknowledgement:
    answer = placed(tongue, tongue.acknowledgement(answer_of(what_was_ordered(), behaviour, TODAY)))
    assert isinstance(answer, OrderAcknowledgement)
    return answer


@pytest.mark.parametrize("kind", [OrderMessageKind.ORDER, OrderMessageKind.CHANGE])
def test_our_order_and_its_change_are_understood(tongue: Tongue, kind: OrderMessageKind) -> None:
    understood = tongue.understood(kind, a_message())
    assert (understood.kind, understood.po_number) == (kind, "PO-000001")
    assert understood.order == what_was_ordered(understood.name)


def test_our_cancellation_is_understood(tongue: Tongue) -> None:
    understood = tongue.understood(OrderMessageKind.CANCELLATION, a_message(step="cancelled"))
    assert (understood.kind, understood.po_number) == (OrderMessageKind.CANCELLATION, "PO-000001")


def test_an_answer_accepts_every_line_at_the_ordered_price(tongue: Tongue) -> None:
    answer = answered(tongue, Behaviour())
    assert [(line.number, part.kind, str(part.quantity), part.promised_on) for line in answer.lines
            for part in line.parts] == [
        (1, AnswerKind.ACCEPTED, "7 BX", SOON),
        (2, AnswerKind.ACCEPTED, "4 BX", SOON),
    ]  # fmt: skip
    prices = {part.unit_price for part in answer.lines[0].parts}
    assert prices <= {None, Decimal("36.5")}


def test_an_answer_rejects_a_line(tongue: Tongue) -> None:
    answer = answered(tongue, Behaviour(reject_item="DRP-S"))
    assert [line.parts[0].kind for line in answer.lines] == [AnswerKind.REJECTED, AnswerKind.ACCEPTED]


def test_an_answer_splits_a_backordered_line(tongue: Tongue) -> None:
    first, second = answered(tongue, Behaviour(backorder_item="DRP-S")).lines
    now, later = first.parts
    assert (str(now.quantity), str(later.quantity), later.kind) == ("3 BX", "4 BX", AnswerKind.BACKORDERED)
    assert now.kind in {AnswerKind.ACCEPTED, AnswerKind.CHANGED}
    assert [str(part.quantity) for part in second.parts] == ["4 BX"]


def test_a_single_unit_is_backordered_whole(tongue: Tongue) -> None:
    first, _ = answered(tongue, Behaviour(backorder_item="DRP-S", parts=9)).lines
    assert sum(part.quantity.value for part in first.parts) == 7
    assert first.parts[-1].kind is AnswerKind.BACKORDERED


def test_an_answer_offers_another_item(tongue: Tongue) -> None:
    _, second = answered(tongue, Behaviour(substitute_item="WND-10")).lines
    assert [(part.kind, part.item, str(part.quantity)) for part in second.parts] == [
        (AnswerKind.SUBSTITUTED, "S-WND-ALT", "4 BX")
    ]


def test_ship_notices_name_quantities_lots_expiry_and_the_pallet(tongue: Tongue) -> None:
    shipments = shipments_of(what_was_ordered(), Behaviour(parts=2), TODAY)
    notices = [placed(tongue, tongue.ship_notice(shipment)) for shipment in shipments]
    for notice, shipment in zip(notices, shipments, strict=True):
        assert isinstance(notice, ShipNotice)
        assert (notice.number, notice.po_number, notice.expected_on) == (shipment.number, "PO-000001", SOON)
        assert notice.packages == (shipment.sscc,)
        assert notice.carrier
        assert [(line.number, line.quantity.value, lot.lot, lot.expires_on, lot.quantity.value)
                for line in notice.lines for lot in line.lots] == [
            (goods.line.number, goods.quantity, goods.lot, goods.expires_on, goods.quantity)
            for goods in shipment.goods
        ]  # fmt: skip
    assert [[str(goods.quantity) for goods in shipment.goods] for shipment in shipments] == [["3", "2"], ["4", "2"]]


def test_an_invoice_adds_up_at_the_suppliers_price(tongue: Tongue) -> None:
    behaviour = Behaviour(over_price_item="DRP-S", over_price_percent=6)
    invoice = placed(tongue, tongue.invoice(bill_of(what_was_ordered(), behaviour, "HLIN")))
    assert isinstance(invoice, SupplierInvoice)
    assert (invoice.number, invoice.total, invoice.currency) == ("INV-HLIN-000001", Decimal("319.83"), "USD")
    assert [(line.order_line, line.unit_price, line.amount) for line in invoice.lines] == [
        (1, Decimal("38.69"), Decimal("270.83")),
        (2, Decimal("12.25"), Decimal("49.00")),
    ]


def test_the_same_thing_said_at_the_same_moment_is_the_same_bytes(tongue: Tongue) -> None:
    answer = answer_of(what_was_ordered(), Behaviour(), TODAY)
    assert tongue.acknowledgement(answer) == tongue.acknowledgement(answer)
