"""Elements of a set as values; whatever is wrong with one becomes a finding at its segment and element."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from adapters.documents import units
from adapters.documents.findings import Finding, Findings, Severity
from adapters.documents.identifiers import X12_QUALIFIERS, identifier
from adapters.documents.reading import (
    IdentifierKind,
    ItemIdentifier,
    NamedDate,
    NamedReference,
    Party,
    ReadQuantity,
)
from adapters.supplier.x12.dates import MEANINGS, day_of, days_of, moment_of
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
    "CM": "credit memo",
    "CO": "customer order",
    "CT": "contract",
    "DP": "department",
    "IA": "supplier number",
    "IV": "invoice",
    "IN": "invoice",
    "LT": "lot",
    "LS": "serial",
    "SE": "serial",
    "BT": "lot",
    "MA": "ship notice",
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

MOST_FINDINGS = 500
"""Remarks of one severity about one set; the first ones say enough."""
LONGEST_NUMBER = 30
_QUALIFIER = re.compile(r"^[A-Z][A-Z0-9]$|^[0-9][A-Z]$")
"""What a code of element 235 looks like; those we do not know are kept with their code, not interpreted."""


class BoundedFindings(Findings):
    """Findings of a file that may be wrong throughout: so many of each severity, so that no error is crowded out."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[Severity, int] = {}

    def _add(self, severity: Severity, code: str, position: str, message: str, remedy: str) -> None:
        self._counts[severity] = self._counts.get(severity, 0) + 1
        if self._counts[severity] <= MOST_FINDINGS:
            super()._add(severity, code, position, message, remedy)


class SetReader:
    """One set being read: its segments, its findings, and the partner's page."""

    def __init__(self, read: TransactionSet, options: X12Options) -> None:
        self.set = read
        self.options = options
        self.findings: Findings = BoundedFindings()

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
        component = self.set.group.interchange.delimiters.component
        raw = at(segment, element)
        raw = raw.partition(component)[0].strip() if component else raw
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

        Where the pairs are out of step only those whose qualifier is well known are believed: a finding says so.
        """
        pairs = [(element, at(segment, element), at(segment, element + 1)) for element in range(start, len(segment), 2)]
        pairs = [pair for pair in pairs if pair[1] or pair[2]]
        misplaced = next((e for e, code, _ in pairs if code not in X12_QUALIFIERS and not _QUALIFIER.match(code)), None)
        if misplaced is not None:
            place = self.place(position, segment, misplaced)
            remedy = "check that qualifiers and numbers come in pairs"
            self.findings.warning("AK4 7", place, "is no qualifier of X12 element 235; left out", remedy)
        return tuple(
            self._identifier(position, segment, element, X12_QUALIFIERS.get(code, IdentifierKind.OTHER))
            for element, code, value in pairs
            if value and (misplaced is None or code in X12_QUALIFIERS)
        )

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

    def dated(self, position: int, segment: Segment) -> tuple[NamedDate, ...]:
        """Return what a DTM says: a day, or the first and the last of a range.

        Up to release 003060 DTM05 is the century, and the format of a period follows it.
        """
        code, century = at(segment, 1), at(segment, 5)
        is_old = len(century) == len("CC") and century.isdigit()
        meaning = MEANINGS.get(code, code)
        if not at(segment, 2):
            return self._period(position, segment, 6 if is_old else 5)
        on = day_of(at(segment, 2), century if is_old else "")
        if on is None:
            self.day(position, segment, 2)
            return ()
        moment = moment_of(on.strftime("%Y%m%d"), at(segment, 3), at(segment, 4)) if at(segment, 3) else None
        return (NamedDate(meaning=meaning, raw=code, on=on, at=moment),)

    def _period(self, position: int, segment: Segment, format_at: int) -> tuple[NamedDate, ...]:
        code, text = at(segment, 1), at(segment, format_at + 1)
        if not text:
            return ()
        meaning = MEANINGS.get(code, code)
        first, last = days_of(text, at(segment, format_at))
        if first is None:
            place = self.place(position, segment, format_at + 1)
            self.findings.warning("AK4 8", place, "is no day or range of days; left out")
            return ()
        until = () if last in {None, first} else (NamedDate(meaning=f"{meaning} until", raw=code, on=last),)
        return (NamedDate(meaning=meaning, raw=code, on=first), *until)

    def all(self, *more: Finding) -> tuple[Finding, ...]:
        """Return every finding."""
        return (*self.findings.all(), *more)


def at(segment: Segment, element: int) -> str:
    """Return an element as text, or an empty text."""
    return text_of(segment[element]) if element < len(segment) else ""


def decimal_of(text: str) -> Decimal | None:
    """Return a decimal written in ASCII digits, with a point or a sign; None where it is none."""
    if not text.isascii() or any(mark not in "0123456789.-+" for mark in text) or len(text) > LONGEST_NUMBER:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def referred(segment: Segment) -> NamedReference | None:
    """Return what a REF or N9 leads to."""
    code, value = at(segment, 1), at(segment, 2) or at(segment, 3)
    return NamedReference(meaning=REFERENCES.get(code, code), raw=code, value=value) if value else None
