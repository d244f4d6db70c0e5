"""Punch-out: the request that opens a supplier's shop, and the cart it sends back, as lines of a requisition."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import parse_qsl

from pydantic import SecretStr, StringConstraints, ValidationError

from adapters.bad_document import BadDocumentError
from adapters.documents.correspondents import Correspondents
from adapters.documents.reading import DocumentKind, IdentifierKind, Reading, ReadLine, ReadQuantity
from adapters.supplier.cxml.composing import add, document, payload_id_of, request, worded
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.tree import Element
from domain.document import Document
from domain.identifiers import FacilityCode, ItemCode, SupplierCode
from domain.quantities import plain
from domain.requisition import RequisitionLine

MOST_FIELDS = 20
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2000)]


class CartLine(Document):
    """Something a person put into a supplier's cart, under the supplier's own number."""

    number: int
    supplier_item: str
    auxiliary: str = ""
    """What the supplier needs besides its number to find the item again; sent back as it came."""
    our_item: str | None = None
    """Our item code, where the supplier knows it."""
    description: str = ""
    quantity: ReadQuantity
    unit_price: Decimal | None = None
    classification_domain: str = ""
    classification: str = ""


class Cart(Document):
    """What came back from a supplier's shop. `cookie` tells whose session it ends."""

    cookie: str
    currency: str | None = None
    total: Decimal | None = None
    may_be_edited: bool = False
    lines: tuple[CartLine, ...]


class Shopping(Document):
    """A person about to shop at a supplier's: the session's cookie, and where the browser brings the cart to."""

    cookie: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
    """Unguessable, and used once: the cart that comes back has no other proof of where it is from."""
    return_url: Url
    shop_url: Url | None = None
    operation: Literal["create", "edit", "inspect"] = "create"
    ship_to: FacilityCode | None = None
    selected_item: str | None = None
    selected_auxiliary: str = ""
    lines: tuple[CartLine, ...] = ()
    """The cart to open again, for `edit` and `inspect`."""


def write_punch_out_setup(
    shopping: Shopping, who: Correspondents, options: CxmlOptions, secret: SecretStr, at: datetime
) -> bytes:
    """Return a PunchOutSetupRequest; the user is not named in it."""
    root, carrier = request(payload_id_of(shopping.cookie, "punch-out", options), at, options, secret)
    setup = add(carrier, "PunchOutSetupRequest", operation=shopping.operation)
    add(setup, "BuyerCookie", shopping.cookie)
    add(add(setup, "BrowserFormPost"), "URL", shopping.return_url)
    if shopping.shop_url:
        add(add(setup, "SupplierSetup"), "URL", shopping.shop_url)
    if shopping.ship_to:
        place = who.place(shopping.ship_to)
        number = place.ids.get(options.address_scheme) or shopping.ship_to
        worded(add(add(setup, "ShipTo"), "Address", addressID=number), "Name", place.name, options)
    if shopping.selected_item:
        _item_id(add(setup, "SelectedItem"), shopping.selected_item, shopping.selected_auxiliary, None)
    for line in shopping.lines:
        _item_out(setup, line)
    return document(root, options)


def _item_out(setup: Element, line: CartLine) -> None:
    about = {"quantity": plain(line.quantity.value), "lineNumber": str(line.number)}
    item = add(setup, "ItemOut", **about)
    _item_id(item, line.supplier_item, line.auxiliary, line.our_item)


def _item_id(parent: Element, supplier_item: str, auxiliary: str, ours: str | None) -> None:
    numbers = add(parent, "ItemID")
    add(numbers, "SupplierPartID", supplier_item)
    if auxiliary:
        add(numbers, "SupplierPartAuxiliaryID", auxiliary)
    if ours:
        add(numbers, "BuyerPartID", ours)


def posted_document(form: bytes) -> bytes:
    """Return the cXML a browser posted in a form field cxml-urlencoded or cxml-base64. Raises BadDocumentError."""
    try:
        fields = parse_qsl(form.decode("ascii"), max_num_fields=MOST_FIELDS, encoding="latin-1", strict_parsing=True)
    except ValueError as error:
        raise BadDocumentError("", "must be a form in URL encoding", is_syntax=True) from error
    posted = {name.casefold(): value.encode("latin-1") for name, value in fields}
    if "cxml-urlencoded" in posted:
        return posted["cxml-urlencoded"]
    if "cxml-base64" not in posted:
        raise BadDocumentError("", "must have a field cxml-urlencoded or cxml-base64")
    try:
        return base64.b64decode(b"".join(posted["cxml-base64"].split()), validate=True)
    except binascii.Error as error:
        raise BadDocumentError("cxml-base64", "must be base64", is_syntax=True) from error


def cart_of(reading: Reading) -> Cart:
    """Return the cart of a PunchOutOrderMessage. Raises BadDocumentError where it is none, or names no items."""
    if reading.kind is not DocumentKind.PUNCH_OUT_ORDER:
        raise BadDocumentError("", "must be a PunchOutOrderMessage")
    worst = next((finding for finding in reading.findings if finding.severity == "error"), None)
    if worst is not None:
        raise BadDocumentError(worst.position, worst.message, worst.remedy)
    return Cart(
        cookie=reading.details.get("buyer cookie", ""),
        currency=reading.currency,
        total=reading.totals.gross,
        may_be_edited=reading.raw_type == "edit",
        lines=tuple(_cart_line(line) for line in reading.lines),
    )


def _cart_line(line: ReadLine) -> CartLine:
    numbers = {one.qualifier: one.value for one in reversed(line.identifiers)}
    ours = {one.kind: one.value for one in line.identifiers}.get(IdentifierKind.BUYER_ITEM)
    supplier_item = numbers.get("SupplierPartID")
    if supplier_item is None or line.quantity is None:
        raise BadDocumentError(f"line {line.position}", "must have a SupplierPartID and a quantity")
    classified = next((one for one in line.references if one.meaning == "classification"), None)
    per = line.price_quantity or Decimal(1)
    return CartLine(
        number=line.position,
        supplier_item=supplier_item,
        auxiliary=numbers.get("SupplierPartAuxiliaryID", ""),
        our_item=ours,
        description=line.description,
        quantity=line.quantity,
        unit_price=None if line.unit_price is None else line.unit_price / per,
        classification_domain=classified.raw if classified else "",
        classification=classified.value if classified else "",
    )


def requisition_lines_of(
    cart: Cart, our_items: Mapping[str, ItemCode], supplier: SupplierCode
) -> tuple[RequisitionLine, ...]:
    """Return the cart as lines of a requisition from this supplier.

    `our_items` says which item of ours a supplier's number is; the supplier's own word on it is not taken.
    Raises BadDocumentError at the first line whose item or unit we do not have.
    """
    return tuple(_requisition_line(line, our_items, supplier) for line in cart.lines)


def _requisition_line(line: CartLine, our_items: Mapping[str, ItemCode], supplier: SupplierCode) -> RequisitionLine:
    place = f"line {line.number}"
    item = our_items.get(line.supplier_item)
    if item is None:
        raise BadDocumentError(place, "is of an item we do not have", "add the item, or leave it out of the cart")
    if line.quantity.unit is None:
        raise BadDocumentError(place, "has a unit we do not know", "say in the profile what it means (cxml.units)")
    wanted = {"value": line.quantity.value, "unit": line.quantity.unit}
    try:
        return RequisitionLine.model_validate(
            {"number": line.number, "item": item, "quantity": wanted, "supplier": supplier}
        )
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise BadDocumentError(place, fault["msg"].removeprefix("Value error, ")) from error
