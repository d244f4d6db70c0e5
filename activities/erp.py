"""What the ERP is asked to do."""

from temporalio import activity

from domain.delivery import GoodsReceipt
from domain.document import Document
from domain.invoice import SupplierInvoice
from domain.ports import Erp, ErpInvoice, ErpOrder, ErpReceipt
from domain.purchase_order import PurchaseOrder
from domain.requisition import Requisition, SourcedRequisition


class ReceiptToRecord(Document):
    """A goods receipt and the order it belongs to."""

    order: PurchaseOrder
    goods_receipt: GoodsReceipt


class InvoiceToPost(Document):
    """A supplier invoice and the order it bills."""

    order: PurchaseOrder
    invoice: SupplierInvoice


class InvoiceStanding(Document):
    """A supplier invoice as the ERP holds it now, where it holds it at all."""

    invoice: ErpInvoice | None


class ErpActivities:
    """One method per business step; the ERP tells a repeated step by the document's own key."""

    def __init__(self, erp: Erp) -> None:
        self._erp = erp

    @activity.defn
    async def source(self, requisition: Requisition) -> SourcedRequisition:
        """Ask who sells each line at what price."""
        return await self._erp.source(requisition)

    @activity.defn
    async def record_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Create and confirm the order."""
        return await self._erp.record_purchase_order(order)

    @activity.defn
    async def amend_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Make the recorded order what was agreed."""
        return await self._erp.amend_purchase_order(order)

    @activity.defn
    async def cancel_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Cancel what has not been received."""
        return await self._erp.cancel_purchase_order(order)

    @activity.defn
    async def close_short(self, order: PurchaseOrder) -> ErpOrder:
        """Give up what has not arrived."""
        return await self._erp.close_short(order)

    @activity.defn
    async def record_goods_receipt(self, step: ReceiptToRecord) -> ErpReceipt:
        """Book what arrived."""
        return await self._erp.record_goods_receipt(step.order, step.goods_receipt)

    @activity.defn
    async def post_supplier_invoice(self, step: InvoiceToPost) -> ErpInvoice:
        """Enter, validate and post the invoice."""
        return await self._erp.post_supplier_invoice(step.order, step.invoice)

    @activity.defn
    async def read_supplier_invoice(self, step: InvoiceToPost) -> InvoiceStanding:
        """Read the invoice back, to learn whether it has been paid."""
        return InvoiceStanding(invoice=await self._erp.supplier_invoice(step.order, step.invoice))
