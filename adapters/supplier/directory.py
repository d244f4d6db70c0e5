"""Finds the channel of an order's supplier."""

from collections.abc import Mapping

from domain.errors import RejectedError
from domain.identifiers import SupplierCode
from domain.ports import OrderMessage, RemittanceAdvice, Supplier


class SupplierDirectory:
    """`domain.ports.Supplier` for every supplier: the order names its own."""

    def __init__(self, suppliers: Mapping[SupplierCode, Supplier]) -> None:
        self._suppliers = suppliers

    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Place the order."""
        await self._of(message).send_purchase_order(message)

    async def send_order_change(self, message: OrderMessage) -> None:
        """Say what the order has been changed to."""
        await self._of(message).send_order_change(message)

    async def send_reminder(self, message: OrderMessage) -> None:
        """Ask again."""
        await self._of(message).send_reminder(message)

    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the order back."""
        await self._of(message).send_cancellation(message)

    async def send_invoice_rejection(self, message: OrderMessage, invoice_number: str) -> None:
        """Say that an invoice will not be paid."""
        await self._of(message).send_invoice_rejection(message, invoice_number)

    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Say that an invoice has been paid."""
        await self._of(advice.message).send_remittance_advice(advice)

    def _of(self, message: OrderMessage) -> Supplier:
        code = message.order.supplier
        if code not in self._suppliers:
            raise RejectedError(f"there is no partner page for supplier {code}")
        return self._suppliers[code]
