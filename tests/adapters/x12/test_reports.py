"""Orders and their changes, remittances, catalogues, stock and sales reports, read whole."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.documents.reading import DocumentKind
from tests.adapters.x12.documents import CATALOGUE, CHANGE, ORDER, REMITTANCE, SALES, STOCK, read_one


def test_an_order_is_read_whole() -> None:
    reading = read_one("850", ORDER)

    assert (reading.kind, reading.number, reading.currency) == (DocumentKind.PURCHASE_ORDER, "PO-4711", "USD")
    assert (reading.parties[0].role, reading.parties[0].scheme, reading.parties[0].id) == (
        "ship to",
        "UL",
        "0614141000036",
    )
    assert reading.notes == ("Deliver to the back door",)
    assert (reading.totals.line_count, reading.totals.hash_total, reading.totals.gross) == (
        2,
        Decimal(14),
        Decimal(445),
    )
    first, second = reading.lines
    assert (first.description, first.unit_price, second.unit_price) == (
        "Gloves nitrile M",
        Decimal("12.5"),
        Decimal(80),
    )
    assert [one.on for one in first.dates] == [date(2026, 12, 1)]
    assert reading.findings == ()


def test_what_is_said_of_components_is_not_said_of_the_line() -> None:
    own = ORDER.replace("PID*F****Gloves nitrile M", "PID*F****Kit\nSLN*1**I*1*EA\nPID*F****Component")
    bare = ORDER.replace("PID*F****Gloves nitrile M", "SLN*1**I*1*EA\nPID*F****Component")

    assert read_one("850", own).lines[0].description == "Kit"
    assert read_one("850", bare).lines[0].description == "Component"


@pytest.mark.parametrize("count", ["3", "1980"])
def test_a_control_total_that_is_not_the_number_of_lines_is_told(count: str) -> None:
    reading = read_one("850", ORDER.replace("CTT*2*", f"CTT*{count}*"))

    assert [(finding.code, finding.severity) for finding in reading.findings] == [("CTT01", "warning")]


def test_a_change_says_what_it_does_to_each_line() -> None:
    reading = read_one("860", CHANGE)

    assert (reading.kind, reading.po_number) == (DocumentKind.PURCHASE_ORDER_CHANGE, "PO-4711")
    assert [(line.change, line.raw_codes) for line in reading.lines] == [("change", ("CA",)), ("delete", ("DI",))]
    assert [line.remaining.value for line in reading.lines if line.remaining] == [8, 0]
    assert read_one("860", CHANGE.replace("BCH*04", "BCH*01")).kind is DocumentKind.PURCHASE_ORDER_CANCELLATION


def test_a_remittance_says_what_was_paid_on_each_invoice() -> None:
    reading = read_one("820", REMITTANCE)

    assert (reading.number, reading.totals.payable, reading.issued_on) == (
        "PAY-3",
        Decimal("396.5"),
        date(2026, 12, 30),
    )
    assert [(line.references[0].value, line.amount) for line in reading.lines] == [
        ("INV-7", Decimal("406.5")),
        ("CM-8", Decimal(-10)),
    ]
    assert [(one.kind, one.amount) for one in reading.lines[0].charges] == [("discount", Decimal(-15))]
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("paid", "adjustments", "codes"),
    [
        ("396.5", "", []),
        ("386.5", "ADX*-10*01*IV*INV-7", []),
        ("400", "", ["BPR02"]),
        ("396.5", "ADX*-10*01*IV*INV-7", []),
    ],
)
def test_a_remittance_that_does_not_add_up_is_told(paid: str, adjustments: str, codes: list[str]) -> None:
    body = REMITTANCE.replace("BPR*I*396.5", f"BPR*I*{paid}").replace("CTT*2", f"{adjustments}\nCTT*2")

    reading = read_one("820", body)

    assert [finding.code for finding in reading.findings] == codes
    assert [one.amount for line in reading.lines for one in line.charges if one.kind == "adjustment"] == (
        [-10] if adjustments else []
    )


def test_a_catalogue_has_the_first_price_of_each_item_and_notes_the_others() -> None:
    reading = read_one("832", CATALOGUE)

    assert (reading.number, reading.raw_type, reading.purpose) == ("CAT-1", "PC", "original")
    assert [(line.unit_price, line.price_unit) for line in reading.lines] == [(Decimal("12.5"), "BX"), (80, "CA")]
    assert reading.lines[0].notes == ("pack 10, size 100 EA", "LPR 15.00 1 BX")
    assert reading.findings == ()


def test_a_stock_report_has_a_line_for_each_quantity() -> None:
    reading = read_one("846", STOCK)

    assert [(line.number, *line.raw_codes, str(line.quantity and line.quantity.value)) for line in reading.lines] == [
        ("1", "33", "120"),
        ("1", "17", "150"),
        ("2", "33", "0"),
    ]
    assert [(lot.lot, lot.expires_on) for lot in reading.lines[1].lots] == [("LOT-A", date(2028, 12, 31))]
    assert reading.findings == ()


def test_each_quantity_may_have_its_own_expiry() -> None:
    lots = "LIN*1*VP*A*LT*L1\nQTY*33*5*EA\nDTM*036*20281231\nLIN*2*VP*A\nQTY*33*6*EA\nREF*LT*L2\nDTM*036*20291231"
    reading = read_one("846", f"BIA*00*DD*X*20261126\n{lots}\nCTT*2")

    found = [lot for line in reading.lines for lot in line.lots]
    assert [(lot.lot, lot.expires_on, str(lot.quantity and lot.quantity.value)) for lot in found] == [
        ("L1", date(2028, 12, 31), "5"),
        ("L2", date(2029, 12, 31), "6"),
    ]


@pytest.mark.parametrize("order", ["quantity first", "item first"])
def test_a_sales_report_has_a_line_for_each_quantity_with_its_item_place_and_order(order: str) -> None:
    pair = ["QTY*32*15*BX", "    LIN**MG*1000*UK*10614141000415"]
    body = SALES if order == "quantity first" else SALES.replace("\n".join(pair), "\n".join(reversed(pair)))
    reading = read_one("867", body)

    first, second = reading.lines
    assert (reading.number, reading.raw_type) == ("TR-1", "SS")
    assert [one.value for one in first.identifiers] == ["1000", "10614141000415"]
    assert first.quantity is not None
    assert (first.quantity.value, first.unit_price, first.po_number) == (Decimal(15), Decimal("18.25"), "PO-4711")
    assert [lot.lot for lot in first.lots] == ["LOT-A"]
    assert ("ship to", "08KUG8730") in {(one.meaning, one.value) for one in second.references}
    assert reading.findings == ()


def test_what_an_item_says_once_is_not_repeated_without_end() -> None:
    references = "\n".join(f"REF*ZZ*{n}" for n in range(1_000))
    quantities = "\n".join("QTY*33*1*EA" for _ in range(1_000))

    reading = read_one("846", f"BIA*00*DD*X*20261126\nLIN*1*VP*A\n{references}\n{quantities}\nCTT*1")

    assert len(reading.lines) == 1_000
    assert len(reading.lines[-1].references) < 40
