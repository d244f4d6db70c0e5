"""The match, rule by rule, and the traps of docs/matching.md."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoice import Charge, SupplierInvoice
from domain.match import Comparison, MatchRequest, MatchResult, PriorInvoice, Rule, Verdict
from domain.matching import three_way_match
from domain.policy import Band, Limit, Tolerance
from domain.quantities import Money
from tests.builders import (
    MORNING,
    a_credit_note,
    a_goods_receipt,
    a_received_line,
    an_invoice,
    an_invoice_line,
    an_order,
    an_order_line,
)

FREE = Tolerance(price=Band(), quantity=Band(over=Limit(percent=Decimal(0))))


def match(invoice=None, **changes) -> MatchResult:  # type: ignore[no-untyped-def]
    request = {
        "order": an_order(),
        "goods_receipts": (a_goods_receipt(),),
        "invoice": invoice or an_invoice(),
        "tolerance": Tolerance(),
        "policy_version": "test-1",
    }
    return three_way_match(MatchRequest(**{**request, **changes}))


def compared(result: MatchResult, rule: Rule) -> Comparison:
    return next(comparison for comparison in result.comparisons if comparison.rule is rule)


def kinds(result: MatchResult) -> list[str]:
    return [discrepancy.kind for discrepancy in result.discrepancies]


def test_an_invoice_as_ordered_and_received_matches() -> None:
    result = match()
    assert result.verdict is Verdict.MATCHED
    assert all(comparison.passed for comparison in result.comparisons)


@pytest.mark.parametrize(
    ("price", "band", "verdict"),
    [
        ("1.122", Band(over=Limit(percent=Decimal(2))), Verdict.MATCHED),  # exactly 2 %
        ("1.1221", Band(over=Limit(percent=Decimal(2))), Verdict.HELD),
        ("1.10", Band(over=Limit(percent=Decimal(0))), Verdict.MATCHED),
        ("1.11", Band(over=Limit(percent=Decimal(0))), Verdict.HELD),
        ("9.99", Band(), Verdict.MATCHED),  # absent: not compared
        ("0.50", Band(over=Limit(percent=Decimal(2))), Verdict.MATCHED),  # under is not compared
        ("0.50", Band(under=Limit(percent=Decimal(10))), Verdict.HELD),
        ("1.12", Band(over=Limit(percent=Decimal(5), amount=Decimal("0.01"))), Verdict.HELD),  # both must hold
        ("1.12", Band(over=Limit(percent=Decimal(5), amount=Decimal("0.01"), either=True)), Verdict.MATCHED),
    ],
)
def test_a_price_is_held_to_its_limits(price: str, band: Band, verdict: Verdict) -> None:
    invoice = an_invoice(an_invoice_line(price=price))
    assert match(invoice, tolerance=Tolerance(price=band)).verdict is verdict


def test_a_percentage_of_a_free_item_is_infinite_and_only_an_amount_can_pass_it() -> None:
    order = an_order(an_order_line(price="0"))
    invoice = an_invoice(an_invoice_line(price="0.01"))
    by_percent = Tolerance(price=Band(over=Limit(percent=Decimal(1000))))
    by_amount = Tolerance(price=Band(over=Limit(amount=Decimal("0.01"))))
    held = match(invoice, order=order, tolerance=by_percent)
    assert held.verdict is Verdict.HELD
    assert "infinite %" in held.discrepancies[0].explanation
    assert match(invoice, order=order, tolerance=by_amount).verdict is Verdict.MATCHED


def test_a_price_in_another_unit_is_compared_per_order_unit() -> None:
    result = match(an_invoice(an_invoice_line("200", unit="EA", price="0.11")))
    assert result.verdict is Verdict.MATCHED
    assert compared(result, Rule.PRICE).actual == "1.1"
    assert compared(result, Rule.PRICE).unit_factor == Decimal("0.1")


def test_a_unit_without_a_pack_factor_is_a_discrepancy_and_never_a_guess() -> None:
    result = match(an_invoice(an_invoice_line("2", unit="CA", price="11")))
    assert (result.verdict, kinds(result)) == (Verdict.HELD, ["unit"])


def test_half_a_box_is_a_discrepancy() -> None:
    assert "unit" in kinds(match(an_invoice(an_invoice_line("19.5"))))


@pytest.mark.parametrize(
    ("billed", "received", "verdict"),
    [
        ("20", "20", Verdict.MATCHED),
        ("12", "12", Verdict.MATCHED),
        ("12", "20", Verdict.MATCHED),
        ("20", "12", Verdict.WAITING),
        ("21", "20", Verdict.HELD),
        ("21", "12", Verdict.HELD),
    ],
)
def test_a_quantity_beyond_the_goods_waits_and_beyond_the_order_is_held(
    billed: str, received: str, verdict: Verdict
) -> None:
    result = match(an_invoice(an_invoice_line(billed)), goods_receipts=(a_goods_receipt(a_received_line(received)),))
    assert result.verdict is verdict


def test_an_invoice_without_any_goods_waits() -> None:
    assert match(goods_receipts=()).verdict is Verdict.WAITING


def test_a_waiting_invoice_with_a_wrong_price_is_held() -> None:
    assert match(an_invoice(an_invoice_line(price="2.00")), goods_receipts=()).verdict is Verdict.HELD


def test_quantities_are_cumulative_over_all_invoices_and_receipts() -> None:
    receipts = (
        a_goods_receipt(a_received_line("8"), number="GR-1"),
        a_goods_receipt(a_received_line("12"), number="GR-2", at=MORNING + timedelta(days=1)),
    )
    before = an_invoice(an_invoice_line("8"), number="INV-0")
    second = match(an_invoice(an_invoice_line("12")), goods_receipts=receipts, counted=(before,))
    assert second.verdict is Verdict.MATCHED
    assert compared(second, Rule.QUANTITY_RECEIVED).goods_receipts == ("GR-2",)
    assert match(an_invoice(an_invoice_line("13")), goods_receipts=receipts, counted=(before,)).verdict is Verdict.HELD


def test_two_lines_of_one_item_are_two_lines() -> None:
    order = an_order(an_order_line(ordered="10"), an_order_line(number=2, ordered="10"))
    receipt = a_goods_receipt(a_received_line("10"), a_received_line("10", number=2))
    invoice = an_invoice(an_invoice_line("10"), an_invoice_line("10", number=2, order_line=2))
    assert match(invoice, order=order, goods_receipts=(receipt,)).verdict is Verdict.MATCHED


def test_two_invoice_lines_of_one_order_line_are_counted_together() -> None:
    invoice = an_invoice(an_invoice_line("12"), an_invoice_line("9", number=2))
    assert kinds(match(invoice)) == ["quantity ordered", "quantity received"]


def test_a_credit_note_lowers_what_is_invoiced() -> None:
    before = an_invoice(number="INV-0")
    credit = a_credit_note(an_invoice_line("5"))
    assert match(an_invoice(an_invoice_line("5")), counted=(before,), credit_notes=(credit,)).verdict is Verdict.MATCHED
    assert match(an_invoice(an_invoice_line("6")), counted=(before,), credit_notes=(credit,)).verdict is Verdict.HELD


def test_a_line_is_tied_by_an_item_number_only_where_one_order_line_has_it() -> None:
    line = an_invoice_line(order_line=None, supplier_item="M-GLV-M")
    assert match(an_invoice(line)).verdict is Verdict.MATCHED
    twice = an_order(an_order_line(), an_order_line(number=2))
    assert kinds(match(an_invoice(line), order=twice)) == ["not_on_order"]


def test_another_currency_is_held() -> None:
    assert kinds(match(an_invoice(currency="EUR"))) == ["currency"]


def test_charges_and_tax_nobody_expected_are_held() -> None:
    charged = an_invoice(charges=(Charge(kind="freight", amount=Decimal("5.00")),))
    assert kinds(match(charged)) == ["charge"]
    assert kinds(match(an_invoice(tax="1.76"))) == ["tax"]
    free = an_invoice(charges=(Charge(kind="freight", amount=Decimal(0)),))
    assert match(free).verdict is Verdict.MATCHED


@pytest.mark.parametrize(
    ("quantity", "price", "amount"), [("12", "0.001", "0.01"), ("1500", "3.30125", "4951.88"), ("3", "0.335", "1.01")]
)
def test_amounts_are_rounded_half_up_once(quantity: str, price: str, amount: str) -> None:
    order = an_order(an_order_line(ordered=quantity, price=price))
    receipt = a_goods_receipt(a_received_line(quantity))
    invoice = an_invoice(an_invoice_line(quantity, price=price, amount=amount))
    result = match(invoice, order=order, goods_receipts=(receipt,))
    assert compared(result, Rule.ARITHMETIC).expected == amount
    assert result.verdict is Verdict.MATCHED


def test_wrong_arithmetic_is_held_beyond_one_cent_a_line() -> None:
    assert match(an_invoice(an_invoice_line(amount="22.01"))).verdict is Verdict.MATCHED
    assert kinds(match(an_invoice(an_invoice_line(amount="22.02")))) == ["arithmetic"]
    assert match(an_invoice(total="22.01")).verdict is Verdict.MATCHED
    assert kinds(match(an_invoice(total="22.02"))) == ["arithmetic"]
    assert kinds(match(an_invoice(total="21.98"))) == ["arithmetic"]


def prior(number: str = "INV-0", *, normalised: str = "inv0", total: str = "99", day: int = 1) -> PriorInvoice:
    issued_on = an_invoice(day=day).issued_on
    money = Money(amount=Decimal(total), currency="USD")
    return PriorInvoice(
        order_key="RQ-0-MEDL", number=number, normalised_number=normalised, issued_on=issued_on, total=money
    )


def test_a_number_used_before_is_rejected_and_the_sender_told_which() -> None:
    result = match(prior=(prior("inv 001", normalised="inv1"),))
    assert result.verdict is Verdict.REJECTED
    assert result.discrepancies[0].explanation == "It repeats inv 001 on order RQ-0-MEDL"


def test_the_same_date_and_total_under_another_number_is_suspicious() -> None:
    result = match(prior=(prior(total="22.00", day=21),))
    assert (result.verdict, kinds(result)) == (Verdict.HELD, ["suspected_duplicate"])


def test_unlike_documents_of_the_same_supplier_do_not_disturb() -> None:
    assert match(prior=(prior(),)).verdict is Verdict.MATCHED


amounts = st.integers(min_value=0, max_value=30).map(str)


@given(st.lists(amounts, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_sequence_of_the_receipts_does_not_matter(quantities, random) -> None:  # type: ignore[no-untyped-def]
    receipts = [
        a_goods_receipt(a_received_line(quantity), number=f"GR-{number}", at=MORNING + timedelta(hours=number))
        for number, quantity in enumerate(quantities)
    ]
    shuffled = receipts.copy()
    random.shuffle(shuffled)
    assert match(goods_receipts=tuple(receipts)) == match(goods_receipts=tuple(shuffled))


@given(amounts, amounts, amounts)
def test_one_more_receipt_never_makes_it_worse(first: str, second: str, billed: str) -> None:
    severity = [Verdict.MATCHED, Verdict.WAITING, Verdict.HELD]
    invoice = an_invoice(an_invoice_line(billed))
    one, two = a_goods_receipt(a_received_line(first)), a_goods_receipt(a_received_line(second), number="GR-2")
    before, after = match(invoice, goods_receipts=(one,)), match(invoice, goods_receipts=(one, two))
    assert severity.index(after.verdict) <= severity.index(before.verdict)


@given(st.decimals(min_value=0, max_value=100, places=1), st.decimals(min_value=0, max_value=100, places=1))
def test_a_wider_limit_never_holds_what_a_narrower_one_lets_pass(one: Decimal, other: Decimal) -> None:
    narrow, wide = sorted([one, other])
    invoice = an_invoice(an_invoice_line(price="1.50"))
    by_narrow = match(invoice, tolerance=Tolerance(price=Band(over=Limit(percent=narrow))))
    by_wide = match(invoice, tolerance=Tolerance(price=Band(over=Limit(percent=wide))))
    assert by_narrow.verdict is Verdict.HELD or by_wide.verdict is Verdict.MATCHED


@given(st.lists(st.integers(min_value=1, max_value=15), min_size=1, max_size=6), st.integers(min_value=0, max_value=20))
def test_what_is_matched_in_total_never_exceeds_what_came(billed: list[int], received: int) -> None:
    matched: list[SupplierInvoice] = []
    for number, quantity in enumerate(billed):
        invoice = an_invoice(an_invoice_line(str(quantity)), number=f"INV-{number}")
        receipts = (a_goods_receipt(a_received_line(str(received))),)
        if match(invoice, goods_receipts=receipts, counted=tuple(matched)).verdict is Verdict.MATCHED:
            matched.append(invoice)
    assert sum(invoice.lines[0].quantity.value for invoice in matched) <= received
