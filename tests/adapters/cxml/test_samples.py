"""Real cXML documents, against the business facts known of each."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.documents.reading import DocumentKind, Reading, ReadLine
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.reading import read
from tests.samples import facts_of, samples

FILES = samples("cxml")
WITH_FACTS = [path for path in FILES if facts_of(path) is not None]
KINDS = {
    "ConfirmationRequest": DocumentKind.ORDER_ACKNOWLEDGEMENT,
    "InvoiceDetailRequest": DocumentKind.SUPPLIER_INVOICE,
    "OrderRequest": DocumentKind.PURCHASE_ORDER,
    "PunchOutOrderMessage": DocumentKind.PUNCH_OUT_ORDER,
    "PunchOutSetupRequest": DocumentKind.PUNCH_OUT_SETUP,
    "Response": DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT,
    "ShipNoticeRequest": DocumentKind.SHIP_NOTICE,
}
NUMBERS = ("order_id", "shipment_id", "invoice_id", "confirm_id")
DAYS = {"notice_date": "issued_at", "order_date": "issued_at", "invoice_date": "issued_at"}
TOTALS = {"SubtotalAmount": "lines", "Tax": "tax", "NetAmount": "payable"}
pytestmark = pytest.mark.skipif(not FILES, reason="the sample documents are not beside the project")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.split("_")[-1])
def test_a_real_document_is_read_as_what_it_is(path: Path) -> None:
    (reading,) = read(path.read_bytes(), CxmlOptions())
    assert reading.kind is KINDS.get(reading.language.split()[1], DocumentKind.UNKNOWN)
    assert reading.message_id == reading.details["payload id"]
    assert reading.is_usable


@pytest.mark.parametrize("path", WITH_FACTS, ids=lambda path: path.name.split("_")[-1])
def test_a_real_document_says_what_is_known_of_it(path: Path) -> None:
    (reading,) = read(path.read_bytes(), CxmlOptions())
    fact = facts_of(path)
    assert reading.language.split()[1] == fact["kind"]
    compare_envelope(reading, fact)
    compare_header(reading, fact)
    assert len(reading.lines) == len(fact["lines"])
    for line, known in zip(reading.lines, fact["lines"], strict=True):
        compare_line(line, known)


def compare_envelope(reading: Reading, fact: dict[str, Any]) -> None:
    assert reading.details["payload id"] == fact["payload_id"]
    assert reading.details["timestamp"] == fact["timestamp"]
    assert reading.details.get("deployment mode") == fact.get("deployment")
    assert reading.sender is not None
    assert reading.receiver is not None
    assert [reading.sender.scheme, reading.sender.id] == fact["from"]
    assert [reading.receiver.scheme, reading.receiver.id] == fact["to"]


def compare_header(reading: Reading, fact: dict[str, Any]) -> None:
    assert [reading.number] == [fact[name] for name in NUMBERS if name in fact]
    for theirs, ours in DAYS.items():
        if theirs in fact:
            assert getattr(reading, ours) == datetime.fromisoformat(fact[theirs])
    dates = {one.raw: one.at for one in reading.dates}
    assert dates.get("shipmentDate") == moment(fact.get("ship"))
    assert dates.get("deliveryDate") == moment(fact.get("deliver"))
    carriers = [[one.scheme, one.id] for one in reading.parties if one.role == "carrier"]
    assert carriers == fact.get("carriers", [])
    assert list(reading.tracking) == fact.get("tracking", [])
    orders = {order for order in fact.get("orders", []) if order}
    assert orders <= {reading.po_number, *(line.po_number for line in reading.lines)}
    if "total" in fact:
        assert [reading.totals.gross, reading.currency] == [Decimal(fact["total"][0]), fact["total"][1]]
    for name, (amount, _) in fact.get("summary", {}).items():
        if name in TOTALS:
            assert getattr(reading.totals, TOTALS[name]) == Decimal(amount)


def compare_line(line: ReadLine, known: dict[str, Any]) -> None:
    assert line.number == known["line"]
    assert line.order_line == known.get("po_line", known["line"])
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.raw_unit) == (Decimal(known["qty"]), known["uom"])
    assert line.unit_price == Decimal(known["price"][0])
    if "subtotal" in known:
        assert line.amount == Decimal(known["subtotal"][0])
    if "supplier_part" in known:
        assert known["supplier_part"] in {one.value for one in line.identifiers}
    if "requested" in known:
        assert moment(known["requested"]) in {one.at for one in line.dates}
    assert known.get("description", line.description) == line.description


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
