"""Interchanges, functional groups and transaction sets, one set at a time (X12.5 and X12.6).

`read_sets` yields every set as soon as its trailer is read, each group after its last set and each interchange at its
end, so that a file of any size needs the memory of its largest set. Reading never stops at a fault: a missing trailer,
a wrong count or control number is a `Fault`, which becomes a finding for people and a code of the functional
acknowledgement.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.segments import Delimiters, Segment, SegmentReader

MOST_SEGMENTS = 100_000
"""Segments of one set that are kept; the rest of a longer one is counted and left out, and the set is refused."""


@dataclass(slots=True)
class Interchange:
    """An ISA to IEA, or a bare group or set in no interchange."""

    isa: Segment
    delimiters: Delimiters
    groups: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sender(self) -> tuple[str, str]:
        """ISA05 and ISA06."""
        return self.element(5), self.element(6)

    @property
    def receiver(self) -> tuple[str, str]:
        """ISA07 and ISA08."""
        return self.element(7), self.element(8)

    @property
    def control(self) -> str:
        """ISA13."""
        return self.element(13)

    @property
    def version(self) -> str:
        """ISA12."""
        return self.element(12)

    @property
    def is_test(self) -> bool:
        """True where ISA15 says so."""
        return self.element(15) == "T"

    def element(self, number: int) -> str:
        """Return ISA element `number`, or an empty text."""
        return self.isa[number].strip() if number < len(self.isa) else ""


@dataclass(slots=True)
class Group:
    """A GS to GE. Bare sets have an empty GS."""

    interchange: Interchange
    gs: Segment
    sets: int = 0
    declared: int | None = None
    """GE01, where there is one."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def functional_id(self) -> str:
        """GS01: `PR` order acknowledgements, `SH` ship notices, `IN` invoices ..."""
        return self.element(1)

    @property
    def control(self) -> str:
        """GS06."""
        return self.element(6)

    @property
    def version(self) -> str:
        """GS08."""
        return self.element(8)

    def element(self, number: int) -> str:
        """Return GS element `number`, or an empty text."""
        return self.gs[number].strip() if number < len(self.gs) else ""


@dataclass(slots=True)
class TransactionSet:
    """An ST to SE, both included in `segments`."""

    group: Group
    segments: list[Segment]
    faults: list[Fault] = field(default_factory=list)

    @property
    def code(self) -> str:
        """ST01: 855, 856, 810 ..."""
        return _at(self.segments[0], 1)

    @property
    def control(self) -> str:
        """ST02."""
        return _at(self.segments[0], 2)

    @property
    def place(self) -> str:
        """Where it is, for findings."""
        return f"ISA13 {self.group.interchange.control}, ST {self.code} {self.control}"

    @property
    def message_id(self) -> str:
        """What a repeated transmission repeats: who, to whom, and the three control numbers."""
        interchange = self.group.interchange
        sender, receiver = "/".join(interchange.sender), "/".join(interchange.receiver)
        return f"{sender}:{receiver}:{interchange.control}:{self.group.control}:{self.code}:{self.control}"


Part = TransactionSet | Group | Interchange


def read_sets(chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the sets of a file, each group after its sets and each interchange after its groups.

    Raises BadDocumentError where the file is no X12 at all.
    """
    reader = SegmentReader(chunks)
    return _Assembly(reader).parts()


class _Assembly:
    """Puts segments together; knows what is open."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self._interchange: Interchange | None = None
        self._group: Group | None = None
        self._set: TransactionSet | None = None
        self._controls: set[str] = set()
        self._left_out = 0

    def parts(self) -> Iterator[Part]:
        envelope = {
            "ISA": self._isa, "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea,
        }  # fmt: skip
        for segment in self._reader:
            handle = envelope.get(segment[0])
            if handle is not None:
                yield from handle(segment)
            elif self._set is not None:
                self._keep(segment)
            else:
                self._outside(segment)
        yield from self._close_interchange(is_whole=False)

    def _keep(self, segment: Segment) -> None:
        segments = self._set.segments if self._set else []
        if len(segments) < MOST_SEGMENTS:
            segments.append(segment)
        else:
            self._left_out += 1

    def _isa(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_interchange(is_whole=False)
        self._interchange = Interchange(segment, self._reader.delimiters)
        if self._reader.isa_was_broken:
            self._interchange.faults.append(Fault(Level.INTERCHANGE, "024", "the ISA segment has line breaks inside"))

    def _gs(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_group(is_whole=False)
        interchange = self._opened_interchange()
        interchange.groups += 1
        self._group = Group(interchange, segment)
        self._controls = set()

    def _st(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_set(is_whole=False)
        group = self._group
        if group is None:
            group = self._group = Group(self._opened_interchange(), [])
            self._controls = set()
        group.sets += 1
        self._set = TransactionSet(group, [segment])
        self._left_out = 0
        if self._set.control in self._controls:
            fault = Fault(Level.SET, "23", "ST02 must be used once in a functional group", is_fatal=True)
            self._set.faults.append(fault)
        self._controls.add(self._set.control)

    def _se(self, segment: Segment) -> Iterator[Part]:
        if self._set is None:
            return self._outside(segment)
        self._set.segments.append(segment)
        self._check_trailer(self._set, segment)
        return self._close_set(is_whole=True)

    def _ge(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_set(is_whole=False)
        if self._group is None:
            yield from self._outside(segment)
            return
        self._group.declared = _count(_at(segment, 1))
        if self._group.declared != self._group.sets:
            fault = Fault(Level.GROUP, "5", "GE01 must be the number of transaction sets of the group")
            self._group.faults.append(fault)
        if not _same_control(_at(segment, 2), self._group.control):
            self._group.faults.append(Fault(Level.GROUP, "4", "GE02 must repeat GS06", is_fatal=True))
        yield from self._close_group(is_whole=True)

    def _iea(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_group(is_whole=False)
        interchange = self._interchange
        if interchange is None:
            return
        if _count(_at(segment, 1)) != interchange.groups:
            interchange.faults.append(Fault(Level.INTERCHANGE, "021", "IEA01 must be the number of groups"))
        if not _same_control(_at(segment, 2), interchange.control):
            interchange.faults.append(Fault(Level.INTERCHANGE, "001", "IEA02 must repeat ISA13"))
        yield from self._close_interchange(is_whole=True)

    def _outside(self, segment: Segment) -> Iterator[Part]:
        """Keep what stands between envelopes: a TA1 becomes a set of its own, the rest is noted."""
        interchange = self._opened_interchange()
        if segment[0] == "TA1":
            return iter([TransactionSet(Group(interchange, []), [["ST", "TA1", _at(segment, 1)], segment])])
        message = f"segment {segment[0][:3]} stands outside every transaction set and is ignored"
        interchange.faults.append(Fault(Level.INTERCHANGE, "024", message))
        return iter(())

    def _check_trailer(self, whole: TransactionSet, trailer: Segment) -> None:
        counted = len(whole.segments) + self._left_out
        if _count(_at(trailer, 1)) != counted:
            whole.faults.append(Fault(Level.SET, "4", "SE01 must be the number of segments from ST to SE"))
        if not _same_control(_at(trailer, 2), whole.control):
            whole.faults.append(Fault(Level.SET, "3", "SE02 must repeat ST02", is_fatal=True))
        if self._left_out:
            message = f"the set must not have more than {MOST_SEGMENTS} segments"
            whole.faults.append(Fault(Level.SET, "5", message, "split it into several sets", is_fatal=True))

    def _close_set(self, *, is_whole: bool) -> Iterator[Part]:
        whole, self._set = self._set, None
        if whole is None:
            return
        if not is_whole:
            remedy = "send the whole set again"
            whole.faults.append(Fault(Level.SET, "2", "the set has no SE segment", remedy, is_fatal=self._is_cut_off()))
        yield whole

    def _is_cut_off(self) -> bool:
        """True where the file may end before the set does; a bare set without any envelope is only untidy."""
        return self._interchange is not None and bool(self._interchange.isa)

    def _close_group(self, *, is_whole: bool) -> Iterator[Part]:
        yield from self._close_set(is_whole=False)
        group, self._group = self._group, None
        if group is None:
            return
        if not is_whole and group.gs:
            group.faults.append(Fault(Level.GROUP, "3", "the functional group has no GE segment", is_fatal=True))
        yield group

    def _close_interchange(self, *, is_whole: bool) -> Iterator[Part]:
        yield from self._close_group(is_whole=False)
        interchange, self._interchange = self._interchange, None
        if interchange is None:
            return
        if not is_whole and interchange.isa:
            interchange.faults.append(Fault(Level.INTERCHANGE, "023", "the interchange has no IEA segment"))
        yield interchange

    def _opened_interchange(self) -> Interchange:
        if self._interchange is None:
            self._interchange = Interchange([], self._reader.delimiters)
        return self._interchange


def _at(segment: Segment, number: int) -> str:
    return segment[number].strip() if number < len(segment) else ""


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _same_control(trailer: str, header: str) -> bool:
    """Compare control numbers; leading zeros are not a difference."""
    return trailer == header or (trailer.lstrip("0") == header.lstrip("0") and bool(header.strip("0")))
