"""A hospital small enough for a test: real Temporal, a worker over the twins, and a clock that can be moved."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from adapters.erp.in_memory import InMemoryErp
from adapters.inventory.in_memory import InMemoryInventory
from adapters.store.in_memory import InMemoryStore
from adapters.supplier.in_memory import InMemorySupplier
from domain.exception_case import ExceptionCase, Resolution
from domain.order_state import OrderEvent
from domain.policy import CaseKind, Policy
from domain.requisition import Requisition
from domain.snapshot import OrderSnapshot, OrderStatus, RequisitionSnapshot, RequisitionStatus
from tests.builders import an_item
from tests.workflows.documents import ORDER_KEY, a_requisition
from workflows.messages import CancelOrder, OrderOutcome, RequisitionOutcome, RequisitionStart, ResolveCase
from workflows.names import purchase_order_workflow_id, requisition_workflow_id
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition import RequisitionWorkflow

SIGNALS = {
    "order acknowledgement": PurchaseOrderWorkflow.acknowledgement_received,
    "ship notice": PurchaseOrderWorkflow.ship_notice_received,
    "goods receipt": PurchaseOrderWorkflow.goods_received,
    "supplier invoice": PurchaseOrderWorkflow.invoice_received,
    "credit note": PurchaseOrderWorkflow.credit_note_received,
}


class WatchedStore(InMemoryStore):
    """The store's twin, which tells when something was published."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = asyncio.Condition()

    async def publish_order(self, snapshot: OrderSnapshot) -> None:
        await super().publish_order(snapshot)
        async with self.changed:
            self.changed.notify_all()

    async def publish_requisition(self, snapshot: RequisitionSnapshot) -> None:
        await super().publish_requisition(snapshot)
        async with self.changed:
            self.changed.notify_all()

    async def shows(self, condition: Callable[[], bool]) -> None:
        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(condition), timeout=20)


class World:
    """Everything a lifecycle talks to, and the hands of everybody who talks to it."""

    def __init__(self, temporal: WorkflowEnvironment, *, facility: str) -> None:
        self.temporal = temporal
        self.facility = facility
        self.task_queue = f"test-{facility}"
        self.erp = InMemoryErp([an_item(), an_item("SUT-30", supplier="CARD", price="36.50")])
        self.supplier = InMemorySupplier()
        self.inventory = InMemoryInventory()
        self.store = WatchedStore()

    async def submit(
        self, requisition: Requisition | None = None, *, policy: Policy | None = None
    ) -> WorkflowHandle[RequisitionWorkflow, RequisitionOutcome]:
        requisition = (requisition or a_requisition()).model_copy(update={"facility": self.facility})
        with self.temporal.with_time_skipping_disabled():
            return await self.temporal.client.start_workflow(
                RequisitionWorkflow.run,
                RequisitionStart(requisition=requisition, policy=policy or Policy()),
                id=requisition_workflow_id(self.facility, requisition.number),
                task_queue=self.task_queue,
            )

    async def placed(
        self, requisition: Requisition | None = None, *, policy: Policy | None = None
    ) -> WorkflowHandle[PurchaseOrderWorkflow, OrderOutcome]:
        """Submit a requisition and wait until its order is with the supplier."""
        await self.submit(requisition, policy=policy)
        await self.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
        return self.order_handle()

    def workflow_ids(self) -> list[str]:
        """Every lifecycle this world has begun."""
        requisitions = [requisition_workflow_id(self.facility, number) for number in self.store.requisitions]
        return requisitions + [purchase_order_workflow_id(self.facility, key) for key in self.store.orders]

    def order_handle(self, key: str = ORDER_KEY) -> WorkflowHandle[PurchaseOrderWorkflow, OrderOutcome]:
        return self.temporal.client.get_workflow_handle_for(
            PurchaseOrderWorkflow.run, purchase_order_workflow_id(self.facility, key)
        )

    async def hears(self, *events: OrderEvent, key: str = ORDER_KEY) -> None:
        for event in events:
            await self.order_handle(key).signal(SIGNALS[event.document.kind], event)

    async def order_is(self, status: OrderStatus, key: str = ORDER_KEY) -> OrderSnapshot:
        await self.store.shows(lambda: key in self.store.orders and self.store.orders[key].status is status)
        return self.store.orders[key]

    async def requisition_is(self, status: RequisitionStatus, number: str = "RQ-1") -> RequisitionSnapshot:
        shown = self.store.requisitions
        await self.store.shows(lambda: number in shown and shown[number].status is status)
        return shown[number]

    async def cancels(self, key: str = ORDER_KEY) -> None:
        command = CancelOrder(actor="buyer", reason="not needed")
        await self.order_handle(key).execute_update(PurchaseOrderWorkflow.cancel, command)

    async def case(self, kind: CaseKind) -> ExceptionCase:
        """Wait for the open case of a kind."""
        await self.store.shows(lambda: any(case.kind is kind for case in self.store.open_cases()))
        return next(case for case in self.store.open_cases() if case.kind is kind)

    async def no_case(self) -> None:
        await self.store.shows(lambda: not self.store.open_cases())

    async def decides(
        self, case: ExceptionCase, resolution: Resolution, *, actor: str = "ap-clerk", key: str = ORDER_KEY
    ) -> None:
        command = ResolveCase(case_id=case.id, resolution=resolution, actor=actor, reason="decided in a test")
        await self.order_handle(key).execute_update(PurchaseOrderWorkflow.resolve, command)

    async def passes(self, time: timedelta, key: str = ORDER_KEY) -> None:
        """Let time pass for one order."""
        await self.temporal.fast_forward(self.order_handle(key), time)

    async def is_paid(self, number: str = "INV-1") -> None:
        """Pay an invoice, and let the day pass after which the order looks."""
        await self.order_is(OrderStatus.AWAITING_PAYMENT)
        self.erp.pay(number)
        await self.passes(timedelta(days=1, minutes=1))

    def posted(self) -> list[str]:
        """The supplier's numbers of the invoices the ERP has posted."""
        return [invoice.supplier_number for invoice in self.erp.invoices.values()]

    def texts(self, key: str = ORDER_KEY) -> list[str]:
        return [entry.text for _, entry in sorted(self.store.timelines[key].items())]
