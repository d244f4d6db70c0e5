"""The order a document implies: what we must have ordered for it to be the plain answer to our order."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from adapters.documents.conventions import Conventions
from adapters.documents.reading import IdentifierKind, Reading, ReadLine, ReadQuantity
from domain.identifiers import ItemCode, PoNumber
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import CurrencyCode, Quantity, UnitPrice, six_decimals
from domain.requisition import LineNumber

IMPLIED = "IMPLIED"
"""What the order is of, and for, where the document cannot say."""
ANY_UNIT = "EA"
_NUMBER: TypeAdapter[int] = TypeAdapter(LineNumber)
_ITEM: TypeAdapter[str] = TypeAdapter(ItemCode)
_PO_NUMBER: TypeAdapter[str] = TypeAdapter(PoNumber)
_PRICE: TypeAdapter[Decimal] = TypeAdapter(UnitPrice)
_CURRENCY: TypeAdapter[str] = TypeAdapter(CurrencyCode)
_OURS = (IdentifierKind.BUYER_ITEM, IdentifierKind.SUPPLIER_ITEM, IdentifierKind.GTIN)

Lines = tuple[ReadLine, ...]
Value = TypeVar("Value")


def implied_order(reading: Reading, po_number: str | None, conventions: Conventions) -> PurchaseOrder:
    """Return the order; one that names no lines implies a line of its own, so that there is an order at all."""
    groups = _groups(about(reading, po_number), conventions)
    return PurchaseOrder(
        key=IMPLIED,
        po_number=_valid(_PO_NUMBER, po_number) or IMPLIED,
        requisition=IMPLIED,
        facility=IMPLIED,
        deliver_to=IMPLIED,
        supplier=conventions.supplier,
        requester=IMPLIED,
        currency=_valid(_CURRENCY, reading.currency) or "USD",
        lines=tuple(_order_line(number, lines) for number, lines in sorted(groups.items())) or (_any_line(),),
    )


def about(reading: Reading, po_number: str | None) -> Lines:
    """Return the lines about one order: those that name it, and those that name none."""
    return tuple(line for line in reading.lines if line.po_number in {None, po_number})


def _groups(lines: Lines, conventions: Conventions) -> dict[int, Lines]:
    """Return the lines by the number of the order's line: several, as one a lot, may be of one."""
    alike: dict[tuple[int | None, tuple[str | None, ...]], Lines] = {}
    for line in lines:
        named = _number(line) if conventions.lines_echo_ours else None
        ids = _ids(line)
        key = (named, ids) if named or any(ids) else (-line.position, ids)
        alike[key] = (*alike.get(key, ()), line)
    return _numbered(alike)


def _numbered(alike: dict[tuple[int | None, tuple[str | None, ...]], Lines]) -> dict[int, Lines]:
    """The first with a number has it; another item under the same number is another line of the order."""
    found: dict[int, Lines] = {}
    unnumbered: list[Lines] = []
    for (number, _), lines in alike.items():
        if number is None or number < 0 or number in found:
            unnumbered.append(lines)
        else:
            found[number] = lines
    free = (number for number in range(1, len(alike) + 1 + max(found, default=0)) if number not in found)
    return found | dict(zip(free, unnumbered, strict=False))


def _order_line(number: int, lines: Lines) -> OrderLine:
    first = lines[0]
    buyer, supplier, gtin = _ids(first)
    if buyer is None and supplier is None and gtin is None:
        supplier = next((one.value for one in first.identifiers), None)
    quantity = _ordered(lines)
    return OrderLine(
        number=number,
        item=_valid(_ITEM, buyer) or f"LINE-{number}",
        description=first.description,
        supplier_item=supplier,
        gtin=gtin,
        quantity=quantity,
        unit_price=_price(first),
        packs={quantity.unit: Decimal(1)},
    )


def _any_line() -> OrderLine:
    return OrderLine(
        number=1,
        item=IMPLIED,
        quantity=Quantity(value=Decimal(1), unit=ANY_UNIT),
        unit_price=Decimal(0),
        packs={ANY_UNIT: Decimal(1)},
    )


def _ids(line: ReadLine) -> tuple[str | None, ...]:
    """Return the numbers an order line is known by: ours, the supplier's, the GTIN."""
    found = {one.kind: one.normalised for one in reversed(line.identifiers)}
    return tuple(found.get(kind) for kind in _OURS)


def _number(line: ReadLine) -> int | None:
    text = line.order_line or ""
    if not text.isascii() or not text.isdigit():
        return None
    return _valid(_NUMBER, int(text[-9:])) if not text[:-9].strip("0") else None


def _ordered(lines: Lines) -> Quantity:
    """Return what was ordered: as the document repeats it, else as much as its lines name together."""
    stated = next((line.ordered for line in lines if line.ordered is not None), None)
    if stated is not None:
        return _quantity(stated.value, stated)
    named = [line.quantity for line in lines if line.quantity is not None]
    return _quantity(sum((one.value for one in named), start=Decimal(0)), next(iter(named), None))


def _quantity(value: Decimal, of: ReadQuantity | None) -> Quantity:
    unit = (of.unit if of else None) or ANY_UNIT
    try:
        return Quantity(value=max(value, Decimal(0)), unit=unit)
    except ValidationError:
        return Quantity(value=Decimal(1), unit=ANY_UNIT)


def _price(line: ReadLine) -> Decimal:
    """Return the price of one unit the line names, or that its amount makes; nothing where it names neither."""
    named = next((price for price in _prices(line) if price is not None), None)
    try:
        if named is not None:
            return _valid(_PRICE, six_decimals(named / (line.price_quantity or 1))) or Decimal(0)
        if line.amount is not None and line.quantity is not None:
            return _valid(_PRICE, six_decimals(line.amount / line.quantity.value)) or Decimal(0)
    except (InvalidOperation, ZeroDivisionError):
        return Decimal(0)
    return Decimal(0)


def _prices(line: ReadLine) -> Iterable[Decimal | None]:
    yield line.unit_price
    yield from (said.unit_price for said in line.dispositions)


def _valid(rule: TypeAdapter[Value], value: object) -> Value | None:
    try:
        return None if value is None else rule.validate_python(value)
    except ValidationError:
        return None
