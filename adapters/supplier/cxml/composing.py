"""cXML put together: the same content is the same bytes, and nothing in it can end an element early."""

import hashlib
from datetime import datetime
from urllib.parse import quote

from lxml import etree
from pydantic import SecretStr

from adapters.documents.outbox import CannotBeWrittenError
from adapters.supplier.cxml.options import Credential, CxmlOptions
from adapters.supplier.cxml.tree import Element

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
DIGEST = 16
_FIRST_PRINTABLE = 0x20
_NO_CHARACTERS = frozenset({0xFFFE, 0xFFFF})


def envelope(payload_id: str, at: datetime, options: CxmlOptions) -> Element:
    """Return an empty cXML element. The moment must say its offset."""
    if at.tzinfo is None:
        raise CannotBeWrittenError("timestamp: must have an offset")
    root = etree.Element("cXML")
    root.set("payloadID", payload_id)
    root.set("timestamp", moment(at))
    root.set(LANGUAGE, options.language)
    return root


def request(payload_id: str, at: datetime, options: CxmlOptions, secret: SecretStr) -> tuple[Element, Element]:
    """Return a cXML element that says who writes to whom, and the Request in it."""
    root = envelope(payload_id, at, options)
    header = add(root, "Header")
    _credential(add(header, "From"), options.ours.party)
    _credential(add(header, "To"), options.theirs.party)
    sender = add(header, "Sender")
    add(_credential(sender, options.ours.connecting), "SharedSecret", secret.get_secret_value())
    add(sender, "UserAgent", options.user_agent)
    return root, add(root, "Request", deploymentMode=options.deployment_mode)


def document(root: Element, options: CxmlOptions) -> bytes:
    """Return the document as bytes, its DTD named and nothing declared."""
    doctype = f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/{options.version}/cXML.dtd">'
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype=doctype)


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """Add an element with its text and attributes, without the characters XML has no place for."""
    made = etree.SubElement(parent, name)
    for attribute, value in attributes.items():
        made.set(attribute, clean(value))
    if text:
        made.text = clean(text)
    return made


def worded(parent: Element, name: str, text: str, options: CxmlOptions, /, **attributes: str) -> Element:
    """Add an element whose text is in our language."""
    made = add(parent, name, text, **attributes)
    made.set(LANGUAGE, options.language)
    return made


def payload_id_of(key: str, order: str, options: CxmlOptions) -> str:
    """Return the payloadID of a message about an order: the same for the same key, and the order can be read off it."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST]
    return f"{quote(order, safe='')}.{digest}@{options.payload_domain}"


def moment(at: datetime) -> str:
    """Return a moment as cXML wants it, to the second and with its offset."""
    return at.isoformat(timespec="seconds")


def clean(text: str) -> str:
    """Return text without the characters XML 1.0 cannot carry."""
    return "".join(mark for mark in text if _is_allowed(ord(mark)))


def _is_allowed(code: int) -> bool:
    is_surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the block Unicode sets aside for them
    is_printable = code >= _FIRST_PRINTABLE or code in {0x9, 0xA, 0xD}
    return is_printable and not is_surrogate and code not in _NO_CHARACTERS


def _credential(side: Element, who: Credential) -> Element:
    made = add(side, "Credential", domain=who.domain)
    add(made, "Identity", who.identity)
    return made
