"""Punch-out, read: the request and answer that open a shop, and the cart that comes back from it."""

from typing import Any

from adapters.documents.reading import DocumentKind, Reading, Totals
from adapters.supplier.cxml.amounts import header_charges, tax_amount, taxes_of
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, references
from adapters.supplier.cxml.items import extrinsics, parties
from adapters.supplier.cxml.order import item_line
from adapters.supplier.cxml.statuses import status_of
from adapters.supplier.cxml.tree import attribute, child, children, text


def read_punch_out_setup(reader: CxmlReader) -> Reading:
    """Return what a PunchOutSetupRequest says: the cookie, where the cart is to be posted, what to show first."""
    request = reader.payload
    details = {
        "buyer cookie": text(request, "BuyerCookie"),
        "browser form post": text(request, "BrowserFormPost/URL"),
        "supplier setup": text(request, "SupplierSetup/URL"),
        "selected item": text(request, "SelectedItem/ItemID/SupplierPartID"),
        "selected item auxiliary": text(request, "SelectedItem/ItemID/SupplierPartAuxiliaryID"),
    }
    return Reading.model_validate(
        {
            **_common(reader, details),
            "kind": DocumentKind.PUNCH_OUT_SETUP,
            "raw_type": attribute(request, "operation"),
            "parties": parties(reader),
            "references": extrinsics(reader, request),
            "lines": tuple(item_line(reader, item, n) for n, item in enumerate(children(request, "ItemOut"), start=1)),
        }
    )


def read_punch_out_start(reader: CxmlReader) -> Reading:
    """Return what a PunchOutSetupResponse says: where the shop begins, and whether it may."""
    status = status_of(reader)
    page = text(reader.payload, "StartPage/URL")
    if not page:
        reader.error("start page", reader.payload, "must name a StartPage")
    return Reading.model_validate(
        {
            **_common(reader, {"start page": page, **status.details}),
            "kind": DocumentKind.PUNCH_OUT_SETUP,
            "raw_type": status.code,
            "notes": status.notes,
        }
    )


def read_cart(reader: CxmlReader) -> Reading:
    """Return what a PunchOutOrderMessage says: the cart, its total, and the cookie that tells whose it is."""
    message = reader.payload
    header = child(message, "PunchOutOrderMessageHeader")
    order = child(header, "SupplierOrderInfo")
    details = {
        "buyer cookie": text(message, "BuyerCookie"),
        "operation allowed": attribute(header, "operationAllowed"),
        "quote status": attribute(header, "quoteStatus"),
        "sourcing status": attribute(child(header, "SourcingStatus"), "action"),
    }
    return Reading.model_validate(
        {
            **_common(reader, details),
            "kind": DocumentKind.PUNCH_OUT_ORDER,
            "number": text(message, "BuyerCookie") or None,
            "raw_type": attribute(header, "operationAllowed"),
            "parties": parties(reader),
            "dates": reader.dated(order, "orderDate", "supplier order"),
            "references": tuple(references(header)),
            "lines": tuple(item_line(reader, item, n) for n, item in enumerate(children(message, "ItemIn"), start=1)),
            "charges": header_charges(reader, header),
            "taxes": taxes_of(reader, child(header, "Tax")),
            "totals": Totals(gross=reader.money(header, "Total/Money"), tax=tax_amount(reader, child(header, "Tax"))),
        }
    )


def _common(reader: CxmlReader, details: dict[str, str]) -> dict[str, Any]:
    common = header_of(reader)
    common["details"] |= {name: value for name, value in details.items() if value}
    return {**common, **issued(reader, None, ""), "message_id": ""}
