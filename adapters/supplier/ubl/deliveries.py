"""DespatchAdvice and ReceiptAdvice, read: what is on its way, and what arrived."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from adapters.documents.reading import (
    Disposition,
    DocumentKind,
    NamedDate,
    NamedReference,
    Reading,
    ReadLine,
    ReadQuantity,
)
from adapters.supplier.ubl.fields import DocumentReader, every, one, text, texts
from adapters.supplier.ubl.header import delivery_dates, header_of, name_of_party
from adapters.supplier.ubl.items import item_of, line_references, lots_of, order_of, packages_of

CANCELLED = frozenset({"1", "CANCELLED", "CANCELED"})


def read_despatch_advice(reader: DocumentReader) -> Reading:
    """Return what a DespatchAdvice says."""
    root = reader.root
    found = every(root, "cac:DespatchLine")
    lines = [_despatched(reader, line, number) for number, line in enumerate(found, start=1)]
    if not lines:
        reader.error("DespatchLine", root, "must have a line", path="cac:DespatchLine")
    return Reading(
        **_delivery(reader, lines),
        kind=DocumentKind.SHIP_NOTICE,
        raw_type=text(root, "cbc:DespatchAdviceTypeCode"),
        purpose="cancellation" if text(root, "cbc:DocumentStatusCode").upper() in CANCELLED else "",
        carrier=_carrier(root),
        tracking=tuple(dict.fromkeys([*texts(root, "cac:Shipment//cbc:TrackingID"), *_carriers_numbers(root)])),
        packages=tuple(dict.fromkeys([*packages_of(root), *(mark for line in lines for mark in line.packages)])),
        lines=tuple(lines),
        findings=reader.all(),
    )


def read_receipt_advice(reader: DocumentReader) -> Reading:
    """Return what a ReceiptAdvice says."""
    root = reader.root
    found = every(root, "cac:ReceiptLine")
    lines = [_received(reader, line, number) for number, line in enumerate(found, start=1)]
    if not lines:
        reader.error("ReceiptLine", root, "must have a line", path="cac:ReceiptLine")
    fields = _delivery(reader, lines)
    days = [day for line in found if (day := reader.day(line, "cbc:ReceivedDate"))]
    if days:
        fields["dates"] = (NamedDate(meaning="received", raw="cbc:ReceivedDate", on=max(days)), *fields["dates"])
    return Reading(
        **fields,
        kind=DocumentKind.GOODS_RECEIPT,
        raw_type=text(root, "cbc:ReceiptAdviceTypeCode"),
        packages=packages_of(root),
        lines=tuple(lines),
        findings=reader.all(),
    )


def _delivery(reader: DocumentReader, lines: list[ReadLine]) -> dict[str, Any]:
    """Return the header; the order is that of its lines where they name one only."""
    fields = header_of(reader)
    orders = dict.fromkeys(line.po_number for line in lines if line.po_number)
    if len(orders) == 1 and all(line.po_number for line in lines):
        fields["po_number"] = next(iter(orders))
    elif len(orders) > 1:
        fields["po_number"] = None
    fields["references"] = (*fields["references"], *_shipment(reader.root))
    return fields


def _shipment(root: etree._Element) -> Iterator[NamedReference]:
    for path, meaning in (
        ("cac:Shipment/cbc:ID", "shipment"),
        ("cac:Shipment/cac:Consignment/cbc:ID", "consignment"),
        ("cac:Shipment/cac:Consignment/cbc:CarrierAssignedID", "carrier's number"),
    ):
        for value in texts(root, path):
            yield NamedReference(meaning=meaning, raw=path, value=value)


def _carriers_numbers(root: etree._Element) -> tuple[str, ...]:
    return texts(root, "cac:Shipment/cac:Consignment/cbc:CarrierAssignedID")


def _carrier(root: etree._Element) -> str | None:
    for path in ("cac:Shipment//cac:CarrierParty", "cac:Shipment//cac:CarrierServiceProviderParty/cac:Party"):
        party = one(root, path)
        name = name_of_party(party) or text(party, "cac:PartyIdentification/cbc:ID")
        if name:
            return name
    return None


def _despatched(reader: DocumentReader, line: etree._Element, number: int) -> ReadLine:
    quantity = reader.quantity(line, "cbc:DeliveredQuantity")
    if quantity is None:
        reader.error("DeliveredQuantity", line, "must say how many are delivered", path="cbc:DeliveredQuantity")
    outstanding = reader.quantity(line, "cbc:OutstandingQuantity") or reader.quantity(line, "cbc:BackorderQuantity")
    status = text(line, "cbc:LineStatusCode")
    fields = item_of(reader, line)
    reasons = [*texts(line, "cbc:OutstandingReason"), *texts(line, "cbc:BackorderReason")]
    return ReadLine(
        **_line(reader, line, number, quantity),
        **{**fields, "notes": (*fields["notes"], *reasons)},
        quantity=quantity,
        remaining=outstanding,
        change="delete" if status.upper() in CANCELLED else None,
        raw_codes=(status,) if status else (),
        packages=packages_of(line),
    )


def _received(reader: DocumentReader, line: etree._Element, number: int) -> ReadLine:
    quantity, rejected = reader.quantity(line, "cbc:ReceivedQuantity"), reader.quantity(line, "cbc:RejectedQuantity")
    if quantity is None:
        reader.error("ReceivedQuantity", line, "must say how many were received", path="cbc:ReceivedQuantity")
    fields = item_of(reader, line)
    codes = (
        "QuantityDiscrepancyCode",
        "ShortageActionCode",
        "RejectReasonCode",
        "RejectActionCode",
        "TimingComplaintCode",
    )
    said = [*texts(line, "cbc:RejectReason"), *texts(line, "cbc:TimingComplaint")]
    return ReadLine(
        **_line(reader, line, number, quantity),
        **{**fields, "notes": (*fields["notes"], *said)},
        quantity=_accepted(reader, quantity, rejected),
        remaining=reader.quantity(line, "cbc:ShortQuantity"),
        rejected=rejected,
        raw_codes=tuple(found for name in codes if (found := text(line, f"cbc:{name}"))),
        dispositions=tuple(_refused(line, rejected)),
        packages=packages_of(line),
    )


def _accepted(
    reader: DocumentReader, received: ReadQuantity | None, rejected: ReadQuantity | None
) -> ReadQuantity | None:
    """Return what counts as accepted: all that was received, or without what the partner counts into it."""
    if received is None or rejected is None or not reader.options.received_includes_rejected:
        return received
    return received.model_copy(update={"value": max(received.value - rejected.value, rejected.value * 0)})


def _refused(line: etree._Element, rejected: ReadQuantity | None) -> Iterator[Disposition]:
    if rejected is not None and rejected.value > 0:
        code = text(line, "cbc:RejectReasonCode")
        yield Disposition(
            kind=None,
            quantity=rejected,
            reason="; ".join(texts(line, "cbc:RejectReason")),
            raw_codes=(code,) if code else (),
        )


def _line(reader: DocumentReader, line: etree._Element, number: int, quantity: ReadQuantity | None) -> dict[str, Any]:
    return {
        "position": number,
        "number": text(line, "cbc:ID") or None,
        **order_of(line),
        "lots": lots_of(reader, line, quantity),
        "dates": delivery_dates(reader, line),
        "references": line_references(line),
    }
