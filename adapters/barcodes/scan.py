"""Whatever a scanner sends, read: GS1 element string, bracketed, Digital Link, HIBC or a plain trade item number."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.barcodes.checks import has_check_digit
from adapters.barcodes.dates import WINDOW_YEAR
from adapters.barcodes.gs1 import SEPARATORS, read_bracketed, read_elements, read_link
from adapters.barcodes.hibc import read_hibc
from adapters.barcodes.scanned import Element, Precision, Scan, Symbols

__all__ = ["Element", "Precision", "Scan", "Symbols", "scan"]

LONGEST = 500
"""Characters of a scan; the largest GS1 symbols hold fewer in use."""

GS1_SYMBOLS = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})
"""Symbology identifiers (ISO/IEC 15424) that say: this is a GS1 element string."""
RETAIL_SYMBOLS = {"]E0": 13, "]E4": 8}
_COMPOSITE = "|]e0"
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_GTIN_LENGTHS = {8, 12, 13, 14}


def scan(text: str, *, separators: tuple[str, ...] = SEPARATORS, year: int = WINDOW_YEAR) -> Scan:
    """Return what a scan says.

    `separators` are the characters that stand for FNC1, `year` the middle of the window two-digit years fall in.
    Raises BadDocumentError naming the identifier, the rule and what to do, and nothing else.
    """
    text = text.rstrip("\r\n\t\x04")
    if not text or len(text) > LONGEST:
        raise BadDocumentError("the scan", f"must have 1 to {LONGEST} characters", "scan the package again")
    found = _SYMBOLOGY.match(text)
    prefix, data = (found[0], text[found.end() :]) if found else ("", text)
    try:
        return _read(prefix, data, separators, year)
    except ValidationError as error:
        rule = error.errors(include_url=False, include_input=False, include_context=False)[0]["msg"]
        raise BadDocumentError("the scan", rule.removeprefix("Value error, ")) from error


def _read(prefix: str, data: str, separators: tuple[str, ...], year: int) -> Scan:
    if prefix in GS1_SYMBOLS:
        return read_elements(data, separators=separators, year=year)
    if prefix in RETAIL_SYMBOLS:
        return _retail(prefix, data, separators, year)
    if _is_gtin(data):
        return Scan(symbols=Symbols.GTIN, gtin=data)
    written = next((read for begins, read in _WRITTEN.items() if data.startswith(begins)), None)
    return written(data, year=year) if written else read_elements(data, separators=separators, year=year)


def _code_39(data: str, *, year: int) -> Scan:
    return read_hibc(data.removeprefix("*").removesuffix("*"), year=year)


def _retail(prefix: str, data: str, separators: tuple[str, ...], year: int) -> Scan:
    number, composite, beside = data.partition(_COMPOSITE)
    if len(number) != RETAIL_SYMBOLS[prefix] or not _is_gtin(number):
        rule = f"must be {RETAIL_SYMBOLS[prefix]} digits ending in a check digit"
        raise BadDocumentError("GTIN", rule, "scan the package again")
    gtin = Scan(symbols=Symbols.GTIN, gtin=number).gtin
    if not composite:
        return Scan(symbols=Symbols.GTIN, gtin=gtin)
    return read_elements(f"01{gtin}{beside}", separators=separators, year=year)


def _is_gtin(data: str) -> bool:
    return data.isascii() and data.isdigit() and len(data) in _GTIN_LENGTHS and has_check_digit(data)


_WRITTEN: dict[str | tuple[str, ...], Callable[..., Scan]] = {
    ("https://", "http://", "HTTPS://", "HTTP://"): read_link,
    ("(", "{"): read_bracketed,
    "+": read_hibc,
    "*+": _code_39,
}
"""How a scan without a symbology identifier shows what it is."""
