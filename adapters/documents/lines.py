"""Which line of the order a partner's line is about, in which unit, at which moment: found or refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from adapters.documents.conventions import Conventions
from adapters.documents.reading import IdentifierKind, ItemIdentifier, Reading, ReadLine, ReadQuantity
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity, UnknownConversionError

LONGEST_NUMBER = 80


class LineNotFoundError(Exception):
    """A line, or its quantity, cannot be tied to the order: where, which rule, what to do."""

    def __init__(self, place: str, rule: str, remedy: str) -> None:
        super().__init__(f"{place}: {rule}")
        self.place = place
        self.rule = rule
        self.remedy = remedy


@dataclass(frozen=True)
class Placed:
    """A reading beside the order it is about."""

    reading: Reading
    order: PurchaseOrder
    conventions: Conventions

    @cached_property
    def number(self) -> str:
        """The document's own number; one that has none is known by its transmission, as an X12 855 is."""
        number = self.reading.number or self.reading.message_id
        plain = "".join(mark if "!" <= mark <= "~" else " " for mark in number)
        return " ".join(plain.split())[:LONGEST_NUMBER].strip() or "unnumbered"

    @property
    def issued_at(self) -> datetime:
        """When it was issued: a day alone counts from its first hour in the partner's zone."""
        return self.moment(self.reading.issued_at, self.reading.issued_on)

    def moment(self, at: datetime | None, on: date | None) -> datetime:
        """Return a moment with a zone; a day counts from its first hour, nothing at all as the epoch."""
        zone = ZoneInfo(self.conventions.time_zone)
        if at is not None:
            return at if at.tzinfo else at.replace(tzinfo=zone)
        return datetime.combine(on, time(), tzinfo=zone) if on else datetime.fromtimestamp(0, UTC)

    def line(self, line: ReadLine) -> OrderLine:
        """Return the order's line. Raises LineNotFoundError."""
        return line_of(line, self.reading, self.order, self.conventions)

    def quantity(self, read: ReadQuantity | None, line: ReadLine, ours: OrderLine | None) -> Quantity:
        """Return a quantity in the sender's unit; one that names no unit at all is in the order line's."""
        if read is None and ours is not None:
            return ours.quantity
        if read is None:
            raise LineNotFoundError(f"line {line.position}", "has no quantity", "say how many")
        unit = read.unit or (ours.quantity.unit if ours is not None and not read.raw_unit else None)
        if unit is None:
            remedy = "correct it, or say in the partner's profile what it means (units)"
            raise LineNotFoundError(f"line {line.position}", "has a unit we do not know", remedy)
        return Quantity(value=read.value, unit=unit)

    def converted(self, quantity: Quantity, unit: str, ours: OrderLine | None) -> Quantity:
        """Return a quantity in another unit of the same line. Raises LineNotFoundError."""
        try:
            return quantity.in_unit(unit, ours.packs if ours else {})
        except UnknownConversionError as error:
            place = f"order line {ours.number if ours else '?'}"
            raise LineNotFoundError(place, "is shipped in units no pack factor converts", "use one unit") from error


def line_of(line: ReadLine, reading: Reading, order: PurchaseOrder, conventions: Conventions) -> OrderLine:
    """Return the order's line a partner's line is about. Raises LineNotFoundError."""
    by_items = _by_items(line, order)
    named = _by_number(line, order) if conventions.lines_echo_ours else None
    if named is not None and by_items and named not in by_items:
        raise LineNotFoundError(
            f"line {line.position}",
            f"has the number of order line {named.number} and the item of order line {by_items[0].number}",
            "ask the supplier which one it means",
        )
    if named is not None:
        return named
    if len(by_items) == 1:
        return by_items[0]
    if not by_items and _is_bare(line) and len(reading.lines) == len(order.lines):
        return order.lines[line.position - 1]
    what = "fits more than one line of the order" if by_items else "is on no line of the order"
    remedy = "repeat the order's line number, or an item number of the order"
    raise LineNotFoundError(f"line {line.position}", f"{what}, by its line number and item numbers", remedy)


def _by_number(line: ReadLine, order: PurchaseOrder) -> OrderLine | None:
    text = line.order_line or ""
    return order.line(int(text)) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else None


def _by_items(line: ReadLine, order: PurchaseOrder) -> list[OrderLine]:
    return [ours for ours in order.lines if any(_names(one, ours) for one in line.identifiers)]


def _names(identifier: ItemIdentifier, ours: OrderLine) -> bool:
    """True where an item number is one the order's line has; a number of unknown kind may be any of them."""
    same: dict[IdentifierKind, Callable[[], bool]] = {
        IdentifierKind.GTIN: lambda: identifier.normalised == ours.gtin,
        IdentifierKind.SUPPLIER_ITEM: lambda: identifier.value == ours.supplier_item,
        IdentifierKind.BUYER_ITEM: lambda: identifier.value == ours.item,
    }
    known = same.get(identifier.kind, lambda: identifier.value in {ours.item, ours.supplier_item, ours.gtin})
    return known()


def _is_bare(line: ReadLine) -> bool:
    return not line.identifiers and not line.order_line
