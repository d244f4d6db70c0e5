"""Elements and attributes of a document as values; whatever is wrong with one becomes a finding at its XPath."""

from decimal import Decimal

from adapters.documents import units
from adapters.documents.findings import Finding, Findings
from adapters.documents.reading import NamedDate, ReadQuantity
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.tree import Element, Envelope, attribute, child, own_text, place, text
from adapters.supplier.cxml.values import Moment, grouped_number_of, moment_of, number_of

MOST_FINDINGS = 100
"""Findings of one document; a hopeless one is not described line by line."""


class CxmlReader:
    """One document being read: its envelope, its findings, and the partner's page."""

    def __init__(self, envelope: Envelope, options: CxmlOptions) -> None:
        self.envelope = envelope
        self.options = options
        self._findings = Findings()
        self._count = 0
        self._has_error = False

    @property
    def payload(self) -> Element:
        """The business document, or the root where there is none."""
        return self.envelope.root if self.envelope.payload is None else self.envelope.payload

    def findings(self) -> tuple[Finding, ...]:
        """Return everything found."""
        return self._findings.all()

    def error(self, code: str, node: Element, rule: str, remedy: str = "", *, at: str = "") -> None:
        """Note what makes the document unusable; the first is always told."""
        if self._has_room() or not self._has_error:
            self._findings.error(code, place(node, at), rule, remedy)
        self._has_error = True

    def warning(self, code: str, node: Element, rule: str, remedy: str = "", *, at: str = "") -> None:
        """Note what was read in spite of a fault."""
        if self._has_room():
            self._findings.warning(code, place(node, at), rule, remedy)

    def ignored(self, code: str, node: Element, rule: str) -> None:
        """Note what was left out."""
        if self._has_room():
            self._findings.ignored(code, place(node), rule)

    def _has_room(self) -> bool:
        self._count += 1
        return self._count <= MOST_FINDINGS

    def number(self, node: Element, written: str, *, at: str = "") -> Decimal | None:
        """Return a number; an empty one is None, a bad one is None and a finding."""
        if not written.strip():
            return None
        found = number_of(written)
        if found is not None:
            return found
        grouped = grouped_number_of(written)
        remedy = "write it with a decimal point and nothing else, as 1234.56"
        if grouped is not None:
            self.warning("number", node, "has thousands separators; read without them", remedy, at=at)
            return grouped
        self.error("number", node, "must be a number in ASCII digits", remedy, at=at)
        return None

    def decimal(self, node: Element | None, name: str) -> Decimal | None:
        """Return a numeric attribute."""
        return None if node is None else self.number(node, attribute(node, name), at=name)

    def money(self, node: Element | None, path: str = "Money") -> Decimal | None:
        """Return the amount of a Money element below a node; an empty one is None."""
        found = child(node, path)
        return None if found is None else self.number(found, own_text(found))

    def moment(self, node: Element | None, name: str) -> Moment | None:
        """Return a date attribute; an empty one is None, an impossible one is None and a finding."""
        written = attribute(node, name)
        if node is None or not written:
            return None
        found = moment_of(written)
        if found is None:
            self.warning("date", node, "is no date of ISO 8601; left out", "write 2026-05-31T08:00:00-05:00", at=name)
        return found

    def dated(self, node: Element | None, name: str, meaning: str) -> tuple[NamedDate, ...]:
        """Return a date attribute with its meaning, or nothing."""
        found = self.moment(node, name)
        return () if found is None else (NamedDate(meaning=meaning, raw=name, on=found.on, at=found.at),)

    def unit(self, node: Element, written: str) -> str | None:
        """Return our code of a unit: the profile's word first, then Recommendation 20, then X12."""
        found = unit_of(written, self.options)
        if written and found is None:
            remedy = "correct it, or say in the partner's profile what it means (cxml.units)"
            self.warning("unit", node, "has a unit of measure we do not know", remedy)
        return found

    def quantity(self, node: Element | None, unit_from: Element | None = None) -> ReadQuantity | None:
        """Return the quantity attribute with the unit below the same node, or else below another."""
        value = self.decimal(node, "quantity")
        if node is None or value is None:
            return None
        raw = text(node, "UnitOfMeasure") or text(unit_from, "UnitOfMeasure")
        return ReadQuantity(value=value, unit=self.unit(node, raw), raw_unit=raw)


def unit_of(written: str, options: CxmlOptions) -> str | None:
    """Return our code of a unit, or None where no list has it."""
    for code in dict.fromkeys((written, written.upper())):
        found = options.units.get(code) or units.from_rec20(code, {}) or units.from_x12(code, {})
        if found:
            return found
    return None
