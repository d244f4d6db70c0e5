"""Goods receipts in Tryton: a supplier shipment per receipt, found by the receipt's number, with lots and expiry."""

from datetime import date

from adapters.erp.tryton.client import TrytonClient
from adapters.erp.tryton.mapping import decimal_of
from adapters.erp.tryton.orders import Orders
from adapters.erp.tryton.wire import Json
from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine
from domain.errors import RejectedError
from domain.ports import ErpReceipt
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import UnknownConversionError

NEXT_BUTTON = {"draft": "receive", "received": "do"}
MORE_THAN_ORDERED = ".check_move_quantity"
"""The warning Tryton gives; by then our policy, or a person, has decided."""
EXPIRED = ".check_lot_expired"


class Receipts:
    """Books what was accepted. What was rejected never enters stock, so Tryton does not hear of it."""

    def __init__(self, tryton: TrytonClient, orders: Orders) -> None:
        self._tryton = tryton
        self._orders = orders

    async def record(self, order: PurchaseOrder, receipt: GoodsReceipt) -> ErpReceipt:
        """Book the receipt, or carry on from wherever an earlier attempt stopped."""
        shipment = await self._find(order, receipt) or await self._create(order, receipt)
        if shipment["state"] == "draft":
            await self._give_lots(order, shipment, receipt)
        while shipment["state"] in NEXT_BUTTON:
            before = shipment["state"]
            await self._tryton.press(
                "stock.shipment.in", NEXT_BUTTON[before], shipment["id"], accept=(MORE_THAN_ORDERED, EXPIRED)
            )
            shipment = await self._read(shipment["id"])
            if shipment["state"] == before:
                raise RejectedError(f"Tryton leaves shipment {shipment['number']} in state {before}")
        return ErpReceipt(record_id=str(shipment["id"]), number=shipment["number"], state=shipment["state"])

    async def _find(self, order: PurchaseOrder, receipt: GoodsReceipt) -> dict[str, Json] | None:
        domain = [["reference", "=", _reference(order, receipt)], ["state", "!=", "cancelled"]]
        rows = await self._tryton.find("stock.shipment.in", domain, ["number", "state", "incoming_moves"])
        return rows[0] if rows else None

    async def _read(self, identifier: int) -> dict[str, Json]:
        return await self._tryton.get("stock.shipment.in", identifier, ["number", "state", "incoming_moves"])

    async def _create(self, order: PurchaseOrder, receipt: GoodsReceipt) -> dict[str, Json]:
        purchase = await self._orders.recorded(order)
        lines = await self._orders.lines(purchase)
        warehouse = await self._tryton.get(
            "stock.location", purchase["warehouse"], ["input_location", "storage_location"]
        )
        moves = [
            await self._move(order, line, lines[line.number])
            for line in receipt.lines
            if line.accepted.value > 0 and line.number in lines
        ]
        if not moves:
            raise RejectedError(f"goods receipt {receipt.number} has nothing to book on {order.name}")
        identifier = await self._tryton.create(
            "stock.shipment.in",
            {
                "supplier": purchase["party"],
                "warehouse": purchase["warehouse"],
                "warehouse_input": warehouse["input_location"],
                "warehouse_storage": warehouse["storage_location"],
                "reference": _reference(order, receipt),
                "planned_date": receipt.received_at.date(),
                "incoming_moves": [["add", moves]],
            },
        )
        return await self._read(identifier)

    async def _move(self, order: PurchaseOrder, received: ReceivedLine, line: dict[str, Json]) -> int:
        """Return the order line's open move, set to what was accepted; a new one where all had arrived before."""
        ordered = order.line(received.number)
        quantity = _in_order_unit(ordered, received) if ordered else 0.0
        moves = await self._tryton.read("stock.move", line["moves"], ["state", "shipment"])
        unclaimed = [move["id"] for move in moves if move["state"] == "draft" and not move["shipment"]]
        if not unclaimed:
            return await self._extra_move(line, quantity)
        await self._tryton.write("stock.move", [unclaimed[0]], {"quantity": quantity})
        return int(unclaimed[0])

    async def _extra_move(self, line: dict[str, Json], quantity: float) -> int:
        if not line["moves"]:
            raise RejectedError(f"Tryton expects nothing on purchase line {line['id']}")
        fields = ("product", "unit", "from_location", "to_location", "unit_price", "currency", "company")
        known = await self._tryton.get("stock.move", line["moves"][0], fields)
        values = {field: known[field] for field in fields}
        return await self._tryton.create(
            "stock.move", {**values, "quantity": quantity, "origin": f"purchase.line,{line['id']}"}
        )

    async def _give_lots(self, order: PurchaseOrder, shipment: dict[str, Json], receipt: GoodsReceipt) -> None:
        """Give each move the lots of its own order line: one item may stand on two lines."""
        recorded = await self._orders.lines(await self._orders.recorded(order))
        numbers = {f"purchase.line,{row['id']}": number for number, row in recorded.items()}
        lots = {line.number: line for line in receipt.lines if line.lots}
        moves = await self._tryton.read(
            "stock.move", shipment["incoming_moves"], ("product", "origin", "lot", "quantity")
        )
        for move in moves:
            line = lots.get(numbers.get(move["origin"], 0))
            if line is not None and move["lot"] is None:
                await self._split_into_lots(move, line)

    async def _split_into_lots(self, move: dict[str, Json], line: ReceivedLine) -> None:
        """Let Tryton's own wizard split the move; the lots share its quantity as the receipt's lots do."""
        share = decimal_of(move["quantity"]) / line.accepted.value
        form = {
            "product": move["product"],
            "duplicate_lot": None,
            "lots": [_lot(move["product"], lot, share=float(share)) for lot in line.lots],
        }
        await self._tryton.wizard_with_form(
            "stock.move.add.lots", "start", "add", form, active_model="stock.move", active_id=move["id"]
        )


def _reference(order: PurchaseOrder, receipt: GoodsReceipt) -> str:
    """Receipt numbers are the inventory platform's: the order's key keeps two platforms' apart."""
    return f"{order.key} {receipt.number}"


def _in_order_unit(ordered: OrderLine, received: ReceivedLine) -> float:
    try:
        return float(received.accepted.in_unit(ordered.quantity.unit, ordered.packs).value)
    except UnknownConversionError as error:
        raise RejectedError(f"line {received.number}: {error}") from error


def _lot(product: int, lot: LotQuantity, *, share: float) -> dict[str, Json]:
    expires: date | None = lot.expires_on
    return {
        "number": lot.lot,
        "product": product,
        "quantity": float(lot.quantity.value) * share,
        "expiration_date": expires,
        "shelf_life_expiration_date": expires,
    }
