"""X12 written strictly: 850 purchase order, 860 change or cancellation, 820 remittance, one to an interchange.

No delimiter or control character of ours ever comes from data, no element is longer than its standard allows, and the
same message with the same control numbers is the same bytes. Words may be simplified to ASCII and cut; a number, a code
or a unit that cannot stand as it is makes the document one that cannot be written.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError, ControlNumbers
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
LONGEST_REFERENCE = 30
SIMPLER = str.maketrans(
    {"\u00d7": "x", "µ": "u", "\u03bc": "u", "\u03a9": "Ohm", "\u2044": "/", "°": " deg ", "±": "+/-", "≤": "max "}
    | {"≥": "min ", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"'}
    | {"\u201d": '"', "\u2022": "-", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "OE"}
    | {"đ": "d", "ł": "l", "Ł": "L"}
)
"""What keeps its sense in ASCII; whatever else has no letter there becomes a question mark, never nothing."""
APART = {"<fraction>": " ", "<super>": "^"}
"""What keeps one and a half from becoming eleven halves, and ten squared from a hundred and two."""
SCHEMES = {"gln": "UL", "duns": "1", "hin": "21", "assigned": "92"}
"""Element 66, N103, of the schemes a profile names."""


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
        ["BEG", "00", "SA", _exactly(order.name, 22, "BEG03", options), "", _day(at)],
        ["CUR", "BY", order.currency],
        ["REF", "CR", order.key] if len(order.key) <= LONGEST_REFERENCE else ["REF", "CR", "", order.key],
    ]
    if order.needed_by is not None:
        body.append(["DTM", "002", _day(order.needed_by)])
    body += [*_parties(message, who, options)]
    for line in order.lines:
        body.append(["PO1", *_line_elements(line, options)])
        body += _described(line, options)
    body.append(["CTT", str(len(order.lines))])
    return interchange([("850", body)], options, numbers, at)


def write_order_change(
    message: OrderMessage, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 860 with every line as it is now; one of quantity zero is deleted. Raises CannotBeWrittenError."""
    order = message.order
    body = [*_change_heading("04", message, who, options, at)]
    for line in order.lines:
        number, quantity, unit, price, *rest = _line_elements(line, options)
        change = "CA" if line.quantity.value else "DI"
        body.append(["POC", number, change, quantity, "", unit, price, *rest])
        body += _described(line, options)
    body.append(["CTT", str(len(order.lines))])
    return interchange([("860", body)], options, numbers, at)


def write_order_cancellation(
    message: OrderMessage, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 860 that takes the order back. Raises CannotBeWrittenError."""
    body = [*_change_heading("01", message, who, options, at), ["CTT", "0"]]
    return interchange([("860", body)], options, numbers, at)


def _change_heading(
    purpose: str, message: OrderMessage, who: Correspondents, options: X12Options, at: datetime
) -> Iterator[Segment]:
    number = _exactly(message.order.name, 22, "BCH03", options)
    yield ["BCH", purpose, "SA", number, "", "", _day(at)]
    if reason := clean(message.reason, options):
        yield ["N9", "L1", "REASON"]
        yield ["MSG", reason[:264]]
    yield from _parties(message, who, options)


def write_remittance(
    remittance: Remittance, who: Correspondents, options: X12Options, numbers: ControlNumbers, at: datetime
) -> bytes:
    """Return an 820: advice only, the money itself goes by the bank (BPR01 I). Raises CannotBeWrittenError."""
    body = [
        ["BPR", "I", _amount(remittance.total, "BPR02"), "C", "NON", *[""] * 11, _day(remittance.paid_on)],
        ["TRN", "1", _exactly(remittance.reference, 30, "TRN02", options)],
        ["CUR", "PR", remittance.currency],
        _named("PR", who.us, options),
        _named("PE", who.them, options),
        ["ENT", "1"],
    ]
    body += [
        ["RMR", "IV", _exactly(invoice.number, 30, "RMR02", options), "", plain(invoice.amount)]
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
    text = header_of_interchange(options, numbers, at) + "".join(written(segment, options) for segment in segments)
    return text.encode("ascii")


def header_of_interchange(options: X12Options, numbers: ControlNumbers, at: datetime) -> str:
    """Return an ISA segment."""
    marks = options.marks
    separator = marks.repetition if options.version[:5] >= REPEATING_FROM else "U"
    fields = [
        "ISA", "00", " " * 10, "00", " " * 10, options.our_qualifier, options.our_id.ljust(15), options.their_qualifier,
        options.their_id.ljust(15), at.strftime("%y%m%d"), at.strftime("%H%M"), separator, options.version[:5],
        f"{numbers.interchange:09d}", "0", options.usage, marks.component,
    ]  # fmt: skip
    return marks.element.join(fields) + marks.terminator


def written(segment: Segment, options: X12Options) -> str:
    """Return a segment with its terminator, cleaned, without empty elements at its end."""
    elements = [clean(element, options) for element in segment]
    while elements and not elements[-1]:
        elements.pop()
    return options.marks.element.join(elements) + options.marks.terminator


def clean(text: str, options: X12Options) -> str:
    """Return text as it may stand in an element: printable ASCII, and nothing that a reader takes for a delimiter."""
    marks = options.marks
    forbidden = {marks.element, marks.component, marks.terminator, marks.repetition}
    apart = "".join(APART.get(unicodedata.decomposition(mark).partition(" ")[0], "") + mark for mark in text)
    folded = unicodedata.normalize("NFKD", apart.translate(SIMPLER)).translate(SIMPLER)
    kept = ((mark if mark.isascii() else "?") for mark in folded if not unicodedata.combining(mark))
    return " ".join("".join(" " if mark in forbidden or not mark.isprintable() else mark for mark in kept).split())


def _parties(message: OrderMessage, who: Correspondents, options: X12Options) -> Iterator[Segment]:
    yield _named("BY", who.us, options)
    yield _named("SE", who.them, options)
    place = who.place(message.order.facility)
    scheme = next((name for name, code in SCHEMES.items() if code == options.ship_to_qualifier), "assigned")
    number = place.ids.get(scheme) or message.order.facility
    yield [
        "N1",
        "ST",
        _words(place.name, 60, options),
        options.ship_to_qualifier,
        _exactly(number, 80, "N104", options),
    ]
    yield ["N2", _words(message.order.deliver_to, 60, options)]
    if place.street:
        yield ["N3", _words(place.street, 55, options)]
    if place.city:
        region, postal_code = _words(place.region or "", 2, options), _words(place.postal_code or "", 15, options)
        yield ["N4", _words(place.city, 30, options), region, postal_code, place.country]


def _named(role: str, who: Correspondent, options: X12Options) -> Segment:
    name = _words(who.name, 60, options)
    for scheme, qualifier in SCHEMES.items():
        if scheme in who.ids:
            return ["N1", role, name, qualifier, _exactly(who.ids[scheme], 80, "N104", options)]
    return ["N1", role, name]


def _line_elements(line: OrderLine, options: X12Options) -> Segment:
    numbers = (("VP", line.supplier_item), ("BP", line.item), ("UK", line.gtin))
    place = f"the item number of line {line.number}"
    pairs = [element for code, number in numbers if number for element in (code, _exactly(number, 48, place, options))]
    unit = _exactly(to_x12(line.quantity.unit, options.units), 2, f"the unit of line {line.number}", options)
    quantity, price = plain(line.quantity.value), plain(line.unit_price)
    if len(quantity.replace(".", "")) > 15 or len(price.replace(".", "")) > 17:  # noqa: PLR2004 - elements 380 and 212
        raise CannotBeWrittenError(f"line {line.number}: the quantity or price has more digits than X12 allows")
    return [str(line.number), quantity, unit, price, "", *pairs]


def _described(line: OrderLine, options: X12Options) -> list[Segment]:
    words = _words(line.description, 80, options)
    return [["PID", "F", "", "", "", words]] if words else []


def _words(text: str, longest: int, options: X12Options) -> str:
    """Return text for people, cut to what the element holds."""
    return clean(text, options)[:longest].strip()


def _exactly(text: str, longest: int, element: str, options: X12Options) -> str:
    """Return a number or code, which must stand as it is or not at all."""
    if not text or len(text) > longest:
        raise CannotBeWrittenError(f"{element}: must have 1 to {longest} characters")
    if clean(text, options) != text:
        raise CannotBeWrittenError(f"{element}: must be printable ASCII without the partner's delimiters (x12.marks)")
    return text


def _amount(amount: Decimal, element: str) -> str:
    if amount < 0:
        raise CannotBeWrittenError(f"{element}: must not be below zero")
    return plain(amount)


def _day(moment: date) -> str:
    return moment.strftime("%Y%m%d")
