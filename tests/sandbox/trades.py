"""Orders as our own writers say them, and what the sandbox's suppliers make of them, for the tests of each language."""

from datetime import UTC, date, datetime
from decimal import Decimal

from adapters.documents.correspondents import Correspondent, Correspondents
from domain.ports import OrderMessage
from domain.purchase_order import PurchaseOrder
from sandbox.partners.trading import Dock, Line, Order, Shipment
from tests.builders import an_order, an_order_line

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 26)
WHO = Correspondents(
    us=Correspondent(name="Mercy General Health System", endpoint="0088:0614141000012"),
    them=Correspondent(name="A supplier", endpoint="0088:0614141000029"),
    places={},
)


def two_lines() -> PurchaseOrder:
    return an_order(
        an_order_line(number=1, item="DRP-S", ordered="7", price="36.50", supplier_item="S-DRP"),
        an_order_line(number=2, item="WND-10", ordered="4", price="12.25", supplier_item="S-WND"),
    )


def a_message(order: PurchaseOrder | None = None, step: str = "placed") -> OrderMessage:
    return OrderMessage(key=f"RQ-1-MEDL/{step}", order=order or two_lines())


def what_was_ordered(reference: str = "") -> Order:
    """Return the same order as a supplier should understand it."""
    return Order(
        po_number="PO-000001",
        facility="NORTH",
        location="NORTH",
        currency="USD",
        lines=(
            Line(1, "DRP-S", "S-DRP", Decimal(7), "BX", Decimal("36.5")),
            Line(2, "WND-10", "S-WND", Decimal(4), "BX", Decimal("12.25")),
        ),
        reference=reference,
    )


class NoDock(Dock):
    """A dock that takes everything at once, and remembers it."""

    def __init__(self) -> None:
        super().__init__("http://unused.example")
        self.came: list[str] = []

    async def deliver(self, shipment: Shipment) -> None:
        self.came.append(shipment.number)
