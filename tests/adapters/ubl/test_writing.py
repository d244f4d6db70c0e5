"""What we write is UBL, reads back as what it was, and is the same bytes every time."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError
from adapters.documents.reading import DocumentKind, IdentifierKind, Reading
from adapters.supplier.ubl.names import NAMESPACES
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from adapters.supplier.ubl.writing import (
    clean,
    write_order,
    write_order_cancellation,
    write_order_change,
)
from domain.ports import OrderMessage
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity

AT = datetime(2026, 11, 1, 10, 20, 30, 5, tzinfo=UTC)
US = Correspondent(
    name="St. Mary", ids={"gln": "7300010000001"}, street="1 Main St", city="Oslo", postal_code="0150", country="NO",
    tax_id="NO987654325MVA", contact="Ann", email="ann@example.org",
)  # fmt: skip
WHO = Correspondents(
    us=US, them=Correspondent(name="North", endpoint="0192:987654325", ids={"assigned": "C-77"}), places={}
)
GLOVES = OrderLine(
    number=1, item="GLOVE", description="Gloves <nitrile> & more", supplier_item="N-1", gtin="04006381333931",
    quantity=Quantity(value=Decimal(3), unit="CA"), unit_price=Decimal("12.345678"), packs={"CA": Decimal(10)},
)  # fmt: skip
GONE = OrderLine(
    number=2,
    item="TAPE",
    quantity=Quantity(value=Decimal(0), unit="EA"),
    unit_price=Decimal(1),
    packs={"EA": Decimal(1)},
)
ORDER = PurchaseOrder(
    key="REQ-1-north", po_number="PO-4711", requisition="REQ-1", facility="main", deliver_to="OR-1", supplier="north",
    requester="ann", currency="NOK", needed_by=date(2026, 12, 1), lines=(GLOVES, GONE),
)  # fmt: skip
MESSAGE = OrderMessage(key="REQ-1-north/1", order=ORDER, reason="less is needed")
OPTIONS = UblOptions()


def back(body: bytes) -> Reading:
    [reading] = read(body, OPTIONS)
    assert reading.findings == ()
    return reading


def test_an_order_reads_back_as_what_it_was() -> None:
    reading = back(write_order(MESSAGE, WHO, OPTIONS, AT))
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.PURCHASE_ORDER, "PO-4711", "PO-4711")
    assert (reading.currency, reading.issued_on) == ("NOK", AT.date())
    assert reading.issued_at == AT.replace(microsecond=0)
    assert reading.sender is not None
    assert reading.receiver is not None
    assert (reading.sender.scheme, reading.sender.id) == ("0088", "7300010000001")
    assert (reading.receiver.scheme, reading.receiver.id) == ("0192", "987654325")
    assert ("requested delivery", date(2026, 12, 1)) in {(one.meaning, one.on) for one in reading.dates}
    assert (reading.totals.lines, reading.totals.payable) == (Decimal("37.04"), Decimal("37.04"))
    gloves = reading.lines[0]
    assert gloves.quantity is not None
    assert (gloves.quantity.value, gloves.quantity.unit, gloves.quantity.raw_unit) == (Decimal(3), "CA", "XCS")
    assert (gloves.unit_price, gloves.amount, gloves.description) == (
        Decimal("12.345678"), Decimal("37.04"), "Gloves <nitrile> & more",
    )  # fmt: skip
    assert {one.kind: one.normalised for one in gloves.identifiers} == {
        IdentifierKind.BUYER_ITEM: "GLOVE",
        IdentifierKind.SUPPLIER_ITEM: "N-1",
        IdentifierKind.GTIN: "04006381333931",
    }


def test_a_change_numbers_itself_and_deletes_lines_of_nothing() -> None:
    reading = back(write_order_change(MESSAGE, WHO, OPTIONS, AT, 2))
    assert (reading.kind, reading.number, reading.raw_type) == (DocumentKind.PURCHASE_ORDER_CHANGE, "PO-4711-2", "2")
    assert (reading.po_number, reading.notes) == ("PO-4711", ("less is needed",))
    assert [line.change for line in reading.lines] == ["change", "delete"]


def test_a_cancellation_names_the_order_and_the_reason() -> None:
    reading = back(write_order_cancellation(MESSAGE, WHO, OPTIONS, AT))
    assert (reading.kind, reading.po_number) == (DocumentKind.PURCHASE_ORDER_CANCELLATION, "PO-4711")
    assert (reading.purpose, reading.notes) == ("cancellation", ("less is needed",))


def test_elements_stand_in_the_order_of_the_schema() -> None:
    root = etree.fromstring(write_order(MESSAGE, WHO, OPTIONS, AT))
    assert [etree.QName(element).localname for element in root] == [
        "CustomizationID", "ProfileID", "ID", "IssueDate", "IssueTime", "OrderTypeCode", "Note", "DocumentCurrencyCode",
        "OriginatorDocumentReference", "BuyerCustomerParty", "SellerSupplierParty", "Delivery",
        "AnticipatedMonetaryTotal", "OrderLine", "OrderLine",
    ]  # fmt: skip


def test_the_same_message_is_the_same_bytes() -> None:
    assert write_order(MESSAGE, WHO, OPTIONS, AT) == write_order(MESSAGE, WHO, OPTIONS, AT)


def test_units_are_the_partners_where_its_profile_names_them() -> None:
    body = write_order(MESSAGE, WHO, UblOptions(units={"CS": "CA"}), AT)
    quantity = etree.fromstring(body).find(".//cbc:Quantity", NAMESPACES)
    assert quantity is not None
    assert quantity.get("unitCode") == "CS"


def test_a_unit_without_a_code_is_not_written() -> None:
    line = GLOVES.model_copy(update={"quantity": Quantity(value=Decimal(1), unit="SP")})
    message = MESSAGE.model_copy(update={"order": ORDER.model_copy(update={"lines": (line,)})})
    with pytest.raises(CannotBeWrittenError, match="line 1: unit SP has no code"):
        write_order(message, WHO, OPTIONS, AT)


def test_a_party_without_an_endpoint_is_not_written() -> None:
    who = WHO.model_copy(update={"them": Correspondent(name="North")})
    with pytest.raises(CannotBeWrittenError, match="their_endpoint"):
        write_order(MESSAGE, who, OPTIONS, AT)
    write_order(MESSAGE, who, UblOptions(their_endpoint="0192:987654325"), AT)


def test_a_tax_category_is_told_where_the_partner_wants_it() -> None:
    options = UblOptions(tax_category="S", tax_percent="25")
    [line, _] = back(write_order(MESSAGE, WHO, options, AT)).lines
    assert [(tax.kind, tax.percent) for tax in line.taxes] == [("VAT S", Decimal(25))]


@given(st.text())
def test_any_text_can_be_written_and_is_read_as_it_was_cleaned(text: str) -> None:
    line = GLOVES.model_copy(update={"description": text})
    message = MESSAGE.model_copy(update={"order": ORDER.model_copy(update={"lines": (line,)})})
    [read_back] = back(write_order(message, WHO, OPTIONS, AT)).lines
    assert read_back.description == (clean(text) or "N-1")[:2000]


@given(st.decimals("0.001", "999999", places=3), st.decimals("0", "9999", places=6))
def test_any_quantity_and_price_reads_back_exactly(value: Decimal, price: Decimal) -> None:
    line = GLOVES.model_copy(update={"quantity": Quantity(value=value, unit="KG"), "unit_price": price})
    message = MESSAGE.model_copy(update={"order": ORDER.model_copy(update={"lines": (line,)})})
    [read_back] = back(write_order(message, WHO, OPTIONS, AT)).lines
    assert read_back.quantity is not None
    assert (read_back.quantity.value, read_back.unit_price) == (value, price)
