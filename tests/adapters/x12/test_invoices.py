"""810: whatever scale and repetition a sender likes, the reading that adds up is taken, and none is guessed."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.x12.options import ImpliedDecimals, X12Options
from tests.adapters.x12.documents import CREDIT, INVOICE, read_one

LINES = "IT1*1*6*BX*12.50**VP*GLV-M\nIT1*2*4*CA*80**VP*MSK-1"
GOODS = Decimal(395)


def billed(
    *beside: str, tds: str = "39500", lines: str = LINES, big: str = "", options: X12Options | None = None
) -> Reading:
    """Read an invoice; what is given before `TDS` stands after the lines, what comes after it in the summary."""
    before = beside[: beside.index("TDS")] if "TDS" in beside else ()
    after = beside[beside.index("TDS") + 1 :] if "TDS" in beside else beside
    segments = [f"BIG*20261129*INV-7*20261120*PO-4711***{big}", lines, *before, f"TDS*{tds}", *after, "CTT*2"]
    return read_one("810", "\n".join(segments), options)


def money(reading: Reading) -> tuple[Decimal | None, ...]:
    totals = reading.totals
    return totals.lines, totals.charges, totals.allowances, totals.tax, totals.payable


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_an_invoice_is_read_whole() -> None:
    reading = read_one("810", INVOICE)

    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.SUPPLIER_INVOICE, "INV-7", "PO-4711")
    assert (reading.issued_on, reading.currency, reading.raw_type) == (date(2026, 11, 29), "USD", "DI")
    assert money(reading) == (GOODS, Decimal("12.5"), Decimal(10), Decimal(24), Decimal("421.5"))
    assert [(charge.kind, charge.amount) for charge in reading.charges] == [
        ("freight", Decimal("12.5")),
        ("discount", -10),
    ]
    assert [(line.number, line.amount) for line in reading.lines] == [("1", Decimal(75)), ("2", Decimal(320))]
    assert {(one.meaning, one.on) for one in reading.dates} == {
        ("purchase order", date(2026, 11, 20)),
        ("due", date(2026, 12, 29)),
    }
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("tds", "freight", "total"),
    [
        ("40750", "1250", "407.50"),
        ("407.50", "1250", "407.50"),
        ("407.50", "12.50", "407.50"),
        ("40750", "12.50", "407.50"),
        ("408", "13", "408"),
        ("408", "13.00", "408"),
        ("408.00", "13", "408"),
    ],
)
def test_implied_decimals_points_and_whole_units_all_add_up(tds: str, freight: str, total: str) -> None:
    reading = billed(f"SAC*C*D240***{freight}", tds=tds)

    assert reading.totals.payable == Decimal(total)
    assert reading.totals.charges == Decimal(total) - GOODS
    assert reading.is_usable


def test_whole_units_are_told_and_may_be_forbidden() -> None:
    assert codes(billed(tds="395")) == ["TDS01"]
    assert billed(tds="395").is_usable
    assert not billed(tds="395", options=X12Options(implied_decimals=ImpliedDecimals.IMPLIED)).is_usable
    explicit = billed(tds="395", options=X12Options(implied_decimals=ImpliedDecimals.EXPLICIT))
    assert (explicit.totals.payable, explicit.findings) == (GOODS, ())


def test_a_total_nothing_adds_up_to_is_an_error_at_its_element() -> None:
    reading = billed(tds="39900")

    assert codes(reading) == ["TDS01"]
    assert reading.findings[0].position.endswith("segment 5 (TDS), element 1")
    assert reading.totals.payable == Decimal(399)
    assert not reading.is_usable


@pytest.mark.parametrize(
    ("beside", "tds"),
    [
        (["SAC*C*D240***1250"], "40750"),
        (["SAC*C*D240***1250", "TDS"], "40750"),
        (["SAC*C*D240***1250", "TDS", "SAC*C*D240***1250"], "40750"),
        (["TDS", "TXI*ST*12.50"], "40750"),
        (["TDS", "SAC*C*H850***1250", "TXI*ST*12.50"], "40750"),
        (["TXI*ST*12.50", "TDS", "TXI*ST*12.50"], "40750"),
    ],
    ids=["summary", "line", "repeated", "tax", "tax twice", "tax of line and whole"],
)
def test_what_is_said_twice_counts_once(beside: list[str], tds: str) -> None:
    reading = billed(*beside, tds=tds)
    totals = reading.totals

    assert totals.payable == Decimal("407.5")
    assert (totals.charges or 0) + (totals.tax or 0) == Decimal("12.5")
    assert reading.is_usable


def test_money_named_that_does_not_count_is_told() -> None:
    reading = billed("SAC*C*D240***1250")

    assert codes(reading) == ["TDS01"]
    assert money(reading) == (GOODS, Decimal(0), Decimal(0), Decimal(0), GOODS)
    assert reading.charges == ()


def test_a_total_before_allowances_gives_way_to_the_amount_to_be_paid() -> None:
    reading = billed("SAC*A*C310***3950", "AMT*N*355.5")

    assert (reading.totals.gross, reading.totals.payable) == (GOODS, Decimal("355.5"))
    assert reading.totals.allowances == Decimal("39.5")
    assert codes(reading) == ["TDS01"]


@pytest.mark.parametrize("indicator", ["P", "Q", "R", "S", ""])
def test_a_promotion_or_request_is_for_a_person(indicator: str) -> None:
    reading = billed(f"SAC*{indicator}*D240***1250")

    assert "SAC01" in codes(reading)
    assert not reading.is_usable


def test_neither_allowance_nor_charge_is_no_money() -> None:
    assert billed("SAC*N*D240***1250").findings == ()


def test_an_allowance_below_zero_is_not_turned_twice() -> None:
    assert billed("SAC*A*C310***-1000", tds="38500").charges[0].amount == Decimal(-10)
    assert billed("SAC*A*C310***1000", tds="38500").charges[0].amount == Decimal(-10)


def test_a_rate_by_its_quantity_is_an_amount_and_a_percentage_alone_is_not() -> None:
    assert billed("SAC*C*D240******1.25*EA*10", tds="40750").totals.charges == Decimal("12.5")
    assert codes(billed("SAC*A*C310****Z*2")) == ["SAC05"]


def test_lines_and_sum_may_be_rounded_differently_by_a_cent_a_line() -> None:
    lines = "IT1*1*3*EA*0.335**VP*A\nIT1*2*3*EA*0.335**VP*B"

    assert billed(lines=lines, tds="201").is_usable
    assert billed(lines=lines, tds="205").is_usable is False


def test_a_price_may_be_for_a_hundred() -> None:
    reading = billed(lines="IT1*1*500*EA*12*HP*VP*GLV-M", tds="6000")

    assert (reading.lines[0].price_quantity, reading.lines[0].amount) == (Decimal(100), Decimal(60))
    assert reading.is_usable


@pytest.mark.parametrize("code", ["CN", "CR"])
@pytest.mark.parametrize(
    ("line", "tds"),
    [
        ("IT1*1*-2*BX*12.50**VP*A", "-2500"),
        ("IT1*1*-2*BX*12.50**VP*A", "2500"),
        ("IT1*1*2*BX*-12.50**VP*A", "-2500"),
        ("IT1*1*2*BX*12.50**VP*A", "2500"),
        ("IT1*1*2*BX*12.50**VP*A", "-2500"),
    ],
)
def test_a_credit_is_positive_whatever_sign_it_was_sent_with(code: str, line: str, tds: str) -> None:
    reading = billed(lines=line, tds=tds, big=code)

    assert reading.kind is DocumentKind.CREDIT_NOTE
    assert (reading.totals.lines, reading.totals.payable) == (Decimal(25), Decimal(25))
    (only,) = reading.lines
    assert only.quantity is not None
    assert (only.quantity.value, only.unit_price, only.amount) == (Decimal(2), Decimal("12.5"), Decimal(25))
    assert reading.is_usable


def test_a_credit_below_zero_is_turned_around_as_a_whole() -> None:
    lines = "IT1*1*-4*BX*12.50**VP*A\nIT1*2*1*BX*10**VP*B"
    reading = billed("SAC*A*C310***-500", "TXI*ST*-2.00", lines=lines, tds="-4700", big="CR")

    assert reading.findings == ()
    assert [line.amount for line in reading.lines] == [Decimal(50), Decimal(-10)]
    assert reading.totals.tax == sum(tax.amount or 0 for tax in reading.taxes) == Decimal(2)
    charges = sum(charge.amount for charge in reading.charges)
    assert (reading.totals.lines or 0) + charges + 2 == reading.totals.payable == Decimal(47)


@pytest.mark.parametrize("code", ["DI", "DR", "CI", "FB", ""])
def test_every_other_type_is_an_invoice(code: str) -> None:
    assert billed(big=code).kind is DocumentKind.SUPPLIER_INVOICE


def test_a_credit_names_the_invoice_it_is_about() -> None:
    reading = read_one("810", CREDIT)

    assert [(one.meaning, one.value) for one in reading.references] == [("original invoice", "INV-7")]


def test_the_order_is_big04_unless_that_is_a_date_or_missing() -> None:
    body = INVOICE.replace("PO-4711", "20261120").replace("CUR*SE", "REF*PO*PO-4711\nCUR*SE")
    assert read_one("810", body).po_number == "PO-4711"
    body = INVOICE.replace("*PO-4711*", "**").replace("PID*F", "REF*PO*PO-4711\nPID*F")
    assert read_one("810", body).lines[0].po_number == "PO-4711"
    two = billed(lines="IT1*1*1*EA*1\nREF*PO*A\nIT1*2*1*EA*1\nREF*PO*B", tds="200", big="")
    assert [line.po_number for line in two.lines] == ["A", "B"]


def test_a_line_without_number_or_with_a_repeated_one_is_a_line_of_its_own() -> None:
    reading = billed(lines="IT1**6*BX*12.50**VP*A\nIT1*1*4*CA*80**VP*B\nIT1*1*1*EA*0**VP*C")

    assert [(line.position, line.number) for line in reading.lines] == [(1, None), (2, "1"), (3, "1")]
    assert codes(reading) == ["CTT01"]


def test_lots_of_what_is_billed_are_read() -> None:
    reading = billed(lines="IT1*1*6*BX*12.50**VP*A*LT*L1\nDTM*036*20281231\nIT1*2*4*CA*80**VP*B\nREF*LT*L2")

    assert [lot.lot for line in reading.lines for lot in line.lots] == ["L1", "L2"]
    assert reading.lines[0].lots[0].expires_on == date(2028, 12, 31)


def test_an_invoice_without_a_total_is_read_and_told() -> None:
    reading = read_one("810", "BIG*20261129*INV-7**PO-4711\nIT1*1*6*BX*12.50\nCTT*1")

    assert (reading.totals.lines, reading.totals.payable) == (Decimal(75), None)
    assert codes(reading) == ["AK3 3"]
