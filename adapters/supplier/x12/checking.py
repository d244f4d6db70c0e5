"""Does a set obey X12? What is found becomes its functional acknowledgement, and a remark for people."""

import re
from collections.abc import Iterator

from adapters.supplier.x12.dates import day_of, is_time
from adapters.supplier.x12.dictionary import REQUIRED, RULES, ElementRule
from adapters.supplier.x12.envelope import TransactionSet
from adapters.supplier.x12.faults import Fault, Level
from adapters.supplier.x12.segments import JoinedSegment, Segment

_LENGTHS_HELD = "004010"
_NAME = re.compile(r"[A-Z][A-Z0-9]{1,2}")
MOST_FAULTS = 500
"""Faults told of one set; a file that is wrong throughout is not answered with a longer one."""


def faults_of(read: TransactionSet) -> tuple[Fault, ...]:
    """Return what is wrong with a set: its envelope first, then its segments in order."""
    found = [*read.faults, *_missing(read)]
    for position, segment in enumerate(read.segments, start=1):
        found.extend(_form_faults(segment, position))
        found.extend(_segment_faults(segment, position, read.group.version))
        if len(found) >= MOST_FAULTS:
            break
    return tuple(found[:MOST_FAULTS])


def _missing(read: TransactionSet) -> Iterator[Fault]:
    if read.code not in REQUIRED and read.code != "TA1":
        remedy = "send a set this partner's profile lists"
        yield Fault(Level.SET, "1", "transaction sets of this kind are not processed", remedy, is_fatal=True)
        return
    present = {segment[0] for segment in read.segments}
    for name in REQUIRED.get(read.code, ()):
        if name not in present:
            yield Fault(
                Level.SEGMENT, "3", f"segment {name} is mandatory in a {read.code}", is_fatal=name != "TDS",
                segment=name, segment_position=len(read.segments),
            )  # fmt: skip


def _form_faults(segment: Segment, position: int) -> Iterator[Fault]:
    name = segment[0].strip()
    if not _NAME.fullmatch(name):
        message = "is no segment X12 knows: two or three capital letters and digits"
        yield Fault(Level.SEGMENT, "1", message, segment=name[:3], segment_position=position)
    if isinstance(segment, JoinedSegment):
        message = "begins on a new line, but the segment before it has no terminator"
        yield Fault(Level.SEGMENT, "8", message, segment=name[:3], segment_position=position)


def _segment_faults(segment: Segment, position: int, version: str) -> Iterator[Fault]:
    for number, rule in enumerate(RULES.get(segment[0], ()), start=1):
        text = segment[number].strip() if number < len(segment) else ""
        fault = _element_fault(text, rule, version)
        if fault is not None:
            code, message = fault
            yield Fault(
                Level.ELEMENT, code, message, segment=segment[0], segment_position=position, element_position=number
            )


def _element_fault(text: str, rule: ElementRule, version: str) -> tuple[str, str] | None:
    if not text:
        return ("1", "the element is mandatory") if rule.is_mandatory else None
    if not rule.longest:
        return None
    return _kind_fault(text, rule) or _length_fault(text, rule, version)


def _kind_fault(text: str, rule: ElementRule) -> tuple[str, str] | None:
    if rule.kind == "DT" and day_of(text) is None:
        return "8", "the element must be a date CCYYMMDD"
    if rule.kind == "TM" and not is_time(text):
        return "9", "the element must be a time HHMM, HHMMSS or HHMMSSDD"
    if rule.kind[0] in "NR" and not _is_number(text, rule.kind):
        return "6", "the element must be a number" + ("" if rule.kind == "R" else " without a decimal point")
    return None


def _length_fault(text: str, rule: ElementRule, version: str) -> tuple[str, str] | None:
    if rule.kind in {"DT", "TM"} or version[: len(_LENGTHS_HELD)] > _LENGTHS_HELD:
        return None
    size = len(text) if rule.kind in {"AN", "ID"} else sum(mark.isdigit() for mark in text)
    if size > rule.longest:
        return "5", f"the element must not be longer than {rule.longest}"
    if size < rule.shortest:
        return "4", f"the element must not be shorter than {rule.shortest}"
    return None


def _is_number(text: str, kind: str) -> bool:
    digits = text[1:] if text[0] in "-+" else text
    if kind == "R":
        whole, _, fraction = digits.partition(".")
        digits = whole + fraction
    return digits.isascii() and digits.isdigit()
