"""Edits of UBL documents: texts put, elements removed and added, lines repeated, days moved, totals made right."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

from lxml import etree

from adapters.documents.reading import IdentifierKind
from adapters.supplier.ubl.fields import every, one
from adapters.supplier.ubl.names import CAC, CBC
from domain.invoice import SupplierInvoice
from domain.purchase_order import OrderLine
from domain.quantities import plain
from starter.rehearsal.lines import item_number

AHEAD = timedelta(days=2)
ZERO_RATED = "Z"
"""UNCL 5305: a category under which no tax is due."""
_NUMBERS = {
    "cac:SellersItemIdentification/cbc:ID": IdentifierKind.SUPPLIER_ITEM,
    "cac:BuyersItemIdentification/cbc:ID": IdentifierKind.BUYER_ITEM,
    "cac:StandardItemIdentification/cbc:ID": IdentifierKind.GTIN,
}

Node = etree._Element  # noqa: SLF001 - the library has no public name for it


def repeated(root: Node, path: str, lines: Sequence[OrderLine]) -> list[Node]:
    """Put a copy of the sample's lines, over and over, in their place: one for each line of ours."""
    patterns = every(root, path)
    at = root.index(patterns[0])
    for pattern in patterns:
        root.remove(pattern)
    made = [deepcopy(patterns[place % len(patterns)]) for place in range(len(lines))]
    for place, (line, ours) in enumerate(zip(made, lines, strict=True)):
        name(one(line, "cac:Item"), ours)
        root.insert(at + place, line)
    return made


def sum_up(root: Node, invoice: SupplierInvoice) -> None:
    """Write the totals: nothing beside the lines, no tax, and what the invoice says is to be paid."""
    net = plain(sum((line.amount for line in invoice.lines), start=Decimal(0)))
    for name in ("AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount"):
        remove(root, f"cac:LegalMonetaryTotal/cbc:{name}")
    for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount"):
        put(root, f"cac:LegalMonetaryTotal/cbc:{name}", net)
    put(root, "cac:LegalMonetaryTotal/cbc:PayableAmount", plain(invoice.total))
    for other in every(root, "cac:TaxTotal")[1:]:
        root.remove(other)
    total = one(root, "cac:TaxTotal")
    for other in every(total, "cac:TaxSubtotal")[1:]:
        other.getparent().remove(other)  # type: ignore[union-attr]
    put(root, "cac:TaxTotal/cbc:TaxAmount", "0")
    put(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", "0")
    put(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", net)
    untax(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")


def untax(node: Node, path: str) -> None:
    """Put what is at a path under a category without tax."""
    for category in every(node, path):
        remove(category, "cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode")
        put(category, "cbc:ID", ZERO_RATED)
        put(category, "cbc:Percent", "0")


def redate(root: Node, at: datetime) -> None:
    """Move every day of a ship notice to this one, those of its arrival ahead."""
    for delivery in (*every(root, "cac:Shipment/cac:Delivery"), *every(root, "cac:Delivery")):
        for path in ("cac:Despatch/cbc:ActualDespatchDate", "cac:Despatch/cbc:EstimatedDespatchDate"):
            put(delivery, path, iso_day(at))
        for period in ("EstimatedDeliveryPeriod", "PromisedDeliveryPeriod", "RequestedDeliveryPeriod"):
            for day in ("StartDate", "EndDate"):
                put(delivery, f"cac:{period}/cbc:{day}", iso_day(at + AHEAD))
        for path in ("cbc:ActualDeliveryDate", "cbc:LatestDeliveryDate"):
            put(delivery, path, iso_day(at + AHEAD))


def item_like(pattern: Node, path: str, ours: OrderLine) -> Node:
    """Return the item of a sample under the numbers of ours."""
    found = one(pattern, path)
    made = new("cac:Item") if found is None else deepcopy(found)
    name(made, ours)
    return made


def name(item: Node | None, ours: OrderLine) -> None:
    """Write an item's numbers where the sample has any of their kind."""
    for path, kind in _NUMBERS.items():
        for number in every(item, path):
            number.text = item_number(kind, ours, number.text or "")


def substitute(item: str) -> Node:
    """Return the item that comes instead."""
    instead = new("cac:SellerSubstitutedLineItem")
    add(instead, "cbc:ID", "1")
    named = add(instead, "cac:Item")
    add(named, "cbc:Name", "Another item")
    add(add(named, "cac:SellersItemIdentification"), "cbc:ID", item)
    return instead


def put(node: Node, path: str, value: str) -> None:
    """Write a text wherever the sample has one."""
    for found in every(node, path):
        found.text = value


def remove(node: Node, *paths: str) -> None:
    """Remove every element at these paths."""
    for path in paths:
        for found in every(node, path):
            above = found.getparent()
            if above is not None:
                above.remove(found)


def new(name: str) -> Node:
    """Return an element of a prefixed name."""
    prefix, _, local = name.partition(":")
    return etree.Element(f"{{{CAC if prefix == 'cac' else CBC}}}{local}", nsmap={"cac": CAC, "cbc": CBC})


def add(node: Node, name: str, value: str | None = None) -> Node:
    """Append an element and return it."""
    made = new(name)
    made.text = value
    node.append(made)
    return made


def iso_day(at: datetime) -> str:
    """Return a day as UBL writes it."""
    return at.date().isoformat()
