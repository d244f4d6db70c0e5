"""A message without its people, for keeping: only segments and fields on a list stay."""

from collections.abc import Iterator, Mapping

from adapters.documents.people import People
from adapters.inventory.hl7.message import Message, Segment, messages_of
from adapters.inventory.hl7.options import Hl7Options, LineFields
from adapters.inventory.hl7.patients import people_in

KEPT: Mapping[str, frozenset[int]] = {
    "MSH": frozenset({1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 15, 16, 17, 18, 21}),
    "EVN": frozenset({1, 2, 6, 7}),
    "ORC": frozenset({1, 2, 3, 4, 5, 7, 9, 13, 15, 16}),
    "TQ1": frozenset({1, 2, 7, 8, 9}),
    "FT1": frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 22, 23, 25, 29, 34, 35, 43}),
    "RQD": frozenset(range(1, 11)),
    "RQ1": frozenset(range(1, 8)),
    "PRT": frozenset({10, 16, 17, 18, 19, 20, 22}),
}
"""Fields by segment; the rest is left out, and so is whatever repeats a patient's name or number."""

_NEVER = frozenset({"PID", "PD1", "NK1", "GT1", "IN1", "IN2", "IN3", "MRG", "DG1", "PV2", "AL1", "OBX", "NTE"})


def redacted(body: bytes, options: Hl7Options) -> bytes:
    """Return the messages of a body with nothing of a patient in them. Raises BadDocumentError."""
    kept = {**KEPT}
    for fields in (options.usage, options.requests):
        for path in _paths(fields):
            name, number = path[:3], int(path.partition("-")[2].partition(".")[0])
            kept[name] = kept.get(name, frozenset()) | {number}
    lines = (line for message in messages_of(body) for line in _redacted(message, kept))
    return ("\r".join(lines) + "\r").encode()


def _paths(fields: LineFields) -> Iterator[str]:
    for named in vars(fields).values():
        if isinstance(named, tuple):
            yield from named
    yield from fields.references.values()


def _redacted(message: Message, kept: Mapping[str, frozenset[int]]) -> Iterator[str]:
    """Yield what is kept of each segment; of a visit the ward alone, without room and bed."""
    people = people_in(message)
    for segment in message.segments:
        if segment.name in kept and segment.name not in _NEVER:
            fields = _fields(segment, kept[segment.name], people)
            wards = (field.partition(message.delimiters[1])[0] for field in fields)
            yield message.delimiters[0].join(wards if segment.name == "PV1" else fields)


def _fields(segment: Segment, kept: frozenset[int], people: People) -> Iterator[str]:
    """Yield the fields; the first two of a header are its delimiters, and the first of them is the joint itself."""
    yield segment.name
    for number, field in enumerate(segment.fields[1:], start=1):
        if segment.name == "MSH" and number == 1:
            continue
        is_kept = number in kept and (segment.name == "MSH" or not people.are_in(field))
        yield _plain_charset(segment.name, number, field) if is_kept else ""


def _plain_charset(name: str, number: int, field: str) -> str:
    """What is kept is written in UTF-8, and says so."""
    return "UNICODE UTF-8" if name == "MSH" and number == 18 else field  # noqa: PLR2004 - MSH-18
