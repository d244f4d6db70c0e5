"""Tryton's master data: items, suppliers, places, and who sells what at which price."""

from collections.abc import Sequence

from adapters.erp.tryton.client import TrytonClient
from adapters.erp.tryton.mapping import PRODUCT_FIELDS, as_float, item, unit_code, unit_ids
from adapters.erp.tryton.wire import Json
from domain.errors import RejectedError
from domain.identifiers import ItemCode
from domain.item import CatalogueEntry, Item, Location, SupplierRecord
from domain.quantities import Quantity, UnknownConversionError
from domain.replenishment import in_whole_packs
from domain.requisition import Requisition, RequisitionLine, SourcedLine, SourcedRequisition


class Catalogue:
    """Reads only; nothing here changes Tryton."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._tryton = tryton

    async def items(self, codes: Sequence[ItemCode] = ()) -> tuple[Item, ...]:
        """Return the items of these codes, or all of them."""
        products = await self.products(codes)
        entries = await self._entries(list(products.values()))
        return tuple(item(product, [entry for _, entry in entries[product["id"]]]) for product in products.values())

    async def products(self, codes: Sequence[ItemCode] = ()) -> dict[ItemCode, dict[str, Json]]:
        """Return Tryton's products by our code."""
        domain = [["code", "in", list(codes)]] if codes else [["code", "!=", None]]
        rows = await self._tryton.find("product.product", domain, PRODUCT_FIELDS)
        return {row["code"]: row for row in rows}

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Return the parties somebody sells something as."""
        sellers = await self._tryton.find("purchase.product_supplier", [], ["party"])
        ids = sorted({row["party"] for row in sellers})
        rows = await self._tryton.read("party.party", ids, ["code", "name"])
        return tuple(SupplierRecord(code=row["code"], name=row["name"]) for row in rows if row["code"])

    async def locations(self) -> tuple[Location, ...]:
        """Return the warehouses that have a code."""
        domain = [["type", "=", "warehouse"], ["code", "!=", None]]
        rows = await self._tryton.find("stock.location", domain, ["code", "name"])
        return tuple(Location(code=row["code"], name=row["name"]) for row in rows)

    async def source(self, requisition: Requisition) -> SourcedRequisition:
        """Find a seller and a price for every line. Raises RejectedError naming every line that has none."""
        products = await self.products(sorted({line.item for line in requisition.lines}))
        entries = await self._entries(list(products.values()))
        sourced: list[tuple[SourcedLine, str]] = []
        faults: list[str] = []
        for line in requisition.lines:
            product = products.get(line.item)
            if product is None:
                faults.append(f"line {line.number}: Tryton has no item {line.item}")
                continue
            try:
                sourced.append(await self._sourced(line, product, entries[product["id"]]))
            except RejectedError as fault:
                faults.append(f"line {line.number}: {fault}")
        currencies = {currency for _, currency in sourced}
        if len(currencies) > 1:
            faults.append(f"the lines are sold in {', '.join(sorted(currencies))}: one requisition, one currency")
        if faults:
            raise RejectedError("; ".join(faults))
        return SourcedRequisition(
            requisition=requisition, currency=currencies.pop(), lines=tuple(line for line, _ in sourced)
        )

    async def _sourced(
        self, line: RequisitionLine, product: dict[str, Json], entries: list[tuple[int, CatalogueEntry]]
    ) -> tuple[SourcedLine, str]:
        offers = [(party, entry) for party, entry in entries if line.supplier in {None, entry.supplier}]
        if not offers:
            raise RejectedError(f"{line.supplier or 'nobody'} sells {line.item}")
        party, entry = offers[0]
        master = item(product)
        try:
            quantity = in_whole_packs(line.quantity, entry.unit, master.packs)
        except UnknownConversionError as error:
            raise RejectedError(f"{line.item}: {error}") from error
        sourced = SourcedLine(
            number=line.number,
            item=line.item,
            description=master.description,
            supplier=entry.supplier,
            supplier_item=entry.supplier_item,
            quantity=quantity,
            unit_price=await self._price(product, party, entry, quantity),
            packs=master.packs,
        )
        return sourced, entry.currency

    async def _price(self, product: dict[str, Json], party: int, entry: CatalogueEntry, quantity: Quantity) -> Json:
        currency = await self._tryton.find("currency.currency", [["code", "=", entry.currency]], ["id"])
        context = {
            "supplier": party,
            "uom": unit_ids(product)[entry.unit],
            "quantity": as_float(quantity),
            "currency": currency[0]["id"],
        }
        row = await self._tryton.get("product.product", product["id"], ["purchase_price_uom"], **context)
        if row["purchase_price_uom"] is None:
            raise RejectedError(f"{entry.supplier} has no price for {product['code']}")
        return row["purchase_price_uom"]

    async def _entries(self, products: list[dict[str, Json]]) -> dict[int, list[tuple[int, CatalogueEntry]]]:
        """Return, by product, who sells it in Tryton's order of preference; each with the seller's own id."""
        ids = [product["id"] for product in products]
        fields = ["product", "party", "party.code", "code", "currency.code", "prices"]
        order = [["sequence", "ASC NULLS FIRST"], ["id", "ASC"]]
        rows = await self._tryton.model(
            "purchase.product_supplier", "search_read", [["product", "in", ids]], 0, None, order, fields
        )
        prices = await self._tryton.read(
            "purchase.product_supplier.price", [row["prices"][0] for row in rows if row["prices"]], ["unit_price"]
        )
        by_id = {price["id"]: price["unit_price"] for price in prices}
        units = {product["id"]: unit_code(product["template."]["purchase_uom."]["symbol"]) for product in products}
        found: dict[int, list[tuple[int, CatalogueEntry]]] = {identifier: [] for identifier in ids}
        for row in rows:
            if not row["prices"] or not row["party."]["code"]:
                continue
            entry = CatalogueEntry(
                supplier=row["party."]["code"],
                supplier_item=row["code"],
                unit=units[row["product"]],
                unit_price=by_id[row["prices"][0]],
                currency=row["currency."]["code"],
            )
            found[row["product"]].append((row["party"], entry))
        return found
