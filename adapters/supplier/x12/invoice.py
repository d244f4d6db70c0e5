"""810 invoice and credit memo, read.

TDS01 and SAC05 have two implied decimals (X12 type N2). Whether an allowance, charge or tax belongs to a line or to the
whole invoice, and whether the summary repeats it, senders do differently: the reading that adds up to TDS01 is the one
taken, and where none does a finding says so (docs/x12.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

from adapters.documents.reading import (
    DocumentKind,
    NamedDate,
    NamedReference,
    ReadCharge,
    Reading,
    ReadLine,
    ReadTax,
    Totals,
)
from adapters.supplier.x12.dates import day_of
from adapters.supplier.x12.fields import SetReader, at, decimal_of
from adapters.supplier.x12.header import header_of, totals_of
from adapters.supplier.x12.lines import Block, Placed, blocks, described, lots_of, priced
from adapters.supplier.x12.options import ImpliedDecimals
from adapters.supplier.x12.segments import Segment

CENT = Decimal("0.01")
CREDITS = frozenset({"CN", "CR"})
"""Element 640: credit invoice, credit memo."""
CHARGES = {
    "C310": "discount",
    "D240": "freight",
    "D340": "goods and services tax",
    "D360": "goods and services tax",
    "D500": "handling",
    "F050": "other",
    "G830": "shipping and handling",
    "H700": "surcharge",
    "H750": "tax",
    "H850": "tax",
    "I260": "transportation",
    "I410": "transportation",
}
"""Element 1300; what is not here keeps its code."""
TAX_CODES = frozenset({"H750", "H850", "D360", "D340"})
SIGNS = {"A": -1, "C": 1}
"""SAC01: allowance and charge; N means neither, and the rest needs a person."""
NOT_MONEY = frozenset({"N"})
MOST_ROUNDING = Decimal("0.99")
SCALES = {
    ImpliedDecimals.AUTO: (CENT, Decimal(1)),
    ImpliedDecimals.IMPLIED: (CENT,),
    ImpliedDecimals.EXPLICIT: (Decimal(1),),
}
"""What one of a TDS01 or SAC05 without a point is worth: the first by rule, the next where only so it adds up."""


NET = frozenset({"N", "BAP"})
"""Element 522 of an AMT with what is to be paid in the end, where TDS01 is not."""


@dataclass(frozen=True, slots=True)
class _Sac:
    """One allowance or charge, its amount as it is written."""

    code: str
    words: str
    sign: int
    written: Decimal
    has_point: bool

    @property
    def signed(self) -> Decimal:
        """The amount as written, an allowance below zero."""
        return self.written if self.written < 0 and self.sign < 0 else self.sign * self.written

    def charge(self, scale: Decimal) -> ReadCharge:
        """Return it in money, where an amount without a point has this scale."""
        return ReadCharge(
            kind=CHARGES.get(self.code, self.words or self.code or "charge"),
            raw=self.code,
            amount=self.signed if self.has_point else self.signed * scale,
            reason=self.words,
        )


class _Sacs:
    """Allowances and charges of one place, with their sums: of amounts with a point, and of those of the scale."""

    def __init__(self, sacs: Iterable[_Sac]) -> None:
        self.all = tuple(sacs)
        self._pointed = sum((sac.signed for sac in self.all if sac.has_point), start=Decimal(0))
        self._scaled = sum((sac.signed for sac in self.all if not sac.has_point), start=Decimal(0))

    @property
    def are_money(self) -> bool:
        """True where any is more than nought."""
        return any(sac.written for sac in self.all)

    def total(self, scale: Decimal) -> Decimal:
        """Return what they add up to."""
        return self._pointed + self._scaled * scale


@dataclass(frozen=True, slots=True)
class _Money:
    """What stands beside the goods: for the whole invoice, and at its lines."""

    goods: Decimal
    lines: int
    header: _Sacs
    at_lines: _Sacs
    taxes: Decimal


@dataclass(frozen=True, slots=True)
class _Sum:
    """One way to read the money of an invoice: which scale, what counts beside the lines."""

    scale: Decimal
    header_charges: bool = True
    line_charges: bool = True
    taxes: bool = True

    def charges(self, money: _Money) -> list[ReadCharge]:
        """Return the allowances and charges that count."""
        return [sac.charge(self.scale) for sacs in self._counted(money) for sac in sacs.all]

    def total(self, money: _Money) -> Decimal:
        """Return what it adds up to."""
        beside = sum((sacs.total(self.scale) for sacs in self._counted(money)), start=Decimal(0))
        return money.goods + beside + (money.taxes if self.taxes else 0)

    def leaves_out(self, money: _Money) -> bool:
        """True where money is named that does not count."""
        counted = self._counted(money)
        is_charge_left = any(sacs.are_money for sacs in (money.header, money.at_lines) if sacs not in counted)
        return is_charge_left or (bool(money.taxes) and not self.taxes)

    def _counted(self, money: _Money) -> list[_Sacs]:
        places = ((money.header, self.header_charges), (money.at_lines, self.line_charges))
        return [sacs for sacs, counts in places if counts]


def read_810(reader: SetReader) -> Reading:
    """Return what an 810 says; amounts and quantities of a credit are positive, once negated (docs/x12.md)."""
    position, big = reader.first("BIG")
    type_code = at(big, 7)
    gathered = blocks(reader, "IT1")
    lines = tuple(_line(reader, block) for block in gathered)
    header = header_of(reader)
    header["dates"] = (*header["dates"], *_dated(reader, big))
    beside = [*_beside_lines(reader, gathered)]
    reading = Reading(
        **header,
        kind=DocumentKind.CREDIT_NOTE if type_code in CREDITS else DocumentKind.SUPPLIER_INVOICE,
        number=at(big, 2) or None,
        po_number=_order(at(big, 4), header["references"], lines),
        raw_type=type_code,
        issued_on=reader.day(position, big, 1),
        lines=lines,
        taxes=tuple(_taxes(reader, beside)),
        totals=totals_of(reader, len(lines)),
    )
    at_lines = _Sacs(sac for block in gathered for sac in _sacs(reader, block.rest))
    reading = _with_total(reader, reading, _Sacs(_sacs(reader, beside)), at_lines)
    if type_code in CREDITS:
        reading = _negated(reading) if _is_negative(reading) else _with_positive_total(reading)
    return reading.model_copy(update={"findings": reader.all()})


def _beside_lines(reader: SetReader, lines: list[Block]) -> Iterator[Placed]:
    """Yield the allowances, charges and taxes before the first line and after the last: those of the whole invoice."""
    end = reader.first("TDS")[0] or reader.first("CTT")[0]
    for position, segment in reader.segments():
        is_outside = not lines or position < lines[0].position or (end and position > end)
        if is_outside and segment[0] in {"SAC", "TXI"}:
            yield position, segment


def _line(reader: SetReader, block: Block) -> ReadLine:
    quantity = reader.quantity(block.position, block.segment, 2, 3)
    price = priced(reader, block, 4)
    fields = described(reader, block, 6)
    amount = None
    if quantity is not None and price["unit_price"] is not None:
        amount = _cents(quantity.value * price["unit_price"] / (price["price_quantity"] or 1))
    return ReadLine(
        **fields,
        **price,
        po_number=_order_referred(fields["references"]),
        quantity=quantity,
        amount=amount,
        lots=lots_of(reader, block.segment, 6, block.rest, quantity),
        taxes=tuple(_taxes(reader, block.rest)),
    )


def _order(named: str, references: tuple[NamedReference, ...], lines: tuple[ReadLine, ...]) -> str | None:
    """BIG04 names the order, unless it holds a date and a REF says better; else the one order its lines name."""
    referred = _order_referred(references)
    if named and not (referred and day_of(named)):
        return named
    orders = {line.po_number for line in lines}
    return referred or (orders.pop() if len(orders) == 1 else None)


def _order_referred(references: tuple[NamedReference, ...]) -> str | None:
    return next((found.value for found in references if found.meaning == "purchase order"), None)


def _sacs(reader: SetReader, segments: list[Placed]) -> Iterator[_Sac]:
    for position, segment in segments:
        if segment[0] != "SAC" or at(segment, 1) in NOT_MONEY:
            continue
        sign = SIGNS.get(at(segment, 1))
        if sign is None:
            where = reader.place(position, segment, 1)
            reader.findings.error("SAC01", where, "is neither an allowance (A) nor a charge (C)", "a person decides")
            continue
        written, has_point = _written(reader, position, segment)
        if written is not None:
            yield _Sac(at(segment, 2), at(segment, 15), sign, written, has_point)


def _written(reader: SetReader, position: int, segment: Segment) -> tuple[Decimal | None, bool]:
    """Return SAC05 as it stands, or a rate (SAC08) by its quantity (SAC10); and whether its point is its own."""
    written = reader.decimal(position, segment, 5)
    if written is not None:
        if has_point := "." in at(segment, 5):
            rule = "has a point although its two decimals are implied; read as written"
            reader.findings.warning("AK4 6", reader.place(position, segment, 5), rule)
        return written, has_point
    rate, quantity = reader.decimal(position, segment, 8), reader.decimal(position, segment, 10)
    if rate is not None and quantity is not None:
        return _cents(rate * quantity), True
    rule = "names no amount; the allowance or charge is left out"
    reader.findings.warning("SAC05", reader.place(position, segment, 5), rule)
    return None, False


def _taxes(reader: SetReader, segments: list[Placed]) -> Iterator[ReadTax]:
    for position, segment in segments:
        if segment[0] == "TXI":
            yield ReadTax(
                kind=at(segment, 1),
                amount=reader.decimal(position, segment, 2),
                percent=reader.decimal(position, segment, 3),
                taxable=reader.decimal(position, segment, 8),
            )


def _dated(reader: SetReader, big: Segment) -> Iterator[NamedDate]:
    """Yield the day of the order (BIG03) and the day payment is due (ITD06)."""
    position, itd = reader.first("ITD")
    for meaning, raw, day in (
        ("purchase order", "BIG03", day_of(at(big, 3))),
        ("due", "ITD06", reader.day(position, itd, 6) if position else None),
    ):
        if day:
            yield NamedDate(meaning=meaning, raw=raw, on=day)


def _with_total(reader: SetReader, reading: Reading, header: _Sacs, at_lines: _Sacs) -> Reading:
    """Find the reading of the money that adds up to TDS01."""
    position, tds = reader.first("TDS")
    text = at(tds, 1)
    written = decimal_of(text)
    money = _Money(
        goods=sum((line.amount for line in reading.lines if line.amount is not None), start=Decimal(0)),
        lines=len(reading.lines),
        header=header,
        at_lines=at_lines,
        taxes=sum((tax.amount for tax in _all_taxes(reading) if tax.amount is not None), start=Decimal(0)),
    )
    scales = SCALES[reader.options.implied_decimals]
    if written is None:
        return _as_read(reading, money, None, _Sum(scales[0]))
    way = _way_that_adds_up(money, written, scales, has_point="." in text)
    where = reader.place(position, tds, 1)
    if way is None:
        rule = "is not the sum of the lines, allowances, charges and taxes"
        remedy = "compare it with the printed invoice; x12.implied_decimals says how the partner writes amounts"
        reader.findings.error("TDS01", where, rule, remedy)
        way = _Sum(scales[0])
    elif way.scale != scales[0] and "." not in text:
        reader.findings.warning("TDS01", where, "is read as whole units, because only so do the lines add up")
    total = written if "." in text else written * way.scale
    net = _net(reader, money, way, total)
    if net is not None:
        reader.findings.warning("TDS01", where, "is before allowances and charges; AMT says what is to be paid")
        return _as_read(reading, money, net, _Sum(way.scale), gross=total)
    if way.leaves_out(money):
        rule = "holds only some of the allowances, charges and taxes named; the others are repetitions or left out"
        reader.findings.warning("TDS01", where, rule, "compare it with the printed invoice")
    return _as_read(reading, money, total, way)


def _way_that_adds_up(money: _Money, written: Decimal, scales: tuple[Decimal, ...], *, has_point: bool) -> _Sum | None:
    """Return the first way that adds up exactly, else to a cent a line: senders round lines and sums differently."""
    ways = [_Sum(scale, *counted) for scale in scales for counted in product((True, False), repeat=3)]
    for allowed in (Decimal(0), min(CENT * max(1, money.lines), MOST_ROUNDING)):
        for way in ways:
            total = abs(written if has_point else written * way.scale) * (-1 if money.goods < 0 else 1)
            if abs(way.total(money) - total) <= allowed:
                return way
    return None


def _net(reader: SetReader, money: _Money, way: _Sum, total: Decimal) -> Decimal | None:
    """Return the AMT that says what everything adds up to, where TDS01 is the sum before it."""
    everything = _Sum(way.scale).total(money)
    if not way.leaves_out(money) or everything == total:
        return None
    stated = (
        decimal_of(at(segment, 2)) for _, segment in reader.segments() if segment[0] == "AMT" and _is_net(segment)
    )
    return next((amount for amount in stated if amount == everything), None)


def _is_net(segment: Segment) -> bool:
    return at(segment, 1) in NET


def _all_taxes(reading: Reading) -> list[ReadTax]:
    """The taxes of the whole invoice, or where there are none those of its lines."""
    return list(reading.taxes) or [tax for line in reading.lines for tax in line.taxes]


def _as_read(
    reading: Reading, money: _Money, total: Decimal | None, way: _Sum, *, gross: Decimal | None = None
) -> Reading:
    """Keep what the chosen way counts: all charges of the invoice in one place, the tax in one number."""
    counted = way.charges(money)
    charges = tuple(charge for charge in counted if charge.raw not in TAX_CODES)
    in_charges = sum((charge.amount for charge in counted if charge.raw in TAX_CODES), start=Decimal(0))
    totals = reading.totals.model_copy(
        update={
            "lines": money.goods,
            "charges": sum((charge.amount for charge in charges if charge.amount > 0), start=Decimal(0)),
            "allowances": -sum((charge.amount for charge in charges if charge.amount < 0), start=Decimal(0)),
            "tax": in_charges + (money.taxes if way.taxes else 0),
            "payable": None if total is None else _cents(total),
            "gross": reading.totals.gross if gross is None else gross,
        }
    )
    return reading.model_copy(update={"totals": totals, "charges": charges})


def _is_negative(reading: Reading) -> bool:
    return (reading.totals.lines or Decimal(0)) < 0 or (not reading.lines and (reading.totals.payable or 0) < 0)


def _with_positive_total(reading: Reading) -> Reading:
    payable = reading.totals.payable
    totals = reading.totals.model_copy(update={"payable": None if payable is None else abs(payable)})
    return reading.model_copy(update={"totals": totals})


def _negated(reading: Reading) -> Reading:
    kept = {"hash_total", "line_count"}
    totals = {name: _minus(value) if name not in kept else value for name, value in reading.totals}
    turned = reading.model_copy(
        update={
            "totals": Totals.model_validate(totals),
            "lines": tuple(_negated_line(line) for line in reading.lines),
            "charges": tuple(one.model_copy(update={"amount": -one.amount}) for one in reading.charges),
            "taxes": tuple(one.model_copy(update={"amount": _minus(one.amount)}) for one in reading.taxes),
        }
    )
    return _with_positive_total(turned)


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _negated_line(line: ReadLine) -> ReadLine:
    """Turn a line around: the price is never below zero, and the quantity has the amount's sign."""
    update: dict[str, Any] = {"amount": _minus(line.amount)}
    if line.quantity is not None and line.amount is not None:
        value = abs(line.quantity.value)
        update["quantity"] = line.quantity.model_copy(update={"value": value if line.amount <= 0 else -value})
    if line.unit_price is not None:
        update["unit_price"] = abs(line.unit_price)
    return line.model_copy(update=update)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
