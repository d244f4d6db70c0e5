"""What inventory platforms report of use, requests and labels; a label and the words beside it never differ."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.inbound import InboundDocument
from adapters.inventory.platform.mapping import document_of
from domain.delivery import GoodsReceipt
from domain.usage import ReplenishmentRequest, Usage
from tests.adapters.events import received

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
GTIN = "09506000134352"
UDI = f"(01){GTIN}(17)280131(10)L1(21)S1"
USED = "supplyline.inventory.supply-used"
PLACE = {"facility": "NORTH", "location": "OR-3"}


def used(**line: Any) -> Usage:
    whole = {"unit": "EA", "quantity": "1", **line}
    found = document_of(USED, {"usage": "U-1", **PLACE, "lines": [whole]}, AT)
    assert isinstance(found, Usage)
    return found


def receipt(**line: Any) -> GoodsReceipt:
    data = received()["data"]
    data["lines"][0] = {name: value for name, value in {**data["lines"][0], **line}.items() if value is not None}
    found = document_of("supplyline.inventory.goods-received", data, AT)
    assert isinstance(found, GoodsReceipt)
    return found


def test_use_is_reported_line_by_line_and_returns_below_zero() -> None:
    usage = used(item="GLV-M", quantity="-4", lot="L9")
    (line,) = usage.lines
    assert (usage.key, usage.used_at, line.item, str(line.quantity), line.lot) == (
        "NORTH/inventory/U-1",
        AT,
        "GLV-M",
        "-4 EA",
        "L9",
    )
    assert InboundDocument(usage, None).po_number is None


def test_a_label_says_what_was_used() -> None:
    (line,) = used(udi=UDI).lines
    assert (line.gtin, line.lot, line.serial, line.expires_on) == (GTIN, "L1", "S1", date(2028, 1, 31))
    (line,) = used(udi="+A123BJC5D6E71G").lines
    assert line.supplier_item == "A123BJC5D6E71"


@pytest.mark.parametrize(
    "beside", [{"lot": "L2"}, {"serial": "S2"}, {"expires_on": "2028-02-29"}, {"gtin": "4006381333931"}]
)
def test_a_label_that_contradicts_its_line_is_refused(beside: dict[str, str]) -> None:
    with pytest.raises(BadDocumentError, match="/data/lines/0/udi: contradicts the"):
        used(udi=UDI, **beside)


def test_a_label_that_agrees_with_its_line_is_taken() -> None:
    assert used(udi=UDI, lot="L1", gtin=GTIN, expires_on="2028-01-31") == used(udi=UDI)


@pytest.mark.parametrize(
    "wrong", [{}, {"item": "GLV-M", "quantity": "0"}, {"item": "GLV-M", "gtin": "123"}, {"item": "GLV M"}]
)
def test_a_line_that_names_nothing_or_nothing_valid_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        used(**wrong)


def test_a_patients_number_is_no_case_reference() -> None:
    line = {"item": "GLV-M", "unit": "EA", "quantity": "1"}
    with pytest.raises(ValidationError):
        document_of(USED, {"usage": "U-1", **PLACE, "case_reference": "MRN8812", "lines": [line]}, AT)


def test_a_receipts_label_gives_its_lot() -> None:
    (line,) = receipt(udi=UDI, lots=None).lines
    (lot,) = line.lots
    assert (line.gtin, lot.lot, lot.serial, lot.expires_on, lot.quantity.value) == (
        GTIN,
        "L1",
        "S1",
        date(2028, 1, 31),
        Decimal(20),
    )


def test_a_receipts_label_adds_to_the_lot_it_names() -> None:
    lots = [{"lot": "L1", "quantity": "12"}, {"lot": "L2", "quantity": "8"}]
    first, second = receipt(udi=UDI, lots=lots).lines[0].lots
    assert (first.expires_on, first.serial, second.expires_on) == (date(2028, 1, 31), "S1", None)


@pytest.mark.parametrize(
    "lot", [{"lot": "L2"}, {"lot": "L1", "expires_on": "2027-01-31"}, {"lot": "L1", "serial": "S2"}]
)
def test_a_receipts_label_never_contradicts_its_lot(lot: dict[str, str]) -> None:
    with pytest.raises(BadDocumentError, match="contradicts the"):
        receipt(udi=UDI, lots=[{"quantity": "20", **lot}])


def test_a_label_that_is_no_barcode_is_refused_by_its_rule() -> None:
    with pytest.raises(BadDocumentError) as refused:
        receipt(udi="(01)09506000134353")
    assert str(refused.value) == "/data/lines/0/udi: AI 01: must end in its check digit"


def test_a_request_for_stock_is_read() -> None:
    data = {"request": "RQ-9", **PLACE, "criticality": "urgent", "needed_by": "2026-11-25"}
    items = [{"item": "GLV-M", "unit": "BX", "quantity": "20"}]
    found = document_of("supplyline.inventory.stock-requested", {**data, "items": items}, AT)
    assert isinstance(found, ReplenishmentRequest)
    assert (found.criticality, found.needed_by, str(found.lines[0].quantity)) == ("urgent", date(2026, 11, 25), "20 BX")
    with pytest.raises(BadDocumentError, match="criticality"):
        document_of("supplyline.inventory.stock-requested", {**data, "criticality": "soon", "items": items}, AT)
