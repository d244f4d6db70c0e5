"""Money beside the goods: shipping, handling, discounts, modifications and taxes, each signed as it counts."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal

from adapters.documents.reading import ReadCharge, ReadTax
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.tree import Element, attribute, child, children, text

CENT = Decimal("0.01")
_WIDE = Context(prec=80, rounding=ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    """Return an amount rounded half-up to the cent, however large."""
    return amount.quantize(CENT, context=_WIDE)


def header_charges(reader: CxmlReader, node: Element | None) -> tuple[ReadCharge, ...]:
    """Return the shipping an order's or confirmation's header names."""
    amount = reader.money(node, "Shipping/Money")
    return (ReadCharge(kind="freight", raw="Shipping", amount=amount),) if amount else ()


def taxes_of(reader: CxmlReader, tax: Element | None) -> tuple[ReadTax, ...]:
    """Return the taxes of a Tax element: its details, or the one amount where it has none."""
    details = children(tax, "TaxDetail")
    if details:
        return tuple(_tax(reader, one) for one in details)
    amount = reader.money(tax)
    return () if amount is None else (ReadTax(kind="tax", amount=amount),)


def tax_amount(reader: CxmlReader, tax: Element | None) -> Decimal | None:
    """Return what a Tax element adds up to: its own amount, or the sum of its details."""
    amount = reader.money(tax)
    if amount is not None:
        return amount
    parts = [part for one in children(tax, "TaxDetail") if (part := reader.money(one, "TaxAmount/Money")) is not None]
    return sum(parts, start=Decimal(0)) if parts else None


def discount_of(reader: CxmlReader, node: Element | None) -> Decimal:
    """Return a discount as it counts: below zero where it lowers what is to be paid."""
    return -(reader.money(node, "InvoiceDetailDiscount/Money") or Decimal(0))


def modifications(reader: CxmlReader, node: Element | None) -> Iterator[ReadCharge]:
    """Yield the charges and deductions listed one by one; one said as a percentage only cannot be added up."""
    for one in children(node, "Modification"):
        name = attribute(child(one, "ModificationDetail"), "name")
        for path, sign in _MODIFYING.items():
            amount = reader.money(one, path)
            if amount:
                raw = path.partition("/")[0]
                yield ReadCharge(
                    kind=name.casefold() or ("charge" if sign > 0 else "allowance"),
                    raw=raw,
                    amount=sign * amount,
                    reason=text(one, "ModificationDetail/Description"),
                )
        if not any(child(one, path) is not None for path in _MODIFYING):
            reader.warning("modification", one, "names no amount; left out", "say the amount besides the percentage")


_MODIFYING = {"AdditionalCost/Money": 1, "AdditionalDeduction/DeductionAmount/Money": -1}


def _tax(reader: CxmlReader, detail: Element) -> ReadTax:
    return ReadTax(
        kind=attribute(detail, "category") or attribute(detail, "purpose") or "tax",
        amount=reader.money(detail, "TaxAmount/Money"),
        percent=reader.decimal(detail, "percentageRate"),
        taxable=reader.money(detail, "TaxableAmount/Money"),
    )
