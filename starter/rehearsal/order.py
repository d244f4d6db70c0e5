"""The order of a rehearsal: two lines of the partner's kind of goods, in the units its samples speak of."""

from decimal import Decimal

from adapters.partners import PartnerProfile
from domain.identifiers import OrderKey
from domain.item import CatalogueEntry, Item
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity

DEFAULT_UNITS = ("CA", "BX")
CURRENCY = "USD"
FACILITY = "MAIN"
PER_PACK = Decimal(10)
_GTINS = ("00614141000012", "00614141000029")
_QUANTITIES = (Decimal(20), Decimal(8))
_PRICES = (Decimal("12.50"), Decimal("31.20"))


def order_of(profile: PartnerProfile, key: OrderKey, units: tuple[str, ...] = ()) -> PurchaseOrder:
    """Return the order to be placed with this partner."""
    chosen = (*units, *DEFAULT_UNITS[len(units) :])
    facility = next(iter(profile.places), FACILITY)
    return PurchaseOrder(
        key=key,
        requisition=key,
        facility=facility,
        deliver_to=facility,
        supplier=profile.supplier or profile.code,
        requester="nurse",
        currency=CURRENCY,
        lines=tuple(_line(place, unit) for place, unit in enumerate(chosen[: len(_PRICES)])),
    )


def items_of(order: PurchaseOrder) -> list[Item]:
    """Return the master data of what an order orders."""
    return [
        Item(
            code=line.item,
            description=line.description,
            gtin=line.gtin,
            stock_unit="EA",
            purchase_unit=line.quantity.unit,
            packs=line.packs,
            catalogue=(
                CatalogueEntry(
                    supplier=order.supplier,
                    supplier_item=line.supplier_item,
                    unit=line.quantity.unit,
                    unit_price=line.unit_price,
                    currency=order.currency,
                ),
            ),
        )
        for line in order.lines
    ]


def _line(place: int, unit: str) -> OrderLine:
    number = place + 1
    return OrderLine(
        number=number,
        item=f"ITEM-{number}",
        description=f"Rehearsal item {number}",
        supplier_item=f"SUP-{number:04d}",
        gtin=_GTINS[place],
        quantity=Quantity(value=_QUANTITIES[place], unit=unit),
        unit_price=_PRICES[place],
        packs={"EA": Decimal(1), unit: Decimal(1) if unit == "EA" else PER_PACK},
    )
