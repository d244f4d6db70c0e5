"""850 purchase order and 860 change, read: to check what we write, and to show a partner's samples."""

from adapters.documents.reading import DocumentKind, NamedDate, Reading, ReadLine, ReadQuantity
from adapters.supplier.x12.dates import MEANINGS
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.order_answer import CHANGES
from adapters.supplier.x12.segments import Segment


def read_850(reader: SetReader) -> Reading:
    """Return what an 850 says."""
    position, beg = reader.first("BEG")
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PURCHASE_ORDER,
        number=at(beg, 3) or None,
        po_number=at(beg, 3) or None,
        raw_type=at(beg, 2),
        issued_on=reader.day(position, beg, 5),
        lines=tuple(_ordered(reader, "PO1")),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def read_860(reader: SetReader) -> Reading:
    """Return what an 860 says; BCH01 01 takes the order back."""
    position, bch = reader.first("BCH")
    is_cancelled = at(bch, 1) == "01"
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PURCHASE_ORDER_CANCELLATION if is_cancelled else DocumentKind.PURCHASE_ORDER_CHANGE,
        number=at(bch, 5) or None,
        po_number=at(bch, 3) or None,
        raw_type=at(bch, 2),
        issued_on=reader.day(position, bch, 11) or reader.day(position, bch, 6),
        lines=tuple(_ordered(reader, "POC")),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def _ordered(reader: SetReader, name: str) -> list[ReadLine]:
    lines: list[ReadLine] = []
    for position, segment in reader.segments():
        if segment[0] == name:
            lines.append(_line(reader, position, segment, len(lines) + 1))
        elif lines and segment[0] == "PID" and at(segment, 5):
            described = f"{lines[-1].description} {at(segment, 5)}".strip()
            lines[-1] = lines[-1].model_copy(update={"description": described})
        elif lines and segment[0] == "SCH" and (due := reader.day(position, segment, 6)):
            scheduled = NamedDate(meaning=MEANINGS.get(at(segment, 5), at(segment, 5)), raw=at(segment, 5), on=due)
            lines[-1] = lines[-1].model_copy(update={"dates": (*lines[-1].dates, scheduled)})
        elif lines and segment[0] == "DTM" and (dated := reader.dated(position, segment)):
            lines[-1] = lines[-1].model_copy(update={"dates": (*lines[-1].dates, dated)})
    return lines


def _line(reader: SetReader, position: int, segment: Segment, number: int) -> ReadLine:
    shift = 2 if segment[0] == "POC" else 0
    change = at(segment, 2) if shift else ""
    unit_at = 5 if shift else 3
    unit, raw = reader.unit(position, segment, unit_at)
    left = reader.decimal(position, segment, 4) if shift else None
    return ReadLine(
        position=number,
        number=at(segment, 1) or None,
        order_line=at(segment, 1) or None,
        identifiers=reader.identifiers(position, segment, 6 + shift),
        quantity=reader.quantity(position, segment, 3 if shift else 2, unit_at),
        remaining=None if left is None else ReadQuantity(value=left, unit=unit, raw_unit=raw),
        unit_price=reader.decimal(position, segment, 4 + shift),
        price_unit=at(segment, 5 + shift) or None,
        change=CHANGES.get(change, change or None),
        raw_codes=(change,) if change else (),
    )
