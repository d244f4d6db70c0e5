"""867 sales and transfer report, 846 stock report, 832 price catalogue, 820 remittance: read, shown and kept.

None of them moves an order by itself: stock and catalogues are for people and later checks, remittances tell a supplier
what was paid.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from adapters.documents.reading import (
    DocumentKind,
    NamedReference,
    ReadCharge,
    Reading,
    ReadLine,
    ReadQuantity,
    Totals,
)
from adapters.supplier.x12.dates import EXPIRY
from adapters.supplier.x12.fields import REFERENCES, SetReader, at
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.lines import (
    Block,
    Placed,
    blocks,
    dates_of,
    description_of,
    lots_of,
    notes_of,
    references_of,
)

MOST_SHARED = 30
"""Segments of an item or place that are repeated at each of its quantities."""


def read_867(reader: SetReader) -> Reading:
    """Return what an 867 says: one line for each QTY, with the item numbers, place and order it stands under."""
    position, bpt = reader.first("BPT")
    lines: list[ReadLine] = []
    transfers = blocks(reader, "PTD")
    for transfer in transfers:
        head, quantities = _split(transfer, "QTY")
        shared = _shared(reader, head)
        lines += [_moved(reader, shared, part, number) for number, part in enumerate(quantities, len(lines) + 1)]
    return Reading(
        **header_of(reader),
        kind=DocumentKind.SALES_REPORT,
        number=at(bpt, 2) or None,
        raw_type=at(bpt, 4),
        issued_on=reader.day(position, bpt, 3),
        lines=tuple(lines),
        totals=totals_of(reader, len(transfers), len(lines)),
        findings=reader.all(),
    )


def read_846(reader: SetReader) -> Reading:
    """Return what an 846 says: one line an item and quantity qualifier (33 available, 17 on hand, 1 original)."""
    position, bia = reader.first("BIA")
    lines: list[ReadLine] = []
    items = blocks(reader, "LIN")
    for item in items:
        head, quantities = _split(item, "QTY")
        shared = _shared(reader, head)
        lines += [
            _stock(reader, shared, part, number) for number, part in enumerate(quantities or [[]], len(lines) + 1)
        ]
    return Reading(
        **header_of(reader),
        kind=DocumentKind.STOCK_REPORT,
        number=at(bia, 3) or None,
        raw_type=at(bia, 2),
        issued_on=reader.day(position, bia, 4),
        lines=tuple(lines),
        totals=totals_of(reader, len(items), len(lines)),
        findings=reader.all(),
    )


def read_832(reader: SetReader) -> Reading:
    """Return what an 832 says: one line an item, at its first price (CTP03), for its quantity (CTP04, CTP05)."""
    _, bct = reader.first("BCT")
    lines = [_priced(reader, block) for block in blocks(reader, "LIN")]
    return Reading(
        **header_of(reader),
        kind=DocumentKind.PRICE_CATALOGUE,
        number=at(bct, 2) or None,
        raw_type=at(bct, 1),
        lines=tuple(lines),
        totals=totals_of(reader, len(lines)),
        findings=reader.all(),
    )


def read_820(reader: SetReader) -> Reading:
    """Return what an 820 says: what was paid in all (BPR02), by which trace (TRN02), for which invoices (RMR)."""
    position, bpr = reader.first("BPR")
    _, trn = reader.first("TRN")
    header = header_of(reader)
    header["details"] = {**header["details"], "method": at(bpr, 4), "direction": at(bpr, 3), "handling": at(bpr, 1)}
    lines = tuple(_remitted(reader, block) for block in blocks(reader, "RMR"))
    first = reader.first("RMR")[0]
    before = [pair for pair in reader.segments() if pair[0] < first or not first]
    charges = tuple(_adjustments(reader, before))
    paid = reader.decimal(position, bpr, 2)
    if lines and paid is not None and paid not in _sums(lines, charges):
        rule = "is not the sum of what was paid on each reference"
        reader.findings.warning("BPR02", reader.place(position, bpr, 2), rule)
    return Reading(
        **header,
        kind=DocumentKind.REMITTANCE,
        number=at(trn, 2) or None,
        raw_type=at(bpr, 1),
        issued_on=reader.day(position, bpr, 16),
        lines=lines,
        charges=charges,
        totals=Totals(payable=paid),
        findings=reader.all(),
    )


def _sums(lines: tuple[ReadLine, ...], charges: tuple[ReadCharge, ...]) -> set[Decimal]:
    """Return what the references add up to: RMR04 is after its adjustments with most senders, before with some."""
    amounts = sum((line.amount for line in lines if line.amount is not None), start=Decimal(0))
    beside = sum((charge.amount for charge in charges), start=Decimal(0))
    adjusted = sum((one.amount for line in lines for one in line.charges if one.raw != "RMR06"), start=Decimal(0))
    return {amounts + beside, amounts + beside + adjusted}


def _split(block: Block, name: str) -> tuple[list[Placed], list[list[Placed]]]:
    """Return what stands before the first `name`, and the parts that begin with one."""
    head: list[Placed] = []
    parts: list[list[Placed]] = []
    for pair in [(block.position, block.segment), *block.rest]:
        if pair[1][0] == name:
            parts.append([])
        (parts[-1] if parts else head).append(pair)
    return head[:MOST_SHARED], parts


def _moved(reader: SetReader, shared: dict[str, Any], part: list[Placed], number: int) -> ReadLine:
    quantity = reader.quantity(*part[0], 2, 3)
    fields = _together(shared, _described(reader, part, number, quantity), quantity)
    orders = (found.value for found in fields["references"] if found.meaning == "purchase order")
    return ReadLine(
        **fields,
        quantity=quantity,
        po_number=next(orders, None),
        raw_codes=(at(part[0][1], 1),) if at(part[0][1], 1) else (),
    )


def _stock(reader: SetReader, shared: dict[str, Any], part: list[Placed], number: int) -> ReadLine:
    quantity = reader.quantity(*part[0], 2, 3) if part else None
    qualifier = at(part[0][1], 1) if part else ""
    own = _with_price(reader, _described(reader, part, number, quantity), part)
    fields = _together(shared, own, quantity)
    return ReadLine(**fields, quantity=quantity, raw_codes=(qualifier,) if qualifier else ())


def _shared(reader: SetReader, head: list[Placed]) -> dict[str, Any]:
    """Read what an item or place says once for all its quantities."""
    return _with_price(reader, _described(reader, head, 0, None), head)


def _together(shared: dict[str, Any], own: dict[str, Any], quantity: ReadQuantity | None) -> dict[str, Any]:
    """Put what is shared before a quantity's own; where only one can stand, its own does."""
    fields = {name: own[name] or shared[name] for name in own}
    fields |= {name: (*shared[name], *own[name]) for name in ("references", "dates", "notes")}
    if not own["lots"] and len(shared["lots"]) == 1:
        lot = shared["lots"][0]
        expiry = next((dated.on for dated in own["dates"] if dated.raw in EXPIRY), lot.expires_on)
        fields["lots"] = (lot.model_copy(update={"quantity": quantity, "expires_on": expiry}),)
    return fields | {"position": own["position"]}


def _priced(reader: SetReader, block: Block) -> ReadLine:
    segments = [(block.position, block.segment), *block.rest]
    described = _with_price(reader, _described(reader, segments, block.number, None), segments)
    position, ctp = _first(segments, "CTP")
    return ReadLine(
        **described,
        quantity=reader.quantity(position, ctp, 4, 5),
        price_unit=at(ctp, 5) or None,
        raw_codes=tuple(filter(None, (at(ctp, 1), at(ctp, 2)))),
    )


def _with_price(reader: SetReader, described: dict[str, Any], segments: list[Placed]) -> dict[str, Any]:
    """Take the price of the first CTP, and note the others."""
    if described["unit_price"] is not None:
        return described
    prices = [pair for pair in segments if pair[1][0] == "CTP"]
    others = tuple(f"{at(s, 2)} {at(s, 3)} {at(s, 4)} {at(s, 5)}".strip() for _, s in prices[1:])
    price = reader.decimal(*prices[0], 3) if prices else None
    return {**described, "unit_price": price, "notes": (*described["notes"], *others)}


def _described(reader: SetReader, segments: list[Placed], number: int, quantity: ReadQuantity | None) -> dict[str, Any]:
    position, lin = _first(segments, "LIN")
    uit_at, uit = _first(segments, "UIT")
    prices = tuple(f"{at(s, 1)} {at(s, 2)} {at(s, 3)}".strip() for _, s in segments if s[0] == "UIT")
    return {
        "position": number,
        "number": at(lin, 1) or None,
        "identifiers": reader.identifiers(position, lin, 2),
        "description": description_of(segments),
        "unit_price": reader.decimal(uit_at, uit, 2),
        "lots": lots_of(reader, lin, 2, segments, quantity),
        "dates": dates_of(reader, segments),
        "references": (*references_of(segments), *_places(reader, segments)),
        "notes": (*prices, *notes_of(segments)),
    }


def _first(segments: list[Placed], name: str) -> Placed:
    return next((pair for pair in segments if pair[1][0] == name), (0, [name]))


def _places(reader: SetReader, segments: list[Placed]) -> Iterator[NamedReference]:
    for _, segment in segments:
        if segment[0] == "N1":
            party = reader.party(segment)
            yield NamedReference(meaning=party.role, raw=party.scheme, value=party.id or party.name)


def _remitted(reader: SetReader, block: Block) -> ReadLine:
    """RMR04 is what was paid; ADX and the discount of RMR06 say why it is not RMR05, what was billed."""
    segment = block.segment
    qualifier, reference = at(segment, 1), at(segment, 2)
    meaning = "invoice" if qualifier in {"IV", "CM"} else REFERENCES.get(qualifier, qualifier)
    named = (NamedReference(meaning=meaning, raw=qualifier, value=reference),) if reference else ()
    billed, discount = (reader.decimal(block.position, segment, element) for element in (5, 6))
    discounts = (ReadCharge(kind="discount", raw="RMR06", amount=-abs(discount)),) if discount else ()
    return ReadLine(
        position=block.number,
        amount=reader.decimal(block.position, segment, 4),
        references=(*named, *references_of(block.rest)),
        dates=dates_of(reader, block.rest),
        charges=(*discounts, *_adjustments(reader, block.rest)),
        raw_codes=tuple(filter(None, (qualifier, at(segment, 3)))),
        notes=(*(() if billed is None else (f"billed {billed}",)), *notes_of(block.rest)),
    )


def _adjustments(reader: SetReader, segments: list[Placed]) -> Iterator[ReadCharge]:
    for position, segment in segments:
        amount = reader.decimal(position, segment, 1) if segment[0] == "ADX" else None
        if amount is not None:
            yield ReadCharge(kind="adjustment", raw=at(segment, 2), amount=amount, reason=at(segment, 4))
