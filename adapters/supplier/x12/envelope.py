"""Interchanges, functional groups and transaction sets, one set at a time (X12.5 and X12.6).

`read_sets` yields every set as soon as its trailer is read, each group after its last set and each interchange at its
end, so that a file of any size needs the memory of its largest set. Reading never stops at a fault: a missing trailer,
a wrong count or control number is a `Fault`, which becomes a finding for people and a code of the functional
acknowledgement.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from adapters.supplier.x12.dates import day_of, is_time
from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.segments import Delimiters, Segment, SegmentReader

MOST_SEGMENTS = 100_000
"""Segments of one set that are kept; the rest of a longer one is counted and left out, and the set is refused."""
MOST_CHARACTERS = 16_000_000
"""The same for its characters."""
MOST_NUMBERS = 100_000
"""Set control numbers of one group that are remembered apart from an unbroken run of them."""
MOST_STRAY = 20
"""Segments outside every set that are told of, in one interchange."""
LONGEST_COUNT = 15
LONGEST_CONTROL = 35
"""Characters of a control number that are repeated in a finding or an id; X12 allows nine."""
UNREAD = frozenset({"ISB", "ISE", "TA3"})
"""Interchange services we neither need nor mind."""


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
    def is_refused(self) -> bool:
        """True where parts of it are missing: what it holds waits for a person or for a new transmission."""
        return any(fault.is_fatal for fault in self.faults)

    def element(self, number: int) -> str:
        """Return ISA element `number`, or an empty text."""
        return _at(self.isa, number)


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

    @property
    def is_refused(self) -> bool:
        """True where its own segments are wrong: none of its sets may be acted on, whatever they are themselves."""
        return any(fault.is_fatal for fault in self.faults)

    def element(self, number: int) -> str:
        """Return GS element `number`, or an empty text."""
        return _at(self.gs, number)


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
        control = self.group.interchange.control[:LONGEST_CONTROL]
        where = f"ISA13 {control}, " if control else ""
        return f"{where}ST {self.code[:LONGEST_CONTROL]} {self.control[:LONGEST_CONTROL]}"

    @property
    def message_id(self) -> str:
        """What a repeated transmission repeats: who, to whom, and the three control numbers."""
        interchange = self.group.interchange
        sender, receiver = "/".join(interchange.sender), "/".join(interchange.receiver)
        numbers = (interchange.control, self.group.control, self.code, self.control)
        return ":".join([sender, receiver, *(number[:LONGEST_CONTROL] for number in numbers)])


Part = TransactionSet | Group | Interchange


def read_sets(chunks: Iterable[bytes]) -> Iterator[Part]:
    """Yield the sets of a file, each group after its sets and each interchange after its groups.

    Raises BadDocumentError where the file is no X12 at all.
    """
    reader = SegmentReader(chunks)
    return _Assembly(reader).parts()


class UsedNumbers:
    """Control numbers used so far; an unbroken run of them takes no room."""

    def __init__(self) -> None:
        self._first = self._next = -1
        self._others: set[str] = set()

    def add(self, number: str) -> bool:
        """Return whether a number was used before, and remember it."""
        text = number.lstrip("0") or "0"
        value = _count(text)
        if value is None:
            return self._add_other(text)
        if self._first < 0:
            self._first, self._next = value, value + 1
            return False
        if self._first <= value < self._next:
            return True
        if value == self._next and text not in self._others:
            self._next += 1
            return False
        return self._add_other(text)

    def _add_other(self, text: str) -> bool:
        is_used = text in self._others
        if len(self._others) < MOST_NUMBERS:
            self._others.add(text)
        return is_used


class _Assembly:
    """Puts segments together; knows what is open."""

    def __init__(self, reader: SegmentReader) -> None:
        self._reader = reader
        self._interchange: Interchange | None = None
        self._group: Group | None = None
        self._set: TransactionSet | None = None
        self._groups = UsedNumbers()
        self._controls = UsedNumbers()
        self._left_out = 0
        self._size = 0

    def parts(self) -> Iterator[Part]:
        envelope = {
            "ISA": self._isa, "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea,
        }  # fmt: skip
        for segment in self._reader:
            handle = envelope.get(segment[0])
            if handle is not None:
                yield from handle(segment)
            elif self._set is not None:
                self._keep(self._set.segments, segment)
            else:
                yield from self._outside(segment)
        yield from self._close_interchange(is_whole=False)
        yield from self._stray()

    def _keep(self, segments: list[Segment], segment: Segment) -> None:
        self._size += self._reader.length
        if len(segments) < MOST_SEGMENTS and self._size < MOST_CHARACTERS:
            segments.append(segment)
        else:
            self._left_out += 1

    def _stray(self) -> Iterator[Part]:
        """Tell of text between interchanges, in an interchange without a header."""
        if self._reader.has_stray_text:
            self._reader.has_stray_text = False
            message = "text between the interchanges is no X12 and is left out"
            yield Interchange([], self._reader.delimiters, faults=[Fault(Level.INTERCHANGE, "024", message)])

    def _isa(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_interchange(is_whole=False)
        yield from self._stray()
        self._groups = UsedNumbers()
        self._interchange = Interchange(segment, self._reader.delimiters, faults=[*_header_faults(segment)])
        if self._reader.isa_was_broken:
            self._interchange.faults.append(Fault(Level.INTERCHANGE, "024", "the ISA segment has line breaks inside"))

    def _gs(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_group(is_whole=False)
        interchange = self._opened_interchange()
        interchange.groups += 1
        self._group = Group(interchange, segment)
        self._controls = UsedNumbers()
        if not self._group.control:
            self._group.faults.append(Fault(Level.GROUP, "6", "GS06 must name the group", is_fatal=True))
        elif self._groups.add(self._group.control):
            fault = Fault(Level.GROUP, "19", "GS06 must be used once in an interchange", is_fatal=True)
            self._group.faults.append(fault)

    def _st(self, segment: Segment) -> Iterator[Part]:
        yield from self._close_set(is_whole=False)
        group = self._group
        if group is None:
            group = self._group = Group(self._opened_interchange(), [])
            self._controls = UsedNumbers()
        group.sets += 1
        self._set = TransactionSet(group, [segment])
        self._left_out = self._size = 0
        if not self._set.control:
            self._set.faults.append(Fault(Level.SET, "7", "ST02 must name the set", is_fatal=True))
        elif self._controls.add(self._set.control):
            fault = Fault(Level.SET, "23", "ST02 must be used once in a functional group", is_fatal=True)
            self._set.faults.append(fault)

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
            fault = Fault(Level.GROUP, "5", "GE01 must be the number of sets of the group", is_fatal=True)
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
            interchange.faults.append(
                Fault(Level.INTERCHANGE, "021", "IEA01 must be the number of groups", is_fatal=True)
            )
        if not _same_control(_at(segment, 2), interchange.control):
            interchange.faults.append(Fault(Level.INTERCHANGE, "001", "IEA02 must repeat ISA13"))
        yield from self._close_interchange(is_whole=True)

    def _outside(self, segment: Segment) -> Iterator[Part]:
        """Keep what stands between envelopes: a TA1 becomes a set of its own, the rest is noted."""
        interchange = self._opened_interchange()
        if segment[0] == "TA1":
            yield TransactionSet(Group(interchange, []), [["ST", "TA1", _at(segment, 1)], segment])
        elif segment[0] not in UNREAD and len(interchange.faults) < MOST_STRAY:
            message = "a segment stands outside every transaction set and is left out"
            interchange.faults.append(Fault(Level.INTERCHANGE, "024", message))

    def _check_trailer(self, whole: TransactionSet, trailer: Segment) -> None:
        counted = len(whole.segments) + self._left_out
        if _count(_at(trailer, 1)) != counted:
            whole.faults.append(
                Fault(Level.SET, "4", "SE01 must be the number of segments from ST to SE", is_fatal=True)
            )
        if not _same_control(_at(trailer, 2), whole.control):
            whole.faults.append(Fault(Level.SET, "3", "SE02 must repeat ST02", is_fatal=True))
        if self._left_out:
            message = f"the set must not have more than {MOST_SEGMENTS:,} segments and {MOST_CHARACTERS:,} characters"
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
            interchange.faults.append(
                Fault(Level.INTERCHANGE, "023", "the interchange has no IEA segment", is_fatal=True)
            )
        yield interchange

    def _opened_interchange(self) -> Interchange:
        if self._interchange is None:
            self._interchange = Interchange([], self._reader.delimiters)
        return self._interchange


def _at(segment: Segment, number: int) -> str:
    return segment[number].strip() if number < len(segment) else ""


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT else None


def _header_faults(isa: Segment) -> Iterator[Fault]:
    """Yield what is wrong with the ISA itself; lengths are not looked at, many senders do not pad."""
    rules = (
        ("014", day_of(_at(isa, 9)) is not None, "ISA09 must be a date YYMMDD"),
        ("015", is_time(_at(isa, 10)), "ISA10 must be a time HHMM"),
        ("018", _count(_at(isa, 13)) is not None, "ISA13 must be a number"),
        ("019", _at(isa, 14) in {"", "0", "1"}, "ISA14 must be 0 or 1"),
        ("020", _at(isa, 15) in {"P", "T", "I"}, "ISA15 must be P, T or I"),
    )
    for code, is_right, message in rules:
        if not is_right:
            yield Fault(Level.INTERCHANGE, code, message)


def _same_control(trailer: str, header: str) -> bool:
    """Compare control numbers; leading zeros are not a difference."""
    return trailer == header or (trailer.lstrip("0") == header.lstrip("0") and bool(header.strip("0")))
