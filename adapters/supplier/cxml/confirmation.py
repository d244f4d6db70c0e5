"""ConfirmationRequest, read: what the supplier says of an order as a whole and of (parts of) its lines.

Every ConfirmationStatus of a ConfirmationItem is a disposition of so many; what they leave of the ordered quantity is
the line's remainder, and nobody's guess. The status of a line beats the type in the header (docs/cxml.md).
"""

from decimal import Decimal

from adapters.documents.reading import (
    Disposition,
    DocumentKind,
    NamedDate,
    NamedReference,
    Reading,
    ReadLine,
    ReadQuantity,
    Totals,
)
from adapters.supplier.cxml.amounts import header_charges, taxes_of
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, order_of, purpose_of, references
from adapters.supplier.cxml.items import description, extrinsics, id_references, notes, parties, price_of_one
from adapters.supplier.cxml.tree import Element, attribute, child, children, text
from domain.acknowledgement import AnswerKind

WHOLE = {
    "accept": AnswerKind.ACCEPTED,
    "except": AnswerKind.ACCEPTED,
    "backordered": AnswerKind.BACKORDERED,
    "reject": AnswerKind.REJECTED,
}
"""What a confirmation's type says of every line it does not list; the other types say nothing of them."""
TYPES = frozenset(WHOLE) | {"alldetail", "detail", "requesttopay", "replace"}
STATUSES = {
    "accept": AnswerKind.ACCEPTED,
    "alldetail": AnswerKind.CHANGED,
    "detail": AnswerKind.CHANGED,
    "backordered": AnswerKind.BACKORDERED,
    "reject": AnswerKind.REJECTED,
    "unknown": None,
    "requesttopay": None,
}
"""What a status says; None where it neither accepts nor refuses."""


def read_confirmation(reader: CxmlReader) -> Reading:
    """Return what a ConfirmationRequest says."""
    request = reader.payload
    header = child(request, "ConfirmationHeader")
    kind = attribute(header, "type")
    items = children(request, "ConfirmationItem")
    operation = attribute(header, "operation")
    return Reading.model_validate(
        {
            **header_of(reader),
            **issued(reader, header, "noticeDate"),
            "kind": DocumentKind.ORDER_ACKNOWLEDGEMENT,
            "message_id": "",
            "number": attribute(header, "confirmID") or None,
            "po_number": order_of(reader, request),
            "raw_type": kind,
            "purpose": "replacement" if kind.casefold() == "replace" else purpose_of(operation),
            "whole_answer": _whole(reader, header, kind.casefold(), has_items=bool(items)),
            "parties": parties(reader),
            "dates": _ordered_on(reader, request),
            "references": (*references(request), *_references(reader, header)),
            "lines": tuple(_line(reader, item, position) for position, item in enumerate(items, start=1)),
            "charges": header_charges(reader, header),
            "taxes": taxes_of(reader, child(header, "Tax")),
            "totals": Totals(gross=reader.money(header, "Total/Money"), tax=reader.money(header, "Tax/Money")),
            "notes": notes(header),
        }
    )


def _references(reader: CxmlReader, header: Element | None) -> tuple[NamedReference, ...]:
    invoice = attribute(header, "invoiceID")
    named = (NamedReference(meaning="invoice", raw="invoiceID", value=invoice),) if invoice else ()
    return (*named, *references(header), *id_references(header), *extrinsics(reader, header))


def _ordered_on(reader: CxmlReader, request: Element) -> tuple[NamedDate, ...]:
    return reader.dated(child(request, "OrderReference"), "orderDate", "purchase order")


def _whole(reader: CxmlReader, header: Element | None, kind: str, *, has_items: bool) -> AnswerKind | None:
    """Say what the type says of lines that are not there."""
    if kind not in TYPES:
        remedy = "use accept, detail, allDetail, except, backordered, reject or replace"
        node = reader.payload if header is None else header
        tell = reader.warning if has_items and not kind else reader.error
        tell("confirmation type", node, "must be a confirmation type of cXML", remedy, at="type")
    if kind == "reject" and has_items and header is not None:
        reader.warning("confirmation type", header, "rejects the whole order and lists lines all the same", at="type")
    if kind in {"detail", "alldetail"} and not has_items and header is not None:
        reader.error("confirmation type", header, "promises lines, and none follows", at="type")
    return WHOLE.get(kind, reader.options.silent_lines if kind in {"detail", "alldetail", ""} else None)


def _line(reader: CxmlReader, item: Element, position: int) -> ReadLine:
    statuses = children(item, "ConfirmationStatus")
    ordered = reader.quantity(item, next((one for one in statuses if text(one, "UnitOfMeasure")), None))
    if not statuses:
        reader.error("status", item, "must have a ConfirmationStatus")
    parts = [(one, reader.quantity(one, item)) for one in statuses]
    number = attribute(item, "lineNumber") or None
    return ReadLine(
        position=position,
        number=number,
        order_line=number,
        description=description(*(child(one, "ItemIn/ItemDetail") for one in statuses)),
        quantity=ordered,
        ordered=ordered,
        remaining=_remaining(reader, item, ordered, [quantity for _, quantity in parts]),
        unit_price=next((price for one, _ in parts if (price := price_of_one(reader, _priced(one))) is not None), None),
        raw_codes=tuple(attribute(one, "type") for one in statuses),
        dispositions=tuple(_disposition(reader, one, quantity) for one, quantity in parts),
        dates=tuple(date for one in statuses for date in _dates(reader, one)),
        references=tuple(found for one in statuses for found in (*extrinsics(reader, one), *_batch(one))),
        notes=tuple(said for one in statuses for said in notes(one)),
    )


def _remaining(
    reader: CxmlReader, item: Element, ordered: ReadQuantity | None, parts: list[ReadQuantity | None]
) -> ReadQuantity | None:
    """Return what the statuses leave of the ordered quantity; more than that is a finding."""
    if ordered is None or any(one is None or one.raw_unit != ordered.raw_unit for one in parts):
        return None
    left = ordered.value - sum((one.value for one in parts if one), start=Decimal(0))
    if left < 0:
        reader.warning("quantity", item, "has statuses for more than its own quantity", at="quantity")
    return ordered.model_copy(update={"value": left}) if left > 0 else None


def _disposition(reader: CxmlReader, status: Element, quantity: ReadQuantity | None) -> Disposition:
    raw = attribute(status, "type")
    if raw.casefold() not in STATUSES:
        remedy = "use accept, detail, allDetail, backordered, reject or unknown"
        reader.error("status type", status, "must be a line status of cXML", remedy, at="type")
    kind = STATUSES.get(raw.casefold())
    instead = child(status, "ItemIn")
    item = text(instead, "ItemID/SupplierPartID") or None
    if raw.casefold() == "detail" and item:
        kind = AnswerKind.SUBSTITUTED
    promised = reader.moment(status, "deliveryDate")
    return Disposition(
        kind=kind,
        quantity=_instead(reader, instead, quantity),
        unit_price=None if kind is AnswerKind.REJECTED else price_of_one(reader, _priced(status)),
        promised_on=promised.on if promised else None,
        item=None if kind is AnswerKind.REJECTED else item,
        reason="; ".join(notes(status)),
        raw_codes=(raw,),
    )


def _instead(reader: CxmlReader, item_in: Element | None, quantity: ReadQuantity | None) -> ReadQuantity | None:
    """Return how many will come: what replaces a part of the line has a quantity and a unit of its own."""
    if item_in is None:
        return quantity
    own = reader.quantity(item_in, child(item_in, "ItemDetail"))
    if own is None:
        return quantity
    if own.raw_unit or quantity is None:
        return own
    return own.model_copy(update={"unit": quantity.unit, "raw_unit": quantity.raw_unit})


def _priced(status: Element) -> Element:
    """Return what carries the price: the item that will come, or the status itself."""
    detail = child(status, "ItemIn/ItemDetail")
    return status if child(detail, "UnitPrice") is None or detail is None else detail


def _dates(reader: CxmlReader, status: Element) -> tuple[NamedDate, ...]:
    return (
        *reader.dated(status, "shipmentDate", "scheduled ship"),
        *reader.dated(status, "deliveryDate", "promised delivery"),
    )


def _batch(status: Element) -> tuple[NamedReference, ...]:
    lot = text(status, "SupplierBatchID")
    return (NamedReference(meaning="lot", raw="SupplierBatchID", value=lot),) if lot else ()
