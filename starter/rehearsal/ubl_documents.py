"""A partner's UBL, written as it writes it: its documents, re-addressed to our order and altered to what is to be said.

Everything that is not altered stays as the sample has it: profiles, parties, packages, references. Taxes, charges and
allowances are left out, because our orders expect none: the notes say so.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

from lxml import etree

from adapters.documents.reading import IdentifierKind
from adapters.documents.units import to_rec20
from adapters.partners import PartnerProfile
from adapters.supplier.ubl.fields import every, one, text, unit_of
from adapters.supplier.ubl.names import CAC, CBC
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.order_response import HEADERS
from domain.acknowledgement import AnswerKind, AnswerPart, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain
from starter.rehearsal.hand import Stamp, SupplierDocument
from starter.rehearsal.lines import Lines, item_number
from starter.rehearsal.samples import Sample
from starter.rehearsal.ubl_notes import notes_of
from starter.rehearsal.ubl_templates import LINES, Template, plain_template, templates_of

STATUSES = {
    AnswerKind.ACCEPTED: "5",
    AnswerKind.CHANGED: "3",
    AnswerKind.BACKORDERED: "3",
    AnswerKind.SUBSTITUTED: "3",
    AnswerKind.ON_HOLD: "DISPUTED",
    AnswerKind.REJECTED: "7",
}
"""UNCL 1229 as we have it said; what comes later is a change with a day of its own."""
AHEAD = timedelta(days=2)
CREDIT_DAYS = timedelta(days=30)
ZERO_RATED = "Z"
"""UNCL 5305: a category under which no tax is due."""
BESIDE = (
    "cac:AllowanceCharge", "cac:PrepaidPayment", "cac:PaymentExchangeRate", "cac:TaxExchangeRate",
    "cac:WithholdingTaxTotal", "cbc:TaxCurrencyCode", "cbc:TaxPointDate", "cac:InvoicePeriod", "cac:BillingReference",
)  # fmt: skip
"""What an invoice names beside its lines and our orders do not expect."""
_NUMBERS = {
    "cac:SellersItemIdentification/cbc:ID": IdentifierKind.SUPPLIER_ITEM,
    "cac:BuyersItemIdentification/cbc:ID": IdentifierKind.BUYER_ITEM,
    "cac:StandardItemIdentification/cbc:ID": IdentifierKind.GTIN,
}

Node = etree._Element  # noqa: SLF001 - the library has no public name for it


class UblHand:
    """`starter.rehearsal.hand.Hand` for UBL."""

    def __init__(self, profile: PartnerProfile, samples: tuple[Sample, ...]) -> None:
        self._options = profile.ubl or UblOptions()
        self._profile = profile
        self._lines = Lines(profile, samples)
        self._templates = templates_of(samples, profile)

    def write(self, document: SupplierDocument, order: PurchaseOrder, stamp: Stamp) -> bytes:
        """Return the document; its own number is what tells it from others, and no transmission is counted."""
        template = self._templates[document.kind]
        root = template.copied()
        _put(root, "cbc:ID", document.number)
        _put(root, "cbc:UUID", "")
        _put(root, "cbc:IssueDate", _day(stamp.at))
        _put(root, "cbc:IssueTime", stamp.at.strftime("%H:%M:%SZ"))
        for reference in every(root, ".//cac:OrderReference"):
            _put(reference, "cbc:ID", order.name)
        match document:
            case OrderAcknowledgement():
                self._answer(root, document, order)
            case ShipNotice():
                self._ship_notice(root, template, document, order, stamp.at)
            case SupplierInvoice():
                self._invoice(root, template, document, order)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

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
        _remove(root, "cac:OrderLine", "cac:LegalMonetaryTotal", "cac:TaxTotal", "cac:AllowanceCharge")
        if is_accepted and not patterns:
            _put(root, "cbc:OrderResponseCode", code if HEADERS.get(code) is AnswerKind.ACCEPTED else "AP")
            return
        _put(root, "cbc:OrderResponseCode", "30" if code == "30" else "CA")
        patterns = patterns or every(plain_template("OrderResponse", self._profile).root, "cac:OrderLine")
        parts = [
            (answer, ours, part) for answer, ours in self._lines.beside(said.lines, order) for part in answer.parts
        ]
        for number, (answer, ours, part) in enumerate(parts, start=1):
            place = [known.number for known, _ in self._lines.beside(said.lines, order)].index(answer.number)
            root.append(self._answered(patterns[place % len(patterns)], number, place, part, ours))

    def _answered(self, pattern: Node, number: int, place: int, part: AnswerPart, ours: OrderLine) -> Node:
        line = _new("cac:OrderLine")
        item_line = _add(line, "cac:LineItem")
        is_alone = one(pattern, "cac:OrderLineReference/cbc:LineID") is None
        own = self._lines.number("1", place, ours) if is_alone else str(number)
        _add(item_line, "cbc:ID", own)
        if part.kind is AnswerKind.BACKORDERED:
            _add(item_line, "cbc:Note", "backordered")
        _add(item_line, "cbc:LineStatusCode", STATUSES[part.kind])
        sample = one(pattern, "cac:LineItem/cbc:Quantity")
        unit = self._unit("" if sample is None else sample.get("unitCode", ""), ours)
        _add(item_line, "cbc:Quantity", plain(part.quantity.value)).set("unitCode", unit)
        if part.promised_on is not None:
            period = _add(_add(item_line, "cac:Delivery"), "cac:PromisedDeliveryPeriod")
            _add(period, "cbc:EndDate", part.promised_on.isoformat())
        item_line.append(_item(pattern, "cac:LineItem/cac:Item", ours))
        if part.item is not None:
            line.append(_substitute(part.item))
        if not is_alone:
            reference = _add(line, "cac:OrderLineReference")
            written = self._lines.number(text(pattern, "cac:OrderLineReference/cbc:LineID"), place, ours)
            _add(reference, "cbc:LineID", written)
        return line

    def _ship_notice(
        self, root: Node, template: Template, notice: ShipNotice, order: PurchaseOrder, at: datetime
    ) -> None:
        _redate(root, at)

        def written(line: Node, place: int, quantity: Decimal, ours: OrderLine) -> None:
            _remove(
                line, "cbc:OutstandingQuantity", "cbc:OutstandingReason", "cbc:BackorderQuantity", "cbc:LineStatusCode"
            )
            self._quantity(line, "cbc:DeliveredQuantity", quantity, ours)
            _put(line, "cbc:ID", str(place + 1))
            _renumber(line, lambda sample: self._lines.number(sample, place, ours))

        lines = [(line.quantity.value, ours) for line, ours in self._lines.beside(notice.lines, order)]
        for place, (line, (quantity, ours)) in enumerate(_repeated(root, template, lines)):
            written(line, place, quantity, ours)

    def _invoice(self, root: Node, template: Template, invoice: SupplierInvoice, order: PurchaseOrder) -> None:
        _put(root, "cbc:IssueDate", invoice.issued_on.isoformat())
        _put(root, "cbc:DueDate", (invoice.issued_on + CREDIT_DAYS).isoformat())
        _put(root, "cbc:DocumentCurrencyCode", order.currency)
        _remove(root, *BESIDE)
        lines = self._lines.beside(invoice.lines, order)
        pairs = [(line.quantity.value, ours) for line, ours in lines]
        repeated = _repeated(root, template, pairs)
        for place, (node, (line, ours)) in enumerate(zip((node for node, _ in repeated), lines, strict=True)):
            self._billed(node, place, line, ours)
        _sum_up(root, invoice)
        for amount in root.iter():
            if amount.get("currencyID"):
                amount.set("currencyID", order.currency)

    def _billed(self, node: Node, place: int, line: InvoiceLine, ours: OrderLine) -> None:
        _remove(node, *BESIDE, "cac:TaxTotal", "cac:Price/cbc:BaseQuantity", "cac:Price/cac:AllowanceCharge")
        self._quantity(node, "cbc:InvoicedQuantity", line.quantity.value, ours)
        has_reference = one(node, "cac:OrderLineReference/cbc:LineID") is not None
        _put(node, "cbc:ID", str(place + 1) if has_reference else self._lines.number("1", place, ours))
        _renumber(node, lambda sample: self._lines.number(sample, place, ours))
        _put(node, "cbc:LineExtensionAmount", plain(line.amount))
        _put(node, "cac:Price/cbc:PriceAmount", plain(line.unit_price))
        _untax(node, "cac:Item/cac:ClassifiedTaxCategory")

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


def _repeated(
    root: Node, template: Template, lines: list[tuple[Decimal, OrderLine]]
) -> list[tuple[Node, tuple[Decimal, OrderLine]]]:
    """Put a copy of the sample's lines, over and over, in their place: one for each line to be written."""
    path = LINES[template.name]
    patterns = every(root, path)
    at = root.index(patterns[0])
    for pattern in patterns:
        root.remove(pattern)
    made = []
    for place, (quantity, ours) in enumerate(lines):
        line = deepcopy(patterns[place % len(patterns)])
        _name(one(line, "cac:Item"), ours)
        root.insert(at + place, line)
        made.append((line, (quantity, ours)))
    return made


def _sum_up(root: Node, invoice: SupplierInvoice) -> None:
    """Write the totals: nothing beside the lines, no tax, and what the invoice says is to be paid."""
    net = plain(sum((line.amount for line in invoice.lines), start=Decimal(0)))
    for name in ("AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount"):
        _remove(root, f"cac:LegalMonetaryTotal/cbc:{name}")
    for name in ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount"):
        _put(root, f"cac:LegalMonetaryTotal/cbc:{name}", net)
    _put(root, "cac:LegalMonetaryTotal/cbc:PayableAmount", plain(invoice.total))
    for other in every(root, "cac:TaxTotal")[1:]:
        root.remove(other)
    total = one(root, "cac:TaxTotal")
    for other in every(total, "cac:TaxSubtotal")[1:]:
        other.getparent().remove(other)  # type: ignore[union-attr]
    _put(root, "cac:TaxTotal/cbc:TaxAmount", "0")
    _put(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", "0")
    _put(root, "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", net)
    _untax(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")


def _untax(node: Node, path: str) -> None:
    for category in every(node, path):
        _remove(category, "cbc:TaxExemptionReason", "cbc:TaxExemptionReasonCode")
        _put(category, "cbc:ID", ZERO_RATED)
        _put(category, "cbc:Percent", "0")


def _redate(root: Node, at: datetime) -> None:
    """Move every day of a ship notice to this one, those of its arrival ahead."""
    for delivery in (*every(root, "cac:Shipment/cac:Delivery"), *every(root, "cac:Delivery")):
        for path in ("cac:Despatch/cbc:ActualDespatchDate", "cac:Despatch/cbc:EstimatedDespatchDate"):
            _put(delivery, path, _day(at))
        for period in ("EstimatedDeliveryPeriod", "PromisedDeliveryPeriod", "RequestedDeliveryPeriod"):
            for day in ("StartDate", "EndDate"):
                _put(delivery, f"cac:{period}/cbc:{day}", _day(at + AHEAD))
        for path in ("cbc:ActualDeliveryDate", "cbc:LatestDeliveryDate"):
            _put(delivery, path, _day(at + AHEAD))


def _item(pattern: Node, path: str, ours: OrderLine) -> Node:
    found = one(pattern, path)
    item = _new("cac:Item") if found is None else deepcopy(found)
    _name(item, ours)
    return item


def _name(item: Node | None, ours: OrderLine) -> None:
    """Write an item's numbers where the sample has any of their kind."""
    for path, kind in _NUMBERS.items():
        for number in every(item, path):
            number.text = item_number(kind, ours, number.text or "")


def _substitute(item: str) -> Node:
    instead = _new("cac:SellerSubstitutedLineItem")
    _add(instead, "cbc:ID", "1")
    named = _add(instead, "cac:Item")
    _add(named, "cbc:Name", "Another item")
    _add(_add(named, "cac:SellersItemIdentification"), "cbc:ID", item)
    return instead


def _renumber(line: Node, written: Callable[[str], str]) -> None:
    for number in every(line, "cac:OrderLineReference/cbc:LineID"):
        number.text = written(number.text or "")


def _put(node: Node, path: str, value: str) -> None:
    """Write a text wherever the sample has one."""
    for found in every(node, path):
        found.text = value


def _remove(node: Node, *paths: str) -> None:
    for path in paths:
        for found in every(node, path):
            above = found.getparent()
            if above is not None:
                above.remove(found)


def _new(name: str) -> Node:
    prefix, _, local = name.partition(":")
    return etree.Element(f"{{{CAC if prefix == 'cac' else CBC}}}{local}", nsmap={"cac": CAC, "cbc": CBC})


def _add(node: Node, name: str, value: str | None = None) -> Node:
    made = _new(name)
    made.text = value
    node.append(made)
    return made


def _day(at: datetime) -> str:
    return at.date().isoformat()
