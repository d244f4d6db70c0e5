"""Purchase orders in Tryton: created once, pressed through its buttons, amended, given up.

Tryton has no unique key of ours, so the order's key goes into `reference` and is looked for before anything is done:
one workflow writes for one key, and every step reads the state back (docs/erp-tryton.md).
"""

from adapters.erp.tryton.catalogue import Catalogue
from adapters.erp.tryton.client import TrytonClient, TrytonRefusedError
from adapters.erp.tryton.mapping import as_float, decimal_of, unit_ids
from adapters.erp.tryton.wire import Json
from domain.errors import RejectedError, UnavailableError
from domain.ports import ErpOrder
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity

FIELDS = ("number", "reference", "state", "revision", "party", "lines", "moves", "invoices", "warehouse", "currency")
NEXT_BUTTON = {"draft": "quote", "quotation": "confirm", "confirmed": "process"}
"""The button that takes an order further from each state; a crash may leave it in any of them."""
RELEASED = frozenset({"processing", "done"})


class Orders:
    """Writes purchase orders, and finds them for receipts and invoices."""

    def __init__(self, tryton: TrytonClient, catalogue: Catalogue) -> None:
        self._tryton = tryton
        self._catalogue = catalogue

    async def record(self, order: PurchaseOrder) -> ErpOrder:
        """Create and release the order, or carry on from wherever an earlier attempt stopped."""
        found = await self.find(order)
        identifier = found["id"] if found else await self._create(order)
        return _erp_order(await self._release(identifier))

    async def find(self, order: PurchaseOrder) -> dict[str, Json] | None:
        """Return the recorded order; of two with one key the older stands and the others are withdrawn."""
        domain = [["reference", "=", order.key], ["state", "!=", "cancelled"]]
        rows = await self._tryton.find("purchase.purchase", domain, FIELDS)
        for spare in rows[1:]:
            await self._tryton.press("purchase.purchase", "cancel", spare["id"])
        return rows[0] if rows else None

    async def recorded(self, order: PurchaseOrder) -> dict[str, Json]:
        """Return the recorded order. Raises RejectedError where Tryton has none."""
        found = await self.find(order)
        if found is None:
            raise RejectedError(f"Tryton has no purchase order with reference {order.key}")
        return found

    async def lines(self, purchase: dict[str, Json]) -> dict[int, dict[str, Json]]:
        """Return Tryton's lines by our line number."""
        fields = ("sequence", "product", "quantity", "unit", "unit_price", "product_supplier", "moves", "invoice_lines")
        rows = await self._tryton.read("purchase.line", purchase["lines"], fields)
        return {row["sequence"]: row for row in rows}

    async def amend(self, order: PurchaseOrder) -> ErpOrder:
        """Make quantities and prices those of `order`, by Tryton's amendment; nothing happens where they are."""
        purchase = await self.recorded(order)
        recorded = await self.lines(purchase)
        changes = [
            self._change(purchase, recorded[line.number], line)
            for line in order.lines
            if line.number in recorded and _differs(recorded[line.number], line)
        ]
        if changes:
            values = {"purchase": purchase["id"], "description": order.key, "lines": [["create", changes]]}
            amendment = await self._tryton.create("purchase.amendment", values)
            await self._tryton.press("purchase.amendment", "validate_amendment", amendment)
        return _erp_order(await self._release(purchase["id"]))

    async def cancel(self, order: PurchaseOrder) -> ErpOrder:
        """Cancel what has not been received; an order Tryton never had stays unknown to it."""
        purchase = await self.find(order)
        if purchase is None:
            return ErpOrder(po_number=order.name, record_id="", state="cancelled")
        if purchase["state"] not in RELEASED:
            await self._tryton.press("purchase.purchase", "cancel", purchase["id"])
            return _erp_order(await self._tryton.get("purchase.purchase", purchase["id"], FIELDS))
        return await self.close_short(order)

    async def close_short(self, order: PurchaseOrder) -> ErpOrder:
        """Lower every line to what has been received."""
        purchase = await self.recorded(order)
        recorded = await self.lines(purchase)
        lines = [line for line in order.lines if line.number in recorded]
        received = [await self._received(recorded[line.number], line) for line in lines]
        short = order.model_copy(update={"lines": tuple(received)})
        return await self.amend(short)

    async def _create(self, order: PurchaseOrder) -> int:
        supplier = await self._supplier(order)
        warehouse = await self._tryton.find("stock.location", [["code", "=", order.deliver_to]], ["id"])
        if not warehouse:
            raise RejectedError(f"Tryton has no location with code {order.deliver_to}")
        currency = await self._tryton.find("currency.currency", [["code", "=", order.currency]], ["id"])
        if not currency:
            raise RejectedError(f"Tryton has no currency {order.currency}")
        values = {
            "party": supplier["id"],
            "invoice_address": supplier["addresses"][0] if supplier["addresses"] else None,
            "payment_term": supplier["supplier_payment_term"],
            "currency": currency[0]["id"],
            "reference": order.key,
            "invoice_method": "order",
            "warehouse": warehouse[0]["id"],
            "lines": [["create", await self._new_lines(order, supplier["id"])]],
        }
        return await self._tryton.create("purchase.purchase", values)

    async def _supplier(self, order: PurchaseOrder) -> dict[str, Json]:
        fields = ["addresses", "supplier_payment_term"]
        rows = await self._tryton.find("party.party", [["code", "=", order.supplier]], fields)
        if not rows:
            raise RejectedError(f"Tryton has no supplier with code {order.supplier}")
        return rows[0]

    async def _new_lines(self, order: PurchaseOrder, party: int) -> list[dict[str, Json]]:
        products = await self._catalogue.products([line.item for line in order.lines])
        unknown = [line.item for line in order.lines if line.item not in products]
        if unknown:
            raise RejectedError(f"Tryton has no item {', '.join(unknown)}")
        ids = [product["id"] for product in products.values()]
        domain = [["product", "in", ids], ["party", "=", party]]
        sellers = await self._tryton.find("purchase.product_supplier", domain, ["product"])
        by_product = {row["product"]: row["id"] for row in sellers}
        return [_new_line(line, products[line.item], by_product) for line in order.lines]

    def _change(self, purchase: dict[str, Json], recorded: dict[str, Json], line: OrderLine) -> dict[str, Json]:
        """Return an amendment of one line; party and supplier item must be given or Tryton clears them."""
        return {
            "action": "line",
            "line": recorded["id"],
            "party": purchase["party"],
            "product": recorded["product"],
            "product_supplier": recorded["product_supplier"],
            "quantity": as_float(line.quantity),
            "unit": recorded["unit"],
            "unit_price": line.unit_price,
        }

    async def _received(self, recorded: dict[str, Json], line: OrderLine) -> OrderLine:
        moves = await self._tryton.read("stock.move", recorded["moves"], ["state", "quantity", "unit"])
        done = sum(move["quantity"] for move in moves if move["state"] == "done")
        quantity = Quantity(value=decimal_of(done), unit=line.quantity.unit)
        return line.model_copy(update={"quantity": quantity})

    async def _release(self, identifier: int) -> dict[str, Json]:
        """Press what is left to press, reading the state after every button."""
        for _ in range(len(NEXT_BUTTON) + 1):
            purchase = await self._tryton.get("purchase.purchase", identifier, FIELDS)
            if purchase["state"] not in NEXT_BUTTON:
                return purchase
            await self._press(purchase, NEXT_BUTTON[purchase["state"]])
        raise UnavailableError(f"Tryton has not yet processed purchase order {purchase['number'] or identifier}")

    async def _press(self, purchase: dict[str, Json], button: str) -> None:
        try:
            await self._tryton.press("purchase.purchase", button, purchase["id"])
        except TrytonRefusedError:
            now = await self._tryton.get("purchase.purchase", purchase["id"], ["state"])
            if now["state"] == purchase["state"]:
                raise


def _new_line(line: OrderLine, product: dict[str, Json], sellers: dict[int, int]) -> dict[str, Json]:
    units = unit_ids(product)
    if line.quantity.unit not in units:
        raise RejectedError(f"line {line.number}: Tryton does not order {line.item} in {line.quantity.unit}")
    return {
        "type": "line",
        "sequence": line.number,
        "product": product["id"],
        "quantity": as_float(line.quantity),
        "unit": units[line.quantity.unit],
        "unit_price": line.unit_price,
        "product_supplier": sellers.get(product["id"]),
    }


def _differs(recorded: dict[str, Json], line: OrderLine) -> bool:
    return (decimal_of(recorded["quantity"]), recorded["unit_price"]) != (line.quantity.value, line.unit_price)


def _erp_order(purchase: dict[str, Json]) -> ErpOrder:
    if not purchase["number"]:
        raise UnavailableError(f"Tryton has not yet numbered purchase order {purchase['id']}")
    return ErpOrder(
        po_number=purchase["number"],
        record_id=str(purchase["id"]),
        state=purchase["state"],
        revision=purchase["revision"] or 0,
    )
