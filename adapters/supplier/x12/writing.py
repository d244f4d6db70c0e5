"""X12 written strictly: 850 purchase order, 860 change or cancellation, 820 remittance, one to an interchange.

No delimiter or control character of ours ever comes from data, no element is longer than its standard allows, and the
same message with the same control numbers is the same bytes.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import ControlNumbers
from adapters.documents.units import to_x12
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.segments import Segment
from domain.document import Document
from domain.identifiers import SupplierCode
from domain.invoice import InvoiceNumber
from domain.ports import OrderMessage
from domain.purchase_order import OrderLine
from domain.quantities import CurrencyCode, Number, plain

FUNCTIONAL_IDS = {"850": "PO", "860": "PC", "820": "RA", "997": "FA", "999": "FA"}
"""Element 479, GS01."""
REPEATING_FROM = "00402"
SCHEMES = {"gln": "UL", "duns": "1", "hin": "21", "assigned": "92"}
"""Element 66, N103, of the schemes a profile names."""


class CannotBeWrittenError(ValueError):
    """The document cannot be said in X12: which element, and why."""


class PaidInvoice(Document):
    """One invoice of a remittance."""

    number: InvoiceNumber
    amount: Number


class Remittance(Document):
    """What was paid to a supplier, by which payment, for which invoices."""

    reference: str
    supplier: SupplierCode
    paid_on: date
    currency: CurrencyCode
    invoices: tuple[PaidInvoice, ...]

    @property
    def total(self) -> Decimal:
        """The amount of the payment."""
        return sum((invoice.amount for invoice in self.invoices), start=Decimal(0))


def write_order(
    message: OrderMessage, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 850. Raises CannotBeWrittenError."""
    order = message.order
    body = [
        ["BEG", "00", "SA", _required(order.name, 22, "BEG03"), "", _day(at)],
        ["CUR", "BY", order.currency],
        ["REF", "CR", order.key[:30]],
    ]
    if order.needed_by is not None:
        body.append(["DTM", "002", _day(order.needed_by)])
    body += [*_parties(message, who, options)]
    for line in order.lines:
        body.append(["PO1", *_line_elements(line, options)])
        body += _described(line)
    body.append(["CTT", str(len(order.lines))])
    return interchange([("850", body)], options, numbers, at)


def write_order_change(
    message: OrderMessage, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 860 with every line as it is now; one of quantity zero is deleted. Raises CannotBeWrittenError."""
    order = message.order
    body = [["BCH", "04", "SA", _required(order.name, 22, "BCH03"), "", "", _day(at)]]
    body += [*_parties(message, who, options)]
    for line in order.lines:
        number, quantity, unit, price, *rest = _line_elements(line, options)
        change = "CA" if line.quantity.value else "DI"
        body.append(["POC", number, change, quantity, quantity, unit, price, *rest])
        body += _described(line)
    body.append(["CTT", str(len(order.lines))])
    return interchange([("860", body)], options, numbers, at)


def write_order_cancellation(
    message: OrderMessage, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 860 that takes the order back. Raises CannotBeWrittenError."""
    body = [["BCH", "01", "SA", _required(message.order.name, 22, "BCH03"), "", "", _day(at)]]
    body += [*_parties(message, who, options), ["CTT", "0"]]
    return interchange([("860", body)], options, numbers, at)


def write_remittance(
    remittance: Remittance, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 820: advice only, the money itself goes by the bank (BPR01 I). Raises CannotBeWrittenError."""
    body = [
        ["BPR", "I", plain(remittance.total), "C", "NON", *[""] * 11, _day(remittance.paid_on)],
        ["TRN", "1", _required(remittance.reference, 30, "TRN02")],
        ["CUR", "PR", remittance.currency],
        _named("PR", who.us),
        _named("PE", who.them),
        ["ENT", "1"],
    ]
    body += [
        ["RMR", "IV", _required(invoice.number, 30, "RMR02"), "", plain(invoice.amount)]
        for invoice in remittance.invoices
    ]
    return interchange([("820", body)], options, numbers, at)


def interchange(
    sets: Sequence[tuple[str, Sequence[Segment]]], options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an interchange with one group of sets, each given as its code and the segments between ST and SE."""
    code = sets[0][0]
    segments: list[Segment] = [
        [
            "GS", FUNCTIONAL_IDS[code], options.our_group_id or options.our_id,
            options.their_group_id or options.their_id, _day(at), at.strftime("%H%M"), str(numbers.group), "X",
            options.version,
        ]
    ]  # fmt: skip
    for offset, (name, body) in enumerate(sets):
        control = f"{numbers.transaction_set + offset:04d}"
        opening = ["ST", name, control]
        if name == "999":
            opening.append(options.version)
        segments += [opening, *body, ["SE", str(len(body) + 2), control]]
    segments += [["GE", str(len(sets)), str(numbers.group)], ["IEA", "1", f"{numbers.interchange:09d}"]]
    text = _isa(options, numbers, at) + "".join(_written(segment, options) for segment in segments)
    return text.encode("ascii")


def _isa(options: X12Options, numbers: ControlNumbers, at: datetime) -> str:
    marks = options.marks
    separator = marks.repetition if options.version[:5] >= REPEATING_FROM else "U"
    fields = [
        "ISA", "00", " " * 10, "00", " " * 10, options.our_qualifier, options.our_id.ljust(15), options.their_qualifier,
        options.their_id.ljust(15), at.strftime("%y%m%d"), at.strftime("%H%M"), separator, options.version[:5],
        f"{numbers.interchange:09d}", "0", options.usage, marks.component,
    ]  # fmt: skip
    return marks.element.join(fields) + marks.terminator


def _written(segment: Segment, options: X12Options) -> str:
    elements = [clean(element, options) for element in segment]
    while elements and not elements[-1]:
        elements.pop()
    return options.marks.element.join(elements) + options.marks.terminator


def clean(text: str, options: X12Options) -> str:
    """Return text as it may stand in an element: printable ASCII, and nothing that a reader takes for a delimiter."""
    marks = options.marks
    forbidden = {marks.element, marks.component, marks.terminator, marks.repetition}
    folded = unicodedata.normalize("NFKD", text)
    kept = (" " if mark in forbidden or not mark.isprintable() else mark for mark in folded if mark.isascii())
    return " ".join("".join(kept).split())


def _parties(message: OrderMessage, who: Correspondents, options: X12Options) -> Iterator[Segment]:
    yield _named("BY", who.us)
    yield _named("SE", who.them)
    place = who.place(message.order.facility)
    scheme = next((name for name, code in SCHEMES.items() if code == options.ship_to_qualifier), "assigned")
    number = place.ids.get(scheme) or message.order.facility
    yield ["N1", "ST", place.name[:60], options.ship_to_qualifier, number[:80]]
    yield ["N2", message.order.deliver_to]
    if place.street:
        yield ["N3", place.street[:55]]
    if place.city:
        yield ["N4", place.city[:30], (place.region or "")[:2], (place.postal_code or "")[:15], place.country]


def _named(role: str, who: Correspondent) -> Segment:
    for scheme, qualifier in SCHEMES.items():
        if scheme in who.ids:
            return ["N1", role, who.name[:60], qualifier, who.ids[scheme][:80]]
    return ["N1", role, who.name[:60]]


def _line_elements(line: OrderLine, options: X12Options) -> Segment:
    numbers = (("VP", line.supplier_item), ("BP", line.item), ("UK", line.gtin))
    pairs = [element for code, number in numbers if number for element in (code, number[:48])]
    unit = to_x12(line.quantity.unit, options.units)
    quantity, price = plain(line.quantity.value), plain(line.unit_price)
    if len(quantity.replace(".", "")) > 15 or len(price.replace(".", "")) > 17:  # noqa: PLR2004 - elements 380 and 212
        raise CannotBeWrittenError(f"line {line.number}: the quantity or price has more digits than X12 allows")
    return [str(line.number), quantity, unit, price, "", *pairs]


def _described(line: OrderLine) -> list[Segment]:
    return [["PID", "F", "", "", "", line.description[:80]]] if line.description else []


def _required(text: str, longest: int, element: str) -> str:
    if not text or len(text) > longest:
        raise CannotBeWrittenError(f"{element}: must have 1 to {longest} characters")
    return text


def _day(moment: date) -> str:
    return moment.strftime("%Y%m%d")
