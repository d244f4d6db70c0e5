"""What one event brings about: an order is told, items are replenished, an acknowledgement is filed, or nothing is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from temporalio.service import RPCError

from adapters.bad_document import BadDocumentError
from adapters.documents.placing import NothingToTellError
from adapters.documents.reading import DocumentKind, Reading
from adapters.documents.unplaced import UnplacedDocument
from adapters.store.events import Correlation, StoredEvent
from domain.exception_case import ExceptionCase
from domain.identifiers import EventKey, PartnerCode, RequisitionNumber
from domain.order_state import OrderEvent, PartnerDocument
from domain.par_breach import ParBreach
from domain.policy import CaseKind, Policy
from domain.purchase_order import PurchaseOrder
from domain.snapshot import EventOutcome
from domain.usage import ReplenishmentRequest, Usage
from starter.acknowledgements import UnknownDocumentError
from starter.event_cases import event_case
from starter.order_signals import OrderClosedError, OrderSignals, SignalError

Heard = PartnerDocument | ParBreach | Usage | ReplenishmentRequest | UnplacedDocument
Read = Callable[[StoredEvent], Heard]


class EventBook(Protocol):
    """Where events wait, and get their next state or their end, as `adapters.store.events.Events` keeps them."""

    async def due(self, *, limit: int) -> tuple[StoredEvent, ...]:
        """Return the oldest events to be dispatched now."""

    async def correlate(self, event: StoredEvent) -> Correlation | None:
        """Return the order an event is about."""

    async def delivered(self, key: EventKey) -> None:
        """The order was told."""

    async def parked(self, key: EventKey) -> None:
        """No order of that number is known yet."""

    async def try_again(self, key: EventKey, *, after: timedelta, attempts: int) -> None:
        """Dispatching failed; it is tried again later."""

    async def ended(self, key: EventKey, outcome: EventOutcome, note: str, case: ExceptionCase | None = None) -> None:
        """Give an event its outcome, and open the case about it where there is one."""

    async def tell_again(self, *, silent_for: timedelta) -> int:
        """Return to be dispatched what was delivered but never settled; return how many that were."""

    async def wake_parked(self) -> int:
        """Return to be dispatched what is parked although its order is known; return how many that were."""

    async def parked_since(self, before: datetime) -> tuple[StoredEvent, ...]:
        """Return the events whose order never came."""


class Replenishing(Protocol):
    """Who orders what is missing or used, as `starter.replenishment.Replenishment` does."""

    async def breached(self, event: EventKey, breach: ParBreach) -> RequisitionNumber | None:
        """Begin one requisition; None where nothing is to be ordered."""

    async def requested(self, event: EventKey, request: ReplenishmentRequest) -> RequisitionNumber | None:
        """Begin one requisition; None where nothing is to be ordered."""

    async def used(self, event: EventKey, usage: Usage, *, orders_again: bool) -> RequisitionNumber | None:
        """Keep what was used; None where nothing of it is to be ordered."""


class Filing(Protocol):
    """Who files functional acknowledgements."""

    async def heard(self, partner: str, reading: Reading, at: datetime) -> str:
        """Return what it says, in words. Raises UnknownDocumentError."""


@dataclass(frozen=True)
class Hearing:
    """Gives every event its effect. Each may be interrupted at any line and begun again, to one effect."""

    events: EventBook
    read: Read
    orders: OrderSignals
    replenishment: Replenishing
    acknowledgements: Filing
    policy: Policy
    reordering: frozenset[PartnerCode] = frozenset()
    """Partners whose usage is ordered again without waiting for a par breach."""

    async def hear(self, event: StoredEvent) -> None:
        """Do what an event asks for, and give it its end or its next state.

        Raises SignalError where Temporal is to be asked again, and what reading the event raises.
        """
        heard = self.read(event)
        if isinstance(heard, ParBreach | Usage | ReplenishmentRequest):
            await self._replenish(event, heard)
        elif isinstance(heard, UnplacedDocument):
            await self._place(event, heard)
        else:
            await self._tell_order(event, lambda _: heard)

    async def unmatched(self, event: StoredEvent, now: datetime) -> None:
        """Nobody has heard of the order it names, and it has waited long enough."""
        named = f"names order {event.po_number}, which nobody knows" if event.po_number else "names no order"
        summary = f"{event.kind} {event.key} {named}"
        case = event_case(CaseKind.UNMATCHED_EVENT, event, summary, self.policy, now)
        await self.events.ended(event.key, EventOutcome.EXCEPTION, "no such order", case)

    async def _replenish(self, event: StoredEvent, report: ParBreach | Usage | ReplenishmentRequest) -> None:
        try:
            number = await self._begun(event, report)
        except RPCError as error:
            raise SignalError(error.status.name) from error
        is_kept = isinstance(report, Usage)
        outcome = EventOutcome.APPLIED if number or is_kept else EventOutcome.DUPLICATE
        nothing = "kept" if is_kept else "nothing to order that no open requisition orders already"
        await self.events.ended(event.key, outcome, f"requisition {number}" if number else nothing)

    async def _begun(
        self, event: StoredEvent, report: ParBreach | Usage | ReplenishmentRequest
    ) -> RequisitionNumber | None:
        match report:
            case ParBreach():
                return await self.replenishment.breached(event.key, report)
            case ReplenishmentRequest():
                return await self.replenishment.requested(event.key, report)
            case Usage():
                orders_again = event.partner in self.reordering
                return await self.replenishment.used(event.key, report, orders_again=orders_again)

    async def _place(self, event: StoredEvent, document: UnplacedDocument) -> None:
        if document.kind is DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT:
            await self._file(event, document)
            return
        try:
            report = document.of_stock()
            if report is not None:
                await self._replenish_here(event, report)
            elif event.po_number is None:
                document.refuse_unless_usable()
                await self.unmatched(event, datetime.now(UTC))
            else:
                await self._tell_order(event, document.beside)
        except NothingToTellError as nothing:
            await self.events.ended(event.key, EventOutcome.KEPT, str(nothing))
        except BadDocumentError as error:
            await self._unclear(event, error)

    async def _replenish_here(self, event: StoredEvent, report: Usage | ReplenishmentRequest) -> None:
        if report.facility != event.facility:
            raise BadDocumentError("the facility", "must be one whose stock this partner keeps", "correct its page")
        await self._replenish(event, report)

    async def _file(self, event: StoredEvent, document: UnplacedDocument) -> None:
        try:
            said = await self.acknowledgements.heard(event.partner, document.reading, datetime.now(UTC))
        except UnknownDocumentError:
            summary = f"{event.partner} acknowledges a document we never sent: {event.key}"
            case = event_case(CaseKind.UNMATCHED_EVENT, event, summary, self.policy, datetime.now(UTC))
            await self.events.ended(event.key, EventOutcome.EXCEPTION, "about no document of ours", case)
        else:
            await self.events.ended(event.key, EventOutcome.APPLIED, said)

    async def _tell_order(self, event: StoredEvent, document: Callable[[PurchaseOrder], PartnerDocument]) -> None:
        order = await self.events.correlate(event)
        if order is None:
            await self.events.parked(event.key)
        elif order.is_closed:
            await self._late(event)
        else:
            await self._tell(event, order, document(order.order))

    async def _tell(self, event: StoredEvent, order: Correlation, document: PartnerDocument) -> None:
        fact = OrderEvent(key=event.key, received_at=event.received_at, document=document)
        try:
            await self.orders.tell(order.workflow_id, fact)
        except OrderClosedError:
            await self._late(event)
        else:
            await self.events.delivered(event.key)

    async def _late(self, event: StoredEvent) -> None:
        summary = f"{event.kind} {event.key} came after order {event.po_number} was closed"
        case = event_case(CaseKind.LATE_EVENT, event, summary, self.policy, datetime.now(UTC))
        await self.events.ended(event.key, EventOutcome.LATE, "the order was closed", case)

    async def _unclear(self, event: StoredEvent, error: BadDocumentError) -> None:
        remedy = f"; {error.remedy}" if error.remedy else ""
        summary = f"{event.kind} {event.key} about {event.po_number}: {error}{remedy}"[:500]
        case = event_case(CaseKind.UNCLEAR_DOCUMENT, event, summary, self.policy, datetime.now(UTC))
        await self.events.ended(event.key, EventOutcome.EXCEPTION, f"{error}{remedy}"[:500], case)
