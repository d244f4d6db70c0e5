"""What is known of an order: a pure reducer whose result does not depend on the order in which things were heard.

`order.after(event)` files the event's document under its own number and derives everything else from what is filed.
So any permutation of the same events, copies included, ends in the same state. Two different documents under one
number cannot both be right: the one with the smaller event key is kept, whichever came first, and the other is listed
in `conflicts` for a person.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import GoodsReceipt, ShipNotice
from domain.document import Document
from domain.identifiers import EventKey
from domain.invoice import CreditNote, SupplierInvoice
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity, UnknownConversionError

PartnerDocument = Annotated[
    OrderAcknowledgement | ShipNotice | GoodsReceipt | SupplierInvoice | CreditNote, Field(discriminator="kind")
]


class OrderEvent(Document):
    """Something a supplier or a stockroom reported about an order."""

    key: EventKey
    received_at: datetime
    document: PartnerDocument

    @property
    def subject(self) -> tuple[str, str]:
        """What kind of document it is and which one: two events about one subject are copies or a conflict."""
        return self.document.kind, self.document.number


class OrderState(Document):
    """An order and everything heard about it. `order` is what is agreed now; decisions change it, events do not."""

    order: PurchaseOrder
    events: tuple[OrderEvent, ...] = ()
    """Each event once, in the order our inbox received them."""

    def after(self, event: OrderEvent) -> Self:
        """Return the state once this event is known as well; an event already known changes nothing."""
        if self.has_heard(event.key):
            return self
        events = sorted((*self.events, event), key=_arrival)
        return self.model_copy(update={"events": tuple(events)})

    def agreed(self, order: PurchaseOrder) -> Self:
        """Return the state with the order as changed by an agreement with the supplier."""
        return self.model_copy(update={"order": order})

    def has_heard(self, key: EventKey) -> bool:
        """True when this event has been filed before."""
        return any(event.key == key for event in self.events)

    @property
    def kept(self) -> tuple[OrderEvent, ...]:
        """The events that count: of several about one document, the first our inbox received."""
        first: dict[tuple[str, str], OrderEvent] = {}
        for event in self.events:
            first.setdefault(event.subject, event)
        return tuple(first.values())

    @property
    def copies(self) -> tuple[EventKey, ...]:
        """Events that repeat a kept document word for word under another event id."""
        return tuple(event.key for event in self._not_kept() if event.document == self._kept_for(event).document)

    @property
    def conflicts(self) -> tuple[EventKey, ...]:
        """Events that give a kept document's number to another content: never applied, a person looks."""
        return tuple(event.key for event in self._not_kept() if event.document != self._kept_for(event).document)

    @property
    def acknowledgements(self) -> tuple[OrderAcknowledgement, ...]:
        """The supplier's answers, oldest first by the supplier's own clock."""
        found = [event.document for event in self.kept if isinstance(event.document, OrderAcknowledgement)]
        return tuple(sorted(found, key=lambda answer: (answer.issued_at, answer.number)))

    @property
    def ship_notices(self) -> tuple[ShipNotice, ...]:
        """What is on its way, by notice number."""
        found = [event.document for event in self.kept if isinstance(event.document, ShipNotice)]
        return tuple(sorted(found, key=lambda notice: notice.number))

    @property
    def goods_receipts(self) -> tuple[GoodsReceipt, ...]:
        """What arrived, first in first out."""
        found = [event.document for event in self.kept if isinstance(event.document, GoodsReceipt)]
        return tuple(sorted(found, key=lambda receipt: (receipt.received_at, receipt.number)))

    @property
    def invoices(self) -> tuple[SupplierInvoice, ...]:
        """What was billed, by the supplier's own date and number."""
        found = [event.document for event in self.kept if isinstance(event.document, SupplierInvoice)]
        return tuple(sorted(found, key=lambda invoice: (invoice.issued_on, invoice.number)))

    @property
    def credit_notes(self) -> tuple[CreditNote, ...]:
        """What was taken back, by the supplier's own date and number."""
        found = [event.document for event in self.kept if isinstance(event.document, CreditNote)]
        return tuple(sorted(found, key=lambda note: (note.issued_on, note.number)))

    @property
    def answers(self) -> dict[int, LineAnswer]:
        """The supplier's latest word on each line it has answered."""
        latest: dict[int, LineAnswer] = {}
        for acknowledgement in self.acknowledgements:
            if acknowledgement.whole_order is not None:
                latest |= {line.number: _whole_line(line, acknowledgement.whole_order) for line in self.order.lines}
            latest |= {answer.number: answer for answer in acknowledgement.lines}
        return latest

    @property
    def promised_on(self) -> date | None:
        """The latest date the supplier has promised or announced goods for."""
        promised = [part.promised_on for answer in self.answers.values() for part in answer.parts]
        announced = [notice.expected_on for notice in self.ship_notices]
        return max((day for day in [*promised, *announced] if day is not None), default=None)

    def received(self, line: OrderLine, *, counting: Collection[str] | None = None) -> Quantity:
        """Return what of a line was accepted, in the line's unit; what cannot be converted is not counted.

        `counting` names the goods receipts that count; all of them where it is None.
        """
        accepted = (
            received.accepted
            for receipt in self.goods_receipts
            if counting is None or receipt.number in counting
            for received in receipt.lines
            if received.number == line.number
        )
        return _total(accepted, line)

    def has_goods_under_way(self) -> bool:
        """True when the supplier has acted on the order, whether or not it ever answered it."""
        return bool(self.ship_notices or self.goods_receipts)

    def _not_kept(self) -> Iterable[OrderEvent]:
        keys = {event.key for event in self.kept}
        return (event for event in self.events if event.key not in keys)

    def _kept_for(self, event: OrderEvent) -> OrderEvent:
        return next(kept for kept in self.kept if kept.subject == event.subject)


def _arrival(event: OrderEvent) -> tuple[datetime, EventKey]:
    return event.received_at, event.key


def _whole_line(line: OrderLine, kind: AnswerKind) -> LineAnswer:
    return LineAnswer(number=line.number, parts=(AnswerPart(kind=kind, quantity=line.quantity),))


def _total(quantities: Iterable[Quantity], line: OrderLine) -> Quantity:
    total = Quantity(value=Decimal(0), unit=line.quantity.unit)
    for quantity in quantities:
        try:
            total += quantity.in_unit(line.quantity.unit, line.packs)
        except UnknownConversionError:
            continue
    return total
