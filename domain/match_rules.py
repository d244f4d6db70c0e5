"""The rules of the match, one function each: what is compared, and what is found when it does not pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.exception_case import Discrepancy
from domain.invoice import InvoiceLine
from domain.limits import describe, is_within, limit_for, percent_of
from domain.match import Comparison, MatchRequest, Rule
from domain.match_lines import arrived, billed, consumed, factor_of, order_line_of
from domain.policy import Band, Limit
from domain.purchase_order import OrderLine
from domain.quantities import minor_decimals, plain, round_money, six_decimals

POLICY = "policy default"


@dataclass(frozen=True)
class Finding:
    """One comparison, and the discrepancy where it did not pass. `waits` when time alone may cure it."""

    comparison: Comparison
    discrepancy: Discrepancy | None = None
    waits: bool = False


def duplicates(request: MatchRequest) -> Iterator[Finding]:
    """Rule 10: a number already used by this supplier, on any order, is never posted again."""
    invoice = request.invoice
    repeated = [known for known in request.prior if known.normalised_number == invoice.normalised_number]
    explanation = "".join(f"It repeats {known.number} on order {known.order_key}" for known in repeated[:1])
    yield _finding(request, Rule.DUPLICATE, "a new number", invoice.number, explanation)
    alike = [known for known in request.prior if (known.issued_on, known.total) == (invoice.issued_on, invoice.payable)]
    suspicion = "".join(f"{known.number} on order {known.order_key} has the same date and total" for known in alike[:1])
    if not repeated:
        expected, actual = "a new date and total", f"{invoice.issued_on} {invoice.payable}"
        yield _finding(request, Rule.SUSPECTED_DUPLICATE, expected, actual, suspicion)


def currency(request: MatchRequest) -> Iterator[Finding]:
    """Rule 9: the invoice's currency is the order's."""
    ordered, invoiced = request.order.currency, request.invoice.currency
    explanation = "" if ordered == invoiced else f"Billed in {invoiced}, ordered in {ordered}"
    yield _finding(request, Rule.CURRENCY, ordered, invoiced, explanation)


def lines_on_order(request: MatchRequest) -> Iterator[Finding]:
    """Rule 11: every line is tied to one order line."""
    for line in request.invoice.lines:
        tied = order_line_of(request.order, line)
        explanation = "" if tied else f"Line {line.number} cannot be tied to one line of {request.order.name}"
        actual = f"line {tied.number}" if tied else "none"
        yield _finding(request, Rule.NOT_ON_ORDER, "one order line", actual, explanation, line=line, ordered=tied)


def units(request: MatchRequest) -> Iterator[Finding]:
    """Rule 1: a known pack factor converts the unit, and whole-number units come in whole numbers."""
    for line, ordered in _tied(request):
        factor, unit = factor_of(line, ordered), ordered.quantity.unit
        explanation = ""
        if factor is None:
            explanation = f"Line {line.number}: no pack factor converts {line.quantity.unit} to {unit}"
        elif not line.quantity.is_whole:
            explanation = f"Line {line.number}: {line.quantity.unit} comes in whole numbers, billed {line.quantity}"
        yield _finding(request, Rule.UNIT, unit, str(line.quantity), explanation, line=line, ordered=ordered)


def prices(request: MatchRequest) -> Iterator[Finding]:
    """Rule 2: the net unit price, in the order line's unit, against the order price."""
    band = request.tolerance.price
    for line, ordered in _tied(request):
        factor = factor_of(line, ordered)
        if factor is None:
            continue
        actual, expected = six_decimals(line.unit_price / factor), ordered.unit_price
        difference = actual - expected
        explanation = ""
        if not is_within(actual, expected, band):
            explanation = (
                f"Line {line.number}: billed at {plain(actual)}, ordered at {plain(expected)}; "
                f"{_departure(difference)} ({percent_of(difference, expected)}), {_allowed(difference, band)}"
            )
        yield _finding(
            request,
            Rule.PRICE,
            plain(expected),
            plain(actual),
            explanation,
            line=line,
            ordered=ordered,
            difference=difference,
            limit=limit_for(difference, band),
            factor=factor,
        )


def quantities(request: MatchRequest) -> Iterator[Finding]:
    """Rules 5, 12 and 13: cumulative billed, less credited, against ordered and against received, per order line."""
    for ordered in request.order.lines:
        now = billed(request.order, ordered, [request.invoice])
        if now == 0:
            continue
        credited = billed(request.order, ordered, request.credit_notes)
        earlier = billed(request.order, ordered, request.counted) - credited
        yield _against_order(request, ordered, earlier + now)
        yield _against_receipts(request, ordered, earlier, now)


def charges_and_tax(request: MatchRequest) -> Iterator[Finding]:
    """Rules 6 and 7, as far as they go today: an order expects neither charges nor tax."""
    for charge in request.invoice.charges:
        explanation = f"Charge {charge.kind} of {plain(charge.amount)} was not expected" if charge.amount else ""
        yield _finding(request, Rule.CHARGE, "0", plain(charge.amount), explanation, difference=charge.amount)
    tax = request.invoice.tax
    yield _finding(
        request, Rule.TAX, "0", plain(tax), f"Tax of {plain(tax)} was not expected" if tax else "", difference=tax
    )


def arithmetic(request: MatchRequest) -> Iterator[Finding]:
    """Rule 8: amounts are quantity times price, the total is their sum; one minor unit of rounding per line."""
    invoice = request.invoice
    unit = Decimal(1).scaleb(-minor_decimals(invoice.currency))
    for line in invoice.lines:
        expected = round_money(line.quantity.value * line.unit_price, invoice.currency)
        explanation = ""
        if abs(line.amount - expected) > unit:
            explanation = (
                f"Line {line.number}: {line.quantity} at {plain(line.unit_price)} is {expected}, not {line.amount}"
            )
        yield _finding(request, Rule.ARITHMETIC, str(expected), str(line.amount), explanation, line=line)
    total = sum((line.amount for line in invoice.lines), start=invoice.tax)
    total += sum((charge.amount for charge in invoice.charges), start=Decimal(0))
    difference = invoice.total - total
    beyond = max(abs(difference) - unit * len(invoice.lines), Decimal(0))
    wrong = not is_within(beyond.copy_sign(difference), Decimal(0), request.tolerance.total)
    explanation = f"The lines, charges and tax add up to {total}, the total says {invoice.total}" if wrong else ""
    yield _finding(request, Rule.ARITHMETIC, str(total), str(invoice.total), explanation, difference=difference)


def _against_order(request: MatchRequest, ordered: OrderLine, cumulative: Decimal) -> Finding:
    expected, band, unit = ordered.quantity.value, request.tolerance.quantity, ordered.quantity.unit
    difference = cumulative - expected
    explanation = ""
    if difference > 0 and not is_within(cumulative, expected, band):
        explanation = (
            f"Order line {ordered.number}: {plain(cumulative)} {unit} billed so far, {plain(expected)} ordered; "
            f"{_departure(difference)}, {_allowed(difference, band)}"
        )
    return _finding(
        request,
        Rule.QUANTITY_ORDERED,
        plain(expected),
        plain(cumulative),
        explanation,
        ordered=ordered,
        difference=difference,
        limit=band.over,
    )


def _against_receipts(request: MatchRequest, ordered: OrderLine, earlier: Decimal, now: Decimal) -> Finding:
    arrivals, band, unit = arrived(request, ordered), request.tolerance.quantity, ordered.quantity.unit
    expected, cumulative = sum((arrival.quantity for arrival in arrivals), start=Decimal(0)), earlier + now
    difference = cumulative - expected
    explanation = ""
    if difference > 0 and not is_within(cumulative, expected, band):
        explanation = (
            f"Order line {ordered.number}: {plain(cumulative)} {unit} billed so far, {plain(expected)} received; "
            f"{_departure(difference)}, {_allowed(difference, band)}"
        )
    return _finding(
        request,
        Rule.QUANTITY_RECEIVED,
        plain(expected),
        plain(cumulative),
        explanation,
        ordered=ordered,
        difference=difference,
        limit=band.over,
        goods_receipts=consumed(arrivals, earlier, now),
        waits=True,
    )


def _tied(request: MatchRequest) -> Iterator[tuple[InvoiceLine, OrderLine]]:
    for line in request.invoice.lines:
        ordered = order_line_of(request.order, line)
        if ordered is not None:
            yield line, ordered


def _departure(difference: Decimal) -> str:
    return f"{plain(abs(difference))} {'over' if difference > 0 else 'under'}"


def _allowed(difference: Decimal, band: Band) -> str:
    return f"{describe(limit_for(difference, band))} allowed"


def _finding(
    request: MatchRequest,
    rule: Rule,
    expected: str,
    actual: str,
    explanation: str,
    *,
    line: InvoiceLine | None = None,
    ordered: OrderLine | None = None,
    difference: Decimal | None = None,
    limit: Limit | None = None,
    factor: Decimal = Decimal(1),
    goods_receipts: tuple[str, ...] = (),
    waits: bool = False,
) -> Finding:
    """Return a finding that passed exactly when there is nothing to explain."""
    variance = "" if difference is None else plain(difference)
    comparison = Comparison(
        rule=rule,
        line=line.number if line else None,
        order_line=ordered.number if ordered else None,
        expected=expected,
        actual=actual,
        difference=variance,
        limit="" if limit is None else describe(limit),
        limit_source=POLICY if limit is not None else "",
        policy_version=request.policy_version,
        unit_factor=factor,
        goods_receipts=goods_receipts,
        passed=not explanation,
    )
    if not explanation:
        return Finding(comparison)
    discrepancy = Discrepancy(
        kind=rule, line=comparison.line, expected=expected, actual=actual, variance=variance, explanation=explanation
    )
    return Finding(comparison, discrepancy, waits)
