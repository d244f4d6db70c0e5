"""Tryton's words and ours.

Tryton's units have one factor each, ours belong to the item: a Tryton unit whose symbol is `BX/10` is our `BX`, ten
base units of the items that use it. A symbol without a slash is its own code.
"""

from collections.abc import Iterable
from decimal import Decimal

from adapters.erp.tryton.wire import Json
from domain.errors import RejectedError
from domain.item import CatalogueEntry, Item
from domain.ports import ErpInvoiceState
from domain.quantities import Quantity, UnitCode

INVOICE_STATES = {
    "draft": ErpInvoiceState.DRAFT,
    "validated": ErpInvoiceState.VALIDATED,
    "posted": ErpInvoiceState.POSTED,
    "paid": ErpInvoiceState.PAID,
    "cancelled": ErpInvoiceState.CANCELLED,
}

PRODUCT_FIELDS = (
    "code",
    "template.name",
    "template.default_uom.symbol",
    "template.default_uom.factor",
    "template.purchase_uom.symbol",
    "template.purchase_uom.factor",
    "template.default_uom",
    "template.purchase_uom",
    "lot_required",
)


def unit_code(symbol: str) -> UnitCode:
    """Return our code of a Tryton unit's symbol."""
    return symbol.partition("/")[0].upper()


def decimal_of(number: float) -> Decimal:
    """Read one of Tryton's floats (quantities, factors) as the decimal it stands for."""
    return Decimal(str(number)).quantize(Decimal("0.000001")).normalize() + 0


def invoice_state(state: str) -> ErpInvoiceState:
    """Return our word for an invoice's state. Raises RejectedError for one we do not know."""
    if state not in INVOICE_STATES:
        raise RejectedError(f"Tryton invoice state {state} is unknown")
    return INVOICE_STATES[state]


def item(product: dict[str, Json], catalogue: Iterable[CatalogueEntry] = ()) -> Item:
    """Return a product with its units."""
    template = product["template."]
    stock, purchase = template["default_uom."], template["purchase_uom."]
    return Item(
        code=product["code"],
        description=template["name"],
        stock_unit=unit_code(stock["symbol"]),
        purchase_unit=unit_code(purchase["symbol"]),
        packs={
            unit_code(stock["symbol"]): decimal_of(stock["factor"]),
            unit_code(purchase["symbol"]): decimal_of(purchase["factor"]),
        },
        lot_required=bool(product["lot_required"]),
        catalogue=tuple(catalogue),
    )


def unit_ids(product: dict[str, Json]) -> dict[UnitCode, int]:
    """Return the Tryton units this product may be ordered in, by our code."""
    template = product["template."]
    return {
        unit_code(template["default_uom."]["symbol"]): template["default_uom"],
        unit_code(template["purchase_uom."]["symbol"]): template["purchase_uom"],
    }


def as_float(quantity: Quantity) -> float:
    """Write a quantity the way Tryton keeps quantities."""
    return float(quantity.value)
