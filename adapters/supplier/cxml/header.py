"""What every cXML document says around its content: who writes to whom, in which message, about which order."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from adapters.documents.reading import NamedReference, Party
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.options import Credential, CxmlOptions
from adapters.supplier.cxml.tree import Element, Envelope, attribute, child, children, own_text, text
from adapters.supplier.cxml.values import number_of

LONGEST_ID = 150
HASH = 16
PURPOSES = {"": "original", "new": "original", "update": "change", "delete": "delete"}
"""What `operation` and `type` attributes do to an earlier document."""

_RELEASE = re.compile(r"/(1\.[0-9]\.[0-9]{3})/")
_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def message_id_of(envelope: Envelope, body: bytes, options: CxmlOptions) -> str:
    """Return what a repeated transmission repeats: the payloadID, and a hash where that says too little."""
    written = attribute(envelope.root, "payloadID")
    if written and len(written) <= LONGEST_ID and _PLAIN.fullmatch(written) and not options.payload_ids_repeat:
        return written
    kept = written[:LONGEST_ID] if _PLAIN.fullmatch(written[:LONGEST_ID]) else ""
    return f"{kept}#{hashlib.sha256(body).hexdigest()[:HASH]}"


def header_of(reader: CxmlReader) -> dict[str, Any]:
    """Return the fields of a Reading that every document fills the same way."""
    header = child(reader.envelope.root, "Header")
    return {
        "language": f"cxml {reader.envelope.name} 1.2",
        "sender": _party("sender", credentials(child(header, "From"))),
        "receiver": _party("receiver", credentials(child(header, "To"))),
        "currency": _currency(reader),
        "details": _details(reader, header),
    }


def credentials(side: Element | None) -> list[Credential]:
    """Return who a From, To or Sender element names, without any secret."""
    return [
        Credential.model_construct(domain=attribute(one, "domain"), identity=text(one, "Identity"))
        for one in children(side, "Credential")
    ]


def same(one: Credential, other: Credential) -> bool:
    """True where two credentials name the same party: cXML hubs do not keep the case of either part."""
    return (one.domain.casefold(), one.identity.casefold()) == (other.domain.casefold(), other.identity.casefold())


def issued(reader: CxmlReader, node: Element | None, name: str) -> dict[str, date | datetime | None]:
    """Return when a document was issued: its own date, or else the message's time stamp."""
    found = reader.moment(node, name) or reader.moment(reader.envelope.root, "timestamp")
    return {"issued_on": found.on if found else None, "issued_at": found.at if found else None}


def purpose_of(written: str) -> str:
    """Return what a document does to an earlier one of the same number."""
    return PURPOSES.get(written.casefold(), written)


def order_of(reader: CxmlReader, node: Element | None) -> str | None:
    """Return the purchase order an element refers to.

    By its orderID; else by the payloadID of the order's message, where that is one of ours or plainly an order number.
    """
    for path in ("OrderReference", "OrderIDInfo", "OrderInfo/OrderReference", "OrderInfo/OrderIDInfo"):
        if number := attribute(child(node, path), "orderID"):
            return number
    message = child(node, "OrderReference/DocumentReference")
    payload_id = attribute(message, "payloadID")
    if message is None or not payload_id:
        return None
    local, at, domain = payload_id.rpartition("@")
    if not at:
        reader.warning("order", message, "stands for the order's number, which orderID should name", at="payloadID")
        return payload_id
    return unquote(local.rpartition(".")[0]) or None if domain == reader.options.payload_domain else None


def references(node: Element | None) -> Iterator[NamedReference]:
    """Yield the earlier messages and documents an element refers to."""
    for path, meaning in _MESSAGES.items():
        if payload_id := attribute(child(node, path), "payloadID"):
            yield NamedReference(meaning=meaning, raw=path, value=payload_id)
    for path, (name, meaning) in _NUMBERS.items():
        if number := attribute(child(node, path), name):
            yield NamedReference(meaning=meaning, raw=f"{path}/@{name}", value=number)


_MESSAGES = {
    "OrderReference/DocumentReference": "order message",
    "DocumentReference": "earlier message",
    "InvoiceReference/DocumentReference": "invoice message",
    "ShipNoticeReference/DocumentReference": "ship notice message",
    "MasterAgreementReference/DocumentReference": "contract message",
}
_NUMBERS = {
    "InvoiceIDInfo": ("invoiceID", "original invoice"),
    "InvoiceReference": ("invoiceID", "original invoice"),
    "MasterAgreementReference": ("agreementID", "contract"),
    "MasterAgreementIDInfo": ("agreementID", "contract"),
    "SupplierOrderInfo": ("orderID", "supplier order"),
    "ShipNoticeIDInfo": ("shipNoticeID", "ship notice"),
    "ShipNoticeReference": ("shipNoticeID", "ship notice"),
    "ReceiptReference": ("receiptID", "goods receipt"),
    "ReceiptIDInfo": ("receiptID", "goods receipt"),
}


def _party(role: str, found: list[Credential]) -> Party | None:
    first = next((one for one in found if one.identity), None)
    return None if first is None else Party(role=role, scheme=first.domain, id=first.identity)


def _currency(reader: CxmlReader) -> str | None:
    """Return the currency of the document's money; two of them are one too many to add up."""
    found: dict[str, Element] = {}
    for money in reader.payload.iter("Money"):
        currency = attribute(money, "currency").upper()
        if currency and (not found or number_of(own_text(money))):
            found.setdefault(currency, money)
    first, *others = found or [None]
    for other in others:
        reader.error("currency", found[str(other)], "has another currency than the amounts before it", at="currency")
    if first and not _CURRENCY.fullmatch(first):
        reader.warning("currency", found[first], "is no currency code of ISO 4217", at="currency")
    return first


def _details(reader: CxmlReader, header: Element | None) -> dict[str, str]:
    root, carrier = reader.envelope.root, reader.envelope.carrier
    doctype: Any = root.getroottree().docinfo  # the stubs know less of it than the library
    release = _RELEASE.search(doctype.system_url or "")
    mode = attribute(carrier, "deploymentMode")
    found = {
        "payload id": attribute(root, "payloadID"),
        "timestamp": attribute(root, "timestamp"),
        "version": release.group(1) if release else attribute(root, "version"),
        "usage": "T" if mode.casefold() == "test" else "P",
        "deployment mode": mode,
        "connecting": " ".join(f"{one.domain} {one.identity}" for one in credentials(child(header, "Sender"))[:1]),
        "user agent": text(header, "Sender/UserAgent"),
        "in reply to": attribute(carrier, "inReplyTo"),
    }
    return {name: value for name, value in found.items() if value}
