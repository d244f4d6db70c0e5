"""A partner's UBL, written as it writes it: its documents, re-addressed to our order and altered to what is to be said.

Everything that is not altered stays as the sample has it: profiles, parties, packages, references. Taxes, charges and
allowances are left out, because our orders expect none: the notes say so.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from lxml import etree

from adapters.documents.units import to_rec20
from adapters.partners import PartnerProfile
from adapters.supplier.ubl.fields import every, one, text, unit_of
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.order_response import HEADERS
from domain.acknowledgement import AnswerKind, AnswerPart, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain
from starter.rehearsal.hand import Stamp, SupplierDocument
from starter.rehearsal.lines import Lines
from starter.rehearsal.samples import Sample
from starter.rehearsal.ubl_edits import (
    Node,
    add,
    iso_day,
    item_like,
    new,
    put,
    redate,
    remove,
    repeated,
    substitute,
    sum_up,
    untax,
)
from starter.rehearsal.ubl_notes import notes_of
from starter.rehearsal.ubl_templates import plain_template, templates_of

STATUSES = {
    AnswerKind.ACCEPTED: "5",
    AnswerKind.CHANGED: "3",
    AnswerKind.BACKORDERED: "3",
    AnswerKind.SUBSTITUTED: "3",
    AnswerKind.ON_HOLD: "DISPUTED",
    AnswerKind.REJECTED: "7",
}
"""UNCL 1229 as we have it said; what comes later is a change with a day of its own."""
CREDIT_DAYS = timedelta(days=30)
BESIDE = (
    "cac:AllowanceCharge", "cac:PrepaidPayment", "cac:PaymentExchangeRate", "cac:TaxExchangeRate",
    "cac:WithholdingTaxTotal", "cbc:TaxCurrencyCode", "cbc:TaxPointDate", "cac:InvoicePeriod", "cac:BillingReference",
)  # fmt: skip
"""What an invoice names beside its lines and our orders do not expect."""
OUTSTANDING = ("cbc:OutstandingQuantity", "cbc:OutstandingReason", "cbc:BackorderQuantity", "cbc:LineStatusCode")
"""What a ship notice says of goods it does not bring."""


class UblHand:
    """`starter.rehearsal.hand.Hand` for UBL."""

    def __init__(self, profile: PartnerProfile, samples: tuple[Sample, ...]) -> None:
        self._options = profile.ubl or UblOptions()
        self._profile = profile
        self._lines = Lines(profile, samples)
        self._templates = templates_of(samples, profile)

    def write(self, document: SupplierDocument, order: PurchaseOrder, stamp: Stamp) -> bytes:
        """Return the document; its own number is what tells it from others, and no transmission is counted."""
        root = self._templates[document.kind].copied()
        put(root, "cbc:ID", document.number)
        put(root, "cbc:UUID", "")
        put(root, "cbc:IssueDate", iso_day(stamp.at))
        put(root, "cbc:IssueTime", stamp.at.strftime("%H:%M:%SZ"))
        for reference in every(root, ".//cac:OrderReference"):
            put(reference, "cbc:ID", order.name)
        match document:
            case OrderAcknowledgement():
                self._answer(root, document, order)
            case ShipNotice():
                self._ship_notice(root, document, order, stamp.at)
            case SupplierInvoice():
                self._invoice(root, document, order)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

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
        return tuple(dict.fromkeys(note for one in self._templates.values() for note in notes_of(one)))

    def _answer(self, root: Node, said: OrderAcknowledgement, order: PurchaseOrder) -> None:
        """Write yes as the sample does: in the header alone, or line by line; anything else line by line."""
        is_accepted = all(part.kind is AnswerKind.ACCEPTED for line in said.lines for part in line.parts)
        code = text(root, "cbc:OrderResponseCode")
        patterns = every(root, "cac:OrderLine")
        remove(root, "cac:OrderLine", "cac:LegalMonetaryTotal", "cac:TaxTotal", "cac:AllowanceCharge")
        if is_accepted and not patterns:
            put(root, "cbc:OrderResponseCode", code if HEADERS.get(code) is AnswerKind.ACCEPTED else "AP")
            return
        put(root, "cbc:OrderResponseCode", "30" if code == "30" else "CA")
        patterns = patterns or every(plain_template("OrderResponse", self._profile).root, "cac:OrderLine")
        number = count(1)
        for place, (answer, ours) in enumerate(self._lines.beside(said.lines, order)):
            pattern = patterns[place % len(patterns)]
            for part in answer.parts:
                root.append(self._answered(pattern, next(number), place, part, ours))

    def _answered(self, pattern: Node, number: int, place: int, part: AnswerPart, ours: OrderLine) -> Node:
        line = new("cac:OrderLine")
        item_line = add(line, "cac:LineItem")
        is_alone = one(pattern, "cac:OrderLineReference/cbc:LineID") is None
        own = self._lines.number("1", place, ours) if is_alone else str(number)
        add(item_line, "cbc:ID", own)
        if part.kind is AnswerKind.BACKORDERED:
            add(item_line, "cbc:Note", "backordered")
        add(item_line, "cbc:LineStatusCode", STATUSES[part.kind])
        sample = one(pattern, "cac:LineItem/cbc:Quantity")
        unit = self._unit("" if sample is None else sample.get("unitCode", ""), ours)
        add(item_line, "cbc:Quantity", plain(part.quantity.value)).set("unitCode", unit)
        if part.promised_on is not None:
            period = add(add(item_line, "cac:Delivery"), "cac:PromisedDeliveryPeriod")
            add(period, "cbc:EndDate", part.promised_on.isoformat())
        item_line.append(item_like(pattern, "cac:LineItem/cac:Item", ours))
        if part.item is not None:
            line.append(substitute(part.item))
        if not is_alone:
            reference = add(line, "cac:OrderLineReference")
            written = self._lines.number(text(pattern, "cac:OrderLineReference/cbc:LineID"), place, ours)
            add(reference, "cbc:LineID", written)
        return line

    def _ship_notice(self, root: Node, notice: ShipNotice, order: PurchaseOrder, at: datetime) -> None:
        redate(root, at)
        lines = self._lines.beside(notice.lines, order)
        nodes = repeated(root, "cac:DespatchLine", [ours for _, ours in lines])
        for place, (node, (line, ours)) in enumerate(zip(nodes, lines, strict=True)):
            remove(node, *OUTSTANDING)
            put(node, "cbc:ID", str(place + 1))
            self._quantity(node, "cbc:DeliveredQuantity", line.quantity.value, ours)
            self._renumber(node, place, ours)

    def _invoice(self, root: Node, invoice: SupplierInvoice, order: PurchaseOrder) -> None:
        put(root, "cbc:IssueDate", invoice.issued_on.isoformat())
        put(root, "cbc:DueDate", (invoice.issued_on + CREDIT_DAYS).isoformat())
        put(root, "cbc:DocumentCurrencyCode", order.currency)
        remove(root, *BESIDE)
        lines = self._lines.beside(invoice.lines, order)
        nodes = repeated(root, "cac:InvoiceLine", [ours for _, ours in lines])
        for place, (node, (line, ours)) in enumerate(zip(nodes, lines, strict=True)):
            self._billed(node, place, line, ours)
        sum_up(root, invoice)
        for amount in root.iter():
            if amount.get("currencyID"):
                amount.set("currencyID", order.currency)

    def _billed(self, node: Node, place: int, line: InvoiceLine, ours: OrderLine) -> None:
        remove(node, *BESIDE, "cac:TaxTotal", "cac:Price/cbc:BaseQuantity", "cac:Price/cac:AllowanceCharge")
        self._quantity(node, "cbc:InvoicedQuantity", line.quantity.value, ours)
        has_reference = one(node, "cac:OrderLineReference/cbc:LineID") is not None
        put(node, "cbc:ID", str(place + 1) if has_reference else self._lines.number("1", place, ours))
        self._renumber(node, place, ours)
        put(node, "cbc:LineExtensionAmount", plain(line.amount))
        put(node, "cac:Price/cbc:PriceAmount", plain(line.unit_price))
        untax(node, "cac:Item/cac:ClassifiedTaxCategory")

    def _renumber(self, node: Node, place: int, ours: OrderLine) -> None:
        """Write the number of the order's line wherever the sample names one."""
        for number in every(node, "cac:OrderLineReference/cbc:LineID"):
            number.text = self._lines.number(number.text or "", place, ours)

    def _quantity(self, node: Node, path: str, value: Decimal, ours: OrderLine) -> None:
        for found in every(node, path):
            found.text = plain(value)
            found.set("unitCode", self._unit(found.get("unitCode", ""), ours))

    def _unit(self, sample: str, ours: OrderLine) -> str:
        """Return the partner's code: the sample's where it may mean our unit, else the one its page names."""
        meant = unit_of(sample, self._options) if sample else None
        if sample and meant in {None, ours.quantity.unit}:
            return sample
        return to_rec20(ours.quantity.unit, self._options.units) or ours.quantity.unit
