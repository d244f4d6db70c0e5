"""UBL as a channel: one document a body, orders as Peppol's Order, OrderChange and OrderCancellation."""

import re
from datetime import datetime

from adapters.documents.channel import NoSuchMessageError, OrderMessageKind, plain_id
from adapters.documents.correspondents import Correspondents
from adapters.documents.outbox import ControlNumbers, Draft
from adapters.documents.reading import Reading
from adapters.documents.single import SingleDocuments
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from adapters.supplier.ubl.writing import write_order, write_order_cancellation, write_order_change
from domain.identifiers import PartnerCode
from domain.ports import OrderMessage

CONTENT_TYPE = "application/xml"


class UblChannel(SingleDocuments):
    """`adapters.documents.channel.Channel` for one partner's UBL."""

    def __init__(self, partner: PartnerCode, options: UblOptions, who: Correspondents) -> None:
        self._partner = partner
        self._options = options
        self._who = who

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what the document says. Raises BadDocumentError."""
        return read(body, self._options)

    def identity(self, reading: Reading) -> str:
        """Return its type and ID: what one supplier never uses twice."""
        return plain_id("ubl", *reading.message_id.split(" ", 1))

    def draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        """Return an Order, OrderChange or OrderCancellation. Raises NoSuchMessageError."""
        del invoice_number
        if kind is OrderMessageKind.INVOICE_REJECTION:
            raise NoSuchMessageError(f"{kind}: we write no UBL document for it; tell the supplier yourself")

        def write(_: ControlNumbers, at: datetime) -> bytes:
            if kind is OrderMessageKind.ORDER:
                return write_order(message, self._who, self._options, at)
            if kind is OrderMessageKind.CHANGE:
                return write_order_change(message, self._who, self._options, at, _sequence(message.key))
            return write_order_cancellation(message, self._who, self._options, at)

        return Draft(
            key=message.key,
            partner=self._partner,
            kind=kind.value,
            about=message.order.name,
            content_type=CONTENT_TYPE,
            suffix=".xml",
            write=write,
        )


def _sequence(key: str) -> int:
    """Return which change of its order a message is, by the number at the end of its key."""
    number = re.search(r"/([0-9]{1,6})$", key)
    return int(number.group(1)) if number else 1
