"""Edits of X12 segments: a set taken apart, its elements put, its dates moved, its sums made right again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from adapters.supplier.x12.dates import EXPIRY, PROMISES
from adapters.supplier.x12.fields import at
from adapters.supplier.x12.header import DOCUMENT_AMOUNTS
from adapters.supplier.x12.segments import Segment
from adapters.supplier.x12.ship_notice import ITEM, RANKS
from domain.purchase_order import PurchaseOrder
from domain.quantities import plain

LEFT_OUT = frozenset({"SAC", "TXI", "SCH", "SDQ"})
"""Money our orders do not expect, and schedules that would no longer add up."""
AHEAD = timedelta(days=2)
SHELF_LIFE = timedelta(days=365)
_SUMMARY = frozenset({"CTT", "TDS"})


@dataclass
class Block:
    """A line or level of a set, and the segments under it."""

    head: Segment
    rest: list[Segment] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """True where a segment of that name is under it."""
        return any(segment[0] == name for segment in self.rest)


@dataclass(frozen=True)
class Apart:
    """A set in three: what stands before its lines, the lines, and what sums them up."""

    header: list[Segment]
    blocks: list[Block]
    summary: list[Segment]


def taken_apart(body: Iterable[Segment], name: str) -> Apart:
    """Return copies of a set's segments, its lines or levels beginning with segments of that name."""
    apart = Apart([], [], [])
    for segment in body:
        if apart.summary or segment[0] in _SUMMARY:
            apart.summary.append([*segment])
        elif segment[0] == name:
            apart.blocks.append(Block([*segment]))
        elif apart.blocks:
            apart.blocks[-1].rest.append([*segment])
        else:
            apart.header.append([*segment])
    return apart


def put(segment: Segment, elements: Mapping[int, str]) -> None:
    """Write elements of a segment, lengthening it where it is too short."""
    segment.extend([""] * (max(elements) + 1 - len(segment)))
    for number, text in elements.items():
        segment[number] = text


def day_like(day: date, sample: str) -> str:
    """Return a day in as many digits as the sample's."""
    return day.strftime("%y%m%d" if len(sample) == len("YYMMDD") else "%Y%m%d")


def redated(segments: Iterable[Segment], moment: datetime) -> Iterator[Segment]:
    """Yield segments with every DTM moved: promises ahead, expiries far ahead, everything else to this moment."""
    for segment in segments:
        if segment[0] == "DTM" and at(segment, 2):
            ahead = AHEAD if at(segment, 1) in PROMISES else SHELF_LIFE if at(segment, 1) in EXPIRY else timedelta(0)
            segment[2] = day_like(moment + ahead, at(segment, 2))
        yield segment


def refer(segments: Iterable[Segment], order: PurchaseOrder) -> None:
    """Have every reference to a purchase order lead to ours."""
    for segment in segments:
        if segment[0] == "REF" and at(segment, 1) == "PO":
            put(segment, {2: order.name})


def summed(
    summary: Iterable[Segment], count: int, quantities: Sequence[Decimal], lines_amount: Decimal
) -> Iterator[Segment]:
    """Yield the summary with its counts, hash total and document amount made right."""
    for segment in summary:
        if segment[0] == "CTT":
            put(segment, {1: str(count)})
            if at(segment, 2):
                segment[2] = plain(sum(quantities, start=Decimal(0)))
        if segment[0] == "AMT" and at(segment, 1) in DOCUMENT_AMOUNTS:
            put(segment, {2: plain(lines_amount)})
        yield segment


def amount(value: Decimal, *, whole_units: bool) -> str:
    """Return an amount of type N2: two implied decimals, unless the partner writes whole units."""
    return plain(value) if whole_units else str(int(value.scaleb(2)))


class Levels:
    """The levels of a ship notice's first order, as its sample builds them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._all = blocks
        has_items = any(at(block.head, 3) == ITEM for block in blocks)
        self._is_item = [at(one.head, 3) == ITEM if has_items else one.has("SN1") for one in blocks]
        self._first = next((place for place, is_item in enumerate(self._is_item) if is_item), len(blocks))

    def has_items(self) -> bool:
        """True where there is a level to be repeated for every line, with its quantity."""
        return self._first < len(self._all) and self._all[self._first].has("SN1")

    def above_items(self) -> list[Block]:
        """Return the levels that stand before the first item."""
        return list(self._all[: self._first])

    def item(self, place: int) -> Block:
        """Return the sample's item level for the line at this place, the first order's over and over."""
        items: list[Block] = []
        for block, is_item in zip(self._all[self._first :], self._is_item[self._first :], strict=True):
            if items and not is_item and RANKS.get(at(block.head, 3), 0) <= RANKS["O"]:
                break
            if is_item:
                items.append(block)
        chosen = items[place % len(items)]
        return Block([*chosen.head], [[*segment] for segment in chosen.rest])

    def numbered(self, levels: Sequence[Block]) -> list[Block]:
        """Return levels numbered from 1, each under the level its sample puts it under; what was blank stays blank."""
        known: dict[str, str] = {}
        for number, block in enumerate(levels, start=1):
            parent = at(block.head, 2)
            if number <= self._first:
                known[at(block.head, 1)] = str(number)
            put(block.head, {1: str(number)})
            if parent:
                block.head[2] = known.get(parent, str(self._first))
        return list(levels)

    def counts_levels(self, summary: Iterable[Segment]) -> bool:
        """True where CTT01 of the sample counts levels, not items."""
        counted = next((at(segment, 1) for segment in summary if segment[0] == "CTT"), "")
        return counted == str(len(self._all)) and sum(self._is_item) != len(self._all)
