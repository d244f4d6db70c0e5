"""A cXML document as a tree: found by plain names, bounded, its positions as XPaths."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from adapters.bad_document import BadDocumentError
from adapters.documents import xml

Element = etree._Element  # noqa: SLF001 - the library has no public name for it

MOST_ELEMENTS = 200_000
MOST_LINES = 5_000
CARRIERS = ("Request", "Message", "Response")
"""What can carry a document under the root."""
LINES = frozenset({
    "ConfirmationItem", "ShipNoticeItem", "InvoiceDetailItem", "InvoiceDetailServiceItem", "InvoiceDetailOrderSummary",
    "ItemIn", "ItemOut",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Envelope:
    """A cXML document: its root, what carries the business document, and that document itself."""

    root: Element
    carrier: Element | None
    payload: Element | None

    @property
    def name(self) -> str:
        """The name of the business document, `ConfirmationRequest`; `Response` for a bare status."""
        if self.payload is not None:
            return str(self.payload.tag)
        return "cXML" if self.carrier is None else str(self.carrier.tag)


def opened(body: bytes) -> Envelope:
    """Return the document in its envelope. Raises BadDocumentError, and nothing else."""
    root = xml.parse(body, doctype="ignored")
    _check(root)
    carrier = next((one for one in root if one.tag in CARRIERS), None)
    if carrier is None:
        return Envelope(root, None, None)
    return Envelope(root, carrier, next((one for one in carrier if one.tag != "Status"), None))


def _check(root: Element) -> None:
    """Drop namespaces, which cXML has none of and some senders add; refuse what is too much or not cXML."""
    lines = 0
    for count, element in enumerate(root.iter(), start=1):
        if count > MOST_ELEMENTS:
            raise BadDocumentError("/cXML", f"must not have more than {MOST_ELEMENTS} elements", is_syntax=True)
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = xml.name_of(element)
        lines += element.tag in LINES
    if str(root.tag).casefold() != "cxml":
        raise BadDocumentError("/", "must be a cXML document", "send one cXML element", is_syntax=True)
    if lines > MOST_LINES:
        raise BadDocumentError("/cXML", f"must not have more than {MOST_LINES} lines", "split the document")


def place(element: Element, attribute: str = "") -> str:
    """Return where an element or its attribute is, as an XPath."""
    where = xml.place(element, {})
    return f"{where}/@{attribute}" if attribute else where


def child(node: Element | None, path: str) -> Element | None:
    """Return the first element at a path below a node, where there are both."""
    return None if node is None else node.find(path)


def children(node: Element | None, path: str) -> list[Element]:
    """Return the elements at a path below a node."""
    return [] if node is None else node.findall(path)


def text(node: Element | None, path: str = "") -> str:
    """Return the text of an element and all below it, blanks folded; empty where there is none."""
    found = child(node, path) if path else node
    return "" if found is None else " ".join("".join(_texts(found)).split())


def own_text(node: Element) -> str:
    """Return the text of an element without that of its children."""
    return " ".join(" ".join([node.text or "", *(one.tail or "" for one in node)]).split())


def attribute(node: Element | None, name: str) -> str:
    """Return an attribute as text, whatever the case of its name; empty where there is none."""
    if node is None:
        return ""
    wanted = name.casefold()
    written = node.get(name) or next((value for key, value in node.items() if str(key).casefold() == wanted), "")
    return " ".join(str(written).split())


def _texts(node: Element) -> Iterator[str]:
    for part in node.itertext():
        yield str(part)
