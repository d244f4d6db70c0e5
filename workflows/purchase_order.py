"""The life of one purchase order, and the single mailbox for everything about it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.document import Document
    from domain.order_state import OrderEvent, OrderState
    from domain.policy import Policy
    from domain.purchase_order import PurchaseOrder
    from workflows.messages import CancelOrder, OrderOutcome, ResolveCase


class PurchaseOrderStart(Document):
    """What an order's lifecycle begins with, and what it carries over when it continues as new."""

    order: PurchaseOrder
    policy: Policy


@workflow.defn
class PurchaseOrderWorkflow:
    """PLACEHOLDER, replaced in the next commit; the signatures stand."""

    @workflow.init
    def __init__(self, start: PurchaseOrderStart) -> None:
        self._state = OrderState(order=start.order)

    @workflow.run
    async def run(self, start: PurchaseOrderStart) -> OrderOutcome:
        raise NotImplementedError

    @workflow.signal
    def acknowledgement_received(self, event: OrderEvent) -> None: ...
    @workflow.signal
    def ship_notice_received(self, event: OrderEvent) -> None: ...
    @workflow.signal
    def goods_received(self, event: OrderEvent) -> None: ...
    @workflow.signal
    def invoice_received(self, event: OrderEvent) -> None: ...
    @workflow.signal
    def credit_note_received(self, event: OrderEvent) -> None: ...
    @workflow.update
    async def resolve(self, command: ResolveCase) -> None: ...
    @workflow.update
    async def cancel(self, command: CancelOrder) -> None: ...
