"""What the lifecycle leaves in our own store; run as local activities, because the store is ours and near."""

from temporalio import activity

from domain.document import Document
from domain.ports import Store
from domain.purchase_order import PurchaseOrder
from domain.snapshot import OrderSnapshot, RequisitionSnapshot


class OrderRegistration(Document):
    """An order with its PO number, and the lifecycle that owns it."""

    order: PurchaseOrder
    workflow_id: str


class StoreActivities:
    """Registration and projections; a repeated one changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @activity.defn
    async def register_order(self, registration: OrderRegistration) -> None:
        """Make the order findable by what partners call it."""
        await self._store.register_order(registration.order, registration.workflow_id)

    @activity.defn
    async def publish_order(self, snapshot: OrderSnapshot) -> None:
        """Show where the order is."""
        await self._store.publish_order(snapshot)

    @activity.defn
    async def publish_requisition(self, snapshot: RequisitionSnapshot) -> None:
        """Show where the requisition is."""
        await self._store.publish_requisition(snapshot)
