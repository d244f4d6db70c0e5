"""Numbers of items as partners qualify them, normalised where the standard allows it.

The kinds of X12 element 235 are those of release 004010. A GTIN keeps its check digit test: one that fails it is still
shown, but as somebody's own number, with a finding.
"""

import re

from pydantic import TypeAdapter, ValidationError

from adapters.documents.reading import IdentifierKind, ItemIdentifier
from domain.identifiers import Gtin

X12_QUALIFIERS = {
    **dict.fromkeys(("UP", "EN", "UK", "UI", "UA", "EO"), IdentifierKind.GTIN),
    **dict.fromkeys(("VC", "VN", "VP", "VA"), IdentifierKind.SUPPLIER_ITEM),
    **dict.fromkeys(("BP", "CB", "IN", "SK", "PI"), IdentifierKind.BUYER_ITEM),
    **dict.fromkeys(("MG", "MF", "MN"), IdentifierKind.MANUFACTURER_ITEM),
    **dict.fromkeys(("ND", "N1", "N2", "N3", "N4", "N5", "N6"), IdentifierKind.NDC),
    **dict.fromkeys(("HI", "H6"), IdentifierKind.HIBC),
}
"""What the usual qualifiers of X12 element 235 mean."""

_NDC_PARTS = {"N1": (4, 4, 2), "N2": (5, 3, 2), "N3": (5, 4, 1), "N4": (5, 4, 2)}
_GTIN: TypeAdapter[str] = TypeAdapter(Gtin)


def identifier(kind: IdentifierKind, qualifier: str, value: str) -> ItemIdentifier:
    """Return an item's number; a GTIN without a valid check digit becomes a number of kind `other`."""
    if kind is IdentifierKind.GTIN:
        gtin = gtin_14(value)
        kind = IdentifierKind.OTHER if gtin is None else kind
        return ItemIdentifier(kind=kind, qualifier=qualifier, value=value, normalised=gtin or value)
    normalised = ndc_11(qualifier, value) if kind is IdentifierKind.NDC else value
    return ItemIdentifier(kind=kind, qualifier=qualifier, value=value, normalised=normalised)


def gtin_14(value: str) -> str | None:
    """Return a GTIN as 14 digits, or None where it is none (length, digits or check digit)."""
    try:
        return _GTIN.validate_python(value.strip())
    except ValidationError:
        return None


def ndc_11(qualifier: str, value: str) -> str:
    """Return a National Drug Code as the eleven digits of 5-4-2, or as written where its parts are not known."""
    if re.fullmatch(r"[0-9]{11}", value):
        return value
    parts = tuple(re.findall(r"[0-9]+", value)) if "-" in value else _cut(value, _NDC_PARTS.get(qualifier))
    if len(parts) != len(("labeler", "product", "package")):
        return value
    return "".join(part.zfill(length) for part, length in zip(parts, (5, 4, 2), strict=True))


def _cut(digits: str, lengths: tuple[int, int, int] | None) -> tuple[str, ...]:
    if lengths is None or len(digits) != sum(lengths) or not digits.isascii() or not digits.isdigit():
        return ()
    first, second, _ = lengths
    return digits[:first], digits[first : first + second], digits[first + second :]
