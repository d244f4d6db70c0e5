"""855 purchase order acknowledgement and 865 seller's change, read (documents that answer an order line by line)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import takewhile

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
from adapters.supplier.x12.dates import PROMISES
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.lines import Block, blocks, described, lots_of, priced, quantities_of
from domain.acknowledgement import AnswerKind

WHOLE = {
    "AT": AnswerKind.ACCEPTED,
    "AD": AnswerKind.ACCEPTED,
    "AE": AnswerKind.ACCEPTED,
    "RJ": AnswerKind.REJECTED,
    "RD": AnswerKind.REJECTED,
    "RN": AnswerKind.REJECTED,
    "RV": AnswerKind.REJECTED,
    "RF": AnswerKind.REJECTED,
    "AH": AnswerKind.ON_HOLD,
}
"""What element 587 says of lines without an ACK of their own."""

COMPARED = frozenset({"AC", "RO"})
"""Types whose lines are to be compared with the order: with detail and change, counter-offer."""

UNDATED = frozenset({AnswerKind.REJECTED, AnswerKind.ON_HOLD})

WITHOUT_LINES = frozenset({"AT", "RJ", "RN", "RV", "AH"})
"""Types that answer the whole order; AD and RD list every line, AE those that differ."""

CHANGES = {
    "AI": "add", "CA": "change", "DI": "delete", "NC": "none", "PC": "price", "PQ": "price and quantity",
    "PR": "price and date", "QD": "less", "QI": "more", "RC": "reject change", "RE": "replace", "RM": "replace",
    "RQ": "quantity and date", "RS": "date", "RZ": "replace all", "TI": "transfer", "CF": "cancel",
    "CB": "date", "CT": "date", "CE": "charge", "CG": "allowance",
}  # fmt: skip
"""Element 670, POC02."""


def read_855(reader: SetReader) -> Reading:
    """Return what an 855 says. A line's ACK beats BAK02 (docs/x12.md)."""
    position, bak = reader.first("BAK")
    kind = at(bak, 2)
    lines = [_line_855(reader, block, kind) for block in blocks(reader, "PO1")]
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
        totals=totals_of(reader, len(lines)),
        findings=reader.all(),
    )


def read_865(reader: SetReader) -> Reading:
    """Return what an 865 says: a supplier's change, or its answer to ours."""
    position, bca = reader.first("BCA")
    kind = at(bca, 2)
    lines = [_line_865(reader, block, kind) for block in blocks(reader, "POC")]
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
        totals=totals_of(reader, len(lines)),
        findings=reader.all(),
    )


def _named(meaning: str, raw: str, value: str) -> NamedReference:
    return NamedReference(meaning=meaning, raw=raw, value=value)


def _acks(reader: SetReader, block: Block) -> list[Ack]:
    """Read the ACK segments of a line; a DTM after one is about it."""
    found: list[Ack] = []
    for position, segment in block.rest:
        if segment[0] == "ACK":
            found.append(ack_of(reader, position, segment))
        elif segment[0] == "DTM" and found and found[-1].promised_on is None:
            days = reader.dated(position, segment)
            promised = days[0].on if days and days[0].raw in PROMISES else None
            found[-1] = replace(found[-1], promised_on=promised)
    promised = _promised(reader, block)
    return [ack if ack.promised_on or ack.kind in UNDATED else replace(ack, promised_on=promised) for ack in found]


def _promised(reader: SetReader, block: Block) -> date | None:
    """Return the day promised for the whole line: that of a DTM before its first ACK."""
    own = takewhile(lambda pair: pair[1][0] != "ACK", block.rest)
    dated = (reader.dated(*pair) for pair in own if pair[1][0] == "DTM" and at(pair[1], 1) in PROMISES)
    return next((days[0].on for days in dated if days), None)


def _whole(reader: SetReader, kind: str, *, has_lines: bool) -> AnswerKind | None:
    """Say what BAK02 says of lines that are not there."""
    if kind == "AK" and reader.options.received_means_accepted:
        return AnswerKind.ACCEPTED
    if kind == "AE" or (not has_lines and kind in WHOLE):
        return WHOLE[kind]
    return reader.options.silent_lines


def _line_855(reader: SetReader, block: Block, kind: str) -> ReadLine:
    ordered = reader.quantity(block.position, block.segment, 2, 3)
    price = priced(reader, block, 4)
    acks = _acks(reader, block)
    by_header = _by_header(kind, ordered, price["unit_price"], is_acceptance=reader.options.received_means_accepted)
    return ReadLine(
        **described(reader, block, 6),
        **price,
        quantity=ordered,
        lots=lots_of(reader, block.segment, 6, block.rest, None),
        dispositions=_answered(reader, block, acks, ordered, price["unit_price"]) if acks else by_header,
    )


def _line_865(reader: SetReader, block: Block, kind: str) -> ReadLine:
    ordered = reader.quantity(block.position, block.segment, 3, 5)
    price = priced(reader, block, 6)
    code = at(block.segment, 2)
    acks = _acks(reader, block)
    by_change = _by_change(code, kind, ordered, price["unit_price"])
    return ReadLine(
        **described(reader, block, 8),
        **price,
        quantity=ordered,
        remaining=reader.quantity(block.position, block.segment, 4, 5),
        change=CHANGES.get(code, code or None),
        raw_codes=(code,) if code else (),
        dispositions=_answered(reader, block, acks, ordered, price["unit_price"]) if acks else by_change,
    )


def _answered(
    reader: SetReader, block: Block, acks: list[Ack], ordered: ReadQuantity | None, price: Decimal | None
) -> tuple[Disposition, ...]:
    try:
        found = dispositions(acks, ordered, price)
    except AmbiguousAnswerError:
        rule = "the ACK segments of this line are neither parts that add up nor one quantity's attributes"
        remedy = "name a quantity in every ACK, adding up to what was ordered"
        reader.findings.error("ambiguous", reader.place(*block.named("ACK")[0]), rule, remedy)
        return tuple(ack.disposition(price) for ack in acks)
    scheduled = [*quantities_of(reader, block.rest)]
    if len(found) == 1 and scheduled:
        return _scheduled(reader, block, found[0], scheduled)
    return found


def _scheduled(
    reader: SetReader, block: Block, answer: Disposition, scheduled: list[tuple[ReadQuantity, date | None]]
) -> tuple[Disposition, ...]:
    """Split one answer by its SCH segments, where their quantities add up to it."""
    total = sum((quantity.value for quantity, _ in scheduled), start=Decimal(0))
    units = {quantity.raw_unit for quantity, _ in scheduled} | (
        {answer.quantity.raw_unit} if answer.quantity else set()
    )
    if answer.quantity is None or total != answer.quantity.value or len(units - {""}) > 1:
        where = reader.place(*block.named("SCH")[0])
        reader.findings.warning("SCH01", where, "the quantities scheduled do not add up to what is answered; left out")
        return (answer,)
    return tuple(
        answer.model_copy(update={"quantity": quantity, "promised_on": day or answer.promised_on})
        for quantity, day in scheduled
    )


def _by_header(
    kind: str, ordered: ReadQuantity | None, price: Decimal | None, *, is_acceptance: bool
) -> tuple[Disposition, ...]:
    """A PO1 without ACK: BAK02 says what it means; one that only says that the order was received answers nothing."""
    if kind == "AK" and not is_acceptance:
        return ()
    said = WHOLE.get(kind, AnswerKind.CHANGED if kind in COMPARED else None)
    said = AnswerKind.ACCEPTED if kind == "AK" else said
    return (Disposition(kind=said, quantity=ordered, unit_price=price, raw_codes=(kind,) if kind else ()),)


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
