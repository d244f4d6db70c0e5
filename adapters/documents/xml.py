"""XML from strangers: no entities, no network, nothing loaded, bounded in size, depth and number of elements."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from lxml import etree

from adapters.bad_document import BadDocumentError

LARGEST = 32 * 1024 * 1024
"""Bytes of one document."""
DEEPEST = 64
MOST_ELEMENTS = 1_000_000

_CHUNK = 64 * 1024
_BLANK = b" \t\r\n"
_REMEDY = "send well-formed XML 1.0 in the encoding its declaration names"
_UNDECLARED_ENTITIES = frozenset(
    {etree.ErrorTypes.WAR_UNDECLARED_ENTITY, etree.ErrorTypes.ERR_UNDECLARED_ENTITY},
)


def parse(body: bytes, *, doctype: Literal["refused", "ignored"] = "refused") -> etree._Element:
    """Return the root element. Raises BadDocumentError, and nothing else.

    An ignored DOCTYPE names its DTD and is never loaded; one that declares anything itself is refused either way.
    Blanks before the XML declaration are forgiven: senders add them.
    """
    if len(body) > LARGEST:
        raise BadDocumentError("", f"must not be larger than {LARGEST} bytes", is_syntax=True)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return _read(body.lstrip(_BLANK), parser, doctype)
    except etree.LxmlError as error:
        raise BadDocumentError(_line(error), "must be well-formed XML", _REMEDY, is_syntax=True) from error
    except (LookupError, UnicodeError) as error:
        raise BadDocumentError("", "must name an encoding that is known", _REMEDY, is_syntax=True) from error


def place(element: etree._Element, prefixes: Mapping[str, str]) -> str:
    """Return the XPath of an element, its prefixes by namespace: `/Invoice/cac:InvoiceLine[2]/cbc:ID`."""
    steps = [_step(above, prefixes) for above in (element, *element.iterancestors())]
    return "/" + "/".join(reversed(steps))


def name_of(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return etree.QName(element).localname


def _read(body: bytes, parser: "etree.XMLPullParser", doctype: str) -> etree._Element:
    depth = count = 0
    for start in range(0, len(body), _CHUNK):
        parser.feed(body[start : start + _CHUNK])
        events: Iterator[tuple[str, etree._Element]] = parser.read_events()  # type: ignore[assignment]
        for event, element in events:
            if event == "end":
                depth -= 1
                continue
            if count == 0:
                _check_doctype(element, doctype)
            depth += 1
            count += 1
            _check_bounds(depth, count)
    root: etree._Element = parser.close()
    if any(entry.type in _UNDECLARED_ENTITIES for entry in parser.feed_error_log):
        raise BadDocumentError("", "must not use entities", "write the characters themselves", is_syntax=True)
    return root


def _check_doctype(root: etree._Element, doctype: str) -> None:
    document = root.getroottree()
    info: Any = document.docinfo  # the stubs know less of it than the library
    if info.internalDTD is None:
        return
    if doctype == "refused":
        raise BadDocumentError("", "must not have a DOCTYPE", "leave it out", is_syntax=True)
    if not etree.tostring(document, encoding="unicode").startswith(info.doctype):
        raise BadDocumentError("", "must not declare anything in its DOCTYPE", "name the DTD only", is_syntax=True)


def _check_bounds(depth: int, count: int) -> None:
    if depth > DEEPEST:
        raise BadDocumentError("", f"must not be nested deeper than {DEEPEST}", is_syntax=True)
    if count > MOST_ELEMENTS:
        raise BadDocumentError("", f"must not have more than {MOST_ELEMENTS} elements", is_syntax=True)


def _line(error: etree.LxmlError) -> str:
    number = getattr(error, "lineno", None)
    return f"line {number}" if number else ""


def _step(element: etree._Element, prefixes: Mapping[str, str]) -> str:
    name = etree.QName(element)
    prefix = prefixes.get(name.namespace or "", "")
    shown = f"{prefix}:{name.localname}" if prefix else name.localname
    earlier = sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))
    alone = earlier == 0 and next(element.itersiblings(str(element.tag)), None) is None
    return shown if alone else f"{shown}[{earlier + 1}]"
