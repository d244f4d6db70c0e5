"""A partner's cXML, written as it writes it: its messages, re-addressed to our order and altered to what is to be said.

Everything that is not altered stays as the sample has it: credentials, contacts, packages, extrinsics. Taxes, charges
and discounts are left out, because our orders expect none: the notes say so.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta

from lxml import etree

from adapters.documents.reading import IdentifierKind
from adapters.documents.units import from_rec20, from_x12, to_rec20
from adapters.partners import PartnerProfile
from adapters.supplier.cxml.confirmation import WHOLE
from adapters.supplier.cxml.items import DOMAINS
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.tree import Element, attribute, child, children, text
from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain
from starter.rehearsal.cxml_edits import (
    LEFT_OUT,
    TOTALS,
    amount,
    drop,
    first,
    moment,
    put,
    refer,
    remove,
    sum_up,
    written,
)
from starter.rehearsal.cxml_notes import notes_of
from starter.rehearsal.cxml_templates import Template, plain_template, templates_of
from starter.rehearsal.hand import SECRET, Stamp, SupplierDocument
from starter.rehearsal.lines import Lines, item_number
from starter.rehearsal.samples import Sample

STATUSES = {
    AnswerKind.ACCEPTED: "accept",
    AnswerKind.CHANGED: "detail",
    AnswerKind.BACKORDERED: "backordered",
    AnswerKind.SUBSTITUTED: "detail",
    AnswerKind.ON_HOLD: "unknown",
    AnswerKind.REJECTED: "reject",
}
"""ConfirmationStatus/@type as we have it said."""
AHEAD = timedelta(days=2)
_PARTS = {"SupplierPartID": IdentifierKind.SUPPLIER_ITEM, "BuyerPartID": IdentifierKind.BUYER_ITEM}


class CxmlHand:
    """`starter.rehearsal.hand.Hand` for cXML."""

    def __init__(self, profile: PartnerProfile, samples: tuple[Sample, ...]) -> None:
        self._options = profile.cxml or CxmlOptions()
        self._mode = "production" if profile.in_production else "test"
        self._lines = Lines(profile, samples)
        self._templates = templates_of(samples, self._options)

    def write(self, document: SupplierDocument, order: PurchaseOrder, stamp: Stamp) -> bytes:
        """Return the document as a message."""
        template = self._templates[document.kind]
        root = template.copied()
        carrier = first(root, "Request")
        self._address(root, carrier, template, stamp)
        match document:
            case OrderAcknowledgement():
                self._answer(first(carrier, template.name), document, order, stamp.at)
            case ShipNotice():
                self._ship_notice(first(carrier, template.name), document, order, stamp.at)
            case SupplierInvoice():
                self._invoice(first(carrier, template.name), document, order)
        return written(root, template.doctype)

    def acknowledgement(self, of: bytes, stamp: Stamp) -> bytes | None:
        """Return None: the language has none."""
        del of, stamp
        return None

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of documents it writes."""
        return tuple(self._templates)

    def origin(self, kind: str) -> str:
        """Return what a kind of document is made from."""
        return self._templates[kind].origin

    def notes(self) -> tuple[str, ...]:
        """Return what the samples show that somebody has to decide or to know."""
        return tuple(dict.fromkeys(note for one in self._templates.values() for note in notes_of(one, self._mode)))

    def _address(self, root: Element, carrier: Element, template: Template, stamp: Stamp) -> None:
        domain = attribute(root, "payloadID").partition("@")[2] or "rehearsal"
        root.set("payloadID", f"{template.name}-{stamp.number}@{domain}")
        root.set("timestamp", moment(stamp.at))
        carrier.set("deploymentMode", self._mode)
        for secret in root.iter("SharedSecret"):
            secret.text = SECRET.get_secret_value()

    def _answer(self, request: Element, said: OrderAcknowledgement, order: PurchaseOrder, at: datetime) -> None:
        header = first(request, "ConfirmationHeader")
        is_accepted = all(part.kind is AnswerKind.ACCEPTED for line in said.lines for part in line.parts)
        items = children(request, "ConfirmationItem")
        put(header, confirmID=said.number, noticeDate=moment(at), type=_type(header, items, is_accepted=is_accepted))
        drop(header, "operation", "invoiceID")
        remove(header, "Tax", "Shipping", "Total")
        refer(request, order)
        if is_accepted and not items:
            return
        patterns = items or children(_plain(self._options, "ConfirmationRequest"), "ConfirmationItem")
        for item in items:
            request.remove(item)
        for place, (answer, ours) in enumerate(self._lines.beside(said.lines, order)):
            request.append(self._answered(patterns[place % len(patterns)], place, answer, ours, order.currency))

    def _answered(self, pattern: Element, place: int, answer: LineAnswer, ours: OrderLine, currency: str) -> Element:
        item = deepcopy(pattern)
        statuses = children(item, "ConfirmationStatus")
        put(item, quantity=plain(ours.quantity.value))
        self._number(item, "lineNumber", place, ours)
        self._unit(item, ours)
        for status in statuses:
            item.remove(status)
        sample = statuses[0] if statuses else etree.Element("ConfirmationStatus")
        for part in answer.parts:
            item.append(self._status(sample, part, ours, currency))
        return item

    def _status(self, pattern: Element, part: AnswerPart, ours: OrderLine, currency: str) -> Element:
        status = deepcopy(pattern)
        put(status, type=STATUSES[part.kind], quantity=plain(part.quantity.value))
        drop(status, "deliveryDate", "shipmentDate")
        remove(status, "ItemIn", "UnitPrice", "Tax", "Shipping")
        self._unit(status, ours)
        if part.promised_on is not None:
            put(status, deliveryDate=part.promised_on.isoformat())
        if part.item is not None:
            status.append(self._instead(part, part.item, ours, currency))
        return status

    def _instead(self, part: AnswerPart, item: str, ours: OrderLine, currency: str) -> Element:
        """Return the item that will come instead."""
        item_in = etree.Element("ItemIn", quantity=plain(part.quantity.value))
        etree.SubElement(etree.SubElement(item_in, "ItemID"), "SupplierPartID").text = item
        detail = etree.SubElement(item_in, "ItemDetail")
        price = etree.SubElement(etree.SubElement(detail, "UnitPrice"), "Money", currency=currency)
        price.text = plain(ours.unit_price)
        etree.SubElement(detail, "Description").text = "Another item"
        etree.SubElement(detail, "UnitOfMeasure").text = self._unit_code("", ours)
        etree.SubElement(detail, "Classification", domain="UNSPSC").text = "0"
        return item_in

    def _ship_notice(self, request: Element, notice: ShipNotice, order: PurchaseOrder, at: datetime) -> None:
        header = first(request, "ShipNoticeHeader")
        put(header, shipmentID=notice.number, noticeDate=moment(at), shipmentDate=moment(notice.shipped_at))
        put(header, deliveryDate=moment(at + AHEAD))
        drop(header, "operation", "requestedDeliveryDate")
        portion, *others = children(request, "ShipNoticePortion")
        for other in others:
            request.remove(other)
        refer(portion, order)
        items = children(portion, "ShipNoticeItem")
        if not items and _is_everything(notice, order):
            return
        plain_items = children(_plain(self._options, "ShipNoticeRequest"), "ShipNoticePortion/ShipNoticeItem")
        patterns = items or plain_items
        for item in items:
            portion.remove(item)
        for place, (line, ours) in enumerate(self._lines.beside(notice.lines, order)):
            item = deepcopy(patterns[place % len(patterns)])
            put(item, quantity=plain(line.quantity.value))
            self._number(item, "lineNumber", place, ours)
            if item.get("shipNoticeLineNumber"):
                put(item, shipNoticeLineNumber=str(place + 1))
            self._item_id(child(item, "ItemID"), ours)
            self._unit(item, ours)
            portion.append(item)

    def _invoice(self, request: Element, invoice: SupplierInvoice, order: PurchaseOrder) -> None:
        header = first(request, "InvoiceDetailRequestHeader")
        put(header, invoiceID=invoice.number, invoiceDate=invoice.issued_on.isoformat())
        drop(header, "operation", "isInformationOnly", "paymentNetDueDate")
        remove(header, "DocumentReference", "InvoiceIDInfo")
        orders = [one for one in request if one.tag in {"InvoiceDetailOrder", "InvoiceDetailHeaderOrder"}]
        billing = next(one for one in orders if child(one, "InvoiceDetailItem") is not None)
        for other in orders:
            if other is not billing:
                request.remove(other)
        refer(first(billing, "InvoiceDetailOrderInfo"), order)
        patterns = children(billing, "InvoiceDetailItem")
        for item in children(billing, "*")[1:]:
            billing.remove(item)
        for place, (line, ours) in enumerate(self._lines.beside(invoice.lines, order)):
            billing.append(self._billed(patterns[place % len(patterns)], place, line, ours))
        sum_up(first(request, "InvoiceDetailSummary"), invoice)
        for money in request.iter("Money"):
            money.set("currency", order.currency)

    def _billed(self, pattern: Element, place: int, line: InvoiceLine, ours: OrderLine) -> Element:
        item = deepcopy(pattern)
        put(item, invoiceLineNumber=str(place + 1), quantity=plain(line.quantity.value))
        self._unit(item, ours)
        remove(item, *LEFT_OUT, "Tax", "PriceBasisQuantity", "UnitRate")
        amount(item, "UnitPrice", line.unit_price)
        for name in ("SubtotalAmount", *TOTALS):
            amount(item, name, line.amount)
        reference = child(item, "InvoiceDetailItemReference")
        if reference is not None:
            self._number(reference, "lineNumber", place, ours)
            self._item_id(child(reference, "ItemID"), ours)
        return item

    def _number(self, node: Element, name: str, place: int, ours: OrderLine) -> None:
        if node.get(name):
            node.set(name, self._lines.number(attribute(node, name), place, ours))

    def _item_id(self, item_id: Element | None, ours: OrderLine) -> None:
        """Write an item's numbers where the sample has any of their kind."""
        for name, kind in _PARTS.items():
            for one in children(item_id, name):
                one.text = item_number(kind, ours, text(one))
        for one in children(item_id, "IdReference"):
            kind = DOMAINS.get(attribute(one, "domain").casefold().replace(" ", ""), IdentifierKind.OTHER)
            one.set("identifier", item_number(kind, ours, attribute(one, "identifier")))

    def _unit(self, node: Element, ours: OrderLine) -> None:
        for unit in children(node, "UnitOfMeasure"):
            unit.text = self._unit_code(text(unit), ours)

    def _unit_code(self, sample: str, ours: OrderLine) -> str:
        """Return the partner's code: the sample's where it may mean our unit, else the one its page names."""
        meant = from_rec20(sample, self._options.units) or from_x12(sample, {})
        if sample and meant in {None, ours.quantity.unit}:
            return sample
        return to_rec20(ours.quantity.unit, self._options.units) or ours.quantity.unit


def _type(header: Element, items: Sequence[Element], *, is_accepted: bool) -> str:
    """Return the type of a confirmation: the sample's where it fits what is said."""
    sample = attribute(header, "type")
    if not is_accepted:
        return "allDetail" if sample.casefold() == "alldetail" else "detail"
    is_yes = WHOLE.get(sample.casefold()) is AnswerKind.ACCEPTED
    return sample if is_yes or (items and sample.casefold() in {"detail", "alldetail"}) else "accept"


def _is_everything(notice: ShipNotice, order: PurchaseOrder) -> bool:
    shipped = {line.number: line.quantity for line in notice.lines}
    return shipped == {line.number: line.quantity for line in order.lines}


def _plain(options: CxmlOptions, name: str) -> Element:
    return first(first(plain_template(name, options).copied(), "Request"), name)
