"""One line of a set and the segments that follow it, up to the next: what every set says of a line the same way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from adapters.documents.reading import NamedDate, NamedReference, ReadLot, ReadQuantity
from adapters.supplier.x12.dates import EXPIRY, MADE, MEANINGS
from adapters.supplier.x12.fields import SetReader, at, referred
from adapters.supplier.x12.segments import Segment

SUMMARY = frozenset({"CTT", "TDS"})
"""Segments with which the lines end."""
PRICE_QUANTITIES = {"PN": 10, "HP": 100, "TP": 1000}
"""Element 639 where it says for how many units a price is; the other codes say whose price it is."""
LOT_QUALIFIERS = frozenset({"LT", "B8"})
SERIAL_QUALIFIERS = frozenset({"SN"})
LOT_REFERENCES = frozenset({"LT", "BT"})
SERIAL_REFERENCES = frozenset({"LS", "SE"})
_NOTES = {"MSG": 1, "MTX": 2, "NTE": 2}

Placed = tuple[int, Segment]
"""A segment with its position from ST as 1."""


@dataclass(slots=True)
class Block:
    """A line's own segment and those up to the next line."""

    number: int
    position: int
    segment: Segment
    rest: list[Placed] = field(default_factory=list)

    def named(self, *names: str) -> list[Placed]:
        """Return the segments of these names that follow."""
        return [pair for pair in self.rest if pair[1][0] in names]


def blocks(reader: SetReader, name: str) -> list[Block]:
    """Return the lines of a set, each beginning with a segment of that name, up to the summary."""
    found: list[Block] = []
    for position, segment in reader.segments():
        if segment[0] == name:
            found.append(Block(len(found) + 1, position, segment))
        elif segment[0] in SUMMARY:
            break
        elif found:
            found[-1].rest.append((position, segment))
    return found


def described(reader: SetReader, block: Block, numbers_from: int) -> dict[str, Any]:
    """Return the fields of a ReadLine that PO1, POC and IT1 fill the same way."""
    number = at(block.segment, 1) or None
    return {
        "position": block.number,
        "number": number,
        "order_line": number,
        "identifiers": reader.identifiers(block.position, block.segment, numbers_from),
        "description": description_of(block.rest),
        "dates": dates_of(reader, block.rest),
        "references": references_of(block.rest),
        "notes": notes_of(block.rest),
    }


def priced(reader: SetReader, block: Block, element: int) -> dict[str, Any]:
    """Return a line's price: its own element or the first CTP's, for one unit or as many as element 639 says."""
    price = reader.decimal(block.position, block.segment, element)
    basis = at(block.segment, element + 1)
    if price is None:
        position, ctp = next((pair for pair in block.named("CTP") if at(pair[1], 3)), (0, ["CTP"]))
        price = reader.decimal(position, ctp, 3)
    per = PRICE_QUANTITIES.get(basis)
    return {"unit_price": price, "price_quantity": None if per is None else Decimal(per)}


def description_of(segments: list[Placed]) -> str:
    """Join the PID texts of a line; those of its components (SLN) only where it has none of its own."""
    sublines = next((index for index, (_, segment) in enumerate(segments) if segment[0] == "SLN"), len(segments))
    for part in (segments[:sublines], segments[sublines:]):
        texts = [at(segment, 5) for _, segment in part if segment[0] == "PID"]
        if any(texts):
            return " ".join(filter(None, texts))
    return ""


def dates_of(reader: SetReader, segments: list[Placed]) -> tuple[NamedDate, ...]:
    """Return the dates of DTM, and those of SCH."""
    found: list[NamedDate] = []
    for position, segment in segments:
        if segment[0] == "DTM":
            found += reader.dated(position, segment)
        elif segment[0] == "SCH" and (day := reader.day(position, segment, 6)):
            code = at(segment, 5)
            found.append(NamedDate(meaning=MEANINGS.get(code, code), raw=code, on=day))
    return tuple(found)


def references_of(segments: list[Placed]) -> tuple[NamedReference, ...]:
    """Return what REF and N9 lead to."""
    return tuple(found for _, segment in segments if segment[0] in {"REF", "N9"} and (found := referred(segment)))


def notes_of(segments: list[Placed]) -> tuple[str, ...]:
    """Return free text, and what a PO4 says of the pack, which no unit code tells."""
    found = [at(segment, _NOTES[segment[0]]) for _, segment in segments if segment[0] in _NOTES]
    found += [_pack(segment) for _, segment in segments if segment[0] == "PO4"]
    return tuple(filter(None, found))


def lots_of(
    reader: SetReader, numbered: Segment, start: int, segments: list[Placed], quantity: ReadQuantity | None
) -> tuple[ReadLot, ...]:
    """Return the lot of a line, and its serial numbers; a lot's expiry is DTM 036, 208 or 511.

    `numbered` is the segment whose pairs from element `start` on may name them: LIN, PO1, IT1. The quantity of each of
    several is only known where they are serial numbers, as many as there are units.
    """
    lots = list(dict.fromkeys([*_paired(numbered, start, LOT_QUALIFIERS), *_referred(segments, LOT_REFERENCES)]))
    serials = list(
        dict.fromkeys([*_paired(numbered, start, SERIAL_QUALIFIERS), *_referred(segments, SERIAL_REFERENCES)])
    )
    expiries, made = _days(reader, segments, EXPIRY), _days(reader, segments, MADE)
    made_on = made[0] if made else None
    if len(lots) > 1:
        expiries = expiries if len(expiries) == len(lots) else expiries[:1] * len(lots)
        days = expiries or [None] * len(lots)
        return tuple(ReadLot(lot=lot, expires_on=day, made_on=made_on) for lot, day in zip(lots, days, strict=True))
    lot, expires_on = next(iter(lots), None), next(iter(expiries), None)
    if serials:
        is_each = quantity is not None and quantity.value == len(serials)
        one = quantity.model_copy(update={"value": Decimal(1)}) if quantity is not None and is_each else None
        return tuple(
            ReadLot(lot=lot, serial=serial, expires_on=expires_on, made_on=made_on, quantity=one) for serial in serials
        )
    return (ReadLot(lot=lot, expires_on=expires_on, made_on=made_on, quantity=quantity),) if lot else ()


def _paired(numbered: Segment, start: int, codes: frozenset[str]) -> Iterator[str]:
    for element in range(start, len(numbered) - 1, 2):
        if at(numbered, element) in codes and at(numbered, element + 1):
            yield at(numbered, element + 1)


def _referred(segments: list[Placed], codes: frozenset[str]) -> Iterator[str]:
    for _, segment in segments:
        if segment[0] == "REF" and at(segment, 1) in codes and at(segment, 2):
            yield at(segment, 2)


def _days(reader: SetReader, segments: list[Placed], codes: frozenset[str]) -> list[Any]:
    dated = (reader.dated(*pair) for pair in segments if pair[1][0] == "DTM" and at(pair[1], 1) in codes)
    return [days[0].on for days in dated if days]


def _pack(segment: Segment) -> str:
    said = (("pack", at(segment, 1)), ("size", f"{at(segment, 2)} {at(segment, 3)}".strip()))
    return ", ".join(f"{name} {value}" for name, value in said if value)


def quantities_of(reader: SetReader, segments: list[Placed]) -> Iterator[tuple[ReadQuantity, Any]]:
    """Yield the quantity and day of each SCH."""
    for position, segment in segments:
        if segment[0] == "SCH" and (quantity := reader.quantity(position, segment, 1, 2)):
            yield quantity, reader.day(position, segment, 6)
