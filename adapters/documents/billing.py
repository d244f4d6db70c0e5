"""From a reading to a supplier invoice or credit note: net prices, charges of the whole document, one total."""

from decimal import Decimal
from typing import Any

from adapters.documents.lines import LineNotFoundError, Placed
from adapters.documents.reading import IdentifierKind, ReadCharge, Reading, ReadLine
from domain.invoice import Charge, CreditNote, InvoiceLine, SupplierInvoice
from domain.quantities import plain, six_decimals

CENT = Decimal("0.01")


def invoice_of(placed: Placed) -> SupplierInvoice:
    """Return the invoice. Raises LineNotFoundError, and pydantic's ValidationError."""
    return SupplierInvoice.model_validate(_billing(placed))


def credit_note_of(placed: Placed) -> CreditNote:
    """Return the credit note. Raises LineNotFoundError, and pydantic's ValidationError."""
    about = {"original invoice", "invoice"}
    credited = next((named.value for named in placed.reading.references if named.meaning in about), None)
    return CreditNote.model_validate({**_billing(placed), "invoice_number": credited})


def _billing(placed: Placed) -> dict[str, Any]:
    reading = placed.reading
    orders = {line.po_number for line in reading.lines if line.po_number} | {placed.order.name}
    if len(orders) > 1:
        remedy = "bill each order by itself, or settle it by hand"
        raise LineNotFoundError("the invoice", "bills several orders at once", remedy)
    lines = [_line(placed, line) for line in reading.lines]
    charges = [*(_charge(one) for one in reading.charges), *_line_charges(placed)]
    tax = _tax(reading)
    return {
        "number": placed.number,
        "po_number": placed.order.name,
        "supplier": placed.order.supplier,
        "issued_on": reading.issued_on or placed.issued_at.date(),
        "currency": reading.currency or placed.order.currency,
        "lines": tuple(lines),
        "charges": tuple(charges),
        "tax": tax,
        "total": _total(reading, lines, charges, tax),
    }


def _line(placed: Placed, line: ReadLine) -> InvoiceLine:
    ours = _order_line(placed, line)
    quantity = placed.quantity(line.quantity, line, placed.order.line(ours) if ours else None)
    amount, price = _net(line, quantity.value)
    ids = {one.kind: one.normalised for one in reversed(line.identifiers)}
    return InvoiceLine(
        number=line.position,
        order_line=ours,
        item=ids.get(IdentifierKind.BUYER_ITEM),
        supplier_item=ids.get(IdentifierKind.SUPPLIER_ITEM),
        gtin=ids.get(IdentifierKind.GTIN),
        description=line.description,
        quantity=quantity,
        unit_price=price,
        amount=amount,
    )


def _order_line(placed: Placed, line: ReadLine) -> int | None:
    """Return the order's line; what is on no line of it is left to the match, which says so to a person."""
    try:
        return placed.line(line).number
    except LineNotFoundError:
        return None


def _net(line: ReadLine, quantity: Decimal) -> tuple[Decimal, Decimal]:
    """Return the net amount and the net price of one unit: discounts inside, charges outside (matching rule 2)."""
    price = line.unit_price
    per = line.price_quantity or Decimal(1)
    if line.amount is None and price is None:
        place = f"line {line.position}"
        raise LineNotFoundError(place, "has neither a price nor an amount", "send a corrected invoice")
    amount = line.amount
    if amount is None:
        amount = (quantity * (price or Decimal(0)) / per).quantize(CENT)
    amount -= sum((one.amount for one in line.charges if one.amount > 0), start=Decimal(0))
    if price is not None and not line.charges:
        return amount, six_decimals(price / per)
    return amount, six_decimals(amount / quantity) if quantity else six_decimals((price or Decimal(0)) / per)


def _line_charges(placed: Placed) -> list[Charge]:
    """Charges inside a line's amount become charges of the document."""
    return [_charge(one) for line in placed.reading.lines for one in line.charges if one.amount > 0]


def _charge(charge: ReadCharge) -> Charge:
    return Charge(kind=(charge.kind or charge.raw or "charge")[:40], amount=charge.amount)


def _tax(reading: Reading) -> Decimal:
    if reading.totals.tax is not None:
        return reading.totals.tax
    return sum((one.amount for one in reading.taxes if one.amount is not None), start=Decimal(0))


def _total(reading: Reading, lines: list[InvoiceLine], charges: list[Charge], tax: Decimal) -> Decimal:
    """Return what the document asks for in all: with tax and before what was paid already."""
    stated = reading.totals.gross if reading.totals.prepaid else reading.totals.payable
    stated = stated if stated is not None else reading.totals.gross
    if stated is not None:
        return stated
    added = sum((line.amount for line in lines), start=tax) + sum((one.amount for one in charges), start=Decimal(0))
    raise LineNotFoundError("the invoice", f"names no total (its lines add up to {plain(added)})", "send the total")
