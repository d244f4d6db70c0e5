"""The stage of one scenario: a real lifecycle, twins of everybody but this partner, and everybody's hands."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from adapters.documents.channel import Channel
from adapters.erp.in_memory import InMemoryErp
from adapters.inventory.in_memory import InMemoryInventory
from adapters.partners import Language, PartnerProfile
from adapters.store.events import StoredEvent
from adapters.store.in_memory import InMemoryStore
from adapters.supplier.posted import JudgedSender, PostedSupplier
from domain.delivery import GoodsReceipt, ReceivedLine
from domain.exception_case import ExceptionCase, Resolution
from domain.order_state import OrderEvent
from domain.policy import CaseKind, Policy
from domain.purchase_order import PurchaseOrder
from domain.quantities import Quantity
from domain.snapshot import OrderSnapshot, OrderStatus
from starter.acknowledgements import Acknowledgements
from starter.dispatcher import Dispatcher
from starter.dispatching import unplaced
from starter.hearing import Heard, Hearing
from starter.lifecycle_worker import build_worker
from starter.order_signals import TemporalOrderSignals
from starter.reception import Delivery, Reception, Taken
from starter.rehearsal.hand import SECRET, Hand, Stamp, SupplierDocument
from starter.rehearsal.order import items_of
from starter.rehearsal.post import Elsewhere, Inbox, Outbox, SentBytes
from workflows.messages import OrderOutcome, ResolveCase
from workflows.names import purchase_order_workflow_id
from workflows.order_file import PurchaseOrderStart
from workflows.purchase_order import PurchaseOrderWorkflow

PATIENCE = 20.0
"""Seconds of the wall's clock in which a lifecycle must come to rest."""
GLANCE = 0.02
POLLERS = 2
A_LITTLE = timedelta(minutes=1)
CLERK = "ap-clerk"
FUNCTIONAL = "functional acknowledgement"
STOCKROOM = "dock"


class StuckError(Exception):
    """The story cannot go on as the scenario has it; the message says where it is instead."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A transmission of the partner's as it was taken in."""

    what: str
    kind: str
    origin: str
    stamp: Stamp
    body: bytes
    taken: tuple[Taken, ...]
    keys: tuple[str, ...]
    """Its events."""


class Stage:
    """One order, its partner and its hospital."""

    def __init__(
        self,
        temporal: WorkflowEnvironment,
        profile: PartnerProfile,
        channel: Channel,
        hand: Hand,
        *,
        order: PurchaseOrder,
        run: str,
        policy: Policy,
    ) -> None:
        self._temporal = temporal
        self._channel = channel
        self._profile = profile
        self._hand = hand
        self._numbers = count(1)
        self._passed = timedelta(0)
        self._began = datetime.now(UTC)
        self.placed = order
        self.policy = policy
        self.workflow_id = purchase_order_workflow_id(run, order.key)
        self.task_queue = f"rehearsal/{run}/{order.key}"
        self.arrivals: list[Arrival] = []
        self.erp = InMemoryErp(items_of(order), locations=(order.deliver_to,))
        self.inventory = InMemoryInventory()
        self.store = InMemoryStore()
        self.outbox = Outbox(self.now)
        self.inbox = Inbox(self.store, self.outbox, policy)
        self.supplier = PostedSupplier(channel, self.outbox, JudgedSender(self.outbox, channel))
        self._reception = Reception({profile.code: channel}, self.inbox, policy)
        self._orders = TemporalOrderSignals(temporal.client)
        hearing = Hearing(
            events=self.inbox,
            read=self._read,
            orders=self._orders,
            replenishment=Elsewhere(),
            acknowledgements=Acknowledgements(self.outbox, policy),
            policy=policy,
        )
        self._dispatcher = Dispatcher(hearing, Elsewhere())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Have a worker of its own at work."""
        worker = build_worker(
            self._temporal.client,
            erp=self.erp,
            supplier=self.supplier,
            inventory=self.inventory,
            store=self.store,
            task_queue=self.task_queue,
            pollers=POLLERS,
        )
        async with worker:
            yield

    @property
    def order(self) -> PurchaseOrder:
        """The order as it is agreed now."""
        return self.shown.order

    @property
    def shown(self) -> OrderSnapshot:
        """What the lifecycle has last published. Raises StuckError where that is nothing."""
        shown = self.store.orders.get(self.placed.key)
        if shown is None:
            raise StuckError("the order's lifecycle has not begun")
        return shown

    @property
    def passed(self) -> timedelta:
        """How much time has passed for the order."""
        return self._passed

    @property
    def acknowledges(self) -> bool:
        """True where this partner gets functional acknowledgements."""
        x12 = self._profile.x12
        is_x12 = self._profile.language is Language.X12
        return is_x12 and (x12 is None or x12.wants_functional_acknowledgement)

    def verdicts(self, kind: str) -> list[str]:
        """Return what our acknowledgements of a kind say of the groups they are about."""
        ours = [sent.written.body for sent in self.outbox.documents.values() if sent.written.kind == kind]
        return [reading.details.get("group verdict", "") for body in ours for reading in self._channel.read(body)]

    def now(self) -> datetime:
        """Return the moment it is for the order."""
        return datetime.now(UTC) + self._passed

    def day(self, days: int = 0) -> datetime:
        """Return the moment some days from now."""
        return self.now() + timedelta(days=days)

    def next_stamp(self) -> Stamp:
        """Return the partner's next transmission number."""
        return Stamp(next(self._numbers), self.now())

    async def place_order(self) -> None:
        """Place the order through the partner's channel. Raises StuckError."""
        with self._temporal.with_time_skipping_disabled():
            await self._temporal.client.start_workflow(
                PurchaseOrderWorkflow.run,
                PurchaseOrderStart(order=self.placed, policy=self.policy, approver="approver"),
                id=self.workflow_id,
                task_queue=self.task_queue,
            )
        await self._settles()
        if self.shown.status is not OrderStatus.AWAITING_ACKNOWLEDGEMENT:
            raise StuckError(f"the order could not be placed: {self.where()}")

    def written(self, document: SupplierDocument, stamp: Stamp) -> bytes:
        """Return a document as the partner writes it."""
        return self._hand.write(document, self._placed_now, stamp)

    async def sends(self, document: SupplierDocument, *, stamp: Stamp | None = None, what: str = "") -> Arrival:
        """Have the partner send a document, under its next number unless one is given."""
        stamp = stamp or self.next_stamp()
        body = self.written(document, stamp)
        return await self.transmits(body, what or f"{document.kind} {document.number}", document.kind, stamp)

    async def transmits(self, body: bytes, what: str, kind: str, stamp: Stamp) -> Arrival:
        """Have the partner transmit some bytes; return what became of them once the order has come to rest."""
        known = set(self.inbox.events)
        if self._profile.shared_secrets and not self._channel.proves_itself(body, (SECRET,)):
            return self._turned_away(body, what, kind, stamp)
        delivery = Delivery(self._profile, body, "application/octet-stream", self.now(), "rehearsal")
        taken = await self._reception.take(delivery)
        keys = tuple(key for key in self.inbox.events if key not in known)
        arrival = Arrival(what, kind, self._hand.origin(kind), stamp, body, taken, keys)
        self.arrivals.append(arrival)
        await self._works_off()
        await self._settles()
        return arrival

    async def acknowledges_the_order(self) -> Arrival | None:
        """Have the partner say that it could read the order, where its language has a document for that."""
        stamp = self.next_stamp()
        body = self._hand.acknowledgement(self.order_sent.written.body, stamp)
        if body is None:
            return None
        return await self.transmits(body, f"{FUNCTIONAL} of our order", FUNCTIONAL, stamp)

    @property
    def order_sent(self) -> SentBytes:
        """The order as it went out."""
        return self.outbox.documents[f"{self.placed.key}/placed"]

    def _turned_away(self, body: bytes, what: str, kind: str, stamp: Stamp) -> Arrival:
        """Return what nobody has taken, because it does not prove itself: answered with 401, and not kept."""
        arrival = Arrival(what, kind, self._hand.origin(kind), stamp, body, (), ())
        self.arrivals.append(arrival)
        return arrival

    async def receives(self, quantities: Sequence[Decimal], number: str) -> None:
        """Have the stockroom count so many of each line."""
        pairs = zip(self.order.lines, quantities, strict=True)
        lines = [
            ReceivedLine(number=line.number, item=line.item, accepted=Quantity(value=value, unit=line.quantity.unit))
            for line, value in pairs
            if value
        ]
        receipt = GoodsReceipt(
            number=number,
            po_number=self.order.name,
            facility=self.order.facility,
            location=self.order.deliver_to,
            received_at=self.now(),
            receiver=STOCKROOM,
            lines=tuple(lines),
        )
        await self._orders.tell(
            self.workflow_id, OrderEvent(key=f"stockroom/{number}", received_at=self.now(), document=receipt)
        )
        await self._settles()

    async def decides(self, kind: CaseKind, resolution: Resolution, *, actor: str = CLERK) -> ExceptionCase:
        """Have a person decide the open case of a kind. Raises StuckError where there is none."""
        case = next((one for one in self.open_cases() if one.kind is kind), None)
        if case is None:
            raise StuckError(f"nobody was asked about a case of kind {kind}: {self.where()}")
        command = ResolveCase(case_id=case.id, resolution=resolution, actor=actor, reason="decided in the rehearsal")
        await self._handle.execute_update(PurchaseOrderWorkflow.resolve, command)
        await self._settles()
        return case

    async def passes(self, time: timedelta) -> None:
        """Let time pass for the order."""
        await self._temporal.fast_forward(self._handle, time + A_LITTLE)
        self._passed += time + A_LITTLE
        await self._settles()

    async def pays(self) -> None:
        """Have the treasury pay everything that is posted, and let the day pass after which the order looks."""
        if self.shown.status is not OrderStatus.AWAITING_PAYMENT:
            raise StuckError(f"the order is not ready to be paid: {self.where()}")
        for invoice in list(self.erp.invoices.values()):
            self.erp.pay(invoice.supplier_number)
        await self.passes(self.policy.payment_check_every)

    async def ends(self) -> None:
        """Leave nothing running behind: a lifecycle that has not ended by itself is ended."""
        with suppress(RPCError):
            await self._handle.terminate("the rehearsal is over")

    def open_cases(self) -> list[ExceptionCase]:
        """Return what somebody must decide about the order now."""
        return [case for case in self.shown.cases if case.is_open]

    def all_cases(self) -> list[ExceptionCase]:
        """Return every case there was: the order's, then the inbox's."""
        shown = self.store.orders.get(self.placed.key)
        return [*(shown.cases if shown else ()), *self.inbox.cases.values(), *self.outbox.cases]

    def where(self) -> str:
        """Say where the order is, and what is in its way."""
        shown = self.store.orders.get(self.placed.key)
        said = [f"it is {shown.status}, waiting for {shown.waiting_for or 'nothing'}"] if shown else ["it is not there"]
        for case in shown.cases if shown else ():
            if case.is_open:
                found = "; ".join(one.explanation for one in case.discrepancies)
                said.append(f"{case.summary}{': ' + found if found else ''}")
        return ". ".join(said)

    @property
    def _handle(self) -> WorkflowHandle[PurchaseOrderWorkflow, OrderOutcome]:
        return self._temporal.client.get_workflow_handle_for(PurchaseOrderWorkflow.run, self.workflow_id)

    @property
    def _placed_now(self) -> PurchaseOrder:
        """The order as it was placed, under its number: what the partner has before it."""
        return self.placed.model_copy(update={"po_number": self.order.po_number})

    def _read(self, event: StoredEvent) -> Heard:
        return unplaced(self._profile, self._channel, event)

    async def _works_off(self) -> None:
        """Dispatch until nothing is due. Raises StuckError."""
        try:
            async with asyncio.timeout(PATIENCE):
                while await self._dispatcher.work_off():
                    pass
        except TimeoutError as error:
            raise StuckError(f"events cannot be dispatched: {self.where()}") from error

    async def _settles(self) -> None:
        """Wait until the lifecycle has nothing to do but wait. Raises StuckError."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:  # Temporal tells nobody when a lifecycle rests
                    if not await self._is_busy():
                        return
                    await asyncio.sleep(GLANCE)
        except TimeoutError as error:
            raise StuckError(f"the lifecycle does not come to rest: {self.where()}") from error

    async def _is_busy(self) -> bool:
        described = (await self._handle.describe()).raw_description
        failing = next((one for one in described.pending_activities if one.attempt > 1), None)
        if failing is not None:  # the twins are never down: it would fail for ever
            raise StuckError(f"{failing.activity_type.name} fails over and over: {failing.last_failure.message}")
        return described.HasField("pending_workflow_task") or len(described.pending_activities) > 0
