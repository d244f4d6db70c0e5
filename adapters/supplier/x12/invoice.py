"""810 invoice and credit memo, read.

TDS01 and SAC05 have two implied decimals (X12 type N2). Whether an allowance, charge or tax belongs to a line or to the
whole invoice, and whether the summary repeats it, senders do differently: the reading that adds up to TDS01 is the one
taken, and where none does a finding says so (docs/x12.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

from adapters.documents.reading import (
    DocumentKind,
    NamedDate,
    ReadCharge,
    Reading,
    ReadLine,
    ReadTax,
    Totals,
)
from adapters.supplier.x12.dates import day_of
from adapters.supplier.x12.fields import SetReader, at, decimal_of, referred
from adapters.supplier.x12.header import header_of, totals_of
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


@dataclass
class _Line:
    position: int
    segment: Segment
    at: int
    rest: list[tuple[int, Segment]] = field(default_factory=list)


@dataclass(frozen=True)
class _Sum:
    """One way to read the money of an invoice: which scale, what counts beside the lines."""

    scale: Decimal
    header_charges: bool
    line_charges: bool
    taxes: bool


EVERYTHING = _Sum(CENT, header_charges=True, line_charges=True, taxes=True)


def read_810(reader: SetReader) -> Reading:
    """Return what an 810 says; amounts and quantities of a credit are positive, once negated (docs/x12.md)."""
    position, big = reader.first("BIG")
    type_code = at(big, 7)
    gathered, summary = _gathered(reader)
    lines = [_line(reader, line) for line in gathered]
    header_segments = [
        pair for pair in reader.segments() if pair[1][0] in {"SAC", "TXI"} and _is_before(pair, gathered)
    ]
    charges = tuple(_charges(reader, [*header_segments, *summary]))
    taxes = tuple(_taxes(reader, [*header_segments, *summary]))
    is_credit = type_code in CREDITS
    header = header_of(reader)
    header["dates"] = (*header["dates"], *_dated(reader, big))
    reading = Reading(
        **header,
        kind=DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.SUPPLIER_INVOICE,
        number=at(big, 2) or None,
        po_number=at(big, 4) or _order_referred(header["references"]),
        raw_type=type_code,
        issued_on=reader.day(position, big, 1),
        lines=tuple(lines),
        charges=charges,
        taxes=taxes,
        totals=totals_of(reader),
    )
    reading = _with_total(reader, reading)
    reading = _negated(reading) if is_credit and _is_negative(reading) else reading
    return reading.model_copy(update={"findings": reader.all()})


def _gathered(reader: SetReader) -> tuple[list[_Line], list[tuple[int, Segment]]]:
    """Return the lines with their segments, and the summary's segments."""
    lines: list[_Line] = []
    summary: list[tuple[int, Segment]] = []
    is_summary = False
    for position, segment in reader.segments():
        is_summary = is_summary or segment[0] == "TDS"
        if segment[0] == "IT1":
            lines.append(_Line(len(lines) + 1, segment, position))
        elif is_summary:
            summary.append((position, segment))
        elif lines:
            lines[-1].rest.append((position, segment))
    return lines, summary


def _is_before(pair: tuple[int, Segment], lines: list[_Line]) -> bool:
    return not lines or pair[0] < lines[0].at


def _line(reader: SetReader, line: _Line) -> ReadLine:
    quantity = reader.quantity(line.at, line.segment, 2, 3)
    price = reader.decimal(line.at, line.segment, 4)
    number = at(line.segment, 1) or None
    names = [at(segment, 5) for _, segment in line.rest if segment[0] == "PID"]
    references = [found for _, segment in line.rest if segment[0] == "REF" and (found := referred(segment))]
    amount = None if quantity is None or price is None else _cents(quantity.value * price)
    return ReadLine(
        position=line.position,
        number=number,
        order_line=number,
        po_number=_order_referred(tuple(references)),
        identifiers=reader.identifiers(line.at, line.segment, 6),
        description=" ".join(name for name in names if name),
        quantity=quantity,
        unit_price=price,
        price_unit=at(line.segment, 5) or None,
        amount=amount,
        charges=tuple(_charges(reader, line.rest)),
        taxes=tuple(_taxes(reader, line.rest)),
        references=tuple(references),
        dates=tuple(d for p, s in line.rest if s[0] == "DTM" and (d := reader.dated(p, s))),
    )


def _order_referred(references: tuple[Any, ...]) -> str | None:
    return next((found.value for found in references if found.meaning == "purchase order"), None)


def _charges(reader: SetReader, segments: list[tuple[int, Segment]]) -> Iterator[ReadCharge]:
    for position, segment in segments:
        if segment[0] != "SAC" or at(segment, 1) in NOT_MONEY:
            continue
        amount = _n2(reader, position, segment, 5)
        sign = SIGNS.get(at(segment, 1))
        if sign is None:
            where = reader.place(position, segment, 1)
            reader.findings.error("SAC01", where, "is neither an allowance (A) nor a charge (C)", "a person decides")
        if amount is None or sign is None:
            continue
        code = at(segment, 2)
        yield ReadCharge(
            kind=CHARGES.get(code, at(segment, 15) or code or "charge"),
            raw=code,
            amount=amount if amount < 0 and sign < 0 else sign * amount,
            reason=at(segment, 15),
        )


def _taxes(reader: SetReader, segments: list[tuple[int, Segment]]) -> Iterator[ReadTax]:
    for position, segment in segments:
        if segment[0] == "TXI":
            yield ReadTax(
                kind=at(segment, 1),
                amount=reader.decimal(position, segment, 2),
                percent=reader.decimal(position, segment, 3),
            )


def _n2(reader: SetReader, position: int, segment: Segment, element: int) -> Decimal | None:
    """Return an N2 amount by the standard; a point inside is taken as it stands, with a finding."""
    text = at(segment, element)
    number = reader.decimal(position, segment, element)
    if number is None:
        return None
    if "." in text:
        rule = "has a point although its two decimals are implied; read as written"
        reader.findings.warning("AK4 6", reader.place(position, segment, element), rule)
        return number
    return number if reader.options.implied_decimals is ImpliedDecimals.EXPLICIT else number.scaleb(-2)


def _dated(reader: SetReader, big: Segment) -> Iterator[NamedDate]:
    """Yield the day of the order (BIG03) and the day payment is due (ITD06)."""
    position, itd = reader.first("ITD")
    for meaning, raw, day in (
        ("purchase order", "BIG03", day_of(at(big, 3))),
        ("due", "ITD06", reader.day(position, itd, 6) if position else None),
    ):
        if day:
            yield NamedDate(meaning=meaning, raw=raw, on=day)


def _with_total(reader: SetReader, reading: Reading) -> Reading:
    """Find the reading of the money that adds up to TDS01."""
    position, tds = reader.first("TDS")
    raw, text = decimal_of(at(tds, 1)), at(tds, 1)
    lines = sum((line.amount for line in reading.lines if line.amount is not None), start=Decimal(0))
    if raw is None:
        return reading.model_copy(update={"totals": reading.totals.model_copy(update={"lines": lines})})
    implied = raw if "." in text else raw.scaleb(-2)
    way = next((way for way in _ways(reader, text) if _adds_up(reading, lines, raw * way.scale, way)), None)
    if way is None:
        rule = "is not the sum of the lines, allowances, charges and taxes"
        remedy = "compare it with the printed invoice; x12.implied_decimals says how the partner writes amounts"
        reader.findings.error("TDS01", reader.place(position, tds, 1), rule, remedy)
        explicit = reader.options.implied_decimals is ImpliedDecimals.EXPLICIT
        way = replace(EVERYTHING, scale=Decimal(1) if explicit or "." in text else CENT)
    elif raw * way.scale != implied:
        rule = "is read as whole units, because only so do the lines add up"
        reader.findings.warning("TDS01", reader.place(position, tds, 1), rule)
    return _as_read(reading, lines, raw * way.scale, way)


def _ways(reader: SetReader, text: str) -> Iterator[_Sum]:
    scales = {ImpliedDecimals.IMPLIED: [CENT], ImpliedDecimals.EXPLICIT: [Decimal(1)]}.get(
        reader.options.implied_decimals, [CENT, Decimal(1)]
    )
    for scale in [Decimal(1)] if "." in text else scales:
        for header_charges, line_charges, taxes in product((True, False), repeat=3):
            yield _Sum(scale, header_charges=header_charges, line_charges=line_charges, taxes=taxes)


def _adds_up(reading: Reading, lines: Decimal, total: Decimal, way: _Sum) -> bool:
    """Compare to the cent a line: senders round lines and sums differently."""
    difference = abs(lines + _beside(reading, way) - abs(total) * (-1 if lines < 0 else 1))
    return difference <= CENT * max(1, len(reading.lines)) and difference < Decimal(1)


def _beside(reading: Reading, way: _Sum) -> Decimal:
    amounts = [charge.amount for charge in reading.charges if way.header_charges]
    amounts += [charge.amount for line in reading.lines for charge in line.charges if way.line_charges]
    if way.taxes:
        amounts += [tax.amount for tax in _all_taxes(reading) if tax.amount is not None]
    return sum(amounts, start=Decimal(0))


def _all_taxes(reading: Reading) -> list[ReadTax]:
    """The taxes of the whole invoice, or where there are none those of its lines."""
    return list(reading.taxes) or [tax for line in reading.lines for tax in line.taxes]


def _as_read(reading: Reading, lines: Decimal, total: Decimal, way: _Sum) -> Reading:
    """Keep what the chosen way counts: all charges of the invoice in one place, the tax in one number."""
    counted = [charge for charge in reading.charges if way.header_charges]
    counted += [charge for line in reading.lines for charge in line.charges if way.line_charges]
    taxes = [charge.amount for charge in counted if charge.raw in TAX_CODES]
    if way.taxes:
        taxes += [tax.amount for tax in _all_taxes(reading) if tax.amount is not None]
    charges = tuple(charge for charge in counted if charge.raw not in TAX_CODES)
    totals = reading.totals.model_copy(
        update={
            "lines": lines,
            "charges": sum((charge.amount for charge in charges if charge.amount > 0), start=Decimal(0)),
            "allowances": -sum((charge.amount for charge in charges if charge.amount < 0), start=Decimal(0)),
            "tax": sum(taxes, start=Decimal(0)),
            "payable": _cents(total),
        }
    )
    lines_alone = tuple(line.model_copy(update={"charges": ()}) for line in reading.lines)
    return reading.model_copy(update={"totals": totals, "charges": charges, "lines": lines_alone})


def _is_negative(reading: Reading) -> bool:
    return (reading.totals.payable or Decimal(0)) < 0 or (reading.totals.lines or Decimal(0)) < 0


def _negated(reading: Reading) -> Reading:
    totals = {name: -value if isinstance(value, Decimal) else value for name, value in reading.totals}
    totals["hash_total"] = reading.totals.hash_total
    return reading.model_copy(
        update={
            "totals": Totals.model_validate({**totals, "payable": abs(reading.totals.payable or Decimal(0))}),
            "lines": tuple(_negated_line(line) for line in reading.lines),
            "charges": tuple(one.model_copy(update={"amount": -one.amount}) for one in reading.charges),
        }
    )


def _negated_line(line: ReadLine) -> ReadLine:
    """Turn a line below zero, whether its quantity or its price was, into one above."""
    if line.amount is None or line.amount >= 0:
        return line
    update: dict[str, Any] = {"amount": -line.amount}
    if line.quantity is not None:
        update["quantity"] = line.quantity.model_copy(update={"value": abs(line.quantity.value)})
    if line.unit_price is not None:
        update["unit_price"] = abs(line.unit_price)
    return line.model_copy(update=update)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
