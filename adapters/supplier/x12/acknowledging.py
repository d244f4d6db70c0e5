"""Our acknowledgement of what a partner sent: one 997 (999 from 005010 on) for each group, built from its faults.

The verdicts follow X12.20: a set is accepted (A), accepted with errors noted (E) or rejected (R); a group is accepted,
partially accepted (P) or rejected, and rejected whenever its own trailer is wrong, whatever its sets are. A 997 or 999
is never answered.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.documents.outbox import ControlNumbers
from adapters.supplier.x12.envelope import Group, Interchange
from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.options import VERSION, X12Options
from adapters.supplier.x12.reading import JudgedSet, ReadSet
from adapters.supplier.x12.segments import Segment
from adapters.supplier.x12.writing import header_of_interchange, interchange, written

IMPLEMENTATION_FROM = "005010"
UNANSWERED = frozenset({"FA"})
"""Functional groups that are acknowledgements themselves."""
ACKNOWLEDGEMENTS = frozenset({"997", "999"})
REPEATED = {
    "AK101": (2, "ZZ"), "AK102": (9, "0"), "AK103": (12, ""), "AK201": (3, "000"), "AK202": (9, "0000"),
    "AK301": (3, "ZZZ"), "TA101": (9, "000000000"), "TA102": (6, ""), "TA103": (4, ""),
}  # fmt: skip
"""What is repeated of a partner's own segments is cut to what X12 allows; what stands there when it sent nothing."""
_VERSION = re.compile(VERSION)
MOST_SEGMENT_NOTES = 100
MOST_CODES = 5
MOST_COUNTED = 999_999
"""AK902 to AK904 have six digits."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A group and its sets, as they were read; of a long group only what is judged of each need be kept."""

    group: Group
    sets: tuple[ReadSet | JudgedSet, ...]

    @property
    def judged(self) -> tuple[JudgedSet, ...]:
        """Every set's number and faults."""
        return tuple(read.judged if isinstance(read, ReadSet) else read for read in self.sets)

    @property
    def is_answered(self) -> bool:
        """True for every group that is not itself an acknowledgement."""
        is_acknowledgement = bool(self.sets) and all(read.code in ACKNOWLEDGEMENTS for read in self.judged)
        return bool(self.group.gs) and self.group.functional_id not in UNANSWERED and not is_acknowledgement


def verdict_of(read: ReadSet | JudgedSet) -> str:
    """Return A, E or R (element 717)."""
    if any(fault.is_fatal for fault in read.faults):
        return "R"
    return "E" if read.faults else "A"


def group_verdict_of(acknowledged: Acknowledged) -> str:
    """Return A, E, P or R (element 715)."""
    verdicts = {verdict_of(read) for read in acknowledged.sets}
    if any(fault.is_fatal for fault in acknowledged.group.faults) or verdicts <= {"R"}:
        return "R"
    if "R" in verdicts:
        return "P"
    return "E" if "E" in verdicts or acknowledged.group.faults else "A"


def write_functional(acknowledged: Acknowledged, options: X12Options, numbers: ControlNumbers, at: datetime) -> bytes:
    """Return the 997 or 999 of a group, addressed to whoever sent it."""
    group_version = acknowledged.group.version
    version = group_version if _VERSION.fullmatch(group_version) else options.version
    name = options.functional_acknowledgement or ("999" if version >= IMPLEMENTATION_FROM else "997")
    body = [*_body(acknowledged, version, is_999=name == "999")]
    return interchange([(name, body)], options.model_copy(update={"version": version}), numbers, at)


def write_interchange_note(
    received: Interchange, options: X12Options, numbers: ControlNumbers, at: datetime, *, code: str | None = None
) -> bytes:
    """Return a TA1 interchange; `code` overrides what the faults say (025: this number was used before)."""
    worst = sorted(received.faults, key=lambda fault: not fault.is_fatal)
    note = code or next((fault.code for fault in worst), "000")
    verdict = "A" if note == "000" else "R" if code or received.is_refused else "E"
    repeated = [("TA101", received.control), ("TA102", received.element(9)), ("TA103", received.element(10))]
    ta1 = ["TA1", *(_repeated(name, text) for name, text in repeated), verdict, note]
    segments = [ta1, ["IEA", "0", f"{numbers.interchange:09d}"]]
    text = header_of_interchange(options, numbers, at) + "".join(written(segment, options) for segment in segments)
    return text.encode("ascii")


def _repeated(name: str, text: str) -> str:
    longest, instead = REPEATED[name]
    return "".join(mark for mark in text if "!" <= mark <= "~")[:longest] or instead


def _body(acknowledged: Acknowledged, version: str, *, is_999: bool) -> Iterator[Segment]:
    group = acknowledged.group
    opening = ["AK1", _repeated("AK101", group.functional_id), _repeated("AK102", group.control)]
    if version >= IMPLEMENTATION_FROM:
        opening.append(_repeated("AK103", group.version))
    yield opening
    for read in acknowledged.judged:
        yield ["AK2", _repeated("AK201", read.code), _repeated("AK202", read.control)]
        yield from _notes(read.faults, is_999=is_999)
        yield ["IK5" if is_999 else "AK5", verdict_of(read), *_set_codes(read.faults)]
    received = len(acknowledged.sets)
    taken = sum(verdict_of(read) != "R" for read in acknowledged.sets)
    included = group.declared if group.declared is not None else received
    codes = list(dict.fromkeys(fault.code for fault in group.faults))[:MOST_CODES]
    counts = (min(count, MOST_COUNTED) for count in (included, received, taken))
    yield ["AK9", group_verdict_of(acknowledged), *map(str, counts), *codes]


def _notes(faults: Sequence[Fault], *, is_999: bool) -> Iterator[Segment]:
    """One AK3 a segment at fault, with an AK4 for each of its elements."""
    places = list(dict.fromkeys((fault.segment_position, fault.segment) for fault in faults if fault.segment))
    segment_note, element_note = ("IK3", "IK4") if is_999 else ("AK3", "AK4")
    for position, name in places[:MOST_SEGMENT_NOTES]:
        here = [fault for fault in faults if (fault.segment_position, fault.segment) == (position, name)]
        own = next((fault.code for fault in here if fault.level is Level.SEGMENT), "8")
        yield [segment_note, _repeated("AK301", name), str(position), "", own]
        for fault in here:
            if fault.level is Level.ELEMENT:
                yield [element_note, str(fault.element_position), "", fault.code]


def _set_codes(faults: Iterable[Fault]) -> list[str]:
    """Return what is wrong with a set as a whole: the codes we use are the same in elements 718 and 618."""
    found = list(faults)
    codes = [fault.code for fault in found if fault.level is Level.SET]
    if any(fault.level in {Level.SEGMENT, Level.ELEMENT} for fault in found):
        codes.append("5")
    return list(dict.fromkeys(codes))[:MOST_CODES]
