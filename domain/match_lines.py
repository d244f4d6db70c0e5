"""Invoice lines tied to order lines, in the order line's unit, cumulatively over the order's life."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.invoice import CreditNote, InvoiceLine, SupplierInvoice
from domain.match import MatchRequest
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import UnknownConversionError, six_decimals, unit_factor


def order_line_of(order: PurchaseOrder, line: InvoiceLine) -> OrderLine | None:
    """Return the order line an invoice line bills: by number, else by an item number only one line has (rule 11)."""
    if line.order_line is not None:
        return order.line(line.order_line)
    candidates = [known for known in order.lines if _same_item(known, line)]
    return candidates[0] if len(candidates) == 1 else None


def factor_of(line: InvoiceLine, ordered: OrderLine) -> Decimal | None:
    """Return how many order units one invoice unit is, or None where no pack factor says (rule 1)."""
    try:
        return unit_factor(line.quantity.unit, ordered.quantity.unit, ordered.packs)
    except UnknownConversionError:
        return None


def billed(order: PurchaseOrder, ordered: OrderLine, documents: Iterable[SupplierInvoice | CreditNote]) -> Decimal:
    """Return what these documents bill of an order line, in its unit; what cannot be converted is not counted."""
    total = Decimal(0)
    for document in documents:
        for line in document.lines:
            tied = order_line_of(order, line)
            factor = factor_of(line, ordered) if tied == ordered else None
            total += line.quantity.value * factor if factor is not None else 0
    return six_decimals(total)


@dataclass(frozen=True)
class Arrived:
    """What one goods receipt brought of an order line, in its unit."""

    goods_receipt: str
    quantity: Decimal


def arrived(request: MatchRequest, ordered: OrderLine) -> tuple[Arrived, ...]:
    """Return what came of an order line, first in first out; what cannot be converted is not counted."""
    found = []
    for receipt in sorted(request.goods_receipts, key=lambda receipt: (receipt.received_at, receipt.number)):
        for line in receipt.lines:
            if line.number == ordered.number and line.accepted.unit in ordered.packs:
                accepted = line.accepted.in_unit(ordered.quantity.unit, ordered.packs)
                found.append(Arrived(receipt.number, accepted.value))
    return tuple(found)


def consumed(arrivals: tuple[Arrived, ...], already: Decimal, wanted: Decimal) -> tuple[str, ...]:
    """Return the goods receipts a quantity is drawn from, after `already` was drawn by earlier invoices (rule 16)."""
    numbers, passed = [], Decimal(0)
    for arrival in arrivals:
        start, passed = passed, passed + arrival.quantity
        if passed > already and start < already + wanted:
            numbers.append(arrival.goods_receipt)
    return tuple(dict.fromkeys(numbers))


def _same_item(ordered: OrderLine, line: InvoiceLine) -> bool:
    pairs = ((line.supplier_item, ordered.supplier_item), (line.item, ordered.item), (line.gtin, ordered.gtin))
    return any(billed_as is not None and billed_as == known for billed_as, known in pairs)
