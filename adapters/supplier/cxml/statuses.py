"""Responses and status updates, read: whether a document of ours was taken, in the partner's own code and words."""

from dataclasses import dataclass

from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, references
from adapters.supplier.cxml.tree import Element, attribute, child, children, own_text, text

CODE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Status:
    """A Status element: its code, and what goes with it."""

    code: str
    details: dict[str, str]
    notes: tuple[str, ...]


def read_response(reader: CxmlReader) -> Reading:
    """Return what a Response says: 2xx means taken, everything else not."""
    status = status_of(reader)
    common = header_of(reader)
    common["details"] |= status.details
    return Reading.model_validate(
        {
            **common,
            **issued(reader, None, ""),
            "kind": DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT,
            "message_id": "",
            "raw_type": status.code,
            "notes": status.notes,
        }
    )


def read_unknown(reader: CxmlReader) -> Reading:
    """Return the envelope of a document we do nothing with, and its status where it has one."""
    common = header_of(reader)
    status = status_of(reader, tell=False)
    common["details"] |= status.details
    if reader.envelope.payload is None:
        reader.warning("content", reader.envelope.root, "carries no Request, Message or Response we can read")
    return Reading.model_validate(
        {
            **common,
            **issued(reader, None, ""),
            "kind": DocumentKind.UNKNOWN,
            "message_id": "",
            "raw_type": status.code,
            "references": tuple(references(reader.payload)),
            "notes": status.notes,
        }
    )


def status_of(reader: CxmlReader, *, tell: bool = True) -> Status:
    """Return the status of a response, or the one a status update carries."""
    node = child(reader.envelope.carrier, "Status")
    if node is None:
        node = child(reader.payload, "Status")
    code = attribute(node, "code")
    is_code = len(code) == CODE_DIGITS and code.isascii() and code.isdigit()
    if tell and not is_code:
        reader.error(
            "status", reader.payload if node is None else node, "must be a status code of three digits", at="code"
        )
    said = {
        "status code": code,
        "status text": attribute(node, "text"),
        "verdict": ("accepted" if code.startswith("2") else "rejected") if is_code else "",
        **_document_status(reader.payload),
    }
    words = "" if node is None else own_text(node)
    return Status(code, {name: value for name, value in said.items() if value}, (words,) if words else ())


def _document_status(payload: Element) -> dict[str, str]:
    """Return the state of an earlier document that a status update names."""
    for name in ("DocumentStatus", "InvoiceStatus", "PaymentStatus", "IntegrationStatus"):
        found = child(payload, name)
        if found is not None:
            comments = "; ".join(filter(None, (text(one) for one in children(found, "Comments"))))
            state = attribute(found, "type") or attribute(found, "documentStatus")
            invoice = attribute(child(found, "InvoiceIDInfo"), "invoiceID")
            return {"document status": state, "document status comments": comments, "invoice": invoice}
    return {}
