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
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet
from adapters.supplier.x12.segments import Segment
from adapters.supplier.x12.writing import clean, interchange

IMPLEMENTATION_FROM = "005010"
UNANSWERED = frozenset({"FA"})
"""Functional groups that are acknowledgements themselves."""
MOST_SEGMENT_NOTES = 100
_RELEASE = re.compile(r"00[3-8][0-9]{3}[A-Z0-9]{0,6}")
"""A GS08 we can write ourselves."""
MOST_CODES = 5


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A group and its sets, as they were read."""

    group: Group
    sets: tuple[ReadSet, ...]

    @property
    def is_answered(self) -> bool:
        """True for every group that is not itself an acknowledgement."""
        return bool(self.group.gs) and self.group.functional_id not in UNANSWERED


def verdict_of(read: ReadSet) -> str:
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
    theirs = acknowledged.group.version
    version = theirs if _RELEASE.fullmatch(theirs) else options.version
    is_999 = version >= IMPLEMENTATION_FROM
    body = [*_body(acknowledged, is_999=is_999)]
    replying = options.model_copy(update={"version": version})
    return interchange([("999" if is_999 else "997", body)], replying, numbers, at)


def write_interchange_note(
    received: Interchange, options: X12Options, numbers: ControlNumbers, at: datetime, *, code: str | None = None
) -> bytes:
    """Return a TA1 interchange; `code` overrides what the faults say (025: this number was used before)."""
    faults = [fault.code for fault in received.faults]
    note = code or next(iter(faults), "000")
    verdict = "R" if code else "E" if faults else "A"
    whole = interchange([("997", [])], options, numbers, at).decode("ascii")
    mark, end = options.marks.element, options.marks.terminator
    isa, iea = whole.split(end)[0], f"IEA{mark}0{mark}{numbers.interchange:09d}"
    repeated = (clean(received.element(number), options) for number in (13, 9, 10))
    ta1 = mark.join(["TA1", *repeated, verdict, note])
    return end.join([isa, ta1, iea, ""]).encode("ascii")


def _body(acknowledged: Acknowledged, *, is_999: bool) -> Iterator[Segment]:
    group = acknowledged.group
    opening = ["AK1", group.functional_id, group.control]
    yield [*opening, group.version] if is_999 else opening
    for read in acknowledged.sets:
        yield ["AK2", read.source.code, read.source.control]
        yield from _notes(read.faults, is_999=is_999)
        yield ["IK5" if is_999 else "AK5", verdict_of(read), *_set_codes(read.faults)]
    received = len(acknowledged.sets)
    taken = sum(verdict_of(read) != "R" for read in acknowledged.sets)
    included = group.declared if group.declared is not None else received
    verdict = group_verdict_of(acknowledged)
    codes = [fault.code for fault in group.faults][:MOST_CODES]
    yield ["AK9", verdict, str(included), str(received), str(0 if verdict == "R" else taken), *codes]


def _notes(faults: Sequence[Fault], *, is_999: bool) -> Iterator[Segment]:
    """One AK3 a segment at fault, with an AK4 for each of its elements."""
    places = list(dict.fromkeys((fault.segment_position, fault.segment) for fault in faults if fault.segment))
    segment_note, element_note = ("IK3", "IK4") if is_999 else ("AK3", "AK4")
    for position, name in places[:MOST_SEGMENT_NOTES]:
        here = [fault for fault in faults if (fault.segment_position, fault.segment) == (position, name)]
        own = next((fault.code for fault in here if fault.level is Level.SEGMENT), "8")
        yield [segment_note, name, str(position), "", own]
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
