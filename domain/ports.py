"""What we need of the world, as protocols. Every method may be called twice with the same arguments, to one effect.

All raise RejectedError where asking again cannot help and UnavailableError where it may.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from domain.delivery import GoodsReceipt, ShipNotice
from domain.document import Document
from domain.identifiers import ItemCode, LocationCode, PoNumber
from domain.invoice import CreditNote, SupplierInvoice
from domain.item import Item, Location, SupplierRecord
from domain.match import PriorInvoice
from domain.purchase_order import PurchaseOrder
from domain.quantities import Money, Quantity
from domain.requisition import Requisition, SourcedRequisition
from domain.snapshot import OrderSnapshot, RequisitionSnapshot


class ErpOrder(Document):
    """A purchase order as the ERP holds it."""

    po_number: PoNumber
    record_id: str
    state: str
    """The ERP's own word."""
    revision: int = 0


class ErpInvoiceState(StrEnum):
    """Where a supplier invoice is in the ERP."""

    DRAFT = "draft"
    VALIDATED = "validated"
    POSTED = "posted"
    PAID = "paid"
    CANCELLED = "cancelled"


class ErpInvoice(Document):
    """A supplier invoice as the ERP holds it. `number` is the ERP's, once validated."""

    record_id: str
    number: str | None = None
    supplier_number: str
    state: ErpInvoiceState
    total: Money


class ErpReceipt(Document):
    """A goods receipt as the ERP holds it."""

    record_id: str
    number: str | None = None
    state: str


class Erp(Protocol):
    """The system of record for orders, suppliers and money."""

    async def items(self, codes: Sequence[ItemCode] = ()) -> tuple[Item, ...]:
        """Return the items of these codes, or all of them; an unknown code is simply absent."""

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Return the suppliers we may order from."""

    async def locations(self) -> tuple[Location, ...]:
        """Return the places goods can be delivered to."""

    async def source(self, requisition: Requisition) -> SourcedRequisition:
        """Say who sells each line at what price, rounding up to whole packs of the unit it is sold in.

        Raises RejectedError naming every line that nobody sells, whose unit cannot be converted, whose supplier the
        requester asked for does not sell it, or whose currency differs from the others'.
        """

    async def record_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Create and confirm the order under its key, or return the one already there."""

    async def amend_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Make the recorded order's quantities and prices those of `order`; a quantity of zero cancels its line."""

    async def cancel_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Cancel what of the order has not been received; one never recorded is left unrecorded.

        Raises RejectedError where the ERP will not let it go.
        """

    async def record_goods_receipt(self, order: PurchaseOrder, receipt: GoodsReceipt) -> ErpReceipt:
        """Book what was accepted, with lots and expiry, under the receipt's number."""

    async def close_short(self, order: PurchaseOrder) -> ErpOrder:
        """Give up what of the order has not arrived."""

    async def record_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Enter and validate the invoice as billed, under the supplier's number; not yet posted."""

    async def post_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Post the invoice, recording it first where it is not; one already posted or paid is returned as it is."""

    async def supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice | None:
        """Read the invoice back, with its payment state; None where it was never recorded."""


class OrderMessage(Document):
    """Something we tell a supplier about an order; `key` is the same however often it is sent."""

    key: str
    order: PurchaseOrder
    reason: str = ""


class RemittanceAdvice(Document):
    """An invoice of an order that the ERP has paid. The money itself goes by the bank."""

    message: OrderMessage
    invoice_number: str
    amount: Money
    paid_on: date
    """The day we saw it paid."""


class Supplier(Protocol):
    """The supplier of an order, over whatever channel it uses. Every message carries its key to the supplier."""

    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Place the order."""

    async def send_order_change(self, message: OrderMessage) -> None:
        """Tell the supplier what the order has been changed to."""

    async def send_reminder(self, message: OrderMessage) -> None:
        """Ask again for an answer, goods or an invoice; `reason` says which."""

    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the order back."""

    async def send_invoice_rejection(self, message: OrderMessage, invoice_number: str) -> None:
        """Say that an invoice will not be paid, and why."""

    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Say that an invoice has been paid; a supplier that wants no such word is told nothing."""


class ExpectedDelivery(Document):
    """What the stockroom should expect: the order, and the ship notice where there is one."""

    order: PurchaseOrder
    ship_notice: ShipNotice | None = None
    expected_on: date | None = None


class Inventory(Protocol):
    """The system of record for stock."""

    async def announce_delivery(self, delivery: ExpectedDelivery) -> None:
        """Say what is coming, so that receiving is a scan and not a search."""

    async def withdraw_delivery(self, order: PurchaseOrder) -> None:
        """Say that nothing more of this order is coming."""

    async def on_hand(self, item: ItemCode, location: LocationCode) -> Quantity:
        """Return what is on hand, in the item's stock unit."""


class Store(Protocol):
    """Where the lifecycle leaves what people list, correlate and prove. The workflow stays the truth."""

    async def register_order(self, order: PurchaseOrder, workflow_id: str) -> None:
        """Make the order findable by its PO number; must be done before the PO number leaves the house."""

    async def publish_order(self, snapshot: OrderSnapshot) -> None:
        """Show this snapshot unless a later version is already shown; close its events; keep its timeline."""

    async def claim_invoice(
        self, order: PurchaseOrder, document: SupplierInvoice | CreditNote
    ) -> tuple[PriorInvoice, ...]:
        """Claim the document's number for this order; return the supplier's earlier documents it could repeat.

        Those are the ones of the same kind with the same normalised number, or the same date and total (matching
        rule 10). Only what was claimed before counts; claiming again changes nothing.
        """

    async def publish_requisition(self, snapshot: RequisitionSnapshot) -> None:
        """Show this snapshot unless a later one is shown already; keep its timeline; when over, free its open items."""
