"""856 ship notice, read: a tree of HL segments, whatever structure BSN05 claims.

The parent of an HL is HL02; where that is blank the nearest earlier HL of a higher level (S, O, T, P, I). Quantities
are those of item levels; packs repeat them and are used for their marks, and for lots an item itself does not name. The
order is the nearest PRF above the item, or its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from biip import ParseError
from biip.sscc import Sscc

from adapters.documents.reading import (
    DocumentKind,
    NamedReference,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
)
from adapters.supplier.x12.dates import moment_of
from adapters.supplier.x12.fields import SetReader, at, referred
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.lines import Placed, dates_of, description_of, lots_of, notes_of, references_of
from adapters.supplier.x12.segments import Segment

RANKS = {"S": 0, "O": 1, "T": 2, "P": 3, "I": 4}
"""Element 735 by height: shipment, order, shipping tare, pack, item; every other level stands at the bottom."""
ITEM = "I"
DEEPEST = 12
"""Levels above one another; a real shipment has four or five."""
MOST_MARKS = 100
"""Marks of logistic units that are repeated at one line; the document has them all."""
SSCC_DIGITS = 18


@dataclass(eq=False, slots=True)
class Level:
    """One HL and the segments up to the next."""

    id: str
    code: str
    place: str = ""
    parent: "Level | None" = None
    segments: list[Placed] = field(default_factory=list)
    depth: int = 1
    children: list["Level"] = field(default_factory=list)
    order: str | None = None
    """The purchase order its own segments name."""
    marks: tuple[str, ...] = ()

    def upwards(self) -> Iterator["Level"]:
        """Yield this level and those above it."""
        level: Level | None = self
        while level is not None:
            yield level
            level = level.parent

    def downwards(self) -> Iterator["Level"]:
        """Yield the levels below this one."""
        waiting = self.children[::-1]
        while waiting:
            level = waiting.pop()
            yield level
            waiting.extend(level.children[::-1])

    def first(self, name: str) -> Placed:
        """Return its first own segment of that name, or an empty one at position 0."""
        return next((pair for pair in self.segments if pair[1][0] == name), (0, [name]))


def read_856(reader: SetReader) -> Reading:
    """Return what an 856 says."""
    position, bsn = reader.first("BSN")
    levels = _Tree(reader).levels()
    items = _items(levels)
    counted = set(items)
    lines = tuple(_item(reader, level, number) for number, level in enumerate(items, start=1))
    header = header_of(reader, [pair for level in levels if level not in counted for pair in level.segments])
    header["details"] |= {"levels": "".join(level.code for level in levels)}
    orders = {line.po_number for line in lines if line.po_number}
    return Reading(
        **header,
        kind=DocumentKind.SHIP_NOTICE,
        number=at(bsn, 2) or None,
        po_number=orders.pop() if len(orders) == 1 else None,
        raw_type=at(bsn, 5),
        issued_on=reader.day(position, bsn, 3),
        issued_at=moment_of(at(bsn, 3), at(bsn, 4)),
        packages=tuple(dict.fromkeys(mark for level in levels for mark in level.marks)),
        lines=lines,
        totals=totals_of(reader, len(levels), len(lines)),
        findings=reader.all(),
    )


class _Tree:
    """Puts the levels of a set above one another."""

    def __init__(self, reader: SetReader) -> None:
        self._reader = reader
        self._levels: list[Level] = []
        self._known: dict[str, Level] = {}
        self._last: dict[int, tuple[int, Level]] = {}
        """The latest level of each rank, with its place in the document."""

    def levels(self) -> list[Level]:
        """Return every level, in the order of the document."""
        for position, segment in self._reader.segments():
            if segment[0] == "HL":
                self._add(position, segment)
            elif segment[0] == "CTT":
                break
            elif self._levels:
                self._levels[-1].segments.append((position, segment))
        for level in self._levels:
            level.order = _order_of(level)
            level.marks = tuple(_marks(self._reader, level))
        return self._levels

    def _add(self, position: int, segment: Segment) -> None:
        own = _plain(at(segment, 1))
        level = Level(at(segment, 1), at(segment, 3), self._reader.place(position, segment))
        if own in self._known:
            place = self._reader.place(position, segment, 1)
            self._reader.findings.error("HL01", place, "must be used once in a ship notice")
        level.parent = self._parent(position, segment, own)
        if level.parent is not None:
            level.depth = level.parent.depth + 1
            level.parent.children.append(level)
        self._levels.append(level)
        self._known[own] = level
        self._last[_rank(level.code)] = (len(self._levels), level)

    def _parent(self, position: int, segment: Segment, own: str) -> Level | None:
        named = _plain(at(segment, 2))
        place = self._reader.place(position, segment, 2)
        if not named:
            return self._inferred(at(segment, 3), place)
        parent = self._known.get(named) if named != own else None
        if parent is None:
            rule = "must be the HL01 of an earlier HL segment"
            self._reader.findings.error("HL02", place, rule, "send parents before their children")
        elif parent.depth >= DEEPEST:
            self._reader.findings.error("HL02", place, f"must not lead deeper than {DEEPEST} levels")
            return None
        return parent

    def _inferred(self, code: str, place: str) -> Level | None:
        higher = [placed for rank, placed in self._last.items() if rank < _rank(code)]
        if not higher:
            return None
        if not self._reader.options.infer_parents:
            self._reader.findings.error("HL02", place, "must name the parent of this level")
            return None
        self._reader.findings.warning("HL02", place, "is blank; the parent was found by its level")
        return max(higher, key=lambda placed: placed[0])[1]


def _rank(code: str) -> int:
    return RANKS.get(code, RANKS[ITEM])


def _plain(number: str) -> str:
    """Leading zeros are not a difference."""
    return number.lstrip("0") or number


def _items(levels: list[Level]) -> list[Level]:
    """Return the levels whose quantities count: items, or where there is none, whatever has SN1."""
    return [level for level in levels if level.code == ITEM] or [level for level in levels if level.first("SN1")[0]]


def _item(reader: SetReader, level: Level, number: int) -> ReadLine:
    lin_at, lin = level.first("LIN")
    sn1_at, sn1 = level.first("SN1")
    quantity = reader.quantity(sn1_at, sn1, 2, 3)
    if quantity is None:
        reader.findings.error("SN102", level.place, "an item needs SN1 with the quantity shipped")
    if sum(segment[0] == "SN1" for _, segment in level.segments) > 1:
        rule = "has several SN1, of which only the first is read"
        reader.findings.error("SN1", level.place, rule, "send an HL for every item and lot")
    return ReadLine(
        position=number,
        number=level.id or None,
        order_line=at(lin, 1) or at(sn1, 1) or at(level.first("PRF")[1], 5) or None,
        po_number=next((above.order for above in level.upwards() if above.order), None),
        identifiers=reader.identifiers(lin_at, lin, 2) if lin_at else (),
        description=description_of(level.segments),
        quantity=quantity,
        ordered=reader.quantity(sn1_at, sn1, 5, 6),
        lots=_lots(reader, level, lin, quantity),
        dates=dates_of(reader, level.segments),
        references=references_of(level.segments),
        packages=_packages(level),
        notes=notes_of(level.segments),
    )


def _order_of(level: Level) -> str | None:
    """PRF names the order, or a REF PO where there is no PRF."""
    named = at(level.first("PRF")[1], 1)
    found = (referred(segment) for _, segment in level.segments if segment[0] == "REF" and at(segment, 1) == "PO")
    return named or next((reference.value for reference in found if isinstance(reference, NamedReference)), None)


def _packages(level: Level) -> tuple[str, ...]:
    """The logistic units an item is in are above it, or, where packs stand below items, below."""
    found = [mark for above in level.upwards() for mark in above.marks[:MOST_MARKS]]
    found += [mark for below in level.downwards() if below.code != ITEM for mark in below.marks[:MOST_MARKS]]
    return tuple(dict.fromkeys(found))[:MOST_MARKS]


def _marks(reader: SetReader, level: Level) -> Iterator[str]:
    """Yield the logistic units of a level: under GM and AA the SSCC of 18 digits, others as written (element 88)."""
    for position, segment in level.segments:
        if segment[0] != "MAN":
            continue
        for qualifier_at in (1, 4):
            for element in (qualifier_at + 1, qualifier_at + 2):
                if mark := at(segment, element):
                    yield _mark(reader, (position, segment), qualifier_at, mark)


def _mark(reader: SetReader, where: Placed, qualifier_at: int, mark: str) -> str:
    if at(where[1], qualifier_at) not in {"GM", "AA"}:
        return mark
    sscc = mark.replace("(00)", "").replace(" ", "")
    if len(sscc) == SSCC_DIGITS + len("00") and sscc.startswith("00"):
        sscc = sscc.removeprefix("00")
    if not _is_sscc(sscc):
        place = reader.place(*where, qualifier_at + 1)
        reader.findings.warning("sscc", place, "is no SSCC (18 digits and their check digit); kept as written")
        return sscc if len(sscc) == SSCC_DIGITS else mark
    return sscc


def _is_sscc(text: str) -> bool:
    if not (text.isascii() and text.isdigit() and len(text) == SSCC_DIGITS):
        return False
    try:
        Sscc.parse(text)
    except ParseError:
        return False
    return True


def _lots(reader: SetReader, level: Level, lin: Segment, quantity: ReadQuantity | None) -> tuple[ReadLot, ...]:
    """Return an item's own lots, those of the packs below it with their quantities, or that of the pack it is in."""
    own = lots_of(reader, lin, 2, level.segments, quantity)
    if len(own) > 1 and all(lot.serial is None for lot in own):
        rule = "several lots in one item level: how many of each is not said"
        reader.findings.warning("lot", level.place, rule, "send an item level for each lot")
    return own or tuple(_lots_below(reader, level)) or _lot_above(reader, level, quantity)


def _lots_below(reader: SetReader, level: Level) -> Iterator[ReadLot]:
    for below in level.downwards():
        if below.code != ITEM:
            yield from lots_of(reader, below.first("LIN")[1], 2, below.segments, _packed(reader, below))


def _packed(reader: SetReader, pack: Level) -> ReadQuantity | None:
    return reader.quantity(*pack.first("SN1"), 2, 3)


def _lot_above(reader: SetReader, level: Level, quantity: ReadQuantity | None) -> tuple[ReadLot, ...]:
    pack = level.parent
    if pack is None or pack.code not in {"T", "P"} or len(pack.segments) > MOST_MARKS:
        return ()
    return lots_of(reader, pack.first("LIN")[1], 2, pack.segments, quantity)
