"""What the ACK segments of a line say together (855 and 865): the list of what will happen to it.

Element 668 is that of release 004010. Several ACK under one line are a split where their quantities add up to what was
ordered, and attributes of one quantity where there is only one; anything else is ambiguous, and a person decides
(docs/x12.md).
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from adapters.documents.reading import Disposition, IdentifierKind, ItemIdentifier, ReadQuantity
from adapters.supplier.x12.fields import SetReader, at
from adapters.supplier.x12.segments import Segment
from domain.acknowledgement import AnswerKind

KINDS = {
    **dict.fromkeys(("IA", "AR", "AC", "AA", "IE", "SP"), AnswerKind.ACCEPTED),
    **dict.fromkeys(("IQ", "IP", "DR", "IC"), AnswerKind.CHANGED),
    "IS": AnswerKind.SUBSTITUTED,
    "IB": AnswerKind.BACKORDERED,
    "BP": AnswerKind.BACKORDERED,
    **dict.fromkeys(("IH", "IF", "IW"), AnswerKind.ON_HOLD),
    **dict.fromkeys(("ID", "IR", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"), AnswerKind.REJECTED),
}
"""Element 668, ACK01."""

REASONS = {
    "AA": "forwarded to another location of the supplier",
    "AC": "already shipped",
    "BP": "partly shipped, the balance is backordered",
    "IC": "changed, not said what",
    "ID": "cancelled by the supplier",
    "IE": "accepted, price pending",
    "IF": "the item's description is incomplete",
    "IW": "waits for a waiver",
    "R1": "not on contract",
    "R2": "item number not known",
    "R3": "unit of issue not valid",
    "R4": "contract item not available",
    "R5": "order again as just in time",
    "R6": "order again as extended delivery",
    "R7": "order again as drop shipment",
    "R8": "order again as surge",
    "SP": "accepted, date pending",
}
"""What a code says beyond its kind."""

STRONGEST_FIRST = (AnswerKind.SUBSTITUTED, AnswerKind.CHANGED, AnswerKind.ACCEPTED)
ATTRIBUTES = frozenset(STRONGEST_FIRST)
"""Kinds that can describe one quantity together."""
NOTHING_NOW = frozenset({AnswerKind.REJECTED, AnswerKind.BACKORDERED, AnswerKind.ON_HOLD})
"""Kinds whose quantity of nought says that nothing of the line comes now."""
_BEST_FIRST = (IdentifierKind.SUPPLIER_ITEM, IdentifierKind.GTIN, IdentifierKind.MANUFACTURER_ITEM)


@dataclass(frozen=True, slots=True)
class Ack:
    """One ACK segment."""

    code: str
    quantity: ReadQuantity | None
    promised_on: date | None
    item: str | None
    reason: str

    @property
    def kind(self) -> AnswerKind | None:
        """What it says; None where the code is not of element 668."""
        return KINDS.get(self.code)

    def disposition(self, price: Decimal | None) -> Disposition:
        """Return it as what will happen to (a part of) the line."""
        return Disposition(
            kind=self.kind,
            quantity=self.quantity,
            unit_price=None if self.kind is AnswerKind.REJECTED else price,
            promised_on=self.promised_on,
            item=self.item,
            reason=self.reason or REASONS.get(self.code, ""),
            raw_codes=(self.code,),
        )


class AmbiguousAnswerError(Exception):
    """The ACK segments of a line can be read in more than one way."""


def ack_of(reader: SetReader, position: int, segment: Segment) -> Ack:
    """Read an ACK segment: code, quantity and unit, date, item numbers, the partner's own reason (ACK29)."""
    code = at(segment, 1)
    if code not in KINDS:
        reader.findings.error(
            "AK4 7", reader.place(position, segment, 1), "is no line item status of X12 element 668",
            "use a code of the list, or have it mapped in the partner's profile",
        )  # fmt: skip
    numbers = reader.identifiers(position, segment[:29], 7)
    quantity = reader.quantity(position, segment, 2, 3)
    if quantity is not None and quantity.value < 0:
        reader.findings.error("ACK02", reader.place(position, segment, 2), "must not be below zero")
    return Ack(
        code=code,
        quantity=quantity,
        promised_on=reader.day(position, segment, 5),
        item=_item(numbers) if KINDS.get(code) is AnswerKind.SUBSTITUTED else None,
        reason=at(segment, 29),
    )


def _item(numbers: tuple[ItemIdentifier, ...]) -> str | None:
    """Return the number a substitute is known by: the supplier's own before others, never ours."""
    by_kind = {number.kind: number.value for number in reversed(numbers)}
    own = next((by_kind[kind] for kind in _BEST_FIRST if kind in by_kind), None)
    return own or next((one.value for one in numbers if one.kind is not IdentifierKind.BUYER_ITEM), None)


def dispositions(acks: list[Ack], ordered: ReadQuantity | None, price: Decimal | None) -> tuple[Disposition, ...]:
    """Return what the ACK segments of one line say together. Raises AmbiguousAnswerError."""
    if len(acks) == 1:
        return _one(acks[0], ordered, price)
    if _is_split(acks, ordered):
        return tuple(ack.disposition(price) for ack in acks if ack.quantity is None or ack.quantity.value)
    if _describe_one_quantity(acks, ordered):
        return (_merged(acks, price),)
    raise AmbiguousAnswerError


def _one(ack: Ack, ordered: ReadQuantity | None, price: Decimal | None) -> tuple[Disposition, ...]:
    """A single ACK speaks of its quantity, or of the whole line; BP says what becomes of the balance as well."""
    is_nought = ack.quantity is not None and ack.quantity.value == 0 and ack.kind in NOTHING_NOW
    if (ack.quantity is None or is_nought) and ordered is not None and ack.code != "BP":
        ack = replace(ack, quantity=ordered)
    if ack.code != "BP":
        return (ack.disposition(price),)
    if ack.quantity is None or ordered is None or not _same_unit([ack], ordered):
        raise AmbiguousAnswerError
    if not 0 < ack.quantity.value < ordered.value:
        raise AmbiguousAnswerError
    balance = ordered.model_copy(update={"value": ordered.value - ack.quantity.value})
    shipped = ack.disposition(price).model_copy(update={"kind": AnswerKind.ACCEPTED, "promised_on": None})
    return shipped, replace(ack, quantity=balance).disposition(price)


def _is_split(acks: list[Ack], ordered: ReadQuantity | None) -> bool:
    """Quantities that add up are parts; so are less than ordered where the codes cannot describe one quantity."""
    if any(ack.quantity is None for ack in acks) or ordered is None or not _same_unit(acks, ordered):
        return False
    total = sum((ack.quantity.value for ack in acks if ack.quantity), start=Decimal(0))
    if total == ordered.value:
        return True
    exclude_each_other = any(ack.kind not in ATTRIBUTES for ack in acks)
    return exclude_each_other and total < ordered.value and len({ack.kind for ack in acks}) == len(acks)


def _same_unit(acks: list[Ack], ordered: ReadQuantity) -> bool:
    units = {ack.quantity.unit or ack.quantity.raw_unit for ack in acks if ack.quantity and ack.quantity.raw_unit}
    return not ordered.raw_unit or units <= {ordered.unit or ordered.raw_unit}


def _describe_one_quantity(acks: list[Ack], ordered: ReadQuantity | None) -> bool:
    """True where every code says something else of the same quantity: no code twice, no two days, no two numbers.

    Beside IQ, which names the quantity that counts, the others may repeat what was ordered.
    """
    kinds = {ack.kind for ack in acks}
    is_one_thing = kinds <= ATTRIBUTES or kinds in ({AnswerKind.REJECTED}, {AnswerKind.ON_HOLD})
    if not is_one_thing or len({ack.code for ack in acks}) < len(acks):
        return False
    quantities = {ack.quantity.value for ack in acks if ack.quantity is not None}
    units = {ack.quantity.raw_unit for ack in acks if ack.quantity is not None and ack.quantity.raw_unit}
    days = {ack.promised_on for ack in acks if ack.promised_on is not None}
    counting = next((ack.quantity.value for ack in acks if ack.code == "IQ" and ack.quantity), None)
    if counting is not None:
        quantities -= {counting, ordered.value if ordered else counting}
        quantities.add(counting)
    return len(quantities) <= 1 and len(units) <= 1 and len(days) <= 1


def _merged(acks: list[Ack], price: Decimal | None) -> Disposition:
    kinds = {ack.kind for ack in acks}
    strongest = next((kind for kind in STRONGEST_FIRST if kind in kinds), acks[0].kind)
    counting = next((ack for ack in acks if ack.code == "IQ" and ack.quantity), None)
    quantity = counting.quantity if counting else next((ack.quantity for ack in acks if ack.quantity), None)
    return Disposition(
        kind=strongest,
        quantity=quantity,
        unit_price=None if strongest is AnswerKind.REJECTED else price,
        promised_on=next((ack.promised_on for ack in acks if ack.promised_on), None),
        item=next((ack.item for ack in acks if ack.item), None),
        reason="; ".join(dict.fromkeys(reason for ack in acks if (reason := ack.reason or REASONS.get(ack.code, "")))),
        raw_codes=tuple(ack.code for ack in acks),
    )
