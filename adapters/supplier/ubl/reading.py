"""UBL to readings: one for each document of a file, with the findings of its schema, its rules and its meaning."""

import copy
from collections.abc import Callable, Iterator

from lxml import etree

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import Reading
from adapters.documents.xml import name_of, parse
from adapters.supplier.ubl.arithmetic import check_as_claimed
from adapters.supplier.ubl.deliveries import read_despatch_advice, read_receipt_advice
from adapters.supplier.ubl.fields import DocumentReader
from adapters.supplier.ubl.invoice import read_credit_note, read_invoice
from adapters.supplier.ubl.names import namespace_of
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.order import read_order, read_order_cancellation, read_order_change
from adapters.supplier.ubl.order_response import read_order_response, read_order_response_simple
from adapters.supplier.ubl.responses import read_application_response, read_catalogue, read_unknown
from adapters.supplier.ubl.rules import official_findings

READERS: dict[str, Callable[[DocumentReader], Reading]] = {
    "ApplicationResponse": read_application_response,
    "Catalogue": read_catalogue,
    "CreditNote": read_credit_note,
    "DespatchAdvice": read_despatch_advice,
    "Invoice": read_invoice,
    "Order": read_order,
    "OrderCancellation": read_order_cancellation,
    "OrderChange": read_order_change,
    "OrderResponse": read_order_response,
    "OrderResponseSimple": read_order_response_simple,
    "ReceiptAdvice": read_receipt_advice,
}
"""Every document we read, by the name of its root element."""


BILLING = frozenset({"CreditNote", "Invoice"})


def read(body: bytes, options: UblOptions) -> tuple[Reading, ...]:
    """Return what every document of a file says, also in an envelope. Raises BadDocumentError where it is no UBL."""
    return tuple(read_document(root, options) for root in documents(parse(body)))


def documents(root: etree._Element) -> tuple[etree._Element, ...]:
    """Return the UBL documents of a file, each a root of its own: the file itself, or what its envelope holds."""
    if _is_document(root):
        return (root,)
    found = tuple(_enveloped(root))
    if not found:
        rule = "must be a UBL 2 document, or an envelope around some"
        raise BadDocumentError(f"/{name_of(root)}", rule, "send a document in a namespace of UBL 2", is_syntax=True)
    return found


def read_document(root: etree._Element, options: UblOptions) -> Reading:
    """Return what one document says."""
    reader = DocumentReader(root, options)
    reading = READERS.get(reader.name, read_unknown)(reader)
    rules = check_as_claimed(root, options) if reader.name in BILLING else ()
    return reading.with_findings(*rules, *official_findings(root, options))


def _is_document(element: etree._Element) -> bool:
    """True for documents we read, and for any other of UBL 2 that is the file itself."""
    name = etree.QName(element)
    is_ubl = name.namespace == namespace_of(name.localname)
    return is_ubl and (name.localname in READERS or element.getparent() is None)


def _enveloped(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter(*(f"{{{namespace_of(name)}}}{name}" for name in READERS)):
        if not any(_is_document(above) for above in element.iterancestors()):
            yield copy.deepcopy(element)
