"""The partner's hand: what it means, in our words, written as it would write it itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import SecretStr

from domain.acknowledgement import OrderAcknowledgement
from domain.delivery import ShipNotice
from domain.invoice import SupplierInvoice
from domain.purchase_order import PurchaseOrder

SupplierDocument = OrderAcknowledgement | ShipNotice | SupplierInvoice
"""What suppliers send about an order."""
PLAIN = "plain template"
"""Where a document comes from whose kind no sample shows."""
SECRET = SecretStr("only-in-the-rehearsal")
"""What stands for every secret, ours and theirs: no real one is needed, and none is read."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The number of a transmission, as its sender counts them, and the moment it is written."""

    number: int
    at: datetime


class CannotRehearseError(Exception):
    """This partner cannot be rehearsed; the message says why."""


class Hand(Protocol):
    """Writes one partner's documents."""

    def write(self, document: SupplierDocument, order: PurchaseOrder, stamp: Stamp) -> bytes:
        """Return the document in bytes."""

    def acknowledgement(self, of: bytes, stamp: Stamp) -> bytes | None:
        """Return its functional acknowledgement of a document of ours; None where its language has none."""

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of documents it writes."""

    def origin(self, kind: str) -> str:
        """Return what a kind of document is made from: the name of a sample's file, or PLAIN."""

    def notes(self) -> tuple[str, ...]:
        """Return what the samples show that somebody has to decide or to know."""
