"""What every set says before its lines: who, when, references, currency; and after them: the control totals."""

from collections.abc import Iterable, Iterator
from typing import Any

from adapters.documents.reading import Party, Totals
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.lines import dates_of, notes_of, references_of
from adapters.supplier.x12.segments import Segment

DETAIL = frozenset({"PO1", "POC", "IT1", "HL", "LIN", "PTD", "ENT", "RMR", "AK1", "CTT", "TDS"})
"""Segments with which the lines begin."""

DOCUMENT_AMOUNTS = frozenset({"1", "TT", "GV"})
"""Element 522: line item total, total transaction amount, gross value."""

PURPOSES = {
    "00": "original",
    "01": "cancellation",
    "02": "add",
    "03": "delete",
    "04": "change",
    "05": "replacement",
    "06": "confirmation",
    "07": "duplicate",
    "14": "advance notification",
    "18": "reissue",
    "22": "information copy",
}
"""Element 353."""

_PURPOSE_AT = {"BAK": 1, "BCA": 1, "BEG": 1, "BCH": 1, "BSN": 1, "BIA": 1, "BPT": 1, "BCT": 10, "BIG": 8}
_LONGEST_COUNT = 9
_MEASURES = {
    "TD1": (("packaging", 1), ("packages", 2)),
    "TD3": (("equipment", 3), ("seal", 9)),
    "TD5": (("carrier code", 3),),
}


def header_of(reader: SetReader, also: Iterable[tuple[int, Segment]] = ()) -> dict[str, Any]:
    """Return the fields of a Reading that every set fills the same way; `also` are segments that stand further down."""
    segments = [*_header(reader), *also]
    interchange = reader.set.group.interchange
    references = references_of(segments)
    return {
        "language": f"x12 {reader.set.code} {reader.version}".strip(),
        "message_id": reader.set.message_id,
        "purpose": _purpose(segments),
        "sender": _envelope_party("sender", interchange.sender),
        "receiver": _envelope_party("receiver", interchange.receiver),
        "currency": next((at(segment, 2) for _, segment in segments if segment[0] == "CUR"), None) or None,
        "parties": tuple(reader.party(segment) for _, segment in segments if segment[0] == "N1"),
        "dates": dates_of(reader, segments),
        "references": references,
        "carrier": next((found for _, td5 in segments if td5[0] == "TD5" and (found := _carrier(td5))), None),
        "tracking": tuple(found.value for found in references if found.meaning == "tracking"),
        "notes": notes_of(segments),
        "details": {**_details(reader), **_moved(segments)},
    }


def totals_of(reader: SetReader, *line_counts: int) -> Totals:
    """Return the control totals of CTT and AMT; `line_counts` are what senders take for the number of lines.

    An AMT counts for the whole document before the lines and after CTT.
    """
    position, ctt = reader.first("CTT")
    amounts = [*(pair for pair in _header(reader)), *_after(reader, position)] if position else [*_header(reader)]
    amount_at, amt = next(
        (pair for pair in reversed(amounts) if pair[1][0] == "AMT" and at(pair[1], 1) in DOCUMENT_AMOUNTS), (0, ["AMT"])
    )
    count = _number(at(ctt, 1))
    if count is not None and line_counts and count not in line_counts:
        rule = "is not the number of lines; a line may be missing"
        reader.findings.warning("CTT01", reader.place(position, ctt, 1), rule, "compare it with what was sent")
    return Totals(
        line_count=count,
        hash_total=reader.decimal(position, ctt, 2),
        gross=reader.decimal(amount_at, amt, 2),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT else None


def _after(reader: SetReader, position: int) -> Iterator[tuple[int, Segment]]:
    return (pair for pair in reader.segments() if pair[0] > position)


def _moved(segments: list[tuple[int, Segment]]) -> dict[str, str]:
    """Return how goods are packed and moved, as far as the header says it once."""
    found: dict[str, str] = {}
    for _, segment in segments:
        for name, element in _MEASURES.get(segment[0], ()):
            if at(segment, element):
                found.setdefault(name, at(segment, element))
        if segment[0] == "TD1" and at(segment, 7):
            found.setdefault("weight", f"{at(segment, 7)} {at(segment, 8)}".strip())
    return found


def _header(reader: SetReader) -> Iterator[tuple[int, Segment]]:
    for position, segment in reader.segments():
        if segment[0] in DETAIL:
            return
        yield position, segment


def _purpose(segments: list[tuple[int, Segment]]) -> str:
    for _, segment in segments:
        if segment[0] in _PURPOSE_AT:
            code = at(segment, _PURPOSE_AT[segment[0]])
            return PURPOSES.get(code, code)
    return ""


def _envelope_party(role: str, who: tuple[str, str]) -> Party | None:
    qualifier, name = who
    return Party(role=role, scheme=qualifier, id=name) if name else None


def _carrier(segment: Segment) -> str | None:
    return at(segment, 5) or at(segment, 3) or None


def _details(reader: SetReader) -> dict[str, str]:
    interchange, group = reader.set.group.interchange, reader.set.group
    found = {
        "interchange": interchange.control,
        "group": group.control,
        "functional id": group.functional_id,
        "set": reader.set.control,
        "usage": interchange.element(15),
        "interchange version": interchange.version,
    }
    return {name: value for name, value in found.items() if value}
