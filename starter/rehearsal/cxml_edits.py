"""Edits of cXML messages: attributes put and dropped, elements removed, amounts and references made ours."""

from datetime import datetime
from decimal import Decimal

from lxml import etree

from adapters.supplier.cxml.tree import Element, children
from domain.invoice import SupplierInvoice
from domain.purchase_order import PurchaseOrder
from domain.quantities import plain

LEFT_OUT = (
    "Tax/TaxDetail", "InvoiceDetailDiscount", "InvoiceItemModifications", "InvoiceHeaderModifications",
    "InvoiceDetailLineShipping", "InvoiceDetailLineSpecialHandling", "Distribution", "DepositAmount",
)  # fmt: skip
"""Money our orders do not expect, wherever an invoice names it."""
NOTHING = ("ShippingAmount", "SpecialHandlingAmount", "TotalCharges", "TotalAllowances", "Tax")
"""Amounts of a summary that are zero then."""
TOTALS = ("GrossAmount", "NetAmount", "DueAmount", "TotalAmountWithoutTax")


def sum_up(summary: Element, invoice: SupplierInvoice) -> None:
    """Write the totals of a summary: nothing beside the lines, and what the invoice says is to be paid."""
    net = sum((line.amount for line in invoice.lines), start=Decimal(0))
    remove(summary, *LEFT_OUT)
    amount(summary, "SubtotalAmount", net)
    for name in NOTHING:
        amount(summary, name, Decimal(0))
    for name in TOTALS:
        amount(summary, name, invoice.total)


def amount(node: Element, name: str, value: Decimal) -> None:
    """Write an amount where the sample has one."""
    for money in children(node, f"{name}/Money"):
        money.text = plain(value)
        drop(money, "alternateAmount", "alternateCurrency")


def refer(node: Element, order: PurchaseOrder) -> None:
    """Name our order where the sample names one."""
    for reference in (*node.iter("OrderReference"), *node.iter("OrderIDInfo")):
        reference.set("orderID", order.name)


def first(node: Element, name: str) -> Element:
    """Return a child that every template has."""
    found = node.find(name)
    return etree.SubElement(node, name) if found is None else found


def put(node: Element, **values: str) -> None:
    """Write attributes."""
    for name, value in values.items():
        node.set(name, value)


def drop(node: Element, *names: str) -> None:
    """Drop attributes."""
    for name in names:
        if name in node.attrib:
            del node.attrib[name]


def remove(node: Element, *paths: str) -> None:
    """Remove every element at these paths."""
    for found in [one for path in paths for one in children(node, path)]:
        above = found.getparent()
        if above is not None:
            above.remove(found)


def moment(at: datetime) -> str:
    """Return a moment as cXML writes it."""
    return at.isoformat(timespec="seconds")


def written(root: Element, doctype: str) -> bytes:
    """Return a message in bytes, under the DOCTYPE of its sample."""
    body = etree.tostring(root, encoding="UTF-8")
    return b"\n".join([b'<?xml version="1.0" encoding="UTF-8"?>', doctype.encode(), bytes(body.strip())])
