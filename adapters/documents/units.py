"""Units in the code lists partners use, and in ours: X12 element 355.

The pairs are the codes of UN/ECE Recommendation 20 and 21 (packages, with an X before) that mean the same thing;
letters that look alike often do not (CA case is XCS; XCA is a can). What is in neither list stays unknown.
"""

from collections.abc import Mapping

REC20_OF = {
    "EA": "EA", "BX": "XBX", "CA": "XCS", "CT": "XCT", "PK": "XPK", "12": "XPA",
    "BG": "XBG", "RL": "XRO", "RE": "XRL", "DZ": "DZN", "PR": "PR", "KT": "KT",
    "VI": "XVI", "ST": "SET", "SH": "XST", "TB": "XTU", "JR": "XJR", "CQ": "XCQ",
    "V2": "XPO", "SZ": "SYR", "U2": "U2", "BD": "XBE", "CP": "XCR", "DR": "XDR",
    "EV": "XEN", "HU": "CEN", "TH": "MIL", "HC": "HC", "RM": "RM", "GS": "GRO",
    "PC": "H87", "KE": "XKG", "PA": "XPL", "LO": "LO", "SX": "SX", "U1": "U1",
    "LT": "LTR", "ML": "MLT", "GR": "GRM", "ME": "MGM", "KG": "KGM", "LB": "LBR",
    "OZ": "ONZ", "CC": "CMQ", "FT": "FOT", "IN": "INH", "YD": "YRD", "GA": "GLL",
    "MR": "MTR", "CM": "CMT", "SF": "FTK", "SM": "MTK", "CF": "FTQ", "UN": "C62",
    "PH": "XPK", "TY": "XPU", "BO": "XBO", "AM": "XAM", "SL": "XSY", "DI": "XDN",
    "CN": "XCX", "CH": "XCN", "PL": "XPX", "PF": "XPX",
}  # fmt: skip
"""X12 element 355 to Recommendation 20 and 21."""

WITHOUT_REC20 = frozenset({
    "SR", "FC", "SP", "CS", "HD", "UZ", "4F", "4E", "IH", "AV",
    "N9", "DS", "AB", "OP", "P3", "P4", "P6", "P8", "TP",
})  # fmt: skip
"""Codes of ours that no code of Recommendation 20 says: an item's own pack factor must."""

KNOWN = frozenset(REC20_OF) | WITHOUT_REC20

X12_OF = {rec20: x12 for x12, rec20 in reversed(REC20_OF.items())} | {"C62": "EA", "XPK": "PK", "XPX": "PL"}
"""Recommendation 20 and 21 to X12 element 355. `C62` (one) is a single one unless a profile says otherwise."""


def from_x12(code: str, overrides: Mapping[str, str]) -> str | None:
    """Return our code of a unit written in X12 element 355; None where it is not a code of that list."""
    code = code.strip()
    return overrides.get(code) or (code if code in KNOWN else None)


def from_rec20(code: str, overrides: Mapping[str, str]) -> str | None:
    """Return our code of a unit of Recommendation 20 or 21; None where no code of ours says the same."""
    code = code.strip()
    return overrides.get(code) or X12_OF.get(code)


def to_rec20(code: str, overrides: Mapping[str, str]) -> str | None:
    """Return the code of Recommendation 20 or 21 for a unit of ours, the partner's own choice first."""
    chosen = next((theirs for theirs, ours in overrides.items() if ours == code), None)
    return chosen or REC20_OF.get(code)


def to_x12(code: str, overrides: Mapping[str, str]) -> str:
    """Return the code a partner wants for a unit of ours."""
    return next((theirs for theirs, ours in overrides.items() if ours == code), code)
