"""855 purchase order acknowledgement and 865 seller's change, read (documents that answer an order line by line)."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from adapters.documents.reading import (
    Disposition,
    DocumentKind,
    NamedDate,
    NamedReference,
    Reading,
    ReadLine,
    ReadQuantity,
)
from adapters.supplier.x12.answers import Ack, AmbiguousAnswerError, ack_of, dispositions
from adapters.supplier.x12.fields import SetReader, at, referred
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.segments import Segment
from domain.acknowledgement import AnswerKind

WHOLE = {
    "AT": AnswerKind.ACCEPTED,
    "AD": AnswerKind.ACCEPTED,
    "AE": AnswerKind.ACCEPTED,
    "RJ": AnswerKind.REJECTED,
    "RD": AnswerKind.REJECTED,
    "RN": AnswerKind.REJECTED,
    "RV": AnswerKind.REJECTED,
    "AH": AnswerKind.ON_HOLD,
}
"""What element 587 says of lines without an ACK of their own."""

WITHOUT_LINES = frozenset({"AT", "RJ", "RN", "RV", "AH"})
"""Types that answer the whole order; AD and RD list every line, AE those that differ."""

CHANGES = {
    "AI": "add", "CA": "change", "DI": "delete", "NC": "none", "PC": "price", "PQ": "price and quantity",
    "PR": "price and date", "QD": "less", "QI": "more", "RC": "reject change", "RE": "replace", "RM": "replace",
    "RQ": "quantity and date", "RS": "date", "RZ": "replace all", "TI": "transfer", "CF": "cancel",
    "CB": "date", "CT": "date", "CE": "charge", "CG": "allowance",
}  # fmt: skip
"""Element 670, POC02."""


@dataclass
class _Line:
    """One PO1 or POC and what follows it."""

    position: int
    segment: Segment
    at: int
    acks: list[tuple[int, Ack]] = field(default_factory=list)
    schedule: list[tuple[int, Segment]] = field(default_factory=list)
    extras: list[tuple[int, Segment]] = field(default_factory=list)


def read_855(reader: SetReader) -> Reading:
    """Return what an 855 says. A line's ACK beats BAK02 (docs/x12.md)."""
    position, bak = reader.first("BAK")
    kind = at(bak, 2)
    lines = [_line_855(reader, line, kind) for line in _gathered(reader, "PO1")]
    header, ordered_on = header_of(reader), reader.day(position, bak, 4)
    if at(bak, 8):
        header["references"] = (*header["references"], _named("supplier order", "BAK08", at(bak, 8)))
    if ordered_on:
        header["dates"] = (*header["dates"], NamedDate(meaning="purchase order", raw="BAK04", on=ordered_on))
    return Reading(
        **header,
        kind=DocumentKind.ORDER_ACKNOWLEDGEMENT,
        po_number=at(bak, 3) or None,
        raw_type=kind,
        issued_on=reader.day(position, bak, 9) or ordered_on,
        whole_answer=_whole(reader, kind, has_lines=bool(lines)),
        lines=tuple(lines),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def read_865(reader: SetReader) -> Reading:
    """Return what an 865 says: a supplier's change, or its answer to ours."""
    position, bca = reader.first("BCA")
    kind = at(bca, 2)
    lines = [_line_865(reader, line, kind) for line in _gathered(reader, "POC")]
    header = header_of(reader)
    if at(bca, 5):
        header["references"] = (*header["references"], _named("change sequence", "BCA05", at(bca, 5)))
    return Reading(
        **header,
        kind=DocumentKind.ORDER_ACKNOWLEDGEMENT,
        po_number=at(bca, 3) or None,
        raw_type=kind,
        issued_on=reader.day(position, bca, 6),
        whole_answer=WHOLE.get(kind) if kind in WITHOUT_LINES and not lines else None,
        lines=tuple(lines),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def _named(meaning: str, raw: str, value: str) -> NamedReference:
    return NamedReference(meaning=meaning, raw=raw, value=value)


def _gathered(reader: SetReader, name: str) -> list[_Line]:
    lines: list[_Line] = []
    for position, segment in reader.segments():
        if segment[0] == name:
            lines.append(_Line(len(lines) + 1, segment, position))
        elif lines and segment[0] == "ACK":
            lines[-1].acks.append((position, ack_of(reader, position, segment)))
        elif lines and segment[0] == "SCH":
            lines[-1].schedule.append((position, segment))
        elif lines and segment[0] in {"PID", "DTM", "REF", "CTP", "MSG"}:
            lines[-1].extras.append((position, segment))
        elif segment[0] in {"CTT", "AMT"}:
            break
    return lines


def _whole(reader: SetReader, kind: str, *, has_lines: bool) -> AnswerKind | None:
    """Say what BAK02 says of lines that are not there."""
    if kind == "AK" and reader.options.received_means_accepted:
        return AnswerKind.ACCEPTED
    if kind == "AE" or (not has_lines and kind in WHOLE):
        return WHOLE[kind]
    return reader.options.silent_lines


def _line_855(reader: SetReader, line: _Line, kind: str) -> ReadLine:
    ordered = reader.quantity(line.at, line.segment, 2, 3)
    price = reader.decimal(line.at, line.segment, 4)
    answered = _answered(reader, line, ordered, price)
    if not line.acks:
        answered = _by_header(reader, kind, ordered, price)
    return ReadLine(
        **_common(reader, line, 6),
        quantity=ordered,
        unit_price=price,
        price_unit=at(line.segment, 5) or None,
        dispositions=answered,
    )


def _line_865(reader: SetReader, line: _Line, kind: str) -> ReadLine:
    ordered = reader.quantity(line.at, line.segment, 3, 5)
    price = reader.decimal(line.at, line.segment, 6)
    code = at(line.segment, 2)
    left = reader.decimal(line.at, line.segment, 4)
    unit, raw = reader.unit(line.at, line.segment, 5)
    answered = _answered(reader, line, ordered, price)
    if not line.acks:
        answered = _by_change(code, kind, ordered, price)
    return ReadLine(
        **_common(reader, line, 8),
        quantity=ordered,
        remaining=None if left is None else ReadQuantity(value=left, unit=unit, raw_unit=raw),
        unit_price=price,
        change=CHANGES.get(code, code or None),
        raw_codes=(code,) if code else (),
        dispositions=answered,
    )


def _common(reader: SetReader, line: _Line, numbers_from: int) -> dict[str, Any]:
    dates = [reader.dated(position, segment) for position, segment in line.extras if segment[0] == "DTM"]
    references = [referred(segment) for _, segment in line.extras if segment[0] == "REF"]
    names = [at(segment, 5) for _, segment in line.extras if segment[0] == "PID"]
    number = at(line.segment, 1) or None
    return {
        "position": line.position,
        "number": number,
        "order_line": number,
        "identifiers": reader.identifiers(line.at, line.segment, numbers_from),
        "description": " ".join(name for name in names if name),
        "dates": tuple(found for found in dates if found),
        "references": tuple(found for found in references if found),
        "notes": tuple(at(segment, 1) for _, segment in line.extras if segment[0] == "MSG"),
    }


def _answered(
    reader: SetReader, line: _Line, ordered: ReadQuantity | None, price: Decimal | None
) -> tuple[Disposition, ...]:
    if not line.acks:
        return ()
    try:
        found = dispositions([ack for _, ack in line.acks], ordered, price)
    except AmbiguousAnswerError:
        where = reader.place(line.acks[0][0], ["ACK"])
        rule = "the ACK segments of this line are neither parts that add up nor one quantity's attributes"
        remedy = "name a quantity in every ACK, adding up to what was ordered"
        reader.findings.error("ambiguous", where, rule, remedy)
        return tuple(ack.disposition(price) for _, ack in line.acks)
    return _scheduled(reader, line, found) if len(found) == 1 and line.schedule else found


def _scheduled(reader: SetReader, line: _Line, found: tuple[Disposition, ...]) -> tuple[Disposition, ...]:
    """Split one answer by its SCH segments, where their quantities add up to it."""
    answer = found[0]
    dated = [
        (reader.quantity(position, segment, 1, 2), reader.day(position, segment, 6))
        for position, segment in line.schedule
    ]
    total = sum((quantity.value for quantity, _ in dated if quantity), start=Decimal(0))
    if answer.quantity is None or total != answer.quantity.value:
        return found
    return tuple(
        answer.model_copy(update={"quantity": quantity, "promised_on": day}) for quantity, day in dated if quantity
    )


def _by_header(
    reader: SetReader, kind: str, ordered: ReadQuantity | None, price: Decimal | None
) -> tuple[Disposition, ...]:
    """A PO1 without ACK: BAK02 says what it means; AC and the like want the line compared with the order."""
    if kind == "AK" and not reader.options.received_means_accepted:
        return (Disposition(kind=None, quantity=ordered, unit_price=price, raw_codes=(kind,)),)
    said = WHOLE.get(kind, AnswerKind.ACCEPTED if kind == "AK" else AnswerKind.CHANGED)
    return (Disposition(kind=said, quantity=ordered, unit_price=price, raw_codes=(kind,)),)


def _by_change(code: str, kind: str, ordered: ReadQuantity | None, price: Decimal | None) -> tuple[Disposition, ...]:
    said: AnswerKind | None = AnswerKind.CHANGED
    if code in {"DI", "CF"}:
        said = AnswerKind.REJECTED
    elif code == "NC":
        said = AnswerKind.ACCEPTED
    elif code == "RC" or code not in CHANGES:
        said = None
    elif kind in WHOLE:
        said = WHOLE[kind]
    return (Disposition(kind=said, quantity=ordered, unit_price=price, raw_codes=tuple(filter(None, (code, kind)))),)
