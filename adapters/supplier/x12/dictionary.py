"""What the segments we act on must look like: the elements of X12 release 004010, as far as supply-chain sets use them.

Each element is written `REQUIREMENT TYPE MIN/MAX`: M mandatory, O optional; AN text, ID code, DT date, TM time, N0 and
N2 whole and implied-decimal numbers, R decimal. Only what can be said without an implementation guide is here: a
partner's own rules are its profile's. Later releases only lengthen elements, so lengths are not held against them.
"""

from dataclasses import dataclass

_SEGMENTS = {
    "BAK": "M ID 2/2; M ID 2/2; M AN 1/22; M DT 8/8; O AN 1/30; O AN 1/30; O AN 1/30; O AN 1/30; O DT 8/8",
    "BCA": "M ID 2/2; O ID 2/2; M AN 1/22; O AN 1/30; O AN 1/8; M DT 8/8",
    "BEG": "M ID 2/2; M ID 2/2; M AN 1/22; O AN 1/30; M DT 8/8",
    "BCH": "M ID 2/2; M ID 2/2; M AN 1/22; O AN 1/30; O AN 1/8; M DT 8/8",
    "BIG": "M DT 8/8; M AN 1/22; O DT 8/8; O AN 1/22; O AN 1/30; O AN 1/8; O ID 2/2; O ID 2/2",
    "BSN": "M ID 2/2; M AN 2/30; M DT 8/8; M TM 4/8; O ID 4/4",
    "BPT": "M ID 2/2; O AN 1/30; M DT 8/8; O ID 2/2",
    "BIA": "M ID 2/2; M ID 2/2; M AN 1/30; M DT 8/8",
    "BCT": "M ID 2/2; O AN 1/15",
    "PO1": "O AN 1/20; O R 1/15; O ID 2/2; O R 1/17; O ID 2/2",
    "POC": "O AN 1/20; M ID 2/2; O R 1/15; O R 1/9; O AN 0/0; O R 1/17; O ID 2/2",
    "ACK": "M ID 2/2; O R 1/15; O ID 2/2; O ID 3/3; O DT 8/8; O ID 3/3",
    "IT1": "O AN 1/20; O R 1/10; O ID 2/2; O R 1/17; O ID 2/2",
    "TDS": "M N2 1/15; O N2 1/15; O N2 1/15; O N2 1/15",
    "SAC": "M ID 1/1; O ID 4/4; O ID 2/2; O AN 1/10; O N2 1/15; O ID 1/1; O R 1/6; O R 1/9",
    "TXI": "M ID 2/2; O R 1/18; O R 1/10",
    "HL": "M AN 1/12; O AN 1/12; M ID 1/2; O ID 1/1",
    "LIN": "O AN 1/20; M ID 2/2; M AN 1/48",
    "SN1": "O AN 1/20; M R 1/10; M ID 2/2; O R 1/15; O R 1/9; O ID 2/2",
    "PRF": "M AN 1/22",
    "MAN": "M ID 1/2; M AN 1/48",
    "N1": "M ID 2/3; O AN 1/60; O ID 1/2; O AN 2/80",
    "REF": "M ID 2/3; O AN 1/30; O AN 1/80",
    "DTM": "M ID 3/3; O DT 8/8; O TM 4/8",
    "CTT": "M N0 1/6; O R 1/10",
    "QTY": "M ID 2/2; O R 1/15",
    "PTD": "M ID 2/2",
    "CTP": "O ID 2/2; O ID 3/3; O R 1/17; O R 1/15",
    "AK1": "M ID 2/2; M N0 1/9",
    "AK2": "M ID 3/3; M AN 4/9",
    "AK5": "M ID 1/1",
    "AK9": "M ID 1/1; M N0 1/6; M N0 1/6; M N0 1/6",
}

REQUIRED = {
    "850": ("BEG", "PO1"),
    "855": ("BAK",),
    "856": ("BSN", "HL"),
    "810": ("BIG", "IT1", "TDS"),
    "860": ("BCH",),
    "865": ("BCA",),
    "867": ("BPT", "PTD"),
    "846": ("BIA", "LIN"),
    "832": ("BCT", "LIN"),
    "820": ("BPR",),
    "997": ("AK1", "AK9"),
    "999": ("AK1", "AK9"),
}
"""The segments without which a set says nothing."""


@dataclass(frozen=True, slots=True)
class ElementRule:
    """What one element must be."""

    is_mandatory: bool
    kind: str
    shortest: int
    longest: int


def _rule(text: str) -> ElementRule:
    requirement, kind, lengths = text.split()
    shortest, longest = lengths.split("/")
    return ElementRule(requirement == "M", kind, int(shortest), int(longest))


RULES = {name: tuple(_rule(part.strip()) for part in text.split(";")) for name, text in _SEGMENTS.items()}
"""The elements of each segment, from element 1."""
