"""The lines of an InvoiceDetailRequest: items, services, and orders billed in one amount."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from adapters.documents.reading import NamedReference, ReadCharge, ReadLine, ReadLot, ReadQuantity
from adapters.supplier.cxml.amounts import CENT, cents, discount_of, modifications, tax_amount, taxes_of
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import order_of, references
from adapters.supplier.cxml.items import classifications, description, extrinsics, identifiers, notes, pricing
from adapters.supplier.cxml.tree import Element, attribute, child, children, text

ORDERS = ("InvoiceDetailOrder", "InvoiceDetailHeaderOrder")
ITEMS = frozenset({"InvoiceDetailItem", "InvoiceDetailServiceItem", "InvoiceDetailOrderSummary"})
REFERENCE = {"InvoiceDetailServiceItem": "InvoiceDetailServiceItemReference"}


@dataclass(frozen=True)
class LineRead:
    """A line, and the money it names that is counted at the document."""

    reading: ReadLine
    shipping: Decimal | None
    handling: Decimal | None
    discount: Decimal
    tax: Decimal | None
    costs: tuple[ReadCharge, ...]


def lines_of(reader: CxmlReader) -> list[LineRead]:
    """Return the lines in the order of the document, each with the order it bills."""
    found: list[LineRead] = []
    for order in reader.payload:
        if order.tag not in ORDERS:
            continue
        info = child(order, "InvoiceDetailOrderInfo")
        number = order_of(reader, info)
        if number is None:
            reader.warning(
                "order", order if info is None else info, "names no purchase order; its lines are tied by hand"
            )
        about = tuple(references(info))
        for item in order:
            if item.tag in ITEMS:
                found.append(_line(reader, item, len(found) + 1, number, about))
    return found


def _line(
    reader: CxmlReader, item: Element, position: int, po_number: str | None, about: tuple[NamedReference, ...]
) -> LineRead:
    reference = child(item, REFERENCE.get(str(item.tag), "InvoiceDetailItemReference"))
    item_id = child(reference, "ItemID")
    quantity = _quantity(reader, item)
    priced = pricing(reader, item)
    costs = tuple(modifications(reader, child(item, "InvoiceItemModifications")))
    discounts = _discounts(reader, item, costs)
    subtotal = _subtotal(reader, item, quantity, priced)
    off = sum((one.amount for one in discounts), start=Decimal(0))
    reading = ReadLine(
        position=position,
        number=attribute(item, "invoiceLineNumber") or None,
        order_line=attribute(reference, "lineNumber") or None,
        po_number=po_number,
        identifiers=identifiers(reader, item_id, reference),
        description=description(reference, item),
        quantity=quantity,
        **priced,
        amount=None if subtotal is None else subtotal + off,
        charges=discounts,
        taxes=taxes_of(reader, child(item, "Tax")),
        lots=tuple(_lots(reference, quantity)),
        references=(*about, *references(item), *classifications(reference), *extrinsics(reader, item)),
        dates=tuple(_dates(reader, item)),
        notes=notes(item),
    )
    return LineRead(
        reading=reading,
        shipping=reader.money(item, "InvoiceDetailLineShipping/Money"),
        handling=reader.money(item, "InvoiceDetailLineSpecialHandling/Money"),
        discount=discount_of(reader, item),
        tax=tax_amount(reader, child(item, "Tax")),
        costs=tuple(one for one in costs if one.amount > 0),
    )


def _quantity(reader: CxmlReader, item: Element) -> ReadQuantity | None:
    """Return how much is billed; a service or an order billed in one amount need not say."""
    quantity = reader.quantity(item, child(item, "UnitRate"))
    if quantity is None and item.tag == "InvoiceDetailItem":
        reader.error("quantity", item, "must say how many are billed", at="quantity")
    return quantity


def _discounts(reader: CxmlReader, item: Element, costs: tuple[ReadCharge, ...]) -> tuple[ReadCharge, ...]:
    discount = discount_of(reader, item)
    own = (ReadCharge(kind="discount", raw="InvoiceDetailDiscount", amount=discount),) if discount else ()
    return (*own, *(one for one in costs if one.amount < 0))


def _subtotal(
    reader: CxmlReader, item: Element, quantity: ReadQuantity | None, priced: dict[str, Any]
) -> Decimal | None:
    """Return the line's subtotal, or what its quantity and price make; a finding where the two differ."""
    stated, price = reader.money(item, "SubtotalAmount/Money"), priced["unit_price"]
    if quantity is None or price is None:
        return stated
    made = cents(quantity.value * price / (priced.get("price_quantity") or Decimal(1)))
    if stated is not None and abs(stated - made) > CENT:
        reader.warning("subtotal", item, "has a SubtotalAmount that is not its quantity at its price")
    return made if stated is None else stated


def _lots(reference: Element | None, quantity: ReadQuantity | None) -> Iterator[ReadLot]:
    """Yield the lot billed, and each serial number."""
    serials = [text(one) for one in children(reference, "SerialNumber")] or [attribute(reference, "serialNumber")]
    lot = text(reference, "SupplierBatchID") or None
    serials = [one for one in serials if one]
    if lot and not serials:
        yield ReadLot(lot=lot, quantity=quantity)
    for serial in serials:
        yield ReadLot(lot=lot, serial=serial)


def _dates(reader: CxmlReader, item: Element) -> Iterator[Any]:
    period = child(item, "Period")
    yield from reader.dated(item, "referenceDate", "reference")
    yield from reader.dated(item, "inspectionDate", "inspected")
    yield from reader.dated(period, "startDate", "period start")
    yield from reader.dated(period, "endDate", "period end")
