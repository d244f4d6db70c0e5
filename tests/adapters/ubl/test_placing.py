"""From UBL to what an order's lifecycle is told."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.conventions import Conventions
from adapters.documents.placing import NothingToTellError, place
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from domain.delivery import GoodsReceipt, ShipNotice
from domain.invoice import CreditNote, SupplierInvoice
from domain.order_state import PartnerDocument
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity
from tests.adapters.ubl.documents import (
    DESPATCH_ADVICE,
    RECEIPT_ADVICE,
    credit_note,
    invoice,
    order_response,
    response_line,
)

STENT = OrderLine(
    number=3, item="STENT", supplier_item="ST-9", gtin="04006381333931", unit_price=Decimal("12.5"),
    quantity=Quantity(value=Decimal(10), unit="BX"), packs={"BX": Decimal(5), "EA": Decimal(1)},
)  # fmt: skip
PUMP = OrderLine(
    number=4,
    item="PUMP",
    quantity=Quantity(value=Decimal(2), unit="EA"),
    unit_price=Decimal(51),
    packs={"EA": Decimal(1)},
)
ORDER = PurchaseOrder(
    key="REQ-1-north", po_number="PO-4711", requisition="REQ-1", facility="main", deliver_to="OR-1", supplier="north",
    requester="ann", currency="EUR", lines=(STENT, PUMP),
)  # fmt: skip


def placed(body: bytes) -> PartnerDocument:
    [reading] = read(body, UblOptions())
    return place(reading, ORDER, Conventions(supplier="north"))


def test_an_answer_becomes_parts_of_order_lines() -> None:
    content = (
        '<cbc:Quantity unitCode="XBX">6</cbc:Quantity><cbc:MaximumBackorderQuantity>4</cbc:MaximumBackorderQuantity>'
    )
    told = placed(order_response("CA", response_line(1, "3", content, of=3), response_line(2, "7", of=4)))
    assert isinstance(told, OrderAcknowledgement)
    assert [(line.number, [(part.kind, str(part.quantity)) for part in line.parts]) for line in told.lines] == [
        (3, [(AnswerKind.CHANGED, "6 BX"), (AnswerKind.BACKORDERED, "4 BX")]),
        (4, [(AnswerKind.REJECTED, "2 EA")]),
    ]


def test_an_acceptance_of_the_whole_order_is_one() -> None:
    told = placed(order_response("AP"))
    assert isinstance(told, OrderAcknowledgement)
    assert (told.whole_order, told.number) == (AnswerKind.ACCEPTED, "R-1")


def test_a_receipt_of_the_order_tells_nothing() -> None:
    with pytest.raises(NothingToTellError):
        placed(order_response("AB"))


def test_a_silent_line_waits_for_a_person() -> None:
    with pytest.raises(BadDocumentError, match="neither accepts nor refuses"):
        placed(order_response("CA", response_line(1, "", '<cbc:Quantity unitCode="XBX">6</cbc:Quantity>', of=3)))


def test_a_despatch_advice_becomes_a_ship_notice_with_lots_and_serials() -> None:
    told = placed(DESPATCH_ADVICE)
    assert isinstance(told, ShipNotice)
    assert (told.expected_on, told.carrier, told.tracking) == (date(2026, 11, 6), "Fast Freight", "T-9")
    assert told.shipped_at == datetime(2026, 11, 3, 17, tzinfo=UTC)
    assert [(line.number, str(line.quantity), [lot.lot for lot in line.lots]) for line in told.lines] == [
        (3, "8 BX", ["L77"]),
        (4, "2 EA", ["SN1", "SN2"]),
    ]


def test_a_receipt_advice_becomes_a_goods_receipt() -> None:
    told = placed(RECEIPT_ADVICE)
    assert isinstance(told, GoodsReceipt)
    assert [(line.number, str(line.accepted), str(line.rejected)) for line in told.lines] == [(3, "8 BX", "2 BX")]


def test_an_invoice_becomes_one_with_net_prices_and_its_total_before_what_was_prepaid() -> None:
    told = placed(invoice(("<cbc:Name>Pump</cbc:Name>", f"<cbc:Name>Pump</cbc:Name>{PUMPS_NUMBER}")))
    assert isinstance(told, SupplierInvoice)
    assert [(line.order_line, str(line.quantity), line.amount, line.unit_price) for line in told.lines] == [
        (3, "8 BX", Decimal(98), Decimal("12.25")),
        (4, "2 EA", Decimal(102), Decimal(51)),
    ]
    assert [(charge.kind, charge.amount) for charge in told.charges] == [
        ("freight", Decimal(10)),
        ("Loyalty", Decimal(-5)),
    ]
    assert (told.tax, told.total) == (Decimal("38.95"), Decimal("243.95"))


def test_a_credit_note_becomes_one_about_its_invoice() -> None:
    told = placed(credit_note())
    assert isinstance(told, CreditNote)
    assert (told.number, told.invoice_number, told.total) == ("CN-1", "INV-1", Decimal("243.95"))


def test_an_invoice_that_does_not_add_up_waits_for_a_person() -> None:
    payable = '<cbc:PayableAmount currencyID="EUR">'
    with pytest.raises(BadDocumentError, match="PayableAmount must be"):
        placed(invoice((f"{payable}200.00", f"{payable}201.00")))


PUMPS_NUMBER = "<cac:BuyersItemIdentification><cbc:ID>PUMP</cbc:ID></cac:BuyersItemIdentification>"
