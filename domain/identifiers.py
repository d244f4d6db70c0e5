"""Identifiers, parsed once at the edge and trusted after.

GTIN, GLN and SSCC follow the GS1 General Specifications (check digits in section 7.9); `biip` does the arithmetic.
Our own codes are short, printable and free of separators, because they become workflow ids and search attributes:
they must never hold a patient's name or number.
"""

from typing import Annotated

from biip import ParseError
from biip.gln import Gln as BiipGln
from biip.gtin import Gtin as BiipGtin
from biip.sscc import Sscc as BiipSscc
from pydantic import AfterValidator, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?$")]
"""A short code of ours or a partner's: 1 to 40 ASCII letters, digits, dots, underscores and dashes."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[!-~](?:[ -~]{0,78}[!-~])?$")]
"""A number a partner gave one of its documents: 1 to 80 printable ASCII characters, no blank at either end."""

FacilityCode = Code
LocationCode = Code
SupplierCode = Code
ItemCode = Code
PartnerCode = Code
RequisitionNumber = Code
OrderKey = Code
"""Our own key of a purchase order, `<requisition number>-<supplier>`; fixed before the ERP has given a number."""
PoNumber = Reference
"""The number the ERP gave the purchase order: what suppliers quote back to us."""

Lot = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[!-~]+$")]
"""A lot or batch number; 20 characters at most (GS1 General Specifications, AI 10)."""

EventKey = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""`<partner>/<event id>`: what the inbox is unique on, and what a workflow remembers as seen."""


def _gtin_14(text: str) -> str:
    if not text.isascii() or not text.isdigit():
        raise ValueError("a GTIN is 8, 12, 13 or 14 digits")
    try:
        return BiipGtin.parse(text).as_gtin_14()
    except ParseError as error:
        raise ValueError("not a GTIN: 8, 12, 13 or 14 digits ending in a valid check digit") from error


def _gln(text: str) -> str:
    if not text.isascii() or not text.isdigit():
        raise ValueError("a GLN is 13 digits")
    try:
        return BiipGln.parse(text).value
    except ParseError as error:
        raise ValueError("not a GLN: 13 digits ending in a valid check digit") from error


def _sscc(text: str) -> str:
    if not text.isascii() or not text.isdigit():
        raise ValueError("an SSCC is 18 digits")
    try:
        return BiipSscc.parse(text).value
    except ParseError as error:
        raise ValueError("not an SSCC: 18 digits ending in a valid check digit") from error


Gtin = Annotated[str, AfterValidator(_gtin_14)]
"""A trade item number, held as GTIN-14 whatever length it came in."""

Gln = Annotated[str, AfterValidator(_gln)]
"""A location or party number: 13 digits."""

Sscc = Annotated[str, AfterValidator(_sscc)]
"""A logistic unit: 18 digits."""
