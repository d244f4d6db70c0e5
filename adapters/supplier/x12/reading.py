"""X12 to readings: one for each transaction set, with the findings of its envelope, its grammar and its meaning."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from adapters.documents.findings import Finding
from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.x12.checking import faults_of
from adapters.supplier.x12.envelope import Group, Interchange, TransactionSet, read_sets
from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.fields import SetReader
from adapters.supplier.x12.functional import read_functional, read_ta1
from adapters.supplier.x12.header import header_of
from adapters.supplier.x12.invoice import read_810
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.order import read_850, read_860
from adapters.supplier.x12.order_answer import read_855, read_865
from adapters.supplier.x12.reports import read_820, read_832, read_846, read_867
from adapters.supplier.x12.segments import pieces
from adapters.supplier.x12.ship_notice import read_856

READERS: dict[str, Callable[[SetReader], Reading]] = {
    "810": read_810,
    "820": read_820,
    "832": read_832,
    "846": read_846,
    "850": read_850,
    "855": read_855,
    "856": read_856,
    "860": read_860,
    "865": read_865,
    "867": read_867,
    "997": read_functional,
    "999": read_functional,
    "TA1": read_ta1,
}
"""Every set we read, by ST01."""
COUNTS = frozenset({(Level.SET, "4"), (Level.GROUP, "5"), (Level.INTERCHANGE, "021")})
"""Faults of SE01, GE01 and IEA01."""


@dataclass(frozen=True, slots=True)
class ReadSet:
    """A set, what it says, and what is wrong with it in X12's own terms."""

    source: TransactionSet
    reading: Reading
    faults: tuple[Fault, ...]

    @property
    def judged(self) -> "JudgedSet":
        """What its acknowledgement needs to know: all that has to be kept until its group ends."""
        return JudgedSet(self.source.code, self.source.control, self.faults)


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """The number of a set and what is wrong with it."""

    code: str
    control: str
    faults: tuple[Fault, ...]


def read(body: bytes, options: X12Options) -> tuple[Reading, ...]:
    """Return what every set of a file says. Raises BadDocumentError where the file is no X12."""
    return tuple(part.reading for part in read_parts(pieces(body), options) if isinstance(part, ReadSet))


def read_parts(chunks: Iterable[bytes], options: X12Options) -> Iterator[ReadSet | Group | Interchange]:
    """Yield every set as it is read, each group after its sets and each interchange after its groups.

    Raises BadDocumentError where the file is no X12.
    """
    for part in read_sets(chunks):
        if isinstance(part, TransactionSet):
            yield read_set(part, options)
            continue
        part.faults = [_weighed(fault, options) for fault in part.faults]
        yield part


def read_set(source: TransactionSet, options: X12Options) -> ReadSet:
    """Return what one set says."""
    faults = tuple(_weighed(fault, options) for fault in faults_of(source))
    reader = SetReader(source, options)
    reading = READERS.get(source.code, _unknown)(reader)
    grammar = tuple(fault.finding(source.place) for fault in faults)
    findings = tuple(_distinct([*grammar, *reading.findings]))
    return ReadSet(source, reading.model_copy(update={"findings": findings}), faults)


def _weighed(fault: Fault, options: X12Options) -> Fault:
    is_forgiven = fault.is_fatal and not options.refuse_wrong_counts and (fault.level, fault.code) in COUNTS
    return replace(fault, is_fatal=False) if is_forgiven else fault


def _unknown(reader: SetReader) -> Reading:
    return Reading(**header_of(reader), kind=DocumentKind.UNKNOWN, findings=reader.all())


def _distinct(findings: list[Finding]) -> Iterator[Finding]:
    """Yield one finding a place and code: the reader's own word stands before the grammar's."""
    last = {(finding.position, finding.code): finding for finding in findings}
    yield from last.values()
