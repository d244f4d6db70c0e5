"""Dates on packages: two-digit years in the window of 49 years back and 50 ahead, day 00 as the end of the month."""

import calendar
from datetime import date, timedelta

WINDOW_YEAR = 2026
"""The middle of the window where nobody says which year it is: right for every date from 1977 to 2076."""

_CENTURY = 100
_HALF = 50
_HOURS = 23
_MINUTES = 59


def full_year(two_digits: int, year: int) -> int:
    """Return the year two digits mean (GS1 General Specifications, section 7.12)."""
    century = year - year % _CENTURY
    ahead = two_digits - year % _CENTURY
    if ahead > _HALF:
        return century - _CENTURY + two_digits
    return century + two_digits + (_CENTURY if ahead <= -_HALF else 0)


def day_of(digits: str, year: int) -> date | None:
    """Return the day YYMMDD means, or None where there is none. Day 00 is the last day of the month."""
    return calendar_day(full_year(int(digits[:2]), year), int(digits[2:4]), int(digits[4:6]))


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return a day, or None where there is none. Day 0 is the last day of the month."""
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, day or last)
    except (ValueError, IndexError):
        return None


def day_of_year(year: int, number: int) -> date | None:
    """Return the n-th day of a year, or None where it has fewer."""
    try:
        first = date(year, 1, 1)
    except ValueError:
        return None
    found = first + timedelta(days=number - 1)
    return found if found.year == year and number else None


def is_time(digits: str) -> bool:
    """True for an hour and, where given, minutes."""
    return int(digits[:2]) <= _HOURS and int(digits[2:4] or "0") <= _MINUTES
