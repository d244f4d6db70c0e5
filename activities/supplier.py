"""What suppliers are told."""

from temporalio import activity

from domain.document import Document
from domain.ports import OrderMessage, RemittanceAdvice, Supplier


class InvoiceRejection(Document):
    """An invoice that will not be paid, and the order it bills; the message's reason says why."""

    message: OrderMessage
    invoice_number: str


class SupplierActivities:
    """One method per message; the supplier tells a repeated message by its key."""

    def __init__(self, supplier: Supplier) -> None:
        self._supplier = supplier

    @activity.defn
    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Place the order."""
        await self._supplier.send_purchase_order(message)

    @activity.defn
    async def send_order_change(self, message: OrderMessage) -> None:
        """Say what the order has been changed to."""
        await self._supplier.send_order_change(message)

    @activity.defn
    async def send_reminder(self, message: OrderMessage) -> None:
        """Ask again for an answer, goods or an invoice."""
        await self._supplier.send_reminder(message)

    @activity.defn
    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the order back."""
        await self._supplier.send_cancellation(message)

    @activity.defn
    async def send_invoice_rejection(self, rejection: InvoiceRejection) -> None:
        """Say that an invoice will not be paid."""
        await self._supplier.send_invoice_rejection(rejection.message, rejection.invoice_number)

    @activity.defn
    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Say that an invoice has been paid."""
        await self._supplier.send_remittance_advice(advice)
