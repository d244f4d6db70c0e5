"""An inventory platform's twin."""

from domain.errors import RejectedError
from domain.identifiers import ItemCode, LocationCode, OrderKey
from domain.ports import ExpectedDelivery
from domain.purchase_order import PurchaseOrder
from domain.quantities import Quantity


class InMemoryInventory:
    """Keeps what is expected, by order and ship notice. `told` lists every message."""

    def __init__(self, stock: dict[tuple[LocationCode, ItemCode], Quantity] | None = None) -> None:
        self.told: list[tuple[str, OrderKey]] = []
        self.expected: dict[tuple[OrderKey, str], ExpectedDelivery] = {}
        self._stock = stock or {}

    async def announce_delivery(self, delivery: ExpectedDelivery) -> None:
        """Expect it."""
        self.told.append(("announced", delivery.order.key))
        notice = delivery.ship_notice.number if delivery.ship_notice else "order"
        self.expected[delivery.order.key, notice] = delivery

    async def withdraw_delivery(self, order: PurchaseOrder) -> None:
        """Expect nothing more of it."""
        self.told.append(("withdrawn", order.key))
        self.expected = {key: delivery for key, delivery in self.expected.items() if key[0] != order.key}

    async def on_hand(self, item: ItemCode, location: LocationCode) -> Quantity:
        """Return what is on hand."""
        if (location, item) not in self._stock:
            raise RejectedError(f"no stock of {item} is kept at {location}")
        return self._stock[location, item]
