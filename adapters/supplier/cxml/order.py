"""OrderRequest, read: what a buyer ordered, changed or took back. We write these; reading them checks what we wrote."""

from adapters.documents.reading import DocumentKind, NamedDate, NamedReference, Reading, ReadLine, Totals
from adapters.supplier.cxml.amounts import header_charges, tax_amount, taxes_of
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, purpose_of, references
from adapters.supplier.cxml.items import (
    classifications,
    description,
    extrinsics,
    id_references,
    identifiers,
    notes,
    parties,
    pricing,
)
from adapters.supplier.cxml.tree import Element, attribute, child, children, text

KINDS = {
    "": DocumentKind.PURCHASE_ORDER,
    "new": DocumentKind.PURCHASE_ORDER,
    "update": DocumentKind.PURCHASE_ORDER_CHANGE,
    "delete": DocumentKind.PURCHASE_ORDER_CANCELLATION,
}
"""By OrderRequestHeader type."""


def read_order(reader: CxmlReader) -> Reading:
    """Return what an OrderRequest says."""
    request = reader.payload
    header = child(request, "OrderRequestHeader")
    kind = attribute(header, "type").casefold()
    if kind not in KINDS and header is not None:
        reader.error("order type", header, "must be new, update or delete", at="type")
    common = header_of(reader)
    deliver_to = [text(one) for one in children(header, "ShipTo/Address/PostalAddress/DeliverTo")]
    details = {"order type": attribute(header, "orderType"), "deliver to": "; ".join(filter(None, deliver_to))}
    common["details"] |= {name: value for name, value in details.items() if value}
    return Reading.model_validate(
        {
            **common,
            **issued(reader, header, "orderDate"),
            "kind": KINDS.get(kind, DocumentKind.PURCHASE_ORDER),
            "message_id": "",
            "number": attribute(header, "orderID") or None,
            "po_number": attribute(header, "orderID") or None,
            "raw_type": attribute(header, "type") or "new",
            "purpose": "cancellation" if kind == "delete" else purpose_of(kind),
            "parties": parties(reader),
            "dates": _dates(reader, header),
            "references": (*_references(header), *id_references(header), *extrinsics(reader, header)),
            "lines": tuple(item_line(reader, item, n) for n, item in enumerate(children(request, "ItemOut"), start=1)),
            "charges": header_charges(reader, header),
            "taxes": taxes_of(reader, child(header, "Tax")),
            "totals": Totals(gross=reader.money(header, "Total/Money"), tax=tax_amount(reader, child(header, "Tax"))),
            "notes": notes(header),
        }
    )


def _dates(reader: CxmlReader, header: Element | None) -> tuple[NamedDate, ...]:
    return (
        *reader.dated(header, "orderDate", "purchase order"),
        *reader.dated(header, "requestedDeliveryDate", "requested delivery"),
        *reader.dated(header, "pickUpDate", "pick up"),
        *reader.dated(header, "effectiveDate", "effective"),
        *reader.dated(header, "expirationDate", "expiry"),
    )


def _references(header: Element | None) -> tuple[NamedReference, ...]:
    named = {"requisitionID": "requisition", "agreementID": "contract", "orderVersion": "order version"}
    found = tuple(
        NamedReference(meaning=meaning, raw=name, value=value)
        for name, meaning in named.items()
        if (value := attribute(header, name))
    )
    return (*found, *references(header))


def item_line(reader: CxmlReader, item: Element, position: int) -> ReadLine:
    """Return an ItemOut, or the ItemIn of a cart, as a line."""
    detail = child(item, "ItemDetail")
    if detail is None:
        detail = child(item, "BlanketItemDetail")
    quantity = reader.quantity(item, detail)
    if quantity is None:
        reader.error("quantity", item, "must say how many", at="quantity")
    is_gone = attribute(item, "operation").casefold() == "delete" or (quantity is not None and not quantity.value)
    number = attribute(item, "lineNumber") or None
    return ReadLine(
        position=position,
        number=number,
        order_line=number,
        identifiers=identifiers(reader, child(item, "ItemID"), detail),
        description=description(detail),
        quantity=quantity,
        **pricing(reader, detail),
        change="delete" if is_gone else None,
        taxes=taxes_of(reader, child(item, "Tax")),
        charges=header_charges(reader, item),
        dates=(
            *reader.dated(item, "requestedDeliveryDate", "requested delivery"),
            *reader.dated(item, "requestedShipmentDate", "requested ship"),
        ),
        references=(
            *references(item),
            *classifications(detail),
            *extrinsics(reader, item),
            *extrinsics(reader, detail),
        ),
        notes=notes(item),
    )
