"""Numbers, moments and free text as cXML senders write them, each read or refused as a whole."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

LONGEST_NUMBER = 30
LONGEST_MOMENT = 40
EARLIEST, LATEST = 1900, 2199

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_MAGNITUDE = 18


@dataclass(frozen=True, slots=True)
class Moment:
    """A day as its sender wrote it, and the moment where a time of day came with it."""

    on: date
    at: datetime | None


def number_of(text: str) -> Decimal | None:
    """Return a number in ASCII digits with a decimal point, or None where it is none."""
    text = text.strip()
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return number if not number or abs(number.adjusted()) <= _MAGNITUDE else None


def grouped_number_of(text: str) -> Decimal | None:
    """Return a number whose thousands are set off by commas, or None where it is none."""
    text = text.strip()
    if len(text) > LONGEST_NUMBER or not _GROUPED.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))


def moment_of(text: str) -> Moment | None:
    """Return a date or date and time of ISO 8601, its offset kept and none added; None where it is none."""
    found = _MOMENT.fullmatch(text.strip()) if len(text) <= LONGEST_MOMENT else None
    if found is None:
        return None
    try:
        on = date(int(found["year"]), int(found["month"]), int(found["day"]))
        at = datetime.fromisoformat(_iso(on, found)) if found["hour"] else None
    except ValueError:
        return None
    return Moment(on, at) if EARLIEST <= on.year <= LATEST else None


def _iso(on: date, found: re.Match[str]) -> str:
    """Return the one spelling the standard library reads without ambiguity."""
    zone = (found["offset"] or "").upper().replace("Z", "+00:00").replace(":", "")
    if zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    micro = (found["fraction"] or "0")[:6].ljust(6, "0")
    return f"{on.isoformat()}T{found['hour']}:{found['minute']}:{found['second'] or '00'}.{micro}{zone}"
