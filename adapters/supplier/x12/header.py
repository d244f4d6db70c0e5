"""What every set says before its lines: who, when, references, currency; and after them: the control totals."""

from collections.abc import Iterable, Iterator
from typing import Any

from adapters.documents.reading import Party, Totals
from adapters.supplier.x12.fields import SetReader, at, referred
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

_PURPOSE_AT = {"BAK": 1, "BCA": 1, "BEG": 1, "BCH": 1, "BSN": 1, "BIA": 1, "BPT": 1, "BCT": 0, "BIG": 8}


def header_of(reader: SetReader, also: Iterable[tuple[int, Segment]] = ()) -> dict[str, Any]:
    """Return the fields of a Reading that every set fills the same way; `also` are segments that stand further down."""
    segments = [*_header(reader), *also]
    interchange = reader.set.group.interchange
    dates = [reader.dated(position, segment) for position, segment in segments if segment[0] == "DTM"]
    references = [referred(segment) for _, segment in segments if segment[0] == "REF"]
    return {
        "language": f"x12 {reader.set.code} {reader.version}".strip(),
        "message_id": reader.set.message_id,
        "purpose": _purpose(segments),
        "sender": _envelope_party("sender", interchange.sender),
        "receiver": _envelope_party("receiver", interchange.receiver),
        "currency": next((at(segment, 2) for _, segment in segments if segment[0] == "CUR"), None) or None,
        "parties": tuple(reader.party(segment) for _, segment in segments if segment[0] == "N1"),
        "dates": tuple(found for found in dates if found),
        "references": tuple(found for found in references if found),
        "carrier": next((found for _, td5 in segments if td5[0] == "TD5" and (found := _carrier(td5))), None),
        "tracking": tuple(found.value for found in references if found and found.meaning == "tracking"),
        "details": _details(reader),
    }


def totals_of(reader: SetReader) -> Totals:
    """Return the control totals of CTT."""
    position, ctt = reader.first("CTT")
    amount_at, amt = reader.first("AMT")
    count = at(ctt, 1)
    return Totals(
        line_count=int(count) if count.isascii() and count.isdigit() else None,
        hash_total=reader.decimal(position, ctt, 2),
        gross=reader.decimal(amount_at, amt, 2) if at(amt, 1) in DOCUMENT_AMOUNTS else None,
    )


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
