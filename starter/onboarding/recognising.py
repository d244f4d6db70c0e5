"""Which language a sample is written in, by its first bytes."""

import re
from enum import StrEnum

from adapters.strict_json import BadDocumentError, parse

BLANK = b" \t\r\n\x00\x0b\x1a\x1c"
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(\s[^<>]*)?/?>")
_START = 65_536


class Spoken(StrEnum):
    """A language of business documents, whether or not we have a page for it."""

    X12 = "x12"
    UBL = "ubl"
    CXML = "cxml"
    HL7 = "hl7"
    FHIR = "fhir"
    JSON = "json"


def language_of(body: bytes) -> Spoken | None:
    """Return the language; None where it is none we know."""
    start = body[:_START].removeprefix(b"\xef\xbb\xbf").lstrip(BLANK)
    if re.match(rb"(ISA|GS|ST|TA1)[^A-Za-z0-9\s]", start):
        return Spoken.X12
    if re.match(rb"(FHS|BHS|MSH)[^A-Za-z0-9\s]", start):
        return Spoken.HL7
    if start.startswith(b"<"):
        return _xml(start)
    return _json(body) if start.startswith((b"{", b"[")) else None


def _xml(start: bytes) -> Spoken | None:
    """The first element and its namespaces tell; an envelope is told by what it holds."""
    root = _ROOT.search(start)
    if root is None:
        return None
    if root.group(1) == b"cXML":
        return Spoken.CXML
    return Spoken.UBL if b"urn:oasis:names:specification:ubl:schema:xsd:" in start else None


def _json(body: bytes) -> Spoken:
    try:
        content = parse(body)
    except BadDocumentError:
        return Spoken.JSON
    return Spoken.FHIR if isinstance(content, dict) and "resourceType" in content else Spoken.JSON
