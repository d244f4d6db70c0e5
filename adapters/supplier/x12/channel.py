"""X12 as a channel: interchanges taken apart set by set, each group acknowledged once, orders as 850 and 860."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pydantic import SecretStr

from adapters.documents.channel import Envelope, NoSuchMessageError, OrderMessageKind, Part, Reply, only, plain_id
from adapters.documents.correspondents import Correspondents
from adapters.documents.findings import Finding, Severity
from adapters.documents.outbox import ControlNumbers, Draft
from adapters.documents.reading import Reading
from adapters.supplier.x12.acknowledging import Acknowledged, write_functional, write_interchange_note
from adapters.supplier.x12.addressing import address_faults
from adapters.supplier.x12.envelope import Group, Interchange, TransactionSet
from adapters.supplier.x12.faults import Fault
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import JudgedSet, ReadSet, read, read_parts
from adapters.supplier.x12.segments import Segment, pieces
from adapters.supplier.x12.writing import (
    PaidInvoice,
    Remittance,
    write_order,
    write_order_cancellation,
    write_order_change,
    write_remittance,
)
from domain.identifiers import PartnerCode
from domain.ports import OrderMessage, RemittanceAdvice

CONTENT_TYPE = "application/edi-x12"
SUFFIX = ".x12"
WRITERS = {
    OrderMessageKind.ORDER: ("PO", write_order),
    OrderMessageKind.CHANGE: ("PC", write_order_change),
    OrderMessageKind.CANCELLATION: ("PC", write_order_cancellation),
}
WANTS_NOTE = "1"
"""ISA14: the sender asks for a TA1."""


class X12Channel:
    """`adapters.documents.channel.Channel` for one partner's X12."""

    def __init__(self, partner: PartnerCode, options: X12Options, who: Correspondents) -> None:
        self._partner = partner
        self._options = options
        self._who = who

    def receive(self, body: bytes) -> Iterator[Envelope]:
        """Yield every interchange once its end is read. Raises BadDocumentError where there is no X12."""
        open_now = _Opened()
        for part in read_parts(pieces(body), self._options):
            match part:
                case ReadSet():
                    open_now.add(part)
                case Group():
                    open_now.close_group(part)
                case Interchange():
                    yield self._envelope(part, open_now, body)
                    open_now = _Opened()

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what every set says. Raises BadDocumentError."""
        return read(body, self._options)

    def kept(self, body: bytes) -> bytes:
        """Return all of it."""
        return body

    def kept_reading(self, part: bytes) -> Reading:
        """Return what a set in an interchange of its own says. Raises BadDocumentError."""
        return only(self.read(part))

    def proves_itself(self, body: bytes, secrets: Sequence[SecretStr]) -> bool:
        """Return False: an interchange carries no secret, whatever ISA02 and ISA04 were meant for."""
        del body, secrets
        return False

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return None: X12 answers in interchanges of its own."""
        del body, status, text, at
        return None

    def judge(self, answer: bytes | None) -> None:
        """Do nothing: X12 answers in interchanges of its own."""

    def draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        """Return an 850 or 860. Raises NoSuchMessageError."""
        del invoice_number  # X12 says it in an 824, which few partners read
        if kind not in WRITERS:
            raise NoSuchMessageError(f"{kind}: X12 has no set for it that suppliers read; tell the supplier yourself")
        functional_id, writer = WRITERS[kind]

        def write(numbers: ControlNumbers, at: datetime) -> bytes:
            return writer(message, self._who, self._options, numbers, at)

        hours = self._options.acknowledges_within_hours
        return replace(
            self._draft(message.key, kind.value, message.order.name, functional_id),
            write=write,
            awaits=timedelta(hours=hours) if hours else None,
        )

    def remittance(self, advice: RemittanceAdvice) -> Draft | None:
        """Return an 820, where the partner reads them."""
        if not self._options.wants_remittance_advice:
            return None
        message = advice.message
        paid = PaidInvoice(number=advice.invoice_number, amount=advice.amount.amount)
        remittance = Remittance(
            reference=hashlib.sha256(message.key.encode()).hexdigest()[:30].upper(),
            supplier=message.order.supplier,
            paid_on=advice.paid_on,
            currency=advice.amount.currency,
            invoices=(paid,),
        )

        def write(numbers: ControlNumbers, at: datetime) -> bytes:
            return write_remittance(remittance, self._who, self._options, numbers, at)

        hours = self._options.acknowledges_within_hours
        return replace(
            self._draft(message.key, "remittance advice", message.order.name, "RA"),
            write=write,
            awaits=timedelta(hours=hours) if hours else None,
        )

    def _envelope(self, interchange: Interchange, opened: "_Opened", body: bytes) -> Envelope:
        content = opened.content.digest() if opened.sets else hashlib.sha256(body).digest()
        names = (interchange.control,) if interchange.isa else ()
        by_content = not interchange.isa or self._options.reuses_control_numbers
        identity = plain_id("isa", *names, content=content if by_content else b"")
        strange = _findings(address_faults(interchange, self._options), interchange)
        errors = [*strange, *_findings([fault for fault in interchange.faults if fault.is_fatal], interchange)]
        if not opened.sets:
            errors.append(_empty(interchange))
        return Envelope(
            id=identity,
            content=content,
            parts=() if errors else tuple(part for kept in opened.sets for part in _parts(kept, identity)),
            answers=() if strange else tuple(self._answers(interchange, opened, identity)),
            errors=tuple(errors),
        )

    def _answers(self, interchange: Interchange, opened: "_Opened", identity: str) -> Iterator[Draft]:
        """Yield a TA1 where one is asked for or something is wrong; then, of a whole interchange, one 997 a group."""
        is_noted = interchange.element(14) == WANTS_NOTE or interchange.faults
        if interchange.isa and is_noted and not opened.is_acknowledging:

            def note(numbers: ControlNumbers, at: datetime) -> bytes:
                return write_interchange_note(interchange, self._options, numbers, at)

            draft = self._draft(f"{self._partner}/{identity}/ta1", "interchange acknowledgement", identity, "TA")
            yield replace(draft, write=note)
        if interchange.is_refused or not self._options.wants_functional_acknowledgement:
            return
        for place, acknowledged in enumerate(opened.groups, start=1):
            if acknowledged.is_answered:
                yield self._functional(acknowledged, identity, place)

    def _functional(self, acknowledged: Acknowledged, identity: str, place: int) -> Draft:
        def write(numbers: ControlNumbers, at: datetime) -> bytes:
            return write_functional(acknowledged, self._options, numbers, at)

        key = f"{self._partner}/{identity}/group-{place}"
        return replace(self._draft(key, "functional acknowledgement", identity, "FA"), write=write)

    def _draft(self, key: str, kind: str, about: str, functional_id: str) -> Draft:
        return Draft(
            key=key,
            partner=self._partner,
            kind=kind,
            about=about,
            content_type=CONTENT_TYPE,
            suffix=SUFFIX,
            write=_nothing,
            functional_id=functional_id,
        )


@dataclass
class _Opened:
    """What has been read of an interchange so far: of each set only what its acknowledgement and its parts need."""

    sets: list["_KeptSet"] = field(default_factory=list)
    groups: list[Acknowledged] = field(default_factory=list)
    content: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _of_group: list[JudgedSet] = field(default_factory=list)

    @property
    def is_acknowledging(self) -> bool:
        """True where it holds acknowledgements alone, which are never answered."""
        return bool(self.groups) and not any(group.is_answered for group in self.groups)

    def add(self, read: ReadSet) -> None:
        """Keep a set's bytes and what is to be acknowledged of it."""
        body = self_contained(read.source)
        self.content.update(body)
        self.sets.append(_KeptSet(read.reading, body, read.source.code))
        self._of_group.append(read.judged)

    def close_group(self, group: Group) -> None:
        """Keep a group for its acknowledgement; where it is refused, so is every set of it."""
        self.groups.append(Acknowledged(group, tuple(self._of_group)))
        fatal = [fault for fault in group.faults if fault.is_fatal]
        for kept in self.sets[len(self.sets) - len(self._of_group) :]:
            kept.errors += _findings(fatal, group.interchange)
        self._of_group = []


class _KeptSet:
    """A set in bytes, and what correlating it needs."""

    def __init__(self, reading: Reading, body: bytes, code: str) -> None:
        self.body = body
        self.code = code
        self.kind = reading.kind
        self.number = reading.number
        self.set_control = reading.details.get("set", "")
        self.group_control = reading.details.get("group", "")
        self.errors = tuple(finding for finding in reading.findings if finding.severity is Severity.ERROR)
        named = [reading.po_number, *(line.po_number for line in reading.lines)]
        self.po_numbers = tuple(dict.fromkeys(name for name in named if name))


def _findings(faults: Iterable[Fault], interchange: Interchange) -> tuple[Finding, ...]:
    return tuple(fault.finding(f"ISA13 {interchange.control}") for fault in faults)


def _empty(interchange: Interchange) -> Finding:
    return Finding(
        severity=Severity.ERROR,
        code="TA1 022",
        position=f"ISA13 {interchange.control}" if interchange.isa else "the document",
        message="holds no transaction set (ST to SE)",
        remedy="send an X12 interchange with at least one",
    )


def _parts(kept: _KeptSet, envelope: str) -> Iterator[Part]:
    """Yield a set once for every order it is about."""
    identity = plain_id(envelope, kept.group_control, kept.code, kept.set_control)
    for place, po_number in enumerate(kept.po_numbers or (None,)):
        yield Part(
            event_id=identity if place == 0 else f"{identity}-{place + 1}",
            body=kept.body,
            kind=kept.kind,
            number=kept.number,
            po_number=po_number,
            errors=kept.errors,
        )


def self_contained(source: TransactionSet) -> bytes:
    """Return a set in an interchange of its own, with its sender's header and delimiters: what can be read again."""
    group = source.group
    interchange = group.interchange
    marks = interchange.delimiters
    closing: list[Segment] = []
    if group.gs:
        closing.append(["GE", "1", group.control])
    if interchange.isa:
        closing.append(["IEA", "1" if group.gs else "0", interchange.control])
    isa = [element.replace("\r", "").replace("\n", "") for element in interchange.isa]
    segments = [isa, group.gs, *_without_stand_in(source), *closing]
    # Without ISA16 only the line after it tells the terminator.
    end = marks.terminator if marks.component else f"{marks.terminator}\n"
    return "".join(marks.element.join(segment) + end for segment in segments if segment).encode("latin-1")


def _without_stand_in(source: TransactionSet) -> list[Segment]:
    """A TA1 is read as a set with an ST that its sender never wrote."""
    return source.segments[1:] if source.code == "TA1" else source.segments


def _nothing(_: ControlNumbers, __: datetime) -> bytes:
    return b""
