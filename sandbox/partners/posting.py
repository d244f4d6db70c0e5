"""A supplier that posts its documents to the gateway: each is kept until it is heard, and repeated as often as told."""

from datetime import UTC, datetime
from typing import Protocol

from sandbox.partners.trading import Answer, Bill, Shipment
from sandbox.partners.webhooks import Outbox


class Letters(Protocol):
    """One language's documents, as text."""

    def acknowledgement(self, answer: Answer, at: datetime) -> str:
        """Return the answer to an order."""

    def broken(self, answer: Answer, at: datetime) -> str:
        """Return an answer that cannot be acted on."""

    def ship_notice(self, shipment: Shipment, at: datetime) -> str:
        """Return what is on its way."""

    def invoice(self, bill: Bill, at: datetime) -> str:
        """Return an invoice."""


class Posted:
    """Says everything in documents that are posted."""

    def __init__(self, outbox: Outbox, letters: Letters) -> None:
        self._outbox = outbox
        self._letters = letters

    def acknowledge(self, answer: Answer) -> None:
        """Post the answer to an order."""
        self._outbox.put_text(answer.number, self._letters.acknowledgement(answer, datetime.now(UTC)))

    def announce(self, shipment: Shipment) -> None:
        """Post what is on its way."""
        self._outbox.put_text(shipment.number, self._letters.ship_notice(shipment, datetime.now(UTC)))

    def bill(self, bill: Bill) -> None:
        """Post an invoice."""
        self._outbox.put_text(bill.number, self._letters.invoice(bill, datetime.now(UTC)))

    def blunder(self, answer: Answer) -> None:
        """Post an answer that cannot be acted on."""
        self._outbox.put_text(f"blunder-{answer.number}", self._letters.broken(answer, datetime.now(UTC)))
