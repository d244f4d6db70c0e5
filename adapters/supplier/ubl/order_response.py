"""OrderResponse and OrderResponseSimple, read: what the supplier says of an order, as a whole or line by line.

A header that says received, accepted or rejected has no lines; one that accepts with amendments lists all of them, and
what it does not mention is not implied (Peppol T76). Several response lines may be about one line of the order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from adapters.documents.reading import Disposition, DocumentKind, Reading, ReadLine, ReadQuantity
from adapters.supplier.ubl.fields import DocumentReader, every, one, text, texts
from adapters.supplier.ubl.header import delivery_dates, header_of, totals_of
from adapters.supplier.ubl.items import (
    charges_of,
    item_of,
    item_taxes,
    line_references,
    lots_of,
    order_of,
    price_of,
    price_of_one,
)
from domain.acknowledgement import AnswerKind

HEADERS = {
    **dict.fromkeys(("AP", "29"), AnswerKind.ACCEPTED),
    **dict.fromkeys(("RE", "27"), AnswerKind.REJECTED),
    **dict.fromkeys(("AB", "CA", "30"), None),
}
"""UNCL 4343: accepted, rejected, only received, accepted with amendments; 27, 29 and 30 are those of older profiles."""
WITHOUT_LINES = {"AP": "PEPPOL-T76-R008", "RE": "PEPPOL-T76-R009", "AB": "PEPPOL-T76-R010"}
WITH_LINES = frozenset({"CA", "30"})

LINES: dict[str, AnswerKind | None] = {
    "1": AnswerKind.CHANGED,
    "3": AnswerKind.CHANGED,
    "5": AnswerKind.ACCEPTED,
    "7": AnswerKind.REJECTED,
    "42": AnswerKind.ACCEPTED,
    "27": AnswerKind.REJECTED,
    "29": AnswerKind.ACCEPTED,
    "30": AnswerKind.CHANGED,
    "ADDED": AnswerKind.CHANGED,
    "REVISED": AnswerKind.CHANGED,
    "CANCELLED": AnswerKind.REJECTED,
    "DISPUTED": AnswerKind.ON_HOLD,
}
"""UNCL 1229; 27, 29 and 30 as older profiles wrote them on lines too; and the words UBL 2.0 proposed."""
CHANGES = {
    **dict.fromkeys(("1", "ADDED"), "add"),
    **dict.fromkeys(("3", "30", "REVISED"), "change"),
    **dict.fromkeys(("5", "29", "42"), "none"),
    **dict.fromkeys(("7", "27", "CANCELLED"), "delete"),
}
REASONS = {"42": "already delivered"}
NO_STATUS = frozenset({"", "NOSTATUS"})


@dataclass(frozen=True, slots=True)
class Header:
    """What the answer says of all its lines: its code, and the day it promises."""

    code: str
    promised_on: date | None


def read_order_response(reader: DocumentReader) -> Reading:
    """Return what an OrderResponse says."""
    root = reader.root
    code = text(root, "cbc:OrderResponseCode").upper()
    header = header_of(reader)
    found = every(root, "cac:OrderLine")
    said = Header(code, max(_promises(reader, root), default=None))
    lines = [_line(reader, line, number, said) for number, line in enumerate(found, start=1)]
    _check(reader, code, lines)
    return Reading(
        **header,
        kind=DocumentKind.ORDER_ACKNOWLEDGEMENT,
        raw_type=code,
        whole_answer=HEADERS.get(code) if not lines or code in WITHOUT_LINES else None,
        lines=tuple(lines),
        charges=charges_of(reader, root),
        totals=totals_of(reader, "cac:LegalMonetaryTotal"),
        findings=reader.all(),
    )


def read_order_response_simple(reader: DocumentReader) -> Reading:
    """Return what an OrderResponseSimple says: yes or no to the whole order."""
    root = reader.root
    accepted = text(root, "cbc:AcceptedIndicator")
    whole = {
        "true": AnswerKind.ACCEPTED,
        "1": AnswerKind.ACCEPTED,
        "false": AnswerKind.REJECTED,
        "0": AnswerKind.REJECTED,
    }
    if accepted not in whole:
        reader.error("AcceptedIndicator", root, "must say true or false", path="cbc:AcceptedIndicator")
    header = header_of(reader)
    header["notes"] = (*header["notes"], *texts(root, "cbc:RejectionNote"))
    return Reading(
        **header,
        kind=DocumentKind.ORDER_ACKNOWLEDGEMENT,
        raw_type=accepted,
        whole_answer=whole.get(accepted),
        findings=reader.all(),
    )


def _check(reader: DocumentReader, code: str, lines: list[ReadLine]) -> None:
    root, path = reader.root, "cbc:OrderResponseCode"
    if code and code not in HEADERS:
        remedy = "use AB, AP, RE or CA of UNCL 4343"
        reader.error("PEPPOL-T76-CL", root, "is no order response code", remedy, path=path)
    if code in WITH_LINES and not lines:
        remedy = "list every line, also those that are accepted as they are"
        reader.error("PEPPOL-T76-R007", root, "an answer with amendments must have lines", remedy, path="cac:OrderLine")
    if code in WITHOUT_LINES and lines:
        _check_no_lines(reader, code, lines)
    if not code and not lines:
        reader.error("OrderResponseCode", root, "must answer the order, or its lines", path=path)


def _check_no_lines(reader: DocumentReader, code: str, lines: list[ReadLine]) -> None:
    """Lines that say what the header says are superfluous; others leave open which of the two counts."""
    said = {disposition.kind for line in lines for disposition in line.dispositions}
    rule = f"an answer of type {code} to the whole order must have no lines"
    if said <= {HEADERS[code]}:
        reader.warning(WITHOUT_LINES[code], reader.root, f"{rule}; these say the same", path="cac:OrderLine")
        return
    remedy = "send CA with every line where lines differ"
    reader.error(
        WITHOUT_LINES[code], reader.root, f"{rule}, and these say something else", remedy, path="cac:OrderLine"
    )


def _line(reader: DocumentReader, line: etree._Element, number: int, header: Header) -> ReadLine:
    item = one(line, "cac:LineItem")
    item = line if item is None else item
    status = text(item, "cbc:LineStatusCode")
    quantity = reader.quantity(item, "cbc:Quantity")
    own, named = text(item, "cbc:ID") or None, order_of(line)
    fields = item_of(reader, item)
    return ReadLine(
        position=number,
        number=own,
        order_line=named["order_line"] or own,
        po_number=named["po_number"],
        **{**fields, "notes": (*fields["notes"], *texts(line, "cbc:Note"))},
        quantity=quantity,
        remaining=_backorder(reader, item, quantity),
        **price_of(reader, item),
        amount=reader.number(item, "cbc:LineExtensionAmount"),
        change=CHANGES.get(status.upper()),
        raw_codes=(status,) if status else (),
        dispositions=tuple(_dispositions(reader, line, item, quantity, header)),
        lots=lots_of(reader, item, quantity),
        charges=charges_of(reader, item),
        taxes=item_taxes(reader, item),
        dates=delivery_dates(reader, item),
        references=line_references(line),
    )


def _dispositions(
    reader: DocumentReader, line: etree._Element, item: etree._Element, quantity: ReadQuantity | None, header: Header
) -> Iterator[Disposition]:
    status = text(item, "cbc:LineStatusCode")
    kind = _kind(reader, item, status.upper(), header.code)
    substitute = _substitute(line)
    if substitute is not None and kind is not AnswerKind.REJECTED:
        kind = AnswerKind.SUBSTITUTED
    fields: dict[str, Any] = {
        "unit_price": None if kind is AnswerKind.REJECTED else price_of_one(reader, item),
        "item": substitute,
        "reason": _reason(line, item, status),
        "raw_codes": (status,) if status else (),
    }
    parts = _scheduled(reader, item, quantity, header.promised_on)
    for part, promised_on in parts:
        yield Disposition(kind=kind, quantity=part, promised_on=promised_on, **fields)
    backorder = _backorder(reader, item, quantity)
    if backorder is not None and backorder.value > 0 and kind in {AnswerKind.CHANGED, AnswerKind.SUBSTITUTED}:
        yield Disposition(kind=AnswerKind.BACKORDERED, quantity=backorder, **{**fields, "item": None})


def _backorder(reader: DocumentReader, item: etree._Element, quantity: ReadQuantity | None) -> ReadQuantity | None:
    """Return what will come later, in the unit of what comes now where it names none."""
    backorder = reader.quantity(item, "cbc:MaximumBackorderQuantity")
    if backorder is None or quantity is None or backorder.raw_unit:
        return backorder
    return quantity.model_copy(update={"value": backorder.value})


def _kind(reader: DocumentReader, item: etree._Element, status: str, header: str) -> AnswerKind | None:
    if status in LINES:
        return LINES[status]
    if status in NO_STATUS:
        return HEADERS.get(header) or _silent(reader, item, header)
    remedy = "use 1, 3, 5, 7 or 42 of UNCL 1229"
    reader.error("PEPPOL-T76-CL", item, "is no line status code", remedy, path="cbc:LineStatusCode")
    return None


def _silent(reader: DocumentReader, item: etree._Element, header: str) -> AnswerKind | None:
    said = reader.options.lines_without_status
    if said is None and header != "AB":
        remedy = "send a status with every line, or have the profile say what none means (lines_without_status)"
        reader.warning("LineStatusCode", item, "says nothing of what becomes of it", remedy, path="cbc:LineStatusCode")
    return said


def _substitute(line: etree._Element) -> str | None:
    """Return the number of what comes instead, by the seller's own number before any other."""
    for name in ("SellerSubstitutedLineItem", "SellerProposedSubstituteLineItem"):
        item = one(line, f"cac:{name}/cac:Item")
        if item is None:
            continue
        paths = ("SellersItemIdentification", "StandardItemIdentification", "ManufacturersItemIdentification")
        numbers = (text(item, f"cac:{path}/cbc:ID") for path in paths)
        return next(filter(None, numbers), text(item, "cbc:Name") or "not named")
    return None


def _reason(line: etree._Element, item: etree._Element, status: str) -> str:
    said = [*texts(item, "cbc:Note"), *texts(line, "cbc:Note")]
    backorder = text(item, "cbc:MaximumBackorderQuantity")
    if backorder and not backorder.strip("0."):
        said.append("the rest will not be delivered")
    return "; ".join(dict.fromkeys([*said, *([REASONS[status]] if status in REASONS else [])]))


def _scheduled(
    reader: DocumentReader, item: etree._Element, quantity: ReadQuantity | None, promised_on: date | None
) -> list[tuple[ReadQuantity | None, date | None]]:
    """Split a line by its deliveries where their quantities add up to it; else the latest day promised is its day."""
    deliveries = [
        (reader.quantity(delivery, "cbc:Quantity"), _promised(reader, delivery))
        for delivery in every(item, "cac:Delivery")
    ]
    total = sum((part.value for part, _ in deliveries if part), start=Decimal(0))
    if len(deliveries) > 1 and quantity is not None and total == quantity.value and all(part for part, _ in deliveries):
        return [(part, day) for part, day in deliveries]
    return [(quantity, max((day for _, day in deliveries if day), default=promised_on))]


def _promises(reader: DocumentReader, element: etree._Element) -> list[date]:
    return [day for delivery in every(element, "cac:Delivery") if (day := _promised(reader, delivery))]


def _promised(reader: DocumentReader, delivery: etree._Element) -> date | None:
    paths = (
        "cac:PromisedDeliveryPeriod/cbc:EndDate",
        "cac:PromisedDeliveryPeriod/cbc:StartDate",
        "cac:EstimatedDeliveryPeriod/cbc:EndDate",
        "cac:EstimatedDeliveryPeriod/cbc:StartDate",
        "cbc:LatestDeliveryDate",
        "cbc:ActualDeliveryDate",
    )
    return next((day for path in paths if (day := reader.day(delivery, path))), None)
