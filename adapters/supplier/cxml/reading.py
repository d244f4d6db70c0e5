"""cXML to readings: one for each document, with what is wrong with its envelope and its content."""

from collections.abc import Callable

from adapters.documents.reading import Reading
from adapters.supplier.cxml.confirmation import read_confirmation
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import message_id_of
from adapters.supplier.cxml.invoice import read_invoice
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.order import read_order
from adapters.supplier.cxml.punch_out import read_cart, read_punch_out_setup, read_punch_out_start
from adapters.supplier.cxml.ship_notice import read_ship_notice
from adapters.supplier.cxml.statuses import read_response, read_unknown
from adapters.supplier.cxml.tree import opened
from adapters.supplier.cxml.validation import invalidity

READERS: dict[str, Callable[[CxmlReader], Reading]] = {
    "ConfirmationRequest": read_confirmation,
    "InvoiceDetailRequest": read_invoice,
    "OrderRequest": read_order,
    "PunchOutOrderMessage": read_cart,
    "PunchOutSetupRequest": read_punch_out_setup,
    "PunchOutSetupResponse": read_punch_out_start,
    "Response": read_response,
    "ShipNoticeRequest": read_ship_notice,
}
"""Every document we read, by the name of its element; the others are kept as unknown."""


def read(body: bytes, options: CxmlOptions) -> tuple[Reading, ...]:
    """Return what a cXML document says. Raises BadDocumentError where it is none."""
    envelope = opened(body)
    reader = CxmlReader(envelope, options)
    reading = READERS.get(envelope.name, read_unknown)(reader)
    findings = tuple(dict.fromkeys((*invalidity(envelope, options.dtd), *reader.findings())))
    message_id = message_id_of(envelope, body, options)
    return (reading.model_copy(update={"message_id": message_id, "findings": findings}),)


def transmission_id(body: bytes, options: CxmlOptions | None = None) -> str:
    """Return what a repeated transmission repeats. Raises BadDocumentError where the body is no cXML."""
    return message_id_of(opened(body), body, options or CxmlOptions())
