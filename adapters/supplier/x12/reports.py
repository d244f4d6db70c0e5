"""867 sales and transfer report, 846 stock report, 832 price catalogue, 820 remittance: read, shown and kept.

None of them moves an order by itself: stock and catalogues are for people and later checks, remittances tell a supplier
what was paid.
"""

from collections.abc import Iterator
from typing import Any

from adapters.documents.reading import DocumentKind, NamedReference, Reading, ReadLine, ReadLot, Totals
from adapters.supplier.x12.dates import EXPIRY
from adapters.supplier.x12.fields import SetReader, at, referred
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.segments import Segment

Block = list[tuple[int, Segment]]


def read_867(reader: SetReader) -> Reading:
    """Return what an 867 says: one line for each QTY, with the item numbers, place and order it stands under."""
    position, bpt = reader.first("BPT")
    lines: list[ReadLine] = []
    for transfer in _blocks(reader, "PTD"):
        head, *quantities = _split(transfer, "QTY")
        for block in quantities:
            lines.append(_moved(reader, head, block, len(lines) + 1))
    return Reading(
        **header_of(reader),
        kind=DocumentKind.SALES_REPORT,
        number=at(bpt, 2) or None,
        raw_type=at(bpt, 4),
        issued_on=reader.day(position, bpt, 3),
        lines=tuple(lines),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def read_846(reader: SetReader) -> Reading:
    """Return what an 846 says: one line an item and quantity qualifier (33 available, 17 on hand, 1 original)."""
    position, bia = reader.first("BIA")
    lines: list[ReadLine] = []
    for block in _blocks(reader, "LIN"):
        head, *quantities = _split(block, "QTY")
        for quantity in quantities or [[]]:
            lines.append(_stock(reader, head, quantity, len(lines) + 1))
    return Reading(
        **header_of(reader),
        kind=DocumentKind.STOCK_REPORT,
        number=at(bia, 3) or None,
        raw_type=at(bia, 2),
        issued_on=reader.day(position, bia, 4),
        lines=tuple(lines),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def read_832(reader: SetReader) -> Reading:
    """Return what an 832 says: one line an item, at its first price (CTP03), for its quantity (CTP04, CTP05)."""
    _, bct = reader.first("BCT")
    lines = [_priced(reader, block, number) for number, block in enumerate(_blocks(reader, "LIN"), start=1)]
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PRICE_CATALOGUE,
        number=at(bct, 2) or None,
        raw_type=at(bct, 1),
        lines=tuple(lines),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def read_820(reader: SetReader) -> Reading:
    """Return what an 820 says: what was paid in all (BPR02), by which trace (TRN02), for which invoices (RMR)."""
    position, bpr = reader.first("BPR")
    _, trn = reader.first("TRN")
    header = header_of(reader)
    header["details"] = {**header["details"], "method": at(bpr, 4), "direction": at(bpr, 3), "handling": at(bpr, 1)}
    paid = [pair for pair in reader.segments() if pair[1][0] == "RMR"]
    return Reading(
        **header,
        kind=DocumentKind.REMITTANCE,
        number=at(trn, 2) or None,
        raw_type=at(bpr, 1),
        issued_on=reader.day(position, bpr, 16),
        lines=tuple(_remitted(reader, *pair, number) for number, pair in enumerate(paid, start=1)),
        totals=Totals(payable=reader.decimal(position, bpr, 2)),
        findings=reader.all(),
    )


def _blocks(reader: SetReader, name: str) -> list[Block]:
    """Return the segments from each `name` to the next, up to the summary."""
    blocks: list[Block] = []
    for position, segment in reader.segments():
        if segment[0] == "CTT":
            break
        if segment[0] == name:
            blocks.append([])
        if blocks:
            blocks[-1].append((position, segment))
    return blocks


def _split(block: Block, name: str) -> Iterator[Block]:
    part: Block = []
    for pair in block:
        if pair[1][0] == name:
            yield part
            part = []
        part.append(pair)
    yield part


def _moved(reader: SetReader, head: Block, block: Block, number: int) -> ReadLine:
    references = [*_references(head), *_references(block)]
    return ReadLine(
        **_described(reader, block, number),
        quantity=reader.quantity(*block[0], 2, 3),
        po_number=next((found.value for found in references if found.meaning == "purchase order"), None),
        references=(*references, *_places(reader, head)),
    )


def _stock(reader: SetReader, head: Block, block: Block, number: int) -> ReadLine:
    quantity = reader.quantity(*block[0], 2, 3) if block else None
    qualifier = at(block[0][1], 1) if block else ""
    described = _described(reader, [*head, *block], number)
    return ReadLine(**described, quantity=quantity, raw_codes=(qualifier,) if qualifier else ())


def _priced(reader: SetReader, block: Block, number: int) -> ReadLine:
    described = _described(reader, block, number)
    position, ctp = next((pair for pair in block if pair[1][0] == "CTP"), (0, ["CTP"]))
    if not position:
        return ReadLine(**described)
    described["unit_price"] = reader.decimal(position, ctp, 3)
    described["raw_codes"] = tuple(filter(None, (at(ctp, 1), at(ctp, 2))))
    return ReadLine(**described, quantity=reader.quantity(position, ctp, 4, 5), price_unit=at(ctp, 5) or None)


def _described(reader: SetReader, block: Block, number: int) -> dict[str, Any]:
    position, lin = next((pair for pair in block if pair[1][0] == "LIN"), (0, ["LIN"]))
    names = [at(segment, 5) for _, segment in block if segment[0] == "PID"]
    uit = next((pair for pair in block if pair[1][0] == "UIT"), None)
    return {
        "position": number,
        "number": at(lin, 1) or None,
        "identifiers": reader.identifiers(position, lin, 2) if position else (),
        "description": " ".join(name for name in names if name),
        "unit_price": reader.decimal(*uit, 2) if uit else None,
        "lots": tuple(_lots(reader, block, lin)),
        "dates": tuple(d for p, s in block if s[0] == "DTM" and (d := reader.dated(p, s))),
        "notes": tuple(f"{at(s, 1)} {at(s, 2)} {at(s, 3)}".strip() for _, s in block if s[0] == "UIT"),
    }


def _lots(reader: SetReader, block: Block, lin: Segment) -> Iterator[ReadLot]:
    codes = {at(lin, element): at(lin, element + 1) for element in range(2, len(lin), 2)}
    lot = codes.get("LT") or codes.get("B8") or _referred_to(block, {"LT", "BT"})
    serial = codes.get("SN") or _referred_to(block, {"SE", "LS"})
    expiry = next((reader.day(p, s, 2) for p, s in block if s[0] == "DTM" and at(s, 1) in EXPIRY), None)
    if lot or serial:
        yield ReadLot(lot=lot, serial=serial, expires_on=expiry)


def _referred_to(block: Block, codes: set[str]) -> str | None:
    return next((at(segment, 2) for _, segment in block if segment[0] == "REF" and at(segment, 1) in codes), None)


def _references(block: Block) -> list[NamedReference]:
    return [found for _, segment in block if segment[0] == "REF" and (found := referred(segment))]


def _places(reader: SetReader, block: Block) -> Iterator[NamedReference]:
    for _, segment in block:
        if segment[0] == "N1":
            party = reader.party(segment)
            yield NamedReference(meaning=party.role, raw=party.scheme, value=party.id or party.name)


def _remitted(reader: SetReader, position: int, segment: Segment, number: int) -> ReadLine:
    reference = at(segment, 2)
    meaning = "invoice" if at(segment, 1) in {"IV", "CM"} else at(segment, 1)
    return ReadLine(
        position=number,
        amount=reader.decimal(position, segment, 4),
        references=(NamedReference(meaning=meaning, raw=at(segment, 1), value=reference),) if reference else (),
    )
