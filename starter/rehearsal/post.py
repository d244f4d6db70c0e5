"""The inbox and the outbox of a rehearsal: what PostgreSQL keeps in production, kept in memory by the same rules.

A transmission is known by its id and its content, an event by its key; a copy changes nothing, and another content
under a known id is put to a person. Our documents are written once under their message's key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from adapters.documents.outbox import ControlNumbers, Draft, Written
from adapters.store.events import Correlation, StoredEvent
from adapters.store.in_memory import InMemoryStore
from adapters.store.inbox import InboundMessage, conflict_case
from adapters.store.outbound import SentDocument
from adapters.store.transmissions import RawDocument, Receipt, Transmission
from adapters.transports.parcel import Parcel
from adapters.transports.parcel import Receipt as Handover
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey, RequisitionNumber
from domain.par_breach import ParBreach
from domain.policy import Policy
from domain.snapshot import EventDisposition, EventOutcome
from domain.usage import ReplenishmentRequest, Usage

Clock = Callable[[], datetime]


@dataclass
class KeptEvent:
    """An event of the inbox and where it is: received, parked, delivered or done."""

    event: StoredEvent
    sha256: bytes
    state: str = "received"


@dataclass
class SentBytes:
    """A document of ours, and every moment it was handed over."""

    written: Written
    written_at: datetime
    functional_id: str | None = None
    number: int = 0
    """Of its interchange and of its group: one document is one of both."""
    handed_over: list[datetime] = field(default_factory=list)
    verdict: str | None = None
    """What the partner's functional acknowledgement says of it."""
    note: str = ""


class Inbox:
    """`adapters.store.transmissions.Transmissions` and `adapters.store.events.Events`, in memory."""

    def __init__(self, store: InMemoryStore, outbox: "Outbox", policy: Policy) -> None:
        self._store = store
        self._outbox = outbox
        self._policy = policy
        self._digests: dict[str, bytes] = {}
        self._refused: set[str] = set()
        self._raw: dict[str, RawDocument] = {}
        self.events: dict[EventKey, KeptEvent] = {}
        self.cases: dict[str, ExceptionCase] = {}
        self.ends: dict[EventKey, EventDisposition] = {}

    async def take(self, transmission: Transmission) -> Receipt:
        """Keep a transmission and everything in it."""
        key, digest = transmission.key, hashlib.sha256(transmission.content).digest()
        self._raw[key] = RawDocument(
            transmission.raw, transmission.content_type, transmission.partner, transmission.via
        )
        if key in self._digests and not self._is_repaired(transmission, digest):
            return await self._known(transmission, digest)
        self._digests[key] = digest
        if transmission.refusal is not None:
            self._refused.add(key)
            return self._refuse(transmission.refusal)
        self._refused.discard(key)
        for message in transmission.documents:
            self._insert(message)
        for refused in transmission.refused:
            if self._insert(refused.message):
                self._open(refused.case)
                await self.ended(refused.message.key, EventOutcome.EXCEPTION, refused.why)
        for answer in transmission.answers:
            self._outbox.acknowledge(await self._outbox.write(answer))
        return Receipt.NEW

    async def raw(self, key: str) -> RawDocument | None:
        """Return a transmission as it came."""
        return self._raw.get(key)

    async def due(self, *, limit: int) -> tuple[StoredEvent, ...]:
        """Return the oldest events to be dispatched now."""
        return tuple(kept.event for kept in self.events.values() if kept.state == "received")[:limit]

    async def correlate(self, event: StoredEvent) -> Correlation | None:
        """Return the order an event is about."""
        shown = next((one for one in self._store.orders.values() if one.order.name == event.po_number), None)
        if shown is None or shown.order.supplier != event.supplier or shown.order.name not in self._store.workflow_ids:
            return None
        return Correlation(self._store.workflow_ids[shown.order.name], shown.is_over, shown.order)

    async def delivered(self, key: EventKey) -> None:
        """The order was told; what became of it the order publishes."""
        self.events[key].state = "delivered"

    async def parked(self, key: EventKey) -> None:
        """No order of that number is known yet."""
        self.events[key].state = "parked"

    async def try_again(self, key: EventKey, *, after: timedelta, attempts: int) -> None:
        """Dispatching failed; it is due again at once."""
        del after  # a rehearsal does not wait for the wall's clock
        kept = self.events[key]
        kept.event = replace(kept.event, attempts=attempts)

    async def ended(self, key: EventKey, outcome: EventOutcome, note: str, case: ExceptionCase | None = None) -> None:
        """Give an event its outcome, and open the case about it where there is one."""
        self.events[key].state = "done"
        self.ends.setdefault(key, EventDisposition(key=key, outcome=outcome, note=note))
        if case is not None:
            self._open(case)

    async def tell_again(self, *, silent_for: timedelta) -> int:
        """Return 0: the lifecycles of a rehearsal answer before anything else is done."""
        del silent_for
        return 0

    async def wake_parked(self) -> int:
        """Return to be dispatched what is parked although its order is known; return how many that were."""
        parked = [kept for kept in self.events.values() if kept.state == "parked"]
        known = [kept for kept in parked if kept.event.po_number in self._store.workflow_ids]
        for kept in known:
            kept.state = "received"
        return len(known)

    async def parked_since(self, before: datetime) -> tuple[StoredEvent, ...]:
        """Return the events whose order never came."""
        waiting = [kept for kept in self.events.values() if kept.state == "parked"]
        return tuple(kept.event for kept in waiting if kept.event.received_at < before)

    def end_of(self, key: EventKey) -> EventDisposition | None:
        """Return how an event ended, as the inbox or its order says it."""
        return self.ends.get(key) or self._store.dispositions.get(key)

    def _is_repaired(self, transmission: Transmission, digest: bytes) -> bool:
        is_known = self._digests[transmission.key] == digest and transmission.key in self._refused
        return is_known and transmission.refusal is None

    async def _known(self, transmission: Transmission, digest: bytes) -> Receipt:
        if self._digests[transmission.key] == digest:
            if transmission.refusal is not None:
                return self._refuse(transmission.refusal)
            for answer in transmission.answers:
                self._outbox.acknowledge(await self._outbox.write(answer))
            return Receipt.SAME
        if transmission.conflict is not None:
            self._open(transmission.conflict)
        return Receipt.CONFLICT

    def _insert(self, message: InboundMessage) -> bool:
        known = self.events.get(message.key)
        if known is None:
            self.events[message.key] = KeptEvent(_stored(message), message.sha256)
        elif known.sha256 != message.sha256:
            self._open(conflict_case(message, self._policy))
        return known is None

    def _refuse(self, case: ExceptionCase) -> Receipt:
        self._open(case)
        return Receipt.REFUSED

    def _open(self, case: ExceptionCase) -> None:
        self.cases.setdefault(case.id, case)


class Outbox:
    """`adapters.documents.outbox.Outbox` in memory, and the partner's letter box: what is sent, arrives."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self.documents: dict[str, SentBytes] = {}
        self.cases: list[ExceptionCase] = []

    async def write(self, draft: Draft) -> Written:
        """Return the document of this key, writing it under the next control numbers where there is none yet."""
        if draft.key not in self.documents:
            number, now = next(self._numbers), self._clock()
            written = Written(
                key=draft.key,
                partner=draft.partner,
                kind=draft.kind,
                about=draft.about,
                name=f"{draft.partner}-{hashlib.sha256(draft.key.encode()).hexdigest()[:24]}{draft.suffix}",
                content_type=draft.content_type,
                body=draft.write(ControlNumbers(number, number), now),
                is_sent=False,
            )
            self.documents[draft.key] = SentBytes(written, now, draft.functional_id, number)
        return self.documents[draft.key].written

    async def sent(self, key: str) -> None:
        """The partner has the bytes."""
        known = self.documents[key]
        known.written = replace(known.written, is_sent=True, attempts=known.written.attempts + 1)

    async def send(self, parcel: Parcel) -> Handover:
        """Take a parcel as the partner would, and answer nothing."""
        self.documents[parcel.key].handed_over.append(self._clock())
        return Handover()

    async def about_group(self, partner: str, functional_id: str, group: int) -> SentDocument | None:
        """Return the document that went out as this group."""
        found = (one for one in self._of(partner) if (one.functional_id, one.number) == (functional_id, group))
        return next((_record(one) for one in found), None)

    async def about_interchange(self, partner: str, number: int) -> SentDocument | None:
        """Return the document that went out as this interchange."""
        return next((_record(one) for one in self._of(partner) if one.number == number), None)

    async def answered(self, key: str, verdict: str, *, note: str = "", case: ExceptionCase | None = None) -> None:
        """File what is said of a document, and open a case about it. The first verdict stands."""
        known = self.documents[key]
        if known.verdict is None:
            known.verdict, known.note = verdict, note
            if case is not None:
                self.cases.append(case)

    def _of(self, partner: str) -> list[SentBytes]:
        return [one for one in self.documents.values() if one.written.partner == partner]

    def acknowledge(self, written: Written) -> None:
        """An acknowledgement of ours goes out, as the courier sends it."""
        self.documents[written.key].handed_over.append(self._clock())


class Elsewhere:
    """What a supplier's documents never ask of us: replenishing."""

    async def breached(self, event: EventKey, breach: ParBreach) -> RequisitionNumber | None:
        """Order nothing."""
        del event, breach
        return None

    async def requested(self, event: EventKey, request: ReplenishmentRequest) -> RequisitionNumber | None:
        """Order nothing."""
        del event, request
        return None

    async def used(self, event: EventKey, usage: Usage, *, orders_again: bool) -> RequisitionNumber | None:
        """Order nothing."""
        del event, usage, orders_again
        return None

    async def make_good(self) -> int:
        """Return 0: nothing was registered."""
        return 0


def _record(sent: SentBytes) -> SentDocument:
    written = sent.written
    return SentDocument(
        key=written.key,
        partner=written.partner,
        kind=written.kind,
        about=written.about,
        name=written.name,
        content_type=written.content_type,
        interchange_number=sent.number,
        group_number=sent.number,
        written_at=sent.written_at,
        sent_at=sent.handed_over[-1] if sent.handed_over else None,
        attempts=written.attempts,
        awaited_until=None,
        repeats=0,
        verdict=sent.verdict,
        answered_at=None,
        note=sent.note,
    )


def _stored(message: InboundMessage) -> StoredEvent:
    return StoredEvent(
        key=message.key,
        partner=message.partner,
        event_id=message.event_id,
        kind=message.kind,
        content_type=message.content_type,
        body=message.body,
        received_at=message.received_at,
        supplier=message.supplier,
        facility=message.facility,
        po_number=message.po_number,
        attempts=0,
    )
