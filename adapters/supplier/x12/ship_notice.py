"""856 ship notice, read: a tree of HL segments, whatever structure BSN05 claims.

The parent of an HL is HL02; where that is blank the nearest earlier HL of a higher level (S, O, T, P, I). Quantities
are those of item levels; packs repeat them and are used for their marks only. The order is the nearest PRF above the
item, or its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from adapters.documents.reading import (
    DocumentKind,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
)
from adapters.supplier.x12.dates import EXPIRY, moment_of
from adapters.supplier.x12.fields import SetReader, at, referred
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.segments import Segment

RANKS = {"S": 0, "O": 1, "T": 2, "P": 3, "I": 4}
"""Element 735 by height: shipment, order, shipping tare, pack, item."""
ITEM = "I"
LOT_QUALIFIERS = frozenset({"LT", "B8"})
SERIAL_QUALIFIERS = frozenset({"SN"})
LOT_REFERENCES = frozenset({"LT", "BT"})
SERIAL_REFERENCES = frozenset({"LS", "SE"})
STATED = {"0001": "SOPI", "0002": "SOIP", "0003": "SPOI", "0004": "SOI"}
"""Element 1005, BSN05; a remark only, because it is often wrong."""


@dataclass
class Level:
    """One HL and the segments up to the next."""

    id: str
    code: str
    parent: "Level | None" = None
    segments: list[tuple[int, Segment]] = field(default_factory=list)

    def upwards(self) -> Iterator["Level"]:
        """Yield this level and those above it."""
        level: Level | None = self
        while level is not None:
            yield level
            level = level.parent

    def named(self, name: str) -> list[tuple[int, Segment]]:
        """Return its own segments of that name."""
        return [(position, segment) for position, segment in self.segments if segment[0] == name]


def read_856(reader: SetReader) -> Reading:
    """Return what an 856 says."""
    position, bsn = reader.first("BSN")
    levels = _tree(reader)
    items = [_item(reader, level, number) for number, level in enumerate(_items(levels), start=1)]
    header = header_of(reader, [pair for level in levels if level.code != ITEM for pair in level.segments])
    header["details"] |= {"levels": "".join(level.code for level in levels)}
    orders = {line.po_number for line in items if line.po_number}
    return Reading(
        **header,
        kind=DocumentKind.SHIP_NOTICE,
        number=at(bsn, 2) or None,
        po_number=orders.pop() if len(orders) == 1 else None,
        raw_type=at(bsn, 5),
        issued_on=reader.day(position, bsn, 3),
        issued_at=moment_of(at(bsn, 3), at(bsn, 4)),
        packages=tuple(dict.fromkeys(mark for level in levels for mark in _marks(level))),
        lines=tuple(items),
        totals=totals_of(reader),
        findings=reader.all(),
    )


def _tree(reader: SetReader) -> list[Level]:
    levels: list[Level] = []
    known: dict[str, Level] = {}
    for position, segment in reader.segments():
        if segment[0] == "HL":
            level = Level(at(segment, 1), at(segment, 3))
            level.parent = _parent(reader, position, segment, levels, known)
            levels.append(level)
            known[level.id] = level
        elif levels and segment[0] != "CTT":
            levels[-1].segments.append((position, segment))
    return levels


def _parent(
    reader: SetReader, position: int, segment: Segment, levels: list[Level], known: dict[str, Level]
) -> Level | None:
    named, code, own = at(segment, 2), at(segment, 3), at(segment, 1)
    if own in known:
        reader.findings.error("HL01", reader.place(position, segment, 1), "must be used once in a ship notice")
    if named and named in known and named != own:
        return known[named]
    if named:
        rule = "must be the HL01 of an earlier HL segment"
        reader.findings.error("HL02", reader.place(position, segment, 2), rule, "send parents before their children")
        return None
    higher = [level for level in levels if RANKS.get(level.code, -1) < RANKS.get(code, len(RANKS))]
    if not higher:
        return None
    if not reader.options.infer_parents:
        reader.findings.error("HL02", reader.place(position, segment, 2), "must name the parent of this level")
        return None
    reader.findings.warning("HL02", reader.place(position, segment, 2), "is blank; the parent was found by its level")
    return higher[-1]


def _items(levels: list[Level]) -> list[Level]:
    """Return the levels whose quantities count: items, or where there is none, whatever has SN1."""
    return [level for level in levels if level.code == ITEM] or [level for level in levels if level.named("SN1")]


def _item(reader: SetReader, level: Level, number: int) -> ReadLine:
    lin_at, lin = _first(level, "LIN")
    sn1_at, sn1 = _first(level, "SN1")
    prf = next((segment for above in level.upwards() for _, segment in above.named("PRF")), ["PRF"])
    own_prf = _first(level, "PRF")[1]
    quantity = reader.quantity(sn1_at, sn1, 2, 3)
    if quantity is None:
        rule = "an item needs SN1 with the quantity shipped"
        reader.findings.error("SN102", reader.place(lin_at or 1, lin if lin_at else ["HL"]), rule)
    return ReadLine(
        position=number,
        number=level.id or None,
        order_line=at(lin, 1) or at(sn1, 1) or at(own_prf, 5) or None,
        po_number=at(prf, 1) or None,
        identifiers=reader.identifiers(lin_at, lin, 2) if lin_at else (),
        description=" ".join(filter(None, (at(segment, 5) for _, segment in level.named("PID")))),
        quantity=quantity,
        ordered=reader.quantity(sn1_at, sn1, 5, 6),
        lots=_lots(reader, level, lin, quantity),
        dates=tuple(dated for where, dtm in level.named("DTM") if (dated := reader.dated(where, dtm))),
        references=tuple(found for _, segment in level.named("REF") if (found := referred(segment))),
        packages=tuple(dict.fromkeys(mark for above in level.upwards() for mark in _marks(above))),
    )


def _first(level: Level, name: str) -> tuple[int, Segment]:
    return next(iter(level.named(name)), (0, [name]))


def _marks(level: Level) -> list[str]:
    """Return the logistic units of a level: under GM and AA the SSCC of 18 digits, others as written (element 88)."""
    found = []
    for _, segment in level.named("MAN"):
        for element in range(2, min(len(segment), 4)):
            mark = at(segment, element)
            is_sscc = at(segment, 1) in {"GM", "AA"} and len(mark) == 20 and mark.startswith("00")  # noqa: PLR2004
            found.append(mark[2:] if is_sscc else mark)
    return [mark for mark in found if mark]


def _lots(reader: SetReader, level: Level, lin: Segment, quantity: ReadQuantity | None) -> tuple[ReadLot, ...]:
    """Return the lot of an item level, and its serial numbers; a lot's expiry is DTM 036, 208 or 511."""
    lots = _numbers(level, lin, LOT_QUALIFIERS, LOT_REFERENCES)
    serials = _numbers(level, lin, SERIAL_QUALIFIERS, SERIAL_REFERENCES)
    expires_on, made_on = _expiry(reader, level), _made(reader, level)
    if len(lots) > 1:
        where = reader.place(*(level.named("LIN") or [(1, ["HL"])])[0])
        reader.findings.warning("lot", where, "several lots in one item level: how many of each is not said")
        return tuple(ReadLot(lot=lot, expires_on=expires_on, made_on=made_on) for lot in lots)
    if serials:
        lot = lots[0] if lots else None
        each = quantity.model_copy(update={"value": quantity.value / len(serials)}) if quantity else None
        return tuple(
            ReadLot(lot=lot, serial=serial, expires_on=expires_on, made_on=made_on, quantity=each) for serial in serials
        )
    return tuple(ReadLot(lot=lot, expires_on=expires_on, made_on=made_on, quantity=quantity) for lot in lots)


def _numbers(level: Level, lin: Segment, qualifiers: frozenset[str], codes: frozenset[str]) -> list[str]:
    in_lin = [at(lin, element + 1) for element in range(2, len(lin), 2) if at(lin, element) in qualifiers]
    in_ref = [at(segment, 2) for _, segment in level.named("REF") if at(segment, 1) in codes]
    return list(dict.fromkeys(filter(None, [*in_lin, *in_ref])))


def _expiry(reader: SetReader, level: Level) -> date | None:
    return next((reader.day(position, dtm, 2) for position, dtm in level.named("DTM") if at(dtm, 1) in EXPIRY), None)


def _made(reader: SetReader, level: Level) -> date | None:
    made = {"094", "405"}
    return next((reader.day(position, dtm, 2) for position, dtm in level.named("DTM") if at(dtm, 1) in made), None)
