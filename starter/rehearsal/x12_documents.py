"""A partner's X12, written as it writes it: its segments, re-addressed to our order and altered to what is to be said.

Everything that is not altered stays as the sample has it: qualifiers, delimiters, parties, references, extra segments.
Money beside the goods is left out, because our orders expect none: the notes say so.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

from adapters.documents.identifiers import X12_QUALIFIERS
from adapters.documents.reading import IdentifierKind
from adapters.documents.units import from_x12, to_x12
from adapters.partners import PartnerProfile
from adapters.supplier.x12.answers import KINDS
from adapters.supplier.x12.envelope import TransactionSet
from adapters.supplier.x12.fields import at
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.order_answer import WHOLE
from adapters.supplier.x12.reading import ReadSet, read_parts
from adapters.supplier.x12.segments import Segment, pieces
from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import SupplierInvoice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import plain
from starter.rehearsal.hand import Stamp, SupplierDocument
from starter.rehearsal.lines import Lines, item_number
from starter.rehearsal.samples import Sample
from starter.rehearsal.x12_edits import (
    LEFT_OUT,
    Block,
    Levels,
    amount,
    day_like,
    put,
    redated,
    refer,
    summed,
    taken_apart,
)
from starter.rehearsal.x12_notes import notes_of
from starter.rehearsal.x12_templates import ACKNOWLEDGED, PLAIN_BODIES, Template, like_day, origins_of, templates_of

STATUSES = {
    AnswerKind.ACCEPTED: "IA",
    AnswerKind.CHANGED: "IQ",
    AnswerKind.BACKORDERED: "IB",
    AnswerKind.SUBSTITUTED: "IS",
    AnswerKind.ON_HOLD: "IH",
    AnswerKind.REJECTED: "IR",
}
"""Element 668 as we have it said."""
CHANGED = "AC"
"""BAK02: acknowledged with detail and change."""
SAY_NOTHING = frozenset({"AC", "AK"})
"""BAK02 of samples in which the lines say everything, or nobody says anything yet."""
SCHEDULED = "068"
_VERDICTS: dict[str, Callable[[TransactionSet], dict[int, str]]] = {
    "AK1": lambda ours: {1: ours.group.functional_id, 2: ours.group.control},
    "AK2": lambda ours: {1: ours.code, 2: ours.control},
    "AK5": lambda _: {1: "A"},
    "IK5": lambda _: {1: "A"},
    "AK9": lambda _: {1: "A", 2: "1", 3: "1", 4: "1"},
}
"""What of a functional acknowledgement is kept, and what it says of a set that was read without a fault."""
_WITHOUT_CODES = frozenset({"AK5", "IK5", "AK9"})
"""Behind their verdicts stand codes of faults."""


class X12Hand:
    """`starter.rehearsal.hand.Hand` for X12."""

    def __init__(self, profile: PartnerProfile, samples: tuple[Sample, ...]) -> None:
        self._options = profile.x12 or X12Options()
        self._usage = "P" if profile.in_production else "T"
        self._lines = Lines(profile, samples)
        self._templates = templates_of(samples, self._options)

    def write(self, document: SupplierDocument, order: PurchaseOrder, stamp: Stamp) -> bytes:
        """Return the document as an interchange."""
        match document:
            case OrderAcknowledgement():
                written = self._answer(self._templates["855"], document, order, stamp.at)
            case ShipNotice():
                written = self._ship_notice(self._templates["856"], document, order, stamp.at)
            case SupplierInvoice():
                written = self._invoice(self._templates["810"], document, order, stamp.at)
        return written.written(stamp.number, stamp.at, self._usage)

    def acknowledgement(self, of: bytes, stamp: Stamp) -> bytes | None:
        """Return the 997 or 999 that says that a document of ours was read; None where its page expects none."""
        if self._options.acknowledges_within_hours is None:
            return None
        template = self._templates[ACKNOWLEDGED]
        ours = next(part.source for part in read_parts(pieces(of), self._options) if isinstance(part, ReadSet))
        body = [[*segment] for segment in template.body if segment[0] in _VERDICTS]
        for segment in body:
            said = _VERDICTS[segment[0]](ours)
            put(segment, said)
            if segment[0] in _WITHOUT_CODES:
                del segment[max(said) + 1 :]
        return template.with_body(body).written(stamp.number, stamp.at, self._usage)

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of documents it writes."""
        return tuple(origins_of(self._templates))

    def origin(self, kind: str) -> str:
        """Return what a kind of document is made from."""
        return origins_of(self._templates)[kind]

    def notes(self) -> tuple[str, ...]:
        """Return what the samples show that somebody has to decide or to know."""
        found = (note for one in self._templates.values() for note in notes_of(one, self._options, self._usage))
        return tuple(dict.fromkeys(found))

    def _answer(
        self, template: Template, said: OrderAcknowledgement, order: PurchaseOrder, moment: datetime
    ) -> Template:
        parts = taken_apart(template.body, "PO1")
        is_accepted = all(part.kind is AnswerKind.ACCEPTED for line in said.lines for part in line.parts)
        header = [*redated(parts.header, moment)]
        for bak in (segment for segment in header if segment[0] == "BAK"):
            kind = _acceptance(at(bak, 2), has_lines=bool(parts.blocks)) if is_accepted else CHANGED
            put(bak, {1: "00", 2: kind, 3: order.name, 4: like_day(at(bak, 4), moment)})
            if len(bak) > 9:  # noqa: PLR2004 - BAK09
                bak[9] = like_day(bak[9], moment)
        if is_accepted and not parts.blocks:
            return template.with_body([*header, *parts.summary])
        blocks = parts.blocks or taken_apart(PLAIN_BODIES["855"], "PO1").blocks
        lines: list[Segment] = []
        for place, (answer, ours) in enumerate(self._lines.beside(said.lines, order)):
            lines += self._answered(blocks[place % len(blocks)], place, answer, ours, moment, is_accepted=is_accepted)
        quantities = [line.quantity.value for line in order.lines]
        return template.with_body(
            [*header, *lines, *summed(parts.summary, len(said.lines), quantities, order.total.amount)]
        )

    def _answered(
        self, block: Block, place: int, answer: LineAnswer, ours: OrderLine, moment: datetime, *, is_accepted: bool
    ) -> Iterator[Segment]:
        po1 = self._goods(block.head, place, ours, ours.quantity.value, ours.unit_price, pairs_from=6)
        acks = [segment for segment in block.rest if segment[0] == "ACK"]
        yield po1
        yield from redated((one for one in block.rest if one[0] not in {"ACK", *LEFT_OUT}), moment)
        if acks or not is_accepted:
            pattern = acks[0] if acks else ["ACK", "IA", "1", at(po1, 3)]
            for part in answer.parts:
                yield self._ack(pattern, part, ours, moment, is_only=len(answer.parts) == 1)

    def _ack(self, pattern: Segment, part: AnswerPart, ours: OrderLine, moment: datetime, *, is_only: bool) -> Segment:
        ack = [*pattern[:7]]
        sample = KINDS.get(at(pattern, 1)) is part.kind
        put(ack, {1: at(pattern, 1) if sample else STATUSES[part.kind]})
        if at(pattern, 2) or not is_only:
            put(ack, {2: plain(part.quantity.value), 3: self._unit(at(pattern, 3), ours)})
        if part.promised_on is not None or at(pattern, 5):
            day = part.promised_on or moment.date()
            put(ack, {4: at(pattern, 4) or SCHEDULED, 5: day_like(day, at(pattern, 5))})
        if part.item is not None:
            put(ack, {7: "VP", 8: part.item})
        elif len(pattern) > 7:  # noqa: PLR2004 - ACK07
            ack = [*ack, *self._pairs(pattern, ours, 7)]
        return ack

    def _ship_notice(self, template: Template, notice: ShipNotice, order: PurchaseOrder, moment: datetime) -> Template:
        parts = taken_apart(template.body, "HL")
        header = [*redated(parts.header, moment)]
        for bsn in (segment for segment in header if segment[0] == "BSN"):
            put(bsn, {1: "00", 2: notice.number, 3: like_day(at(bsn, 3), moment), 4: moment.strftime("%H%M")})
        tree = Levels(parts.blocks)
        levels = [*tree.above_items()]
        for place, (line, ours) in enumerate(self._lines.beside(notice.lines, order)):
            item = tree.item(place)
            levels.append(Block(item.head, [*self._shipped(item, place, ours, line.quantity.value)]))
        segments = [segment for block in tree.numbered(levels) for segment in (block.head, *block.rest)]
        for prf in (segment for segment in segments if segment[0] == "PRF"):
            put(prf, {1: order.name})
            if at(prf, 4):
                prf[4] = like_day(prf[4], moment)
        body = redated(segments, moment)
        counted = len(levels) if tree.counts_levels(parts.summary) else len(notice.lines)
        quantities = [line.quantity.value for line in notice.lines]
        return template.with_body([*header, *body, *summed(parts.summary, counted, quantities, order.total.amount)])

    def _shipped(self, item: Block, place: int, ours: OrderLine, shipped: Decimal) -> Iterator[Segment]:
        for segment in item.rest:
            if segment[0] == "LIN":
                number = self._lines.number(at(segment, 1), place, ours)
                yield ["LIN", number, *self._pairs(segment, ours, 2)]
            elif segment[0] == "SN1":
                written = [*segment]
                unit = self._unit(at(segment, 3), ours)
                put(written, {1: self._lines.number(at(segment, 1), place, ours), 2: plain(shipped), 3: unit})
                if at(segment, 5):
                    put(written, {5: plain(ours.quantity.value), 6: self._unit(at(segment, 6), ours)})
                yield written
            elif segment[0] not in LEFT_OUT:
                yield [*segment]

    def _invoice(
        self, template: Template, invoice: SupplierInvoice, order: PurchaseOrder, moment: datetime
    ) -> Template:
        parts = taken_apart(template.body, "IT1")
        header = [*redated((one for one in parts.header if one[0] not in LEFT_OUT), moment)]
        for big in (segment for segment in header if segment[0] == "BIG"):
            issued = day_like(invoice.issued_on, at(big, 1))
            put(big, {1: issued, 2: invoice.number, 3: like_day(at(big, 3), moment), 4: order.name})
        refer(header, order)
        lines: list[Segment] = []
        for place, (line, ours) in enumerate(self._lines.beside(invoice.lines, order)):
            block = parts.blocks[place % len(parts.blocks)]
            lines.append(self._goods(block.head, place, ours, line.quantity.value, line.unit_price, pairs_from=6))
            rest = [*redated((one for one in block.rest if one[0] not in LEFT_OUT), moment)]
            refer(rest, order)
            lines += rest
        quantities = [line.quantity.value for line in invoice.lines]
        summary = [one for one in parts.summary if one[0] not in LEFT_OUT]
        net = sum((line.amount for line in invoice.lines), start=Decimal(0))
        for tds in (segment for segment in summary if segment[0] == "TDS"):
            del tds[2:]
            put(tds, {1: amount(invoice.total, whole_units=template.writes_whole_units)})
        return template.with_body([*header, *lines, *summed(summary, len(invoice.lines), quantities, net)])

    def _goods(
        self, sample: Segment, place: int, ours: OrderLine, quantity: Decimal, price: Decimal, *, pairs_from: int
    ) -> Segment:
        """Return a PO1 or IT1: number, quantity, unit, price where the sample has one, item numbers."""
        goods = [*sample[:pairs_from]]
        put(goods, {1: self._lines.number(at(sample, 1), place, ours), 2: plain(quantity)})
        if at(sample, 3):
            goods[3] = self._unit(at(sample, 3), ours)
        if at(sample, 4):
            goods[4] = plain(price)
        pairs = self._pairs(sample, ours, pairs_from)
        return [*goods, *[""] * (pairs_from - len(goods) if pairs else 0), *pairs]

    def _pairs(self, sample: Segment, ours: OrderLine, start: int) -> Segment:
        """Return the item numbers of a line under the sample's own qualifiers."""
        pairs: Segment = []
        for element in range(start, len(sample), 2):
            qualifier, value = at(sample, element), at(sample, element + 1)
            kind = X12_QUALIFIERS.get(qualifier, IdentifierKind.OTHER)
            pairs += [qualifier, item_number(kind, ours, value)]
        return pairs

    def _unit(self, sample: str, ours: OrderLine) -> str:
        """Return the partner's code: the sample's where it may mean our unit, else the one its page names."""
        meant = from_x12(sample, self._options.units) if sample else None
        if sample and meant in {None, ours.quantity.unit}:
            return sample
        return to_x12(ours.quantity.unit, self._options.units)


def _acceptance(sample: str, *, has_lines: bool) -> str:
    """Return BAK02 of an order that is accepted: the sample's, unless it says something else."""
    if sample in SAY_NOTHING or WHOLE.get(sample) is AnswerKind.ACCEPTED:
        return sample
    return "AD" if has_lines else "AT"
