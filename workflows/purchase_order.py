"""The life of one purchase order, and the single mailbox for everything about it."""

from datetime import datetime
from typing import Protocol

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities
    from activities.inventory import InventoryActivities
    from activities.store import OrderRegistration, StoreActivities
    from activities.supplier import SupplierActivities
    from domain.order_state import OrderEvent
    from domain.snapshot import OrderStatus
    from workflows.activity_options import OWN_STORE
    from workflows.messages import CancelOrder, CaseClosed, OrderOutcome, ResolveCase
    from workflows.order_file import OrderFile, PurchaseOrderStart
    from workflows.segregation import refuse_self_release

from workflows.acknowledgement import Acknowledgement
from workflows.delivery import Delivery
from workflows.invoicing import Invoicing
from workflows.order_desk import OrderDesk, OrderWithdrawn
from workflows.payment import Payment
from workflows.questions import Questions


class Phase(Protocol):
    """A part of the story: takes what can be taken further now, and says what it waits for."""

    status: OrderStatus

    async def advance(self) -> None:
        """Take further whatever can be."""

    def is_settled(self) -> bool:
        """True when nothing is left to do."""

    def waiting_for(self) -> str:
        """Say what the phase waits for."""

    def due(self) -> datetime | None:
        """Return when it must look again, whatever happens."""


@workflow.defn
class PurchaseOrderWorkflow:
    """One order to one supplier, from the ERP's books to the paid invoice."""

    @workflow.init
    def __init__(self, start: PurchaseOrderStart) -> None:
        self._file = start.file or OrderFile.opened(start.order, start.policy, start.approver)
        self._desk = OrderDesk(self._file)
        self._acknowledgement = Acknowledgement(self._desk)
        self._delivery = Delivery(self._desk)
        self._invoicing = Invoicing(self._desk)
        self._payment = Payment(self._desk)
        self._questions = Questions(self._desk)

    @workflow.run
    async def run(self, start: PurchaseOrderStart) -> OrderOutcome:  # noqa: ARG002 - read by __init__
        """Issue the order, hear the supplier out, take delivery, settle the invoices, see them paid."""
        if self._file.withdrawn:
            return await self._withdraw()
        try:
            await self._issue()
            await self._until_settled(self._acknowledgement)
            await self._until_settled(self._delivery, self._invoicing)
            await self._until_settled(*self._phases())
        except OrderWithdrawn:
            return await self._withdraw()
        return await self._end(OrderStatus.CLOSED)

    async def _issue(self) -> None:
        """Put the order into the ERP, make it findable by its number, place it with the supplier."""
        desk, file = self._desk, self._file
        if file.issued_at is not None:
            return
        await desk.show(OrderStatus.ISSUING, "the ERP to record the order")
        recorded = await desk.ask(
            ErpActivities.record_purchase_order, file.order, about=f"recording {file.order.key} in the ERP"
        )
        file.state = file.state.agreed(file.order.numbered(recorded.po_number))
        desk.note(f"{file.order.name} recorded in the ERP")
        registration = OrderRegistration(order=file.order, workflow_id=workflow.info().workflow_id)
        await workflow.execute_local_activity_method(StoreActivities.register_order, registration, **OWN_STORE)
        await desk.ask(
            SupplierActivities.send_purchase_order,
            desk.message("placed"),
            about=f"placing {file.order.name} with {file.order.supplier}",
        )
        file.issued_at = workflow.now()
        desk.note(f"{file.order.name} placed with {file.order.supplier}")

    async def _until_settled(self, *awaited: Phase) -> None:
        """Work on whatever can be worked on until these phases have nothing left to do.

        Documents come in any order, so every phase looks at every piece of news.
        """
        while True:
            self._desk.attend()
            for phase in self._phases():
                await phase.advance()
            unsettled = [phase for phase in awaited if not phase.is_settled()]
            if not unsettled and not self._desk.has_news():
                return
            if not unsettled:
                continue
            await self._desk.next_news(
                status=unsettled[0].status,
                waiting_for=unsettled[0].waiting_for(),
                until=min((due for phase in self._phases() if (due := phase.due()) is not None), default=None),
            )

    def _phases(self) -> tuple[Phase, ...]:
        return self._acknowledgement, self._delivery, self._invoicing, self._payment, self._questions

    async def _withdraw(self) -> OrderOutcome:
        """Tell everyone that the order is cancelled; what has arrived by then is still billed and paid."""
        desk, file = self._desk, self._file
        file.withdrawn = True
        cancellation = file.cancellation
        reason = cancellation.reason if cancellation else ""
        desk.note(f"Cancelled: {reason}", actor=cancellation.actor if cancellation else "supplyline")
        await self._delivery.book_arrivals()
        await self._take_back(reason)
        if file.is_untouched():
            await self._invoicing.reject_all(f"{file.order.name} was cancelled")
        if file.is_untouched():
            return await self._end(OrderStatus.CANCELLED)
        file.acknowledged = True
        file.state = file.state.agreed(file.as_received())
        await self._until_settled(self._delivery, self._invoicing)
        await self._until_settled(*self._phases())
        return await self._end(OrderStatus.CLOSED)

    async def _take_back(self, reason: str) -> None:
        """Tell those who were told of the order; the ERP always, which may have begun to record it."""
        desk, order = self._desk, self._file.order
        if self._file.issued_at is not None:
            await desk.tell(
                SupplierActivities.send_cancellation,
                desk.message("cancelled", reason),
                about=f"cancelling {order.name} with {order.supplier}",
            )
        await desk.tell(ErpActivities.cancel_purchase_order, order, about=f"cancelling {order.name} in the ERP")
        await desk.tell(
            InventoryActivities.withdraw_delivery, order, about=f"withdrawing {order.name} from the stockroom"
        )

    async def _end(self, status: OrderStatus) -> OrderOutcome:
        """Show the end. What is heard from here on comes too late."""
        self._file.ended = True
        self._file.cases.close_all(at=workflow.now())
        self._desk.note(f"{self._file.order.name} is {status}")
        while self._file.has_unshown_news():
            await self._desk.show(status, "")
        return OrderOutcome(status=status, note=self._file.cancellation.reason if self._file.cancellation else "")

    def _hear(self, event: OrderEvent) -> None:
        """Remember an event; the story reacts. A copy of a known event changes nothing."""
        if self._file.hear(event):
            kind, number = event.subject
            self._file.timeline.note(f"Heard: {kind} {number}", at=workflow.now(), event=event.key)
            self._desk.wake()

    @workflow.signal
    def acknowledgement_received(self, event: OrderEvent) -> None:
        """The supplier answered the order."""
        self._hear(event)

    @workflow.signal
    def ship_notice_received(self, event: OrderEvent) -> None:
        """The supplier shipped."""
        self._hear(event)

    @workflow.signal
    def goods_received(self, event: OrderEvent) -> None:
        """The stockroom counted what arrived."""
        self._hear(event)

    @workflow.signal
    def invoice_received(self, event: OrderEvent) -> None:
        """The supplier billed."""
        self._hear(event)

    @workflow.signal
    def credit_note_received(self, event: OrderEvent) -> None:
        """The supplier took something back."""
        self._hear(event)

    @workflow.update
    async def resolve(self, command: ResolveCase) -> CaseClosed:
        """Close an exception case by a person's decision."""
        return self._desk.close_case(command)

    @resolve.validator
    def _may_resolve(self, command: ResolveCase) -> None:
        case = self._file.cases.offered(command.case_id, command.resolution)
        refuse_self_release(case, command, requester=self._file.order.requester, approver=self._file.approver)

    @workflow.update
    async def cancel(self, command: CancelOrder) -> OrderOutcome:
        """Take back what has not arrived yet."""
        self._file.cancellation = command
        self._desk.wake()
        return OrderOutcome(status=self._file.status, note="the cancellation is under way")

    @cancel.validator
    def _may_cancel(self, command: CancelOrder) -> None:  # noqa: ARG002 - the SDK's signature
        if self._file.cancellation is not None:
            raise ApplicationError("The order is being cancelled already", type="NotPossible")
        if self._file.issued_at is not None and self._file.everything_booked():
            raise ApplicationError("Everything ordered has arrived: there is nothing to cancel", type="NotPossible")
