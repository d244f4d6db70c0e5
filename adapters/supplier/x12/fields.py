"""Elements of a set as values; whatever is wrong with one becomes a finding at its segment and element."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from adapters.documents import units
from adapters.documents.findings import Finding, Findings
from adapters.documents.identifiers import X12_QUALIFIERS, identifier
from adapters.documents.reading import (
    IdentifierKind,
    ItemIdentifier,
    NamedDate,
    NamedReference,
    Party,
    ReadQuantity,
)
from adapters.supplier.x12.dates import MEANINGS, day_of
from adapters.supplier.x12.envelope import TransactionSet
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.segments import Segment, text_of

ROLES = {
    "BY": "buyer",
    "OB": "buyer",
    "ST": "ship to",
    "BT": "bill to",
    "SE": "supplier",
    "SU": "supplier",
    "VN": "supplier",
    "SF": "ship from",
    "SH": "ship from",
    "RI": "remit to",
    "RE": "remit to",
    "PR": "payer",
    "PE": "payee",
    "MF": "manufacturer",
    "DB": "distributor",
    "II": "invoice issuer",
    "CA": "carrier",
}
"""Element 98; what is not here keeps its code."""

REFERENCES = {
    "BM": "bill of lading",
    "CN": "tracking",
    "CO": "supplier order",
    "CT": "contract",
    "DP": "department",
    "IA": "supplier number",
    "IV": "invoice",
    "IN": "invoice",
    "LT": "lot",
    "LS": "serial",
    "SE": "serial",
    "BT": "lot",
    "OI": "original invoice",
    "PK": "packing list",
    "PO": "purchase order",
    "SI": "ship notice",
    "VN": "supplier order",
    "VR": "supplier number",
    "2I": "tracking",
    "ZZ": "agreed",
}
"""Element 128; what is not here keeps its code."""

_QUALIFIER = re.compile(r"^[A-Z][A-Z0-9]$|^[0-9][A-Z]$")
"""What a code of element 235 looks like; those we do not know are kept with their code, not interpreted."""


class SetReader:
    """One set being read: its segments, its findings, and the partner's page."""

    def __init__(self, read: TransactionSet, options: X12Options) -> None:
        self.set = read
        self.options = options
        self.findings = Findings()

    @property
    def version(self) -> str:
        """GS08, or ISA12 where there is no group."""
        return self.set.group.version or self.set.group.interchange.version

    def segments(self) -> Iterator[tuple[int, Segment]]:
        """Yield the segments between ST and SE, each with its position from ST as 1."""
        for position, segment in enumerate(self.set.segments, start=1):
            if segment[0] not in {"ST", "SE"}:
                yield position, segment

    def first(self, name: str) -> tuple[int, Segment]:
        """Return the first segment of that name, or an empty one at position 0."""
        return next(((at, segment) for at, segment in self.segments() if segment[0] == name), (0, [name]))

    def place(self, position: int, segment: Segment, element: int = 0) -> str:
        """Return where an element is, for a finding."""
        where = f"{self.set.place}, segment {position} ({segment[0]})"
        return f"{where}, element {element}" if element else where

    def decimal(self, position: int, segment: Segment, element: int) -> Decimal | None:
        """Return a decimal element; an empty one is None, a bad one is None and a finding."""
        text = at(segment, element)
        if not text:
            return None
        number = decimal_of(text)
        if number is None:
            self.findings.error("AK4 6", self.place(position, segment, element), "must be a number in ASCII digits")
        return number

    def day(self, position: int, segment: Segment, element: int) -> date | None:
        """Return a date element; an empty one is None, an impossible one is None and a finding."""
        text = at(segment, element)
        day = day_of(text) if text else None
        if text and day is None:
            self.findings.warning("AK4 8", self.place(position, segment, element), "is no date CCYYMMDD; left out")
        return day

    def unit(self, position: int, segment: Segment, element: int) -> tuple[str | None, str]:
        """Return a unit as ours and as written."""
        raw = at(segment, element)
        ours = units.from_x12(raw, self.options.units) if raw else None
        if raw and ours is None:
            self.findings.warning(
                "AK4 7",
                self.place(position, segment, element),
                "is no unit of X12 element 355 we know",
                "correct it, or say in the partner's profile what it means (x12.units)",
            )
        return ours, raw

    def quantity(self, position: int, segment: Segment, element: int, unit_element: int) -> ReadQuantity | None:
        """Return a quantity with its unit, or None where there is none."""
        value = self.decimal(position, segment, element)
        if value is None:
            return None
        ours, raw = self.unit(position, segment, unit_element)
        return ReadQuantity(value=value, unit=ours, raw_unit=raw)

    def identifiers(self, position: int, segment: Segment, start: int) -> tuple[ItemIdentifier, ...]:
        """Return the item numbers in the qualifier and value pairs from element `start` on (element 235 and 234).

        Where qualifiers and values have changed places nothing is believed: a finding says so.
        """
        found = []
        for element in range(start, len(segment), 2):
            qualifier, value = at(segment, element), at(segment, element + 1)
            if not qualifier and not value:
                continue
            kind = X12_QUALIFIERS.get(qualifier)
            if kind is None and not _QUALIFIER.match(qualifier):
                place = self.place(position, segment, element)
                remedy = "check that qualifiers and numbers come in pairs"
                self.findings.warning("AK4 7", place, "is no qualifier of X12 element 235; left out", remedy)
                continue
            if value:
                found.append(self._identifier(position, segment, element, kind or IdentifierKind.OTHER))
        return tuple(found)

    def _identifier(self, position: int, segment: Segment, element: int, kind: IdentifierKind) -> ItemIdentifier:
        made = identifier(kind, at(segment, element), at(segment, element + 1))
        if kind is IdentifierKind.GTIN and made.kind is not kind:
            place = self.place(position, segment, element + 1)
            self.findings.warning("gtin", place, "is no GTIN (digits and check digit); kept as the partner's number")
        return made

    def party(self, segment: Segment) -> Party:
        """Return who an N1 names."""
        role = at(segment, 1)
        return Party(
            role=ROLES.get(role, role), raw_role=role, name=at(segment, 2), scheme=at(segment, 3), id=at(segment, 4)
        )

    def dated(self, position: int, segment: Segment) -> NamedDate | None:
        """Return what a DTM says; RD8 ranges by their first day."""
        code = at(segment, 1)
        element = 6 if not at(segment, 2) and at(segment, 6) else 2
        on = self.day(position, segment, element)
        return NamedDate(meaning=MEANINGS.get(code, code), raw=code, on=on) if on else None

    def all(self, *more: Finding) -> tuple[Finding, ...]:
        """Return every finding."""
        return (*self.findings.all(), *more)


def at(segment: Segment, element: int) -> str:
    """Return an element as text, or an empty text."""
    return text_of(segment[element]) if element < len(segment) else ""


def decimal_of(text: str) -> Decimal | None:
    """Return a decimal written in ASCII digits, with a point or a sign; None where it is none."""
    if not text.isascii() or any(mark not in "0123456789.-+" for mark in text) or len(text) > 30:  # noqa: PLR2004
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def referred(segment: Segment) -> NamedReference | None:
    """Return what a REF leads to."""
    code, value = at(segment, 1), at(segment, 2) or at(segment, 3)
    return NamedReference(meaning=REFERENCES.get(code, code), raw=code, value=value) if value else None
