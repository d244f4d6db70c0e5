"""The partner's own samples: read with its page, and asked what they say about the page itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.bad_document import BadDocumentError
from adapters.documents.channel import Channel
from adapters.documents.findings import Severity
from adapters.documents.reading import IdentifierKind, Reading, ReadLine

NAMES = (IdentifierKind.BUYER_ITEM, IdentifierKind.SUPPLIER_ITEM, IdentifierKind.GTIN)


@dataclass(frozen=True)
class Sample:
    """A file of the partner's: its bytes and what its page makes of them."""

    name: str
    body: bytes
    readings: tuple[Reading, ...] = ()
    fault: str = ""
    """Why it cannot be read at all."""

    @property
    def is_usable(self) -> bool:
        """True where everything in it can be acted on."""
        return not self.fault and all(reading.is_usable for reading in self.readings)


def sample_of(name: str, body: bytes, channel: Channel) -> Sample:
    """Read a sample."""
    try:
        readings = channel.read(body)
    except BadDocumentError as error:
        remedy = f"; {error.remedy}" if error.remedy else ""
        return Sample(name, body, fault=f"{error}{remedy}")
    return Sample(name, body, readings, "" if readings else "holds no document of this language")


def remarks(sample: Sample, severity: Severity) -> tuple[str, ...]:
    """Return what reading a sample found, of one severity."""
    own = [sample.fault] if sample.fault and severity is Severity.ERROR else []
    found = (str(one) for reading in sample.readings for one in reading.findings if one.severity is severity)
    return tuple(dict.fromkeys([*own, *found]))


def units_of(samples: tuple[Sample, ...]) -> tuple[str, ...]:
    """Return the units of the first lines, from the first document that names any."""
    for reading in _readings(samples):
        units = tuple(line.quantity.unit for line in reading.lines if line.quantity and line.quantity.unit)
        if units:
            return units
    return ()


def numbers_its_own_lines(samples: tuple[Sample, ...]) -> str:
    """Return which documents about one order give an item different line numbers, in words; empty where none do."""
    seen: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}
    for sample in samples:
        for reading in sample.readings:
            for name, numbers in _numbered(reading).items():
                where, earlier = seen.setdefault(name, (f"{reading.kind} in {sample.name}", numbers))
                if earlier.isdisjoint(numbers):
                    return f"the {where} and the {reading.kind} in {sample.name}"
    return ""


def _numbered(reading: Reading) -> dict[tuple[str, str], frozenset[str]]:
    """Return every item of an order with the numbers its lines have: one item may be on several."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for line in reading.lines:
        order, number = line.po_number or reading.po_number, (line.order_line or "").lstrip("0")
        if order and number.isascii() and number.isdigit():
            for name in _names(line):
                found[order, name] = found.get((order, name), frozenset()) | {number}
    return found


def _names(line: ReadLine) -> Iterator[str]:
    return (f"{one.kind} {one.normalised}" for one in line.identifiers if one.kind in NAMES)


def _readings(samples: tuple[Sample, ...]) -> Iterator[Reading]:
    return (reading for sample in samples for reading in sample.readings)
