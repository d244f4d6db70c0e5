"""A supplier that takes orders over HTTP: the same message is the same id and the same bytes, however often sent."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from pydantic import SecretBytes

from adapters.http_client import PartnerHttp
from adapters.signatures import sign
from adapters.supplier.webhook.mapping import purchase_order_of
from domain.ports import OrderMessage, RemittanceAdvice
from domain.quantities import plain

Clock = Callable[[], datetime]


class WebhookSupplier:
    """`domain.ports.Supplier` for one partner."""

    def __init__(self, http: httpx.AsyncClient, partner: str, secret: SecretBytes, clock: Clock) -> None:
        self._http = PartnerHttp(http, partner)
        self._secret = secret
        self._clock = clock

    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Place the order."""
        await self._send("order.placed", message, purchase_order_of(message))

    async def send_order_change(self, message: OrderMessage) -> None:
        """Say what the order has been changed to."""
        await self._send("order.changed", message, purchase_order_of(message))

    async def send_reminder(self, message: OrderMessage) -> None:
        """Ask again."""
        await self._send("order.reminder", message, _about(message))

    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the order back."""
        await self._send("order.cancelled", message, _about(message))

    async def send_invoice_rejection(self, message: OrderMessage, invoice_number: str) -> None:
        """Say that an invoice will not be paid."""
        await self._send("invoice.rejected", message, {**_about(message), "invoice": invoice_number})

    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Say that an invoice has been paid."""
        paid = {
            "invoice": advice.invoice_number,
            "amount": plain(advice.amount.amount),
            "currency": advice.amount.currency,
            "paid_on": advice.paid_on.isoformat(),
        }
        await self._send("invoice.paid", advice.message, {**_about(advice.message), **paid})

    async def _send(self, kind: str, message: OrderMessage, data: dict[str, Any]) -> None:
        body = json.dumps({"type": kind, "key": message.key, "data": data}, sort_keys=True).encode()
        signature = sign(self._secret, message_id(message.key), self._clock(), body)
        await self._http.request(
            "POST", "events", content=body, headers={"content-type": "application/json", **signature}
        )


def message_id(key: str) -> str:
    """Return the webhook id of a message: the same key, the same id."""
    return "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]


def _about(message: OrderMessage) -> dict[str, Any]:
    return {"po_number": message.order.name, "order_key": message.order.key, "reason": message.reason}
