"""Order, OrderChange and OrderCancellation, read: what we ourselves send, and what a sister hospital may."""

from lxml import etree

from adapters.documents.reading import DocumentKind, Reading, ReadLine
from adapters.supplier.ubl.fields import DocumentReader, every, one, text, texts
from adapters.supplier.ubl.header import delivery_dates, header_of, totals_of
from adapters.supplier.ubl.items import charges_of, item_of, item_taxes, line_references, lots_of, price_of, taxes_of

CHANGES = {"1": "add", "2": "delete", "3": "change", "4": "none", "74": "reopen"}
"""UNCL 1229, as OrderChange uses it."""


def read_order(reader: DocumentReader) -> Reading:
    """Return what an Order says."""
    header = header_of(reader)
    header["po_number"] = header["number"]
    return _ordered(reader, header, DocumentKind.PURCHASE_ORDER, text(reader.root, "cbc:OrderTypeCode"))


def read_order_change(reader: DocumentReader) -> Reading:
    """Return what an OrderChange says: which lines are added, changed and taken away."""
    return _ordered(
        reader, header_of(reader), DocumentKind.PURCHASE_ORDER_CHANGE, text(reader.root, "cbc:SequenceNumberID")
    )


def read_order_cancellation(reader: DocumentReader) -> Reading:
    """Return what an OrderCancellation says: which order is taken back, and why."""
    header = header_of(reader)
    header["notes"] = (*header["notes"], *texts(reader.root, "cbc:CancellationNote"))
    return Reading(
        **header,
        kind=DocumentKind.PURCHASE_ORDER_CANCELLATION,
        purpose="cancellation",
        findings=reader.all(),
    )


def _ordered(reader: DocumentReader, header: dict[str, object], kind: DocumentKind, code: str) -> Reading:
    root = reader.root
    found = every(root, "cac:OrderLine")
    return Reading.model_validate(
        {
            **header,
            "kind": kind,
            "raw_type": code,
            "lines": tuple(_line(reader, line, number) for number, line in enumerate(found, start=1)),
            "charges": charges_of(reader, root),
            "taxes": taxes_of(reader, root),
            "totals": totals_of(reader, "cac:AnticipatedMonetaryTotal"),
            "findings": reader.all(),
        }
    )


def _line(reader: DocumentReader, line: etree._Element, number: int) -> ReadLine:
    item = one(line, "cac:LineItem")
    item = line if item is None else item
    status = text(item, "cbc:LineStatusCode")
    quantity = reader.quantity(item, "cbc:Quantity")
    fields = item_of(reader, item)
    return ReadLine(
        position=number,
        number=text(item, "cbc:ID") or None,
        order_line=text(item, "cbc:ID") or None,
        **{**fields, "notes": (*fields["notes"], *texts(line, "cbc:Note"))},
        quantity=quantity,
        **price_of(reader, item),
        amount=reader.number(item, "cbc:LineExtensionAmount"),
        change=CHANGES.get(status, status or None),
        raw_codes=(status,) if status else (),
        lots=lots_of(reader, item, quantity),
        charges=charges_of(reader, item),
        taxes=item_taxes(reader, item),
        dates=delivery_dates(reader, item),
        references=line_references(item),
    )
