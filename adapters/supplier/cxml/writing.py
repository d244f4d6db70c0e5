"""Orders written strictly: placed, changed, taken back, and invoices rejected; the same bytes for the same message."""

from datetime import datetime

from pydantic import SecretStr

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError
from adapters.documents.units import to_rec20
from adapters.supplier.cxml.composing import (
    add,
    document,
    moment,
    payload_id_of,
    request,
    worded,
)
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.tree import Element
from domain.ports import OrderMessage
from domain.purchase_order import OrderLine
from domain.quantities import plain

PLACED = "placed"
"""The step of the message that placed an order: what a change and a cancellation refer to."""


def write_order(
    message: OrderMessage, who: Correspondents, options: CxmlOptions, secret: SecretStr, at: datetime
) -> bytes:
    """Return an OrderRequest that places the order. Raises CannotBeWrittenError."""
    return _order_request("new", message, who, options=options, secret=secret, at=at)


def write_order_change(
    message: OrderMessage,
    who: Correspondents,
    options: CxmlOptions,
    secret: SecretStr,
    at: datetime,
    *,
    previous: str | None = None,
) -> bytes:
    """Return an OrderRequest with every line as it is now; one of quantity zero is given up.

    `previous` is the key of the message it changes, where that is not the one that placed the order.
    Raises CannotBeWrittenError.
    """
    return _order_request("update", message, who, options=options, secret=secret, at=at, previous=previous)


def write_order_cancellation(
    message: OrderMessage,
    who: Correspondents,
    options: CxmlOptions,
    secret: SecretStr,
    at: datetime,
    *,
    previous: str | None = None,
) -> bytes:
    """Return an OrderRequest that takes the order back, its lines repeated. Raises CannotBeWrittenError."""
    return _order_request("delete", message, who, options=options, secret=secret, at=at, previous=previous)


def write_invoice_rejection(
    message: OrderMessage, invoice_number: str, options: CxmlOptions, secret: SecretStr, at: datetime
) -> bytes:
    """Return a StatusUpdateRequest that says an invoice will not be paid, and why."""
    root, carrier = request(payload_id_of(message.key, message.order.name, options), at, options, secret)
    made = add(carrier, "StatusUpdateRequest")
    worded(made, "Status", message.reason, options, code="200", text="OK")
    status = add(made, "InvoiceStatus", type="rejected")
    add(status, "InvoiceIDInfo", invoiceID=invoice_number)
    if message.reason:
        worded(status, "Comments", message.reason, options)
    return document(root, options)


def _order_request(
    kind: str,
    message: OrderMessage,
    who: Correspondents,
    *,
    options: CxmlOptions,
    secret: SecretStr,
    at: datetime,
    previous: str | None = None,
) -> bytes:
    order = message.order
    root, carrier = request(payload_id_of(message.key, order.name, options), at, options, secret)
    made = add(carrier, "OrderRequest")
    about = {"orderID": order.name, "orderDate": moment(at), "type": kind, "requisitionID": order.requisition}
    header = add(made, "OrderRequestHeader", **about)
    add(add(header, "Total"), "Money", plain(order.total.amount), currency=order.currency)
    _ship_to(header, message, who, options)
    _address(add(header, "BillTo"), who.us, options)
    _contact(header, who.us, options)
    if message.reason:
        worded(header, "Comments", message.reason, options)
    if kind != "new":
        earlier = payload_id_of(previous or f"{order.key}/{PLACED}", order.name, options)
        add(header, "DocumentReference", payloadID=earlier)
    for line in order.lines:
        _item(made, line, message, options)
    return document(root, options)


def _ship_to(header: Element, message: OrderMessage, who: Correspondents, options: CxmlOptions) -> None:
    facility = message.order.facility
    place = who.place(facility)
    number = place.ids.get(options.address_scheme) or facility
    _address(add(header, "ShipTo"), place, options, number=number, deliver_to=message.order.deliver_to)


def _address(
    parent: Element, place: Correspondent, options: CxmlOptions, *, number: str = "", deliver_to: str = ""
) -> None:
    """Add an Address. A street and a city we do not know stay empty: the standard will not do without the elements."""
    named = {"addressID": number} if number else {}
    address = add(parent, "Address", isoCountryCode=place.country, **named)
    worded(address, "Name", place.name, options)
    postal = add(address, "PostalAddress")
    if deliver_to:
        add(postal, "DeliverTo", deliver_to)
    add(postal, "Street", place.street or "")
    add(postal, "City", place.city or "")
    if place.region:
        add(postal, "State", place.region)
    if place.postal_code:
        add(postal, "PostalCode", place.postal_code)
    add(postal, "Country", place.country, isoCountryCode=place.country)
    if place.email:
        add(address, "Email", place.email)


def _contact(header: Element, us: Correspondent, options: CxmlOptions) -> None:
    if us.contact or us.email:
        contact = add(header, "Contact", role="purchasingAgent")
        worded(contact, "Name", us.contact or us.name, options)
        if us.email:
            add(contact, "Email", us.email)


def _item(parent: Element, line: OrderLine, message: OrderMessage, options: CxmlOptions) -> None:
    about = {"quantity": plain(line.quantity.value), "lineNumber": str(line.number)}
    if message.order.needed_by is not None:
        about["requestedDeliveryDate"] = message.order.needed_by.isoformat()
    item = add(parent, "ItemOut", **about)
    numbers = add(item, "ItemID")
    add(numbers, "SupplierPartID", line.supplier_item or "")
    add(numbers, "BuyerPartID", line.item)
    if line.gtin:
        add(numbers, "IdReference", domain="gtin", identifier=line.gtin)
    detail = add(item, "ItemDetail")
    add(add(detail, "UnitPrice"), "Money", plain(line.unit_price), currency=message.order.currency)
    worded(detail, "Description", line.description or line.item, options)
    add(detail, "UnitOfMeasure", unit_written(line.quantity.unit, f"line {line.number}", options))
    code = options.classifications.get(line.item, options.unclassified)
    add(detail, "Classification", code, domain=options.classification_domain)


def unit_written(unit: str, place: str, options: CxmlOptions) -> str:
    """Return a unit of ours in the partner's code. Raises CannotBeWrittenError where Recommendation 20 has none."""
    written = to_rec20(unit, options.units)
    if written is None:
        raise CannotBeWrittenError(
            f"{place}: no code of Recommendation 20 says {unit}; name the partner's (cxml.units)"
        )
    return written
