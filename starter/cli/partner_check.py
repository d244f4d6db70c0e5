"""What a check found, as text of a hundred columns: document by document, line by line."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from adapters.documents.findings import Finding, Severity
from adapters.documents.reading import (
    Disposition,
    IdentifierKind,
    ItemIdentifier,
    NamedDate,
    NamedReference,
    Party,
    ReadCharge,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
    ReadTax,
    Totals,
)
from domain.quantities import plain
from starter.onboarding.checked import Answer, Check, CheckedDocument, CheckedFile, CheckedTransmission, Verdict

COLUMNS = 100
STEP = 2
Named = TypeVar("Named", NamedDate, NamedReference)


def text_of(check: Check) -> Iterator[str]:
    """Yield the lines."""
    for file in check.files:
        yield from _file(file)
        yield ""
    yield from _conclusion(check)


def _conclusion(check: Check) -> Iterator[str]:
    transmissions = [one for file in check.files for one in file.transmissions]
    documents = [doc for one in transmissions for doc in one.documents]
    fine = sum(doc.is_acted_on for one in transmissions if one.is_taken for doc in one.documents)
    yield f"files: {len(check.files)}, documents: {len(documents)}, can be acted on: {fine}"
    for file in check.files:
        if not file.is_acted_on:
            yield from _wrapped(f"not everything can be acted on: {file.file}", 0)


def _file(file: CheckedFile) -> Iterator[str]:
    yield from _wrapped(file.file, 0)
    for transmission in file.transmissions:
        yield from _transmission(transmission)
    if file.error is not None:
        yield from _finding(file.error, STEP)


def _transmission(one: CheckedTransmission) -> Iterator[str]:
    yield from _wrapped(f"transmission {one.id}", STEP)
    for finding in (*one.errors, *one.warnings):
        yield from _finding(finding, 2 * STEP)
    if one.repeats == "copy":
        yield from _wrapped("is a copy of an earlier one: it changes nothing, and is acknowledged again", 2 * STEP)
    if one.repeats == "conflict":
        text = (
            "has the id of an earlier one and another content: kept, not acted on, put to a person (conflicting event)"
        )
        yield from _wrapped(text, 2 * STEP)
    for answer in one.answers:
        yield from _answer(answer)
    for document in one.documents:
        yield ""
        yield from _document(document)


def _answer(answer: Answer) -> Iterator[str]:
    said = "; ".join(answer.says)
    yield from _wrapped(" ".join(filter(None, (f"we send back: {answer.kind}", answer.verdict))), 2 * STEP)
    if said:
        yield from _wrapped(said, 3 * STEP)


def _document(document: CheckedDocument) -> Iterator[str]:
    if document.reading is not None:
        yield from _reading(document.reading)
    if document.event is not None:
        yield from _wrapped(f"{document.event.kind} {getattr(document.event, 'number', '')}".rstrip(), 2 * STEP)
    for verdict in document.verdicts:
        yield from _verdict(verdict)


def _verdict(verdict: Verdict) -> Iterator[str]:
    beside = {"given": "beside the order given", "implied": "beside the order it implies", "none": ""}
    about = " ".join(
        filter(None, (f"order {verdict.po_number}" if verdict.po_number else "", beside[verdict.order_is]))
    )
    mark = "=>" if verdict.is_acted_on else "!!"
    yield from _wrapped(f"{mark} {f'{about}: ' if about else ''}{verdict.summary}", 2 * STEP)
    for sentence in verdict.says:
        yield from _wrapped(sentence, 4 * STEP)


def _reading(reading: Reading) -> Iterator[str]:
    order = f" about order {reading.po_number}" if reading.po_number else ""
    name = f"{reading.kind} {reading.number or 'without a number'}"
    yield from _wrapped(f"{name}{order} ({reading.language})", 2 * STEP)
    yield from _each(_header(reading), 3 * STEP)
    for line in reading.lines:
        yield from _line(line)
    yield from _each(_money(reading.charges, reading.taxes, reading.totals), 3 * STEP)
    yield from _each((f"note: {note}" for note in reading.notes), 3 * STEP)
    yield from _each(_raw(reading), 3 * STEP)
    for severity in (Severity.ERROR, Severity.WARNING, Severity.IGNORED):
        for finding in reading.findings:
            if finding.severity is severity:
                yield from _finding(finding, 3 * STEP)


def _header(reading: Reading) -> Iterator[str]:
    issued = reading.issued_at or reading.issued_on
    facts = [
        f"issued {_day(issued)}" if issued else "",
        f"type {reading.raw_type}" if reading.raw_type else "",
        reading.purpose,
        f"currency {reading.currency}" if reading.currency else "",
        f"lines it does not list are {reading.whole_answer}" if reading.whole_answer else "",
    ]
    yield "; ".join(filter(None, facts))
    if reading.whole_orders:
        yield f"shipped as ordered, without naming lines: {', '.join(reading.whole_orders)}"
    yield from map(_party, filter(None, (reading.sender, reading.receiver, *reading.parties)))
    yield "; ".join(map(_dated, reading.dates))
    yield "; ".join(map(_reference, reading.references))
    if reading.carrier or reading.tracking:
        yield f"carrier {reading.carrier or 'not named'}; tracking {', '.join(reading.tracking) or 'not named'}"
    if reading.packages:
        yield f"packages {', '.join(reading.packages)}"
    yield "; ".join(f"{name} {value}" for name, value in reading.details.items())


def _line(line: ReadLine) -> Iterator[str]:
    own = f" numbered {line.number}" if line.number else ""
    order = f", order line {line.order_line}" if line.order_line else ", no order line named"
    of = f" of order {line.po_number}" if line.po_number else ""
    yield from _wrapped(f"line {line.position}{own}{order}{of}", 3 * STEP)
    yield from _each(_line_facts(line), 4 * STEP)
    for said in line.dispositions:
        yield from _wrapped(_disposition(said), 4 * STEP)
    yield from _each(_remainder(line), 4 * STEP)
    for lot in line.lots:
        yield from _wrapped(_lot(lot), 4 * STEP)
    yield from _each(_money(line.charges, line.taxes, Totals()), 4 * STEP)
    yield from _each((f"note: {note}" for note in line.notes), 4 * STEP)


def _line_facts(line: ReadLine) -> Iterator[str]:
    yield "; ".join(map(_identifier, line.identifiers))
    yield line.description
    named = (
        ("quantity", line.quantity),
        ("ordered", line.ordered),
        ("remaining", line.remaining),
        ("rejected", line.rejected),
    )
    amounts = [f"{name} {_quantity(value)}" for name, value in named if value is not None]
    if line.unit_price is not None:
        per = f" for {plain(line.price_quantity)}" if line.price_quantity else ""
        unit = f" (price unit {line.price_unit})" if line.price_unit else ""
        amounts.append(f"price {plain(line.unit_price)}{per}{unit}")
    if line.amount is not None:
        amounts.append(f"amount {plain(line.amount)}")
    yield "; ".join(amounts)
    if line.change:
        yield f"change: {line.change}"
    if line.raw_codes:
        yield f"codes {' '.join(line.raw_codes)}"
    yield "; ".join(map(_dated, line.dates))
    yield "; ".join(map(_reference, line.references))
    if line.packages:
        yield f"packed in {', '.join(line.packages)}"


def _identifier(one: ItemIdentifier) -> str:
    read_as = f", read as {one.normalised}" if one.normalised != one.value else ""
    return f"{one.kind} {one.value} ({one.qualifier}{read_as})"


def _disposition(said: Disposition) -> str:
    parts = [
        f"answer: {_quantity(said.quantity) if said.quantity else 'the whole line'}",
        str(said.kind) if said.kind else "neither accepted nor refused",
        f"at {plain(said.unit_price)}" if said.unit_price is not None else "",
        f"promised for {said.promised_on}" if said.promised_on else "",
        f"as item {said.item}" if said.item else "",
        f"because {said.reason}" if said.reason else "",
        f"({' '.join(said.raw_codes)})" if said.raw_codes else "",
    ]
    return " ".join(filter(None, parts))


def _remainder(line: ReadLine) -> Iterator[str]:
    """What of the line the answers leave open, where they can be added up."""
    ordered = line.ordered or line.quantity
    quantities = [said.quantity or ordered for said in line.dispositions]
    if not quantities or ordered is None or any(one is None or one.raw_unit != ordered.raw_unit for one in quantities):
        return
    left = ordered.value - sum((one.value for one in quantities if one is not None), start=Decimal(0))
    yield f"remainder {plain(left)} of {_quantity(ordered)} ordered"


def _lot(lot: ReadLot) -> str:
    parts = [
        f"lot {lot.lot}" if lot.lot else "",
        f"serial {lot.serial}" if lot.serial else "",
        f"quantity {_quantity(lot.quantity)}" if lot.quantity else "",
        f"expires {lot.expires_on}" if lot.expires_on else "",
        f"made {lot.made_on}" if lot.made_on else "",
    ]
    return ", ".join(filter(None, parts))


def _money(charges: Iterable[ReadCharge], taxes: Iterable[ReadTax], totals: Totals) -> Iterator[str]:
    for charge in charges:
        because = f" because {charge.reason}" if charge.reason else ""
        yield f"charge {charge.kind} {plain(charge.amount)}{f' ({charge.raw})' if charge.raw else ''}{because}"
    for tax in taxes:
        named = (("", tax.amount), ("percent ", tax.percent), ("of ", tax.taxable))
        yield " ".join([f"tax {tax.kind}", *(f"{name}{plain(value)}" for name, value in named if value is not None)])
    stated = {name: value for name, value in totals if value is not None}
    if stated:
        listed = (f"{name.replace('_', ' ')} {plain(Decimal(value))}" for name, value in stated.items())
        yield f"totals: {'; '.join(listed)}"


def _raw(reading: Reading) -> Iterator[str]:
    """What was kept under its sender's own code, because it has no meaning we know."""
    lines = reading.lines
    codes = [
        *(f"party {party.raw_role}" for party in reading.parties if party.role in {"", party.raw_role}),
        *(f"date {one.raw}" for one in _with_lines(reading.dates, (line.dates for line in lines)) if _is_raw(one)),
        *(
            f"reference {one.raw}"
            for one in _with_lines(reading.references, (line.references for line in lines))
            if _is_raw(one)
        ),
        *(
            f"item number {one.qualifier}"
            for line in lines
            for one in line.identifiers
            if one.kind is IdentifierKind.OTHER
        ),
        *(
            f"unit {quantity.raw_unit}"
            for quantity in _quantities(lines)
            if quantity.unit is None and quantity.raw_unit
        ),
    ]
    if codes:
        yield f"kept under the sender's own code: {', '.join(dict.fromkeys(codes))}"


def _with_lines(header: Iterable[Named], lines: Iterable[Iterable[Named]]) -> Iterator[Named]:
    yield from header
    for line in lines:
        yield from line


def _quantities(lines: Iterable[ReadLine]) -> Iterator[ReadQuantity]:
    for line in lines:
        yield from filter(None, (line.quantity, line.ordered, line.remaining, line.rejected))
        yield from filter(None, (said.quantity for said in line.dispositions))


def _is_raw(named: NamedDate | NamedReference) -> bool:
    return bool(named.raw) and named.meaning == named.raw


def _party(party: Party) -> str:
    identity = f" ({party.scheme} {party.id})".replace("( ", "(") if party.id else ""
    return f"{party.role or party.raw_role}: {party.name}{identity}".replace(":  (", ": (")


def _dated(named: NamedDate) -> str:
    return f"{named.meaning} {_day(named.at or named.on) if named.at or named.on else 'not a date'}"


def _reference(named: NamedReference) -> str:
    return f"{named.meaning} {named.value}"


def _quantity(quantity: ReadQuantity) -> str:
    raw, unit = quantity.raw_unit, quantity.unit
    if unit is None:
        return f"{plain(quantity.value)} {f'{raw} (a unit we do not know)' if raw else 'of no unit'}"
    return f"{plain(quantity.value)} {unit}{f' ({raw})' if raw not in {'', unit} else ''}"


def _day(moment: datetime | date | None) -> str:
    return moment.isoformat(" ", "minutes") if isinstance(moment, datetime) else str(moment)


def _finding(finding: Finding, indent: int) -> Iterator[str]:
    yield from _wrapped(f"{finding.severity} [{finding.code}] {finding}", indent)


def _each(texts: Iterable[str], indent: int) -> Iterator[str]:
    for text in texts:
        if text:
            yield from _wrapped(text, indent)


def _wrapped(text: str, indent: int) -> Iterator[str]:
    """Wrap a text; what a sender wrote must not steer the terminal."""
    printable = "".join(mark if mark.isprintable() else "?" for mark in text)
    first, rest = " " * indent, " " * (indent + STEP)
    yield from textwrap.wrap(printable, COLUMNS, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
