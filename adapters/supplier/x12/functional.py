"""997, 999 and TA1, read: what a partner's translator says of our documents, never that an order is accepted."""

from collections.abc import Iterator

from adapters.documents.reading import DocumentKind, NamedReference, Reading, ReadLine
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.header import header_of
from adapters.supplier.x12.segments import Segment

ACCEPTED = frozenset({"A", "E"})
"""Element 717 and 715: accepted, and accepted with errors noted. P is partly, R, M, W and X are not."""
_SET_ENDS = frozenset({"AK5", "IK5"})
_SEGMENT_NOTES = frozenset({"AK3", "IK3"})
_ELEMENT_NOTES = frozenset({"AK4", "IK4"})


def read_functional(reader: SetReader) -> Reading:
    """Return what a 997 or 999 says: one line a set, its verdict and codes in `raw_codes`, its faults in `notes`.

    A set without a verdict of its own (AK5 is missing, or there is no AK2 at all) has the group's.
    """
    position, ak1 = reader.first("AK1")
    _, ak9 = reader.first("AK9")
    header = header_of(reader)
    header["details"] = {
        **header["details"],
        "acknowledged functional id": at(ak1, 1),
        "acknowledged group": at(ak1, 2),
        "group verdict": at(ak9, 1),
        "sets included": at(ak9, 2),
        "sets received": at(ak9, 3),
        "sets accepted": at(ak9, 4),
        "group codes": " ".join(filter(None, (at(ak9, element) for element in range(5, 10)))),
    }
    if not position:
        reader.findings.error("AK1", reader.set.place, "AK1 must name the group that is acknowledged")
    return Reading(
        **header,
        kind=DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT,
        number=at(ak1, 2) or None,
        raw_type=at(ak9, 1),
        lines=tuple(_sets(reader, at(ak9, 1))),
        findings=reader.all(),
    )


def read_ta1(reader: SetReader) -> Reading:
    """Return what a TA1 says: TA101 the interchange, TA104 its verdict, TA105 why."""
    _, ta1 = reader.first("TA1")
    header = header_of(reader)
    header["details"] = {**header["details"], "group verdict": at(ta1, 4), "note": at(ta1, 5)}
    header["notes"] = tuple(filter(None, (at(ta1, 5),)))
    return Reading(
        **header,
        kind=DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT,
        number=at(ta1, 1) or None,
        raw_type=at(ta1, 4),
        findings=reader.all(),
    )


def _sets(reader: SetReader, group_verdict: str) -> Iterator[ReadLine]:
    opened: list[list[Segment]] = []
    for _, segment in reader.segments():
        if segment[0] == "AK2":
            opened.append([])
        if opened:
            opened[-1].append(segment)
    component = reader.set.group.interchange.delimiters.component
    for position, segments in enumerate(opened, start=1):
        yield _set_line(segments, position, group_verdict, component)


def _set_line(segments: list[Segment], position: int, group_verdict: str, component: str) -> ReadLine:
    ending = next((segment for segment in segments if segment[0] in _SET_ENDS), ["AK5", group_verdict])
    notes = (_note(one, component) for one in segments if one[0] in _SEGMENT_NOTES | _ELEMENT_NOTES)
    return ReadLine(
        position=position,
        number=at(segments[0], 2) or None,
        raw_codes=tuple(filter(None, (at(ending, element) for element in range(1, 7)))),
        references=(NamedReference(meaning="transaction set", raw="AK201", value=at(segments[0], 1)),),
        notes=tuple(notes),
    )


def _note(segment: Segment, component: str) -> str:
    """Say what a segment or element note says, without repeating the bad data."""
    if segment[0] in _SEGMENT_NOTES:
        return f"segment {at(segment, 2)} ({at(segment, 1)}): code {at(segment, 4) or '-'}"
    where = at(segment, 1).replace(component or ":", " component ")
    return f"element {where}: code {at(segment, 3)}"
