"""The supplier's JSON and our documents, both ways."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, cast

from pydantic import BaseModel

from adapters.bad_document import BadDocumentError
from adapters.supplier.webhook import wire
from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import LotQuantity, ShipNotice, ShippedLine
from domain.identifiers import SupplierCode
from domain.invoice import Charge, CreditNote, InvoiceLine, SupplierInvoice
from domain.order_state import PartnerDocument
from domain.ports import OrderMessage
from domain.quantities import Quantity, plain

ANSWERS = {
    "accepted": AnswerKind.ACCEPTED,
    "changed": AnswerKind.CHANGED,
    "backordered": AnswerKind.BACKORDERED,
    "substituted": AnswerKind.SUBSTITUTED,
    "on_hold": AnswerKind.ON_HOLD,
    "rejected": AnswerKind.REJECTED,
}
WHOLE_ORDER = ("accepted", "rejected")


def document_of(kind: str, data: dict[str, Any], supplier: SupplierCode, at: datetime) -> PartnerDocument:
    """Return the document an event carries. Raises BadDocumentError, or pydantic's ValidationError on `data`."""
    if kind not in READERS:
        known = ", ".join(sorted(READERS))
        raise BadDocumentError("/type", "must be an event type we know", f"use one of {known}")
    model, read = READERS[kind]
    return read(model.model_validate(data), supplier, at)


def purchase_order_of(message: OrderMessage) -> dict[str, Any]:
    """Return an order as the supplier reads it: decimals as strings, the order's key for tracing."""
    order = message.order
    return {
        "po_number": order.name,
        "order_key": order.key,
        "facility": order.facility,
        "deliver_to": order.deliver_to,
        "currency": order.currency,
        "needed_by": order.needed_by.isoformat() if order.needed_by else None,
        "criticality": order.criticality.value,
        "reason": message.reason or None,
        "lines": [
            {
                "line": line.number,
                "item": line.item,
                "supplier_item": line.supplier_item,
                "gtin": line.gtin,
                "description": line.description,
                "quantity": plain(line.quantity.value),
                "unit": line.quantity.unit,
                "unit_price": plain(line.unit_price),
            }
            for line in order.lines
        ],
        "total": plain(order.total.amount),
    }


def _acknowledgement(read: wire.OrderAcknowledged, supplier: SupplierCode, at: datetime) -> OrderAcknowledgement:
    if read.answer is not None and read.answer not in WHOLE_ORDER:
        raise BadDocumentError("/data/answer", "must be accepted or rejected", "answer line by line for anything else")
    whole = None if read.answer is None else ANSWERS[read.answer]
    return OrderAcknowledgement(
        number=read.acknowledgement,
        po_number=read.po_number,
        supplier=supplier,
        issued_at=at,
        whole_order=cast("Literal[AnswerKind.ACCEPTED, AnswerKind.REJECTED] | None", whole),
        lines=tuple(
            LineAnswer(
                number=line.line, parts=tuple(_part(part, line.line, place) for place, part in enumerate(line.parts))
            )
            for line in read.lines
        ),
    )


def _part(part: wire.AnswerPart, line: int, place: int) -> AnswerPart:
    if part.answer not in ANSWERS:
        known = ", ".join(ANSWERS)
        raise BadDocumentError(f"/data/lines (line {line})/parts/{place}/answer", f"must be one of {known}")
    return AnswerPart(
        kind=ANSWERS[part.answer],
        quantity=Quantity(value=part.quantity, unit=part.unit),
        unit_price=part.unit_price,
        promised_on=part.promised_on,
        item=part.item,
        reason=part.reason,
        raw_codes=(part.answer,),
    )


def _ship_notice(read: wire.OrderShipped, supplier: SupplierCode, at: datetime) -> ShipNotice:
    return ShipNotice(
        number=read.ship_notice,
        po_number=read.po_number,
        supplier=supplier,
        shipped_at=at,
        expected_on=read.expected_on,
        carrier=read.carrier,
        tracking=read.tracking,
        packages=read.packages,
        lines=tuple(
            ShippedLine(
                number=line.line,
                quantity=Quantity(value=line.quantity, unit=line.unit),
                gtin=line.gtin,
                lots=tuple(
                    LotQuantity(
                        lot=lot.lot,
                        quantity=Quantity(value=lot.quantity, unit=lot.unit),
                        expires_on=lot.expires_on,
                    )
                    for lot in line.lots
                ),
            )
            for line in read.lines
        ),
    )


def _invoice(read: wire.InvoiceIssued, supplier: SupplierCode, at: datetime) -> SupplierInvoice:
    del at  # an invoice has a date of its own
    return SupplierInvoice.model_validate(_billing(read, supplier))


def _credit_note(read: wire.CreditNoteIssued, supplier: SupplierCode, at: datetime) -> CreditNote:
    del at  # a credit note has a date of its own
    return CreditNote.model_validate({**_billing(read, supplier), "invoice_number": read.credited_invoice})


def _billing(read: wire.InvoiceIssued, supplier: SupplierCode) -> dict[str, Any]:
    return {
        "number": read.invoice,
        "po_number": read.po_number,
        "supplier": supplier,
        "issued_on": read.issued_on,
        "currency": read.currency,
        "tax": read.tax,
        "total": read.total,
        "charges": tuple(Charge(kind=charge.kind, amount=charge.amount) for charge in read.charges),
        "lines": tuple(
            InvoiceLine(
                number=line.line,
                order_line=line.order_line,
                item=line.item,
                supplier_item=line.supplier_item,
                gtin=line.gtin,
                description=line.description,
                quantity=Quantity(value=line.quantity, unit=line.unit),
                unit_price=line.unit_price,
                amount=line.amount,
            )
            for line in read.lines
        ),
    }


READERS: dict[str, tuple[type[BaseModel], Callable[[Any, SupplierCode, datetime], PartnerDocument]]] = {
    "order.acknowledged": (wire.OrderAcknowledged, _acknowledgement),
    "order.shipped": (wire.OrderShipped, _ship_notice),
    "invoice.issued": (wire.InvoiceIssued, _invoice),
    "credit_note.issued": (wire.CreditNoteIssued, _credit_note),
}
"""Every event type we read from suppliers."""
