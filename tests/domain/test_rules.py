"""The smaller rules: identifiers, quantities, money, replenishment, receiving, answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer
from domain.answers import agreed_order, answer_discrepancies
from domain.delivery import LotQuantity
from domain.exception_case import case_id
from domain.identifiers import Code, Gln, Gtin, Lot, Sscc
from domain.invoice import normalised_invoice_number
from domain.policy import Limit, Policy, Tolerance
from domain.quantities import Money, Quantity, UnknownConversionError, round_money
from domain.receiving import receipt_discrepancies
from domain.replenishment import in_whole_packs, quantity_to_order
from tests.builders import PACKS, a_goods_receipt, a_received_line, an_order, an_order_line, quantity


@pytest.mark.parametrize(
    ("kind", "text", "parsed"),
    [
        (Gtin, "51022222233336", "51022222233336"),
        (Gtin, "4006381333931", "04006381333931"),
        (Gtin, "96385074", "00000096385074"),
        (Gln, "4012345000009", "4012345000009"),
        (Sscc, "340123450000000000", "340123450000000000"),
    ],
)
def test_gs1_identifiers_are_parsed_once(kind: type[str], text: str, parsed: str) -> None:
    assert TypeAdapter(kind).validate_python(text) == parsed


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Gtin, "4006381333930"),
        (Gtin, "123"),
        (Gtin, "4006381333931".translate({digit: digit + 0xFEE0 for digit in range(0x30, 0x3A)})),
        (Gln, "4012345000008"),
        (Sscc, "34012345000000000"),
        (Code, "PO/1"),
        (Code, "a b"),
        (Code, "-x"),
        (Code, "x" * 41),
        (Lot, "x" * 21),
        (Lot, "a b"),
    ],
)
def test_identifiers_that_are_not_are_refused(kind: type[str], text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


def test_quantities_of_two_units_are_not_added_up() -> None:
    with pytest.raises(UnknownConversionError):
        _ = quantity("1", "BX") + quantity("1", "EA")


@given(st.integers(min_value=0, max_value=10_000))
def test_converting_there_and_back_changes_nothing(boxes: int) -> None:
    there = quantity(boxes).in_unit("EA", PACKS)
    assert there.in_unit("BX", PACKS) == quantity(boxes)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e20", "0.0000001"])
def test_numbers_beyond_reason_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        Quantity(value=Decimal(value), unit="EA")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"), [("0.005", "USD", "0.01"), ("0.5", "JPY", "1"), ("1.0005", "KWD", "1.001")]
)
def test_money_is_rounded_half_up_to_the_currencys_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert round_money(Decimal(amount), currency) == Decimal(rounded)


@pytest.mark.parametrize(
    "number", ["INV-001", "inv001 ", "INV\u2011001", "\uff29\uff2e\uff36\uff0d\uff10\uff10\uff11", "inv 1"]
)
def test_invoice_numbers_that_people_would_take_for_one_are_one(number: str) -> None:
    assert normalised_invoice_number(number) == "inv1"


@pytest.mark.parametrize(("one", "other"), [("INV-10", "INV-1"), ("A1", "B1"), ("12", "21")])
def test_invoice_numbers_that_differ_stay_apart(one: str, other: str) -> None:
    assert normalised_invoice_number(one) != normalised_invoice_number(other)


@pytest.mark.parametrize(
    ("par", "on_hand", "on_order", "wanted"),
    [(400, 180, None, 220), (400, 180, 200, 20), (400, 500, None, 0), (10, 0, 50, 0)],
)
def test_what_is_ordered_brings_on_hand_and_on_order_up_to_par(
    par: int, on_hand: int, on_order: int | None, wanted: int
) -> None:
    ordered = None if on_order is None else quantity(on_order, "EA")
    assert quantity_to_order(quantity(par, "EA"), quantity(on_hand, "EA"), ordered) == quantity(wanted, "EA")


@given(st.integers(min_value=1, max_value=10_000))
def test_whole_packs_are_enough_and_one_pack_less_is_not(units: int) -> None:
    packs = in_whole_packs(quantity(units, "EA"), "BX", PACKS)
    assert packs.value * 10 >= units > (packs.value - 1) * 10


@pytest.mark.parametrize(
    ("accepted", "limit", "found"),
    [
        ("20", Limit(percent=Decimal(0)), []),
        ("21", Limit(percent=Decimal(0)), ["over receipt"]),
        ("22", Limit(percent=Decimal(10)), []),
        ("23", Limit(percent=Decimal(10)), ["over receipt"]),
        ("99", Limit(), []),
    ],
)
def test_more_than_ordered_is_accepted_up_to_the_limit(accepted: str, limit: Limit, found: list[str]) -> None:
    receipt = a_goods_receipt(a_received_line(accepted))
    discrepancies = receipt_discrepancies(an_order(), (), receipt, Tolerance(over_receipt=limit))
    assert [discrepancy.kind for discrepancy in discrepancies] == found


def test_receipts_add_up_before_they_are_too_much() -> None:
    first, second = a_goods_receipt(a_received_line("15")), a_goods_receipt(a_received_line("6"), number="GR-2")
    assert receipt_discrepancies(an_order(), (first,), second, Tolerance())


def test_a_receipt_of_another_item_or_unit_is_a_discrepancy() -> None:
    other = a_goods_receipt(a_received_line(item="SUT-30"))
    unit = a_goods_receipt(a_received_line(unit="CA"))
    assert receipt_discrepancies(an_order(), (), other, Tolerance())[0].kind == "not on order"
    assert receipt_discrepancies(an_order(), (), unit, Tolerance())[0].kind == "unit"


def test_lots_must_add_up_to_what_was_accepted() -> None:
    with pytest.raises(ValidationError, match="add up"):
        a_received_line("20", lots=(LotQuantity(lot="L1", quantity=quantity("19")),))


def answer(*parts: tuple[AnswerKind, str, str | None]) -> dict[int, LineAnswer]:
    told = tuple(
        AnswerPart(kind=kind, quantity=quantity(value), unit_price=None if price is None else Decimal(price))
        for kind, value, price in parts
    )
    return {1: LineAnswer(number=1, parts=told)}


@pytest.mark.parametrize(
    ("answers", "found", "agreed"),
    [
        (answer((AnswerKind.ACCEPTED, "20", None)), [], ("20", "1.10")),
        (answer((AnswerKind.ACCEPTED, "20", "1.10")), [], ("20", "1.10")),
        (answer((AnswerKind.CHANGED, "20", "1.05")), [], ("20", "1.05")),
        (answer((AnswerKind.CHANGED, "20", "1.20")), ["price"], ("20", "1.20")),
        (answer((AnswerKind.CHANGED, "15", None)), ["quantity"], ("15", "1.10")),
        (answer((AnswerKind.ACCEPTED, "12", None), (AnswerKind.BACKORDERED, "8", None)), [], ("20", "1.10")),
        (answer((AnswerKind.ACCEPTED, "12", None), (AnswerKind.REJECTED, "8", None)), ["rejected"], ("12", "1.10")),
        (answer((AnswerKind.REJECTED, "20", None)), ["rejected"], ("0", "1.10")),
        (answer((AnswerKind.ON_HOLD, "20", None)), ["on hold"], ("20", "1.10")),
        (answer((AnswerKind.SUBSTITUTED, "20", None)), ["substituted"], ("0", "1.10")),
    ],
)
def test_what_an_answer_changes_and_what_of_it_a_person_must_agree_to(
    answers: dict[int, LineAnswer], found: list[str], agreed: tuple[str, str]
) -> None:
    order = an_order()
    assert [discrepancy.kind for discrepancy in answer_discrepancies(order, answers)] == found
    line = agreed_order(order, answers).lines[0]
    assert (line.quantity.value, line.unit_price) == (Decimal(agreed[0]), Decimal(agreed[1]))


def test_an_answer_in_single_units_is_read_in_the_orders_unit() -> None:
    part = AnswerPart(kind=AnswerKind.CHANGED, quantity=quantity("200", "EA"), unit_price=Decimal("0.12"))
    answers = {1: LineAnswer(number=1, parts=(part,))}
    assert [discrepancy.kind for discrepancy in answer_discrepancies(an_order(), answers)] == ["price"]
    assert agreed_order(an_order(), answers).lines[0].unit_price == Decimal("1.2")


def test_an_order_line_says_how_much_its_unit_holds() -> None:
    with pytest.raises(ValidationError, match="packs"):
        an_order_line(unit="CA")


def test_a_case_about_the_same_things_has_the_same_id() -> None:
    assert case_id("NORTH", "RQ-1", "x") == case_id("NORTH", "RQ-1", "x")
    assert case_id("NORTH", "RQ-1", "x") != case_id("NORTH", "RQ-1x", "")


@pytest.mark.parametrize(
    ("amount", "currency", "alone"), [("1000", "USD", True), ("1000.01", "USD", False), ("1", "EUR", False)]
)
def test_a_requisition_up_to_the_limit_needs_nobody(amount: str, currency: str, alone: bool) -> None:
    assert Policy().approves_by_itself(Money(amount=Decimal(amount), currency=currency)) is alone
