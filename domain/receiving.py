"""What is wrong with a goods receipt: more than allowed, not on the order, not countable."""

from collections.abc import Iterator
from decimal import Decimal

from domain.delivery import GoodsReceipt, ReceivedLine
from domain.exception_case import Discrepancy
from domain.limits import describe, is_within
from domain.policy import Band, Tolerance
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain


def receipt_discrepancies(
    order: PurchaseOrder, booked: tuple[GoodsReceipt, ...], receipt: GoodsReceipt, tolerance: Tolerance
) -> tuple[Discrepancy, ...]:
    """Return every way a goods receipt departs from the order, given those booked before it."""
    return tuple(
        found for line in receipt.lines if (found := _discrepancy(order, booked, receipt, line, tolerance)) is not None
    )


def _discrepancy(
    order: PurchaseOrder,
    booked: tuple[GoodsReceipt, ...],
    receipt: GoodsReceipt,
    line: ReceivedLine,
    tolerance: Tolerance,
) -> Discrepancy | None:
    ordered = order.line(line.number)
    if ordered is None or ordered.item != line.item:
        text = f"Line {line.number}: {line.item} is not what that line of {order.name} orders"
        return Discrepancy(kind="not on order", line=line.number, actual=line.item, explanation=text)
    if line.accepted.unit not in ordered.packs:
        text = f"Line {line.number}: no pack factor converts {line.accepted.unit} to {ordered.quantity.unit}"
        return Discrepancy(kind="unit", line=line.number, actual=line.accepted.unit, explanation=text)
    return _too_much(ordered, (*booked, receipt), tolerance)


def _too_much(ordered: OrderLine, receipts: tuple[GoodsReceipt, ...], tolerance: Tolerance) -> Discrepancy | None:
    received, expected, unit = (
        sum(_accepted(ordered, receipts), Decimal(0)),
        ordered.quantity.value,
        ordered.quantity.unit,
    )
    if received <= expected or is_within(received, expected, Band(over=tolerance.over_receipt)):
        return None
    text = (
        f"Line {ordered.number}: {plain(received)} {unit} received, {plain(expected)} ordered; "
        f"{describe(tolerance.over_receipt)} over is allowed"
    )
    return Discrepancy(
        kind="over receipt",
        line=ordered.number,
        expected=plain(expected),
        actual=plain(received),
        variance=plain(received - expected),
        explanation=text,
    )


def _accepted(ordered: OrderLine, receipts: tuple[GoodsReceipt, ...]) -> Iterator[Decimal]:
    for receipt in receipts:
        for line in receipt.lines:
            if line.number == ordered.number and line.accepted.unit in ordered.packs:
                yield line.accepted.in_unit(ordered.quantity.unit, ordered.packs).value
