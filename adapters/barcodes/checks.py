"""What the content of an application identifier must be beyond its characters and length."""

import re
from collections.abc import Callable
from functools import reduce

from adapters.barcodes.countries import COUNTRY_CODES, COUNTRY_NUMBERS, CURRENCY_NUMBERS
from adapters.barcodes.dates import calendar_day, day_of, is_time

_SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_PAIR_MODULUS = 1021
_LEAST_IBAN = 10
_WIDEST_LATITUDE = 1_800_000_000
_WIDEST_LONGITUDE = 3_600_000_000
_PREFIX = re.compile(r"^[0-9]{4}")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SEQUENCE = re.compile(r"^([1-9])/([1-9])$")
_MEDIA = frozenset(range(1, 11)) | frozenset(range(80, 100))

CHARACTERS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
    "Z": re.compile(r"[\-0-9A-Z_a-z]*={0,2}"),
}
"""The character sets of the General Specifications: digits, 82, 39 and 64 (which is padded to threes)."""


def has_check_digit(digits: str) -> bool:
    """True where the last digit is the GS1 check digit of the others."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighted % 10 == 0


def has_check_pair(text: str) -> bool:
    """True where the last two characters are the check pair of a Global Model Number."""
    body, pair = text[:-2], text[-2:]
    if not body or len(body) > len(_PRIMES):
        return False
    total = sum(_SET_82.index(mark) * prime for mark, prime in zip(reversed(body), _PRIMES, strict=False))
    rest = total % _PAIR_MODULUS
    return pair == _SET_32[rest >> 5] + _SET_32[rest & 31]


def is_iban(text: str) -> bool:
    """True for an International Bank Account Number with a country and valid check digits (ISO 13616)."""
    if len(text) < _LEAST_IBAN or not re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]+", text) or text[:2] not in COUNTRY_CODES:
        return False
    return reduce(lambda rest, mark: int(f"{rest}{int(mark, 36)}") % 97, text[4:] + text[:4], 0) == 1


def is_piece(text: str) -> bool:
    """True for the number of a piece and the total of pieces, neither zero."""
    piece, total = int(text[:2]), int(text[2:])
    return 0 < piece <= total


def is_place_in_sequence(text: str) -> bool:
    """True for `2/3`."""
    found = _SEQUENCE.match(text)
    return found is not None and found[1] <= found[2]


CHECKS: dict[str, tuple[Callable[[str], bool], str]] = {
    "digit": (has_check_digit, "must end in its check digit"),
    "pair": (has_check_pair, "must end in its check pair"),
    "prefix": (lambda text: bool(_PREFIX.match(text)), "must begin with a GS1 company prefix"),
    "day0": (lambda text: day_of(text, 2000) is not None, "must be a day YYMMDD"),
    "day": (lambda text: text[4:] != "00" and day_of(text, 2000) is not None, "must be a day YYMMDD, not day 00"),
    "longday": (
        lambda text: text[6:] != "00" and calendar_day(int(text[:4]), int(text[4:6]), int(text[6:])) is not None,
        "must be a day YYYYMMDD",
    ),
    "time": (is_time, "must be a time HHMM"),
    "hour": (is_time, "must be an hour"),
    "minute": (lambda text: is_time("00" + text), "must be below 60"),
    "piece": (is_piece, "must be the number of a piece and of all pieces"),
    "zero": (lambda text: text == "0", "must begin with 0"),
    "nonzero": (lambda text: int(text) > 0, "must not be zero"),
    "noleadingzero": (lambda text: text == "0" or not text.startswith("0"), "must not begin with 0"),
    "hyphen": (lambda text: text == "-", "must end in a hyphen or not at all"),
    "flag": (lambda text: text in {"0", "1"}, "must be 0 or 1"),
    "sex": (lambda text: text in {"0", "1", "2", "9"}, "must be a code of ISO 5218"),
    "media": (lambda text: int(text) in _MEDIA, "must be an AIDC media type"),
    "winding": (lambda text: text in {"0", "1", "9"}, "must have a winding direction 0, 1 or 9"),
    "importer": (lambda text: bool(re.fullmatch(r"[-0-9A-Z_a-z]", text)), "must have an importer index"),
    "sequence": (is_place_in_sequence, "must be a place in a sequence, as 1/2"),
    "latitude": (lambda text: int(text) <= _WIDEST_LATITUDE, "must be a latitude"),
    "longitude": (lambda text: int(text) <= _WIDEST_LONGITUDE, "must be a longitude"),
    "percent": (lambda text: not _PERCENT.search(text), "must have two hexadecimal digits after each percent sign"),
    "nondigit": (lambda text: not text.isdigit(), "must have a character that is no digit"),
    "iban": (is_iban, "must be an IBAN"),
    "country": (lambda text: text in COUNTRY_NUMBERS, "must be a country of ISO 3166"),
    "processor": (lambda text: text == "999" or text in COUNTRY_NUMBERS, "must be a country of ISO 3166, or 999"),
    "alphacountry": (lambda text: text in COUNTRY_CODES, "must be a country of ISO 3166"),
    "currency": (lambda text: text in CURRENCY_NUMBERS, "must be a currency of ISO 4217"),
    "coupon": (lambda _: False, "is a coupon, which is no goods"),
}
"""The checks by the name the dictionary gives them, with the rule each stands for."""


def has_characters(text: str, characters: str) -> bool:
    """True where every character is of the set."""
    if characters == "Z" and text.endswith("=") and len(text) % 3:
        return False
    return CHARACTERS[characters].fullmatch(text) is not None
