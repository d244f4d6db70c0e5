"""The application identifiers of the GS1 General Specifications: formats, checks, and who may stand beside whom.

The facts are those of the GS1 Barcode Syntax Dictionary. A format is a list of components: a character set (N digits,
X set 82, Y set 39, Z set 64), a length (`14`, or `..20` for 1 to 20), `?` where the component may be missing, and the
checks of `adapters.barcodes.checks` its content must pass.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

FORMATS = {
    "N18:digit:prefix": "00 8017 8018",
    "N14:digit": "01 02 03",
    "N17:digit:prefix": "402",
    "N13:digit:prefix": "410-417",
    "N13:digit:prefix X..17?": "253",
    "N13:digit:prefix N..12?": "255",
    "N1:zero N13:digit:prefix X..16?": "8003",
    "N14:digit N4:piece": "8006 8026",
    "N6:day0": "11-13 15-17",
    "N6:day": "4326 7006",
    "N6:day N6?:day": "7007",
    "N6:day N4:time": "7003",
    "N6:day N4?:time": "7011",
    "N6:day0 N4:time": "4324 4325",
    "N6:day N2:hour N2?:minute N2?:minute": "8008",
    "N8:longday": "7250",
    "N8:longday N4:time": "7251",
    "N2": "20",
    "N4": "3940-3943 8111",
    "N6": "3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 3200-3205 3210-3215 3220-3225 "
    "3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 3300-3305 3310-3315 3320-3325 3330-3335 "
    "3340-3345 3350-3355 3360-3365 3370-3375 3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 "
    "3470-3475 3480-3485 3490-3495 3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 3570-3575 "
    "3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 3950-3955 "
    "8005",
    "N6 X1?:hyphen": "4330-4333",
    "N13": "7001",
    "N..4": "7004",
    "N..6": "242",
    "N..8": "30 37",
    "N..10": "8019",
    "N..12:noleadingzero": "8011",
    "N..15": "3900-3909 3920-3929",
    "N3:currency N..15": "3910-3919 3930-3939",
    "N3:country X..9": "421",
    "N3:country": "422 424 426",
    "N3:country N3?:country N3?:country N3?:country N3?:country": "423 425",
    "N3:processor X..27": "7030-7039",
    "N1:flag": "4321-4323",
    "N1:sex": "7252",
    "N2:media": "7241",
    "N4:nonzero N5:nonzero N3:nonzero N1:winding N1": "8001",
    "N10:latitude N10:longitude": "4309",
    "N1 X1 X1 X1:importer": "7040",
    "X2:alphacountry": "4307 4317",
    "X3:sequence": "7258",
    "X..2": "7010",
    "X..3": "427 7008",
    "X..4": "7041",
    "X..10": "7009 7255",
    "X..12": "7005",
    "X..20": "10 21 22 243 254 420 4318 7020-7022 710-716 7240 8002 8012",
    "X..25": "7242 8020",
    "X..25:pair": "8013",
    "X..25:pair:nondigit": "8014",
    "X..28": "235",
    "X..30": "240 241 250 251 400 403 4308 4319 7002 90",
    "X..30:prefix": "401 7023 8004",
    "Y..30:prefix": "8010",
    "X..34:iban": "8007",
    "X..35:percent": "4300 4301 4310 4311 4320",
    "X..40:percent": "7253 7254 7259",
    "X..50": "8009",
    "X..70": "8200",
    "X..70:percent": "4302-4306 4312-4316 7257",
    "X..90": "91-99",
    "X..90:percent": "7256",
    "X2 X..28": "7230-7239",
    "Z..90": "8030",
    "X..70:coupon": "8110 8112",
}
"""Formats, and the identifiers that have them."""

NO_SEPARATOR = {
    **dict.fromkeys(("00",), 18),
    **dict.fromkeys(("01", "02", "03"), 14),
    "04": 16,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 6),
    "20": 2,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6),
    "41": 13,
}
"""First two digits of the identifiers whose data has a fixed length and needs no FNC1 after it."""

_GOODS = "01 02 03 8006 8026"
NEEDS = {
    "02": ("37",),
    "10 11 13 15 16": (_GOODS,),
    "17": (f"{_GOODS} 255",),
    "12": ("8020",),
    "20 240-242 422 7001": ("01 02 8006 8026",),
    "21": ("01 03 8006",),
    "22 235 243 710-716 8001 8014 8200": ("01",),
    "250": ("01 8006", "21"),
    "251 7021 7240 8012": ("01 8006",),
    "254": ("414",),
    "30 310n 311n 312n 313n 314n 315n 316n 32nn 350n 351n 352n 356n 357n 360n 361n 364n 365n 366n": ("01 02",),
    "33nn 34nn 353n 354n 355n 362n 363n 367n 368n 369n": ("00 01",),
    "37": ("00", "02 8026"),
    "390n": ("255 8020",),
    "391n": ("8020",),
    "392n": ("01", "30 31nn 32nn 35nn 36nn"),
    "393n 395n": ("30 31nn 32nn 35nn 36nn",),
    "394n 8111": ("255",),
    "403 430n 431n 432n 433n 7041": ("00",),
    "415": ("8020",),
    "423-426": ("01 02",),
    "427": ("01 02", "422"),
    "7002 7003 7005-7011 703n 8005 8008": ("01 02",),
    "7004": ("01", "10"),
    "7020": ("01 8006", "416"),
    "7022": ("7021",),
    "723n": ("01 8004",),
    "7241 7242 7253-7256 8019": ("8017 8018",),
    "7250-7252 7257 7259": ("8018",),
    "7258": ("8018", "7259"),
    "8007 8020": ("415",),
    "8009": ("00 01",),
    "8011": ("8010",),
    "8026": ("37",),
    "8030": ("00 01+21 253 255 8003 8004 8006+21 8010+8011 8017 8018",),
}
"""What an identifier needs beside it: one of each group; `01+21` is both."""

EXCLUDES = {
    "01": "02 03 255 37",
    "02": "01 03",
    "03": "01 02 37",
    "21": "235",
    "255": "01 02 415 8006 8020 8026",
    "390n": "391n 394n 8111",
    "392n 393n": "392n 393n",
    "395n": "392n 393n 8005",
    "394n": "8111",
    "420": "421",
    "421": "4307",
    "422-425": "426",
    "4330": "4331",
    "4332": "4333",
    "7250": "7251",
    "7253-7255": "7256 7259",
    "7259": "7256",
    "8006": "01 37",
    "8017": "8018",
    "8026": "02 8006",
}
"""What may not stand beside an identifier; a measure may also not be given twice with other decimals."""

QUALIFIERS = {
    "01": (("22", "10", "21"), ("235",)),
    "8006": (("22", "10", "21"),),
    "00": ((),),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
"""The keys a Digital Link may begin with, and what may follow each in the path, in this order."""

_ONE_MEASURE = re.compile(r"^(31|32|33|34|35|36|39)")
_COMPONENT = re.compile(r"^(?P<set>[NXYZ])(?P<upto>\.\.)?(?P<length>\d+)(?P<optional>\?)?(?P<checks>(?::\w+)*)$")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of an identifier's data."""

    characters: str
    shortest: int
    longest: int
    is_optional: bool
    checks: tuple[str, ...]


@cache
def components_of(ai: str) -> tuple[Component, ...]:
    """Return the format of an identifier's data; none where there is no such identifier."""
    return tuple(_component(part) for part in _format(ai).split())


def identifier_at(data: str) -> str | None:
    """Return the identifier some data begins with, if there is one."""
    return next((data[:length] for length in (2, 3, 4) if _format(data[:length]) and len(data) >= length), None)


@cache
def matches(ai: str, patterns: str) -> bool:
    """True where an identifier is one of `01 31nn 7253-7256`."""
    return any(ai in _range(pattern) if "-" in pattern else _is(ai, pattern) for pattern in patterns.split())


@cache
def needs_of(ai: str) -> tuple[str, ...]:
    """Return the groups of which an identifier needs one each beside it."""
    return next((groups for patterns, groups in NEEDS.items() if matches(ai, patterns)), ())


@cache
def excluded_by(ai: str, other: str) -> bool:
    """True where two identifiers may not stand in one scan."""
    if _ONE_MEASURE.match(ai) and ai[:3] == other[:3] and ai != other:
        return True
    return any(matches(ai, one) and matches(other, excluded) for one, excluded in EXCLUDES.items())


def _format(ai: str) -> str:
    return _by_identifier().get(ai, "")


@cache
def _by_identifier() -> dict[str, str]:
    return {ai: form for form, listed in FORMATS.items() for part in listed.split() for ai in _range(part)}


def _range(part: str) -> tuple[str, ...]:
    first, _, last = part.partition("-")
    return tuple(_counted(first, last or first))


def _counted(first: str, last: str) -> Iterator[str]:
    for number in range(int(first), int(last) + 1):
        yield str(number).zfill(len(first))


def _is(ai: str, pattern: str) -> bool:
    return len(ai) == len(pattern) and all(ours in {"n", mark} for mark, ours in zip(ai, pattern, strict=True))


def _component(text: str) -> Component:
    found = _COMPONENT.match(text)
    if found is None:
        raise ValueError(f"{text} is no component")
    longest = int(found["length"])
    shortest = 1 if found["upto"] else longest
    checks = tuple(name for name in found["checks"].split(":") if name)
    return Component(found["set"], shortest, longest, bool(found["optional"]), checks)
