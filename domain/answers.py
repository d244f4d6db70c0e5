"""What the supplier's answers change about an order, and what of that only a person may agree to.

Accepted at the ordered price, later dates and backorders change nothing that was agreed. A lower price is taken as it
is. Everything else (another quantity, a higher price, another item, a rejection, a hold, a remainder nobody mentions)
is a discrepancy: settled by a person, never guessed.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer
from domain.exception_case import Discrepancy
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity, UnknownConversionError, plain

COMING = frozenset({AnswerKind.ACCEPTED, AnswerKind.CHANGED, AnswerKind.BACKORDERED})


def answer_discrepancies(order: PurchaseOrder, answers: dict[int, LineAnswer]) -> tuple[Discrepancy, ...]:
    """Return every way the answers depart from the order that a person must agree to."""
    found = (_departures(order.line(number), answer) for number, answer in sorted(answers.items()))
    return tuple(chain.from_iterable(found))


def agreed_order(order: PurchaseOrder, answers: dict[int, LineAnswer]) -> PurchaseOrder:
    """Return the order as these answers change it; a line nobody answered stays as it is."""
    lines = tuple(_agreed_line(line, answers[line.number]) if line.number in answers else line for line in order.lines)
    return order.model_copy(update={"lines": lines})


def _departures(line: OrderLine | None, answer: LineAnswer) -> Iterator[Discrepancy]:
    if line is None:
        text = f"Line {answer.number}: answered, but not on the order"
        yield Discrepancy(kind="not on order", line=answer.number, explanation=text)
        return
    if any(part.quantity.unit not in line.packs for part in answer.parts):
        text = f"Line {line.number}: answered in a unit no pack factor converts to {line.quantity.unit}"
        yield Discrepancy(kind="unit", line=line.number, explanation=text)
        return
    for part in answer.parts:
        yield from _part_departures(line, part)
    yield from _remainder(line, answer)


def _part_departures(line: OrderLine, part: AnswerPart) -> Iterator[Discrepancy]:
    if part.kind not in COMING:
        item = f" with {part.item}" if part.item else ""
        reason = f" ({part.reason})" if part.reason else ""
        text = f"Line {line.number}: {part.quantity} {part.kind}{item}{reason}"
        yield Discrepancy(kind=part.kind, line=line.number, actual=str(part.quantity), explanation=text)
    price = _price_in(line, part)
    if price is not None and price > line.unit_price:
        text = f"Line {line.number}: confirmed at {plain(price)}, ordered at {plain(line.unit_price)}"
        yield Discrepancy(
            kind="price",
            line=line.number,
            expected=plain(line.unit_price),
            actual=plain(price),
            variance=plain(price - line.unit_price),
            explanation=text,
        )


def _remainder(line: OrderLine, answer: LineAnswer) -> Iterator[Discrepancy]:
    answered = sum((_in_line_unit(line, part).value for part in answer.parts), start=Decimal(0))
    if answered != line.quantity.value:
        text = f"Line {line.number}: {plain(answered)} {line.quantity.unit} answered, {line.quantity} ordered"
        yield Discrepancy(
            kind="quantity",
            line=line.number,
            expected=plain(line.quantity.value),
            actual=plain(answered),
            variance=plain(answered - line.quantity.value),
            explanation=text,
        )


def _agreed_line(line: OrderLine, answer: LineAnswer) -> OrderLine:
    coming = [part for part in answer.parts if part.kind in COMING or part.kind is AnswerKind.ON_HOLD]
    try:
        quantity = sum((_in_line_unit(line, part).value for part in coming), start=Decimal(0))
        prices = [price for part in coming if (price := _price_in(line, part)) is not None]
    except UnknownConversionError:
        return line
    return line.model_copy(
        update={
            "quantity": Quantity(value=quantity, unit=line.quantity.unit),
            "unit_price": max(prices, default=line.unit_price),
        }
    )


def _in_line_unit(line: OrderLine, part: AnswerPart) -> Quantity:
    return part.quantity.in_unit(line.quantity.unit, line.packs)


def _price_in(line: OrderLine, part: AnswerPart) -> Decimal | None:
    """Return the price the part names, per order unit."""
    if part.unit_price is None:
        return None
    per_order_unit = Quantity(value=Decimal(1), unit=line.quantity.unit).in_unit(part.quantity.unit, line.packs)
    return part.unit_price * per_order_unit.value
