"""Which language a sample is written in, by its first bytes."""

import re

from adapters.bad_document import BadDocumentError
from adapters.partners import Language
from adapters.strict_json import parse

BLANK = b" \t\r\n\x00\x0b\x1a\x1c"
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(\s[^<>]*)?/?>")
_START = 65_536


def language_of(body: bytes) -> Language | None:
    """Return the language; None where it is none we know."""
    start = body[:_START].removeprefix(b"\xef\xbb\xbf").lstrip(BLANK)
    if re.match(rb"(ISA|GS|ST|TA1)[^A-Za-z0-9\s]", start):
        return Language.X12
    if re.match(rb"(FHS|BHS|MSH)[^A-Za-z0-9\s]", start):
        return Language.HL7
    if start.startswith(b"<"):
        return _xml(start)
    return _json(body) if start.startswith((b"{", b"[")) else None


def _xml(start: bytes) -> Language | None:
    """The first element and its namespaces tell; an envelope is told by what it holds."""
    root = _ROOT.search(start)
    if root is None:
        return None
    if root.group(1) == b"cXML":
        return Language.CXML
    return Language.UBL if b"urn:oasis:names:specification:ubl:schema:xsd:" in start else None


def _json(body: bytes) -> Language:
    try:
        content = parse(body)
    except BadDocumentError:
        return Language.JSON
    return Language.FHIR if isinstance(content, dict) and "resourceType" in content else Language.JSON
