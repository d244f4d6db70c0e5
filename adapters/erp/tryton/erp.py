"""Tryton as our ERP port."""

from collections.abc import Sequence

from adapters.erp.tryton.catalogue import Catalogue
from adapters.erp.tryton.client import TrytonClient
from adapters.erp.tryton.invoices import Invoices
from adapters.erp.tryton.orders import Orders
from adapters.erp.tryton.receipts import Receipts
from domain.delivery import GoodsReceipt
from domain.identifiers import ItemCode
from domain.invoice import SupplierInvoice
from domain.item import Item, Location, SupplierRecord
from domain.ports import ErpInvoice, ErpOrder, ErpReceipt
from domain.purchase_order import PurchaseOrder
from domain.requisition import Requisition, SourcedRequisition


class TrytonErp:
    """`domain.ports.Erp` over one Tryton session."""

    def __init__(self, tryton: TrytonClient) -> None:
        self._catalogue = Catalogue(tryton)
        self._orders = Orders(tryton, self._catalogue)
        self._receipts = Receipts(tryton, self._orders)
        self._invoices = Invoices(tryton, self._orders)

    async def items(self, codes: Sequence[ItemCode] = ()) -> tuple[Item, ...]:
        """Return the items of these codes, or all of them."""
        return await self._catalogue.items(codes)

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Return the suppliers we may order from."""
        return await self._catalogue.suppliers()

    async def locations(self) -> tuple[Location, ...]:
        """Return the places goods can be delivered to."""
        return await self._catalogue.locations()

    async def source(self, requisition: Requisition) -> SourcedRequisition:
        """Say who sells each line at what price."""
        return await self._catalogue.source(requisition)

    async def record_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Create and confirm the order."""
        return await self._orders.record(order)

    async def amend_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Make the recorded order what was agreed."""
        return await self._orders.amend(order)

    async def cancel_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Cancel what has not been received."""
        return await self._orders.cancel(order)

    async def close_short(self, order: PurchaseOrder) -> ErpOrder:
        """Give up what has not arrived."""
        return await self._orders.close_short(order)

    async def record_goods_receipt(self, order: PurchaseOrder, receipt: GoodsReceipt) -> ErpReceipt:
        """Book what was accepted."""
        return await self._receipts.record(order, receipt)

    async def record_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Enter and validate the invoice."""
        return await self._invoices.record(order, invoice)

    async def post_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Post the invoice."""
        return await self._invoices.post(order, invoice)

    async def supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice | None:
        """Read the invoice back."""
        return await self._invoices.read(order, invoice)
