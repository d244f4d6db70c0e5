"""HIBC supplier labels (ANSI/HIBC 2.6): primary, secondary and concatenated barcodes, their check character verified.

The check character may be a blank, `+ $ % / . -`: the scan is never stripped. A date of month and year alone lasts to
the end of its month, and keeps that precision.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from adapters.bad_document import BadDocumentError
from adapters.barcodes.dates import calendar_day, day_of, day_of_year, full_year
from adapters.barcodes.scanned import Element, Precision, Scan, Symbols

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
"""The 43 characters of Code 39, in the order of their check values."""

_PRIMARY = re.compile(r"^([A-Z][A-Z0-9]{3})([A-Z0-9]{1,18})([0-9])$")
_TWO_LINES = re.compile(r"^(?P<first>\+[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9].)(?P<second>\+[$0-9].{2,})$")
_QUANTITY = re.compile(r"^(?:8([0-9]{2})|9([0-9]{5}))")
_DATED = re.compile(
    r"^(?:2(?P<mdy>[0-9]{6})|3(?P<ymd>[0-9]{6})|4(?P<ymdh>[0-9]{8})|5(?P<julian>[0-9]{5})|6(?P<julianh>[0-9]{7})"
    r"|(?P<none>7)|(?P<my>[01][0-9]{3}))"
)
_LOT = re.compile(r"^[A-Z0-9\-. ]{0,20}$")
_FIELD = re.compile(
    r"^(?:(?P<made>16D)(?P<made_on>[0-9]{8})|(?P<ends>14D)(?P<ends_on>[0-9]{8})|S(?P<serial>.+)|Q(?P<count>[0-9]{1,5}))$"
)
_LAST_HOUR = 23
_AGAIN = "scan the package again"


@dataclass(frozen=True, slots=True)
class Until:
    """An expiry as a secondary barcode writes it."""

    on: date | None = None
    at: datetime | None = None
    precision: Precision | None = None


def read_hibc(text: str, *, year: int) -> Scan:
    """Return what a HIBC barcode says, or the two lines of a label in one scan. Raises BadDocumentError."""
    lines = _TWO_LINES.match(text)
    if lines and has_check_character(lines["first"]) and lines["first"][-1] == text[-2]:
        return _together(_line(lines["first"], year), _line(lines["second"], year))
    return _line(text, year)


def _together(first: Scan, second: Scan) -> Scan:
    said = second.model_dump(exclude_none=True, exclude={"elements"})
    return first.model_copy(update={**said, "elements": second.elements, "link": second.link})


def _line(text: str, year: int) -> Scan:
    body = _checked(text)
    if body.startswith("/"):
        raise BadDocumentError("HIBC", "is a provider's label of people or places, which is no goods", "scan the goods")
    if body[:1].isalpha():
        primary, *fields = body.split("/")
        return _scan(_primary(primary), fields, year, check=text[-1])
    if not body:
        raise BadDocumentError("HIBC", "must hold an item or its lot", _AGAIN)
    return _scan({}, body[:-1].split("/"), year, check=text[-1], link=body[-1])


def has_check_character(text: str) -> bool:
    """True where the last character is the mod 43 check character of the others."""
    return all(mark in CHARACTERS for mark in text) and (
        sum(CHARACTERS.index(mark) for mark in text[:-1]) % len(CHARACTERS) == CHARACTERS.index(text[-1])
    )


def _checked(text: str) -> str:
    if not text.startswith("+") or len(text) < len("+$A0"):
        raise BadDocumentError("HIBC", "must begin with + and hold an item or its lot", _AGAIN)
    if not has_check_character(text):
        rule = "must end in its check character, which may be a blank"
        raise BadDocumentError("HIBC", rule, "scan again, and send the scan unstripped")
    return text[1:-1]


def _primary(text: str) -> dict[str, str | int]:
    found = _PRIMARY.match(text)
    if found is None:
        rule = "must have a labeler of four characters, a product of 1 to 18 and a unit of measure digit"
        raise BadDocumentError("HIBC primary", rule, _AGAIN)
    return {"hibc": text, "labeler": found[1], "product": found[2], "unit_of_measure": int(found[3])}


def _scan(primary: dict[str, str | int], fields: list[str], year: int, *, check: str, link: str | None = None) -> Scan:
    said: dict[str, object] = {}
    elements: list[Element] = []
    for number, field in enumerate(fields):
        flag, found = _read(field, year, is_first=number == 0)
        elements.append(Element(ai=flag, value=field.removeprefix(flag)))
        for name, value in found.items():
            if value is not None and said.setdefault(name, value) != value and name != "precision":
                raise BadDocumentError(f"HIBC {flag}", f"contradicts the {name} said before it", "the label is wrong")
    return Scan.model_validate(
        {"symbols": Symbols.HIBC, "elements": tuple(elements), "check": check, "link": link, **primary, **said}
    )


def _read(field: str, year: int, *, is_first: bool) -> tuple[str, dict[str, object]]:
    flag = next((flag for flag in ("$$+", "$$", "$+", "$") if field.startswith(flag)), "")
    if flag.startswith("$$"):
        return flag, _dated(field.removeprefix(flag), flag, year)
    if flag:
        return flag, {_numbered(flag): _number(field.removeprefix(flag), flag)}
    if is_first and re.match(r"^[0-9]{5}(?!D)", field) and not field.startswith(("14D", "16D")):
        return "", {**_until(_of_year(field[:5], year, "")), "lot": _number(field[5:], "")}
    return _supplement(field)


def _dated(text: str, flag: str, year: int) -> dict[str, object]:
    counted = _QUANTITY.match(text)
    quantity = int(counted[1] or counted[2]) if counted else None
    text = text[counted.end() :] if counted else text
    found = _DATED.match(text)
    if found is None and text:
        raise BadDocumentError(f"HIBC {flag}", "must have a date in one of the forms of ANSI/HIBC 2.6", _AGAIN)
    until = _written(found, year, flag) if found else Until()
    rest = text[found.end() :] if found else ""
    return {"quantity": quantity, **_until(until), _numbered(flag): _number(rest, flag)}


def _written(found: re.Match[str], year: int, flag: str) -> Until:
    name, digits = found.lastgroup or "none", found[found.lastgroup or "none"]
    if name == "none":
        return Until()
    if name.startswith("julian"):
        return _of_year(digits, year, flag)
    if name == "my":
        day = calendar_day(full_year(int(digits[2:]), year), int(digits[:2]), 0)
        return Until(_existing(day, flag), precision=Precision.MONTH)
    ordered = digits[4:] + digits[:4] if name == "mdy" else digits
    return _timed(_existing(day_of(ordered[:6], year), flag), ordered[6:], flag)


def _of_year(digits: str, year: int, flag: str) -> Until:
    day = day_of_year(full_year(int(digits[:2]), year), int(digits[2:5]))
    return _timed(_existing(day, flag), digits[5:], flag)


def _timed(day: date, hour: str, flag: str) -> Until:
    if not hour:
        return Until(day, precision=Precision.DAY)
    if int(hour) > _LAST_HOUR:
        raise BadDocumentError(f"HIBC {flag}", "must have an hour from 00 to 23", _AGAIN)
    return Until(day, datetime.combine(day, time(int(hour))), Precision.HOUR)


def _existing(day: date | None, flag: str) -> date:
    if day is None:
        raise BadDocumentError(f"HIBC {flag or 'date'}", "must be a day of the calendar", "the label is wrong")
    return day


def _until(until: Until) -> dict[str, object]:
    return {"expires_on": until.on, "expires_at": until.at, "precision": until.precision}


def _numbered(flag: str) -> str:
    return "serial" if flag.endswith("+") else "lot"


def _number(text: str, flag: str) -> str | None:
    if not _LOT.match(text):
        rule = "must be at most 20 letters, digits, dashes, points and blanks"
        raise BadDocumentError(f"HIBC {flag or 'lot'}", rule, _AGAIN)
    return text.strip() or None


def _supplement(field: str) -> tuple[str, dict[str, object]]:
    found = _FIELD.match(field)
    if found is None:
        rule = "must be a field of ANSI/HIBC 2.6: $, $+, $$, $$+, 14D, 16D, S or Q"
        raise BadDocumentError("HIBC secondary", rule, _AGAIN)
    if found["made"]:
        return "16D", {"made_on": _long_day(found["made_on"], "16D")}
    if found["ends"]:
        return "14D", {"expires_on": _long_day(found["ends_on"], "14D"), "precision": Precision.DAY}
    if found["count"]:
        return "Q", {"quantity": int(found["count"])}
    return "S", {"serial": _number(found["serial"], "S")}


def _long_day(digits: str, flag: str) -> date:
    return _existing(calendar_day(int(digits[:4]), int(digits[4:6]), int(digits[6:])), flag)
