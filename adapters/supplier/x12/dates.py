"""Dates of X12: CCYYMMDD from release 004010, YYMMDD before, ranges as RD8. None says whose time zone they are in."""

from datetime import UTC, date, datetime
from datetime import time as clock

_PIVOT = 70
"""YYMMDD below this is in the twenty-first century."""

_WITH_TIME = frozenset({"DT", "DTS", "RDT"})
_UTC = frozenset({"UT", "GM"})

MEANINGS = {
    "002": "requested delivery",
    "003": "invoice",
    "004": "purchase order",
    "007": "effective",
    "009": "processed",
    "010": "requested ship",
    "011": "shipped",
    "017": "expected",
    "035": "delivered",
    "036": "expiry",
    "037": "ship not before",
    "038": "ship no later",
    "050": "received",
    "063": "deliver no later",
    "064": "deliver not before",
    "067": "scheduled delivery",
    "068": "scheduled ship",
    "069": "promised delivery",
    "074": "requested delivery",
    "079": "promised ship",
    "090": "report start",
    "091": "report end",
    "094": "manufactured",
    "097": "processed",
    "106": "required by",
    "186": "period start",
    "187": "period end",
    "208": "expiry",
    "371": "estimated arrival",
    "372": "actual arrival",
    "405": "manufactured",
    "511": "expiry",
    "814": "due",
}
"""Element 374; what is not here keeps its code."""

EXPIRY = frozenset({"036", "208", "511"})
MADE = frozenset({"094", "405"})
PROMISES = frozenset({"017", "067", "069", "371"})
"""Days goods are promised to be here."""


def day_of(text: str, century: str = "") -> date | None:
    """Return a date, or None where there is no such day. Of a range its first day."""
    digits = text.strip().partition("-")[0]
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) == len("YYMMDD"):
        digits = (century or ("20" if int(digits[:2]) < _PIVOT else "19")) + digits
    if len(digits) != len("CCYYMMDD"):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def days_of(text: str, period_format: str) -> tuple[date | None, date | None]:
    """Return the first and, of a range, the last day of a date time period (element 1251 in the format of 1250)."""
    first, _, last = text.strip().partition("-")
    if period_format in _WITH_TIME:
        first, last = first[: len("CCYYMMDD")], last[: len("CCYYMMDD")]
    return day_of(first), day_of(last) if last else None


def moment_of(day: str, time: str, zone: str = "") -> datetime | None:
    """Return a moment, without an offset unless the zone is UTC's, or None where the day or the time is none."""
    found = day_of(day)
    if found is None or not is_time(time):
        return None
    hour, minute, second = (int(time[start : start + 2] or "0") for start in (0, 2, 4))
    return datetime.combine(found, clock(hour, minute, second), tzinfo=UTC if zone in _UTC else None)


def is_time(text: str) -> bool:
    """True for HHMM, HHMMSS and HHMMSSDD."""
    if not (text.isascii() and text.isdigit() and len(text) in {4, 6, 7, 8}):
        return False
    hours, minutes, seconds = int(text[:2]), int(text[2:4]), int(text[4:6] or "0")
    return hours <= 23 and minutes <= 59 and seconds <= 59  # noqa: PLR2004 - a day has 24 hours
