"""850 purchase order and 860 change, read: to check what we write, and to show a partner's samples."""

from collections.abc import Iterator

from adapters.documents.reading import DocumentKind, Reading, ReadLine
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.lines import blocks, described, lots_of, priced
from adapters.supplier.x12.order_answer import CHANGES


def read_850(reader: SetReader) -> Reading:
    """Return what an 850 says."""
    position, beg = reader.first("BEG")
    lines = tuple(_ordered(reader, "PO1"))
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PURCHASE_ORDER,
        number=at(beg, 3) or None,
        po_number=at(beg, 3) or None,
        raw_type=at(beg, 2),
        issued_on=reader.day(position, beg, 5),
        lines=lines,
        totals=totals_of(reader, len(lines)),
        findings=reader.all(),
    )


def read_860(reader: SetReader) -> Reading:
    """Return what an 860 says; BCH01 01 takes the order back."""
    position, bch = reader.first("BCH")
    lines = tuple(_ordered(reader, "POC"))
    is_cancelled = at(bch, 1) == "01"
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PURCHASE_ORDER_CANCELLATION if is_cancelled else DocumentKind.PURCHASE_ORDER_CHANGE,
        number=at(bch, 5) or None,
        po_number=at(bch, 3) or None,
        raw_type=at(bch, 2),
        issued_on=reader.day(position, bch, 11) or reader.day(position, bch, 6),
        lines=lines,
        totals=totals_of(reader, len(lines)),
        findings=reader.all(),
    )


def _ordered(reader: SetReader, name: str) -> Iterator[ReadLine]:
    shift = 2 if name == "POC" else 0
    for block in blocks(reader, name):
        change = at(block.segment, 2) if shift else ""
        unit_at = 5 if shift else 3
        quantity = reader.quantity(block.position, block.segment, 3 if shift else 2, unit_at)
        yield ReadLine(
            **described(reader, block, 6 + shift),
            **priced(reader, block, 4 + shift),
            quantity=quantity,
            remaining=reader.quantity(block.position, block.segment, 4, unit_at) if shift else None,
            lots=lots_of(reader, block.segment, 6 + shift, block.rest, None),
            change=CHANGES.get(change, change or None),
            raw_codes=(change,) if change else (),
        )
