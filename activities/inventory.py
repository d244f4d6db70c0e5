"""What the stockroom is told."""

from temporalio import activity

from domain.ports import ExpectedDelivery, Inventory
from domain.purchase_order import PurchaseOrder


class InventoryActivities:
    """One method per message; the inventory platform tells a repeated message by the order's key."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    @activity.defn
    async def announce_delivery(self, delivery: ExpectedDelivery) -> None:
        """Say what is coming."""
        await self._inventory.announce_delivery(delivery)

    @activity.defn
    async def withdraw_delivery(self, order: PurchaseOrder) -> None:
        """Say that nothing more is coming."""
        await self._inventory.withdraw_delivery(order)
