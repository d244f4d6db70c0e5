"""One UBL document being read: its elements as text, numbers, quantities, dates and parties, and what is wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from lxml import etree

from adapters.documents.findings import Finding, Findings, Severity
from adapters.documents.identifiers import identifier
from adapters.documents.reading import IdentifierKind, ItemIdentifier, ReadQuantity
from adapters.documents.units import from_rec20
from adapters.documents.xml import name_of, place
from adapters.supplier.ubl.names import NAMESPACES, PREFIXES
from adapters.supplier.ubl.options import UblOptions

LONGEST_NUMBER = 30
LARGEST = Decimal(10) ** 15
LONGEST_TEXT = 2000
MOST_FINDINGS = 500
"""Of each severity; a file that is wrong throughout is not answered with a longer one."""

OTHER_UNITS = {
    "BX": "BX", "CS": "CA", "CT": "CT", "PK": "PK", "PA": "12", "BG": "BG", "BO": "BO", "RO": "RL", "TU": "TB",
    "PCE": "PC", "NAR": "EA", "BE": "BD", "JR": "JR", "CR": "CP", "DR": "DR", "KGS": "KG", "LTN": "LT",
    "XPP": "PC", "HUR": "HR", "DAY": "DA", "WEE": "WK", "MON": "MO", "ANN": "YR", "KWH": "KH",
}  # fmt: skip
"""Codes of earlier editions of Recommendation 20, which listed packages without the X of Recommendation 21, and those
of services and energy, which an order for goods never has and an invoice may."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T.*)?")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})?")


class DocumentReader:
    """A document's root element with the options and findings of its reading."""

    def __init__(self, root: etree._Element, options: UblOptions) -> None:
        self.root = root
        self.options = options
        self.findings = Findings()
        self._told: Counter[Severity] = Counter()

    @property
    def name(self) -> str:
        """The document's name: `OrderResponse`."""
        return name_of(self.root)

    def all(self) -> tuple[Finding, ...]:
        """Return everything found."""
        return self.findings.all()

    def error(self, code: str, element: etree._Element, message: str, remedy: str = "", path: str = "") -> None:
        """Note what makes the document unusable, at an element or at a child of it that is missing."""
        if self._is_new(Severity.ERROR):
            self.findings.error(code, self.place(element, path), message, remedy)

    def warning(self, code: str, element: etree._Element, message: str, remedy: str = "", path: str = "") -> None:
        """Note what was read in spite of a fault."""
        if self._is_new(Severity.WARNING):
            self.findings.warning(code, self.place(element, path), message, remedy)

    def place(self, element: etree._Element, path: str = "") -> str:
        """Return the XPath of an element, or of a child of it that need not exist."""
        return place(element, PREFIXES) + (f"/{path}" if path else "")

    def _is_new(self, severity: Severity) -> bool:
        self._told[severity] += 1
        return self._told[severity] <= MOST_FINDINGS

    def number(self, element: etree._Element | None, path: str) -> Decimal | None:
        """Return a decimal as written, None where there is none; what is no number is an error."""
        found = one(element, path)
        written = content(found)
        if found is None or not written:
            return None
        number = decimal_of(written)
        if number is None:
            remedy = f"write digits and a point, {LONGEST_NUMBER} characters at most, below a quadrillion"
            self.error("number", found, "must be a decimal number", remedy)
        return number

    def quantity(self, element: etree._Element | None, path: str) -> ReadQuantity | None:
        """Return a quantity with its unit; a unit we do not know is kept as written, with a warning."""
        value, found = self.number(element, path), one(element, path)
        if value is None or found is None:
            return None
        raw = found.get("unitCode", "").strip()[:LONGEST_TEXT]
        unit = unit_of(raw, self.options)
        if raw and unit is None:
            remedy = "say in the partner's profile what it means (units)"
            self.warning("unit", found, "has a unit code that none of ours says", remedy)
        return ReadQuantity(value=value, unit=unit, raw_unit=raw)

    def day(self, element: etree._Element | None, path: str) -> date | None:
        """Return a date; what is none is a warning."""
        found = one(element, path)
        written = content(found)
        if found is None or not written:
            return None
        day = day_of(written)
        if day is None:
            self.warning("date", found, "must be a date YYYY-MM-DD")
        return day

    def moment(self, element: etree._Element | None, day_path: str, time_path: str) -> datetime | None:
        """Return a moment, naive where the document names no offset; None where the day or the time is missing."""
        day, found = day_of(content(one(element, day_path))), one(element, time_path)
        if day is None or found is None or not content(found):
            return None
        clock = time_of(content(found))
        if clock is None:
            self.warning("time", found, "must be a time hh:mm:ss, with or without an offset")
            return None
        return datetime.combine(day, clock)

    def identifiers(self, item: etree._Element | None) -> tuple[ItemIdentifier, ...]:
        """Return the numbers of an item: the standard one (a GTIN by its scheme), the seller's, buyer's and maker's."""
        return tuple(self._identifiers(item))

    def _identifiers(self, item: etree._Element | None) -> Iterator[ItemIdentifier]:
        for path, kind in _ITEM_NUMBERS:
            for found in every(item, f"{path}/cbc:ID"):
                written, scheme = content(found), found.get("schemeID", "").strip()
                if not written:
                    continue
                read = identifier(_kind(kind, scheme), scheme or path.removeprefix("cac:"), written)
                if read.kind is IdentifierKind.OTHER and _kind(kind, scheme) is IdentifierKind.GTIN:
                    self.warning("gtin", found, "is no GTIN: 8, 12, 13 or 14 digits with a valid check digit")
                yield read


_ITEM_NUMBERS = (
    ("cac:StandardItemIdentification", IdentifierKind.GTIN),
    ("cac:SellersItemIdentification", IdentifierKind.SUPPLIER_ITEM),
    ("cac:BuyersItemIdentification", IdentifierKind.BUYER_ITEM),
    ("cac:ManufacturersItemIdentification", IdentifierKind.MANUFACTURER_ITEM),
    ("cac:AdditionalItemIdentification", IdentifierKind.OTHER),
    ("cac:CatalogueItemIdentification", IdentifierKind.OTHER),
)
GTIN_SCHEMES = frozenset(
    {"0160", "GTIN", "GTIN-14", "GTIN-13", "GTIN-12", "EAN", "EAN13", "0088", "SRV", "EN", "GS1", ""}
)
"""Schemes under which a standard item number is a GTIN: ISO 6523 0160, and what older documents say for it."""
SCHEMES = {"NDC": IdentifierKind.NDC, "HIBC": IdentifierKind.HIBC}


def _kind(kind: IdentifierKind, scheme: str) -> IdentifierKind:
    known = SCHEMES.get(scheme.upper())
    if known is not None:
        return known
    if kind is IdentifierKind.GTIN and scheme.upper() not in GTIN_SCHEMES:
        return IdentifierKind.OTHER
    return kind


def one(element: etree._Element | None, path: str) -> etree._Element | None:
    """Return the first element at a path; the element itself at no path."""
    if element is None or not path:
        return element
    return element.find(path, NAMESPACES)


def every(element: etree._Element | None, path: str) -> list[etree._Element]:
    """Return all elements at a path, in the document's order."""
    return [] if element is None else element.findall(path, NAMESPACES)


def content(element: etree._Element | None) -> str:
    """Return an element's text without the blanks around it, its line breaks as blanks; of bounded length."""
    if element is None or element.text is None:
        return ""
    return " ".join(element.text[: 2 * LONGEST_TEXT].split())[:LONGEST_TEXT]


def text(element: etree._Element | None, path: str) -> str:
    """Return the text at a path, or nothing."""
    return content(one(element, path))


def texts(element: etree._Element | None, path: str) -> tuple[str, ...]:
    """Return every text at a path that is not empty."""
    return tuple(written for found in every(element, path) if (written := content(found)))


def scheme(element: etree._Element | None, path: str) -> str:
    """Return the schemeID of what is at a path, or nothing."""
    found = one(element, path)
    return "" if found is None else found.get("schemeID", "").strip()[:LONGEST_TEXT]


def decimal_of(written: str) -> Decimal | None:
    """Return a number written as XML Schema writes decimals, or None."""
    if len(written) > LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        return None
    number = Decimal(written)
    return number if abs(number) < LARGEST else None


def day_of(written: str) -> date | None:
    """Return a date, whatever offset or time follows it, or None."""
    found = _DATE.fullmatch(written)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def time_of(written: str) -> time | None:
    """Return a time of day with the offset it names, or None."""
    found = _TIME.fullmatch(written)
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0), tzinfo=_zone(found[4])) if found else None
    except ValueError:
        return None


def unit_of(raw: str, options: UblOptions) -> str | None:
    """Return our code of a unit, by the profile, Recommendation 20 and 21, or what is older or not of goods."""
    return from_rec20(raw, options.units) or OTHER_UNITS.get(raw)


def _zone(offset: str | None) -> timezone | None:
    if not offset:
        return None
    if offset == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:])))
