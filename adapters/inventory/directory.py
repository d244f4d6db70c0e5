"""Finds the platform that keeps a facility's stock."""

from collections.abc import Mapping

from domain.errors import RejectedError
from domain.identifiers import FacilityCode, ItemCode, LocationCode
from domain.ports import ExpectedDelivery, Inventory
from domain.purchase_order import PurchaseOrder
from domain.quantities import Quantity


class InventoryDirectory:
    """`domain.ports.Inventory` for every facility."""

    def __init__(self, platforms: Mapping[FacilityCode, Inventory]) -> None:
        self._platforms = platforms

    async def announce_delivery(self, delivery: ExpectedDelivery) -> None:
        """Say what is coming."""
        await self._of(delivery.order.facility).announce_delivery(delivery)

    async def withdraw_delivery(self, order: PurchaseOrder) -> None:
        """Say that nothing more is coming."""
        await self._of(order.facility).withdraw_delivery(order)

    async def on_hand(self, item: ItemCode, location: LocationCode) -> Quantity:
        """Return what is on hand; a location's facility is the platform that knows the location."""
        return await self._of(location).on_hand(item, location)

    def _of(self, facility: FacilityCode) -> Inventory:
        if facility not in self._platforms:
            raise RejectedError(f"there is no page of an inventory partner for facility {facility}")
        return self._platforms[facility]
