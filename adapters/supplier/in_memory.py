"""A supplier's twin: it takes every message once, whatever its key says twice."""

from domain.errors import RejectedError
from domain.ports import OrderMessage, RemittanceAdvice


class InMemorySupplier:
    """Keeps what it was told, in sequence. `refusals` says how often each kind of message is refused first."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.refusals: dict[str, int] = {}
        self._known: set[str] = set()

    async def send_purchase_order(self, message: OrderMessage) -> None:
        """Take the order."""
        self._take("order.placed", message)

    async def send_order_change(self, message: OrderMessage) -> None:
        """Take the change."""
        self._take("order.changed", message)

    async def send_reminder(self, message: OrderMessage) -> None:
        """Take the reminder."""
        self._take("order.reminder", message)

    async def send_cancellation(self, message: OrderMessage) -> None:
        """Take the cancellation."""
        self._take("order.cancelled", message)

    async def send_invoice_rejection(self, message: OrderMessage, invoice_number: str) -> None:
        """Take the rejection."""
        del invoice_number  # the message's key names it
        self._take("invoice.rejected", message)

    async def send_remittance_advice(self, advice: RemittanceAdvice) -> None:
        """Take the advice."""
        self._take("invoice.paid", advice.message)

    def _take(self, kind: str, message: OrderMessage) -> None:
        if self.refusals.get(kind, 0) > 0:
            self.refusals[kind] -= 1
            raise RejectedError(f"{kind} refused")
        if message.key not in self._known:
            self._known.add(message.key)
            self.sent.append((kind, message.key))
