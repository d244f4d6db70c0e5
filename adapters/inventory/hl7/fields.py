"""Fields of a line as values; whatever is wrong with one becomes a finding at its segment and field."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from adapters.documents import units
from adapters.documents.findings import Findings
from adapters.documents.reading import ReadQuantity
from adapters.inventory.hl7.message import Message, Segment
from adapters.inventory.hl7.options import Fields, Hl7Options

INHERITED = frozenset({"MSH", "EVN", "ORC", "TQ1", "PV1"})
"""Segments before a line that speak for it too."""

WORDS = {
    "EACH": "EA",
    "UNIT": "EA",
    "BOX": "BX",
    "CASE": "CA",
    "CARTON": "CT",
    "PACK": "PK",
    "PACKAGE": "PK",
    "BAG": "BG",
    "BOTTLE": "BO",
    "VIAL": "VI",
    "KIT": "KT",
    "PAIR": "PR",
    "ROLL": "RL",
    "TUBE": "TB",
    "TRAY": "TY",
    "DOZEN": "DZ",
}
"""Units of HL7 v2 are the site's own codes, which are mostly words."""

_NUMBER = re.compile(r"^[+-]?[0-9]{1,12}(?:\.[0-9]{0,6})?$|^[+-]?\.[0-9]{1,6}$")
_MOMENT = re.compile(
    r"^(?P<day>[0-9]{8})(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?:\.[0-9]{1,4})?)?"
    r"(?P<zone>[+-][0-9]{4})?$"
)
_MONTH = re.compile(r"^[0-9]{4}(?:[0-9]{2})?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A field that says something: what, and where."""

    text: str
    path: str
    segment: Segment
    position: str


class LineReader:
    """One line being read: its own segments first, then those before it that speak for it."""

    def __init__(self, message: Message, options: Hl7Options, findings: Findings, segments: list[Segment]) -> None:
        self._message = message
        self._options = options
        self.findings = findings
        self._segments = segments
        self.first = segments[0]
        sent = moment_of(message.header("MSH-7"))
        self._zone = sent.tzinfo if isinstance(sent, datetime) else None

    def position(self, path: str) -> str:
        """Return where a field of the line's first segment is."""
        return f"{self.first.name}[{self.first.number}]-{path.partition('-')[2]}"

    def find(self, paths: Fields) -> Found | None:
        """Return the first of some fields that says something."""
        return next((found for path in paths if (found := self._at(path)) is not None), None)

    def text(self, paths: Fields) -> str:
        """Return what the first of some fields says, or nothing."""
        found = self.find(paths)
        return found.text if found else ""

    def beside(self, found: Found, offset: int) -> str:
        """Return another component of the same field."""
        number, _, component = found.path.partition("-")[2].partition(".")
        return self._message.text(f"{found.path[:3]}-{number}.{int(component or 1) + offset}", found.segment)

    def decimal(self, paths: Fields) -> Decimal | None:
        """Return a number; a blank one is None, a wrong one None and a finding."""
        found = self.find(paths)
        number = decimal_of(found.text) if found else None
        if found and number is None:
            self.findings.error("NM", found.position, "must be a number in ASCII digits", "correct the number")
        return number

    def quantity(self, quantity: Fields, unit: Fields) -> ReadQuantity | None:
        """Return so many of a unit."""
        value = self.decimal(quantity)
        return None if value is None else ReadQuantity(value=value, unit=self._unit(unit), raw_unit=self.text(unit))

    def day(self, paths: Fields) -> date | None:
        """Return a day; one of month and year alone is the month's last."""
        moment = self.moment(paths)
        return moment.date() if isinstance(moment, datetime) else moment

    def moment(self, paths: Fields) -> datetime | date | None:
        """Return a moment, in the zone of MSH-7 where it has none; a day where no hour is written."""
        found = self.find(paths)
        moment = moment_of(found.text) if found else None
        if found and moment is None:
            self.findings.warning("TS", found.position, "is no date YYYYMMDD with or without a time; left out")
        if isinstance(moment, datetime) and moment.tzinfo is None:
            return moment.replace(tzinfo=self._zone)
        return moment

    def _unit(self, paths: Fields) -> str | None:
        found = self.find(paths)
        if found is None:
            return None
        code = found.text.upper()
        ours = self._options.units.get(found.text) or units.from_x12(code, self._options.units) or WORDS.get(code)
        if ours is None:
            remedy = "say in the partner's profile what it means (units)"
            self.findings.warning("unit", found.position, "is a unit we do not know", remedy)
        return ours

    def _at(self, path: str) -> Found | None:
        for segment in self._segments:
            if segment.name == path[:3]:
                text = self._message.text(path, segment)
                if text:
                    where = f"{segment.name}[{segment.number}]-{path.partition('-')[2]}"
                    return Found(text, path, segment, where)
        return None


def decimal_of(text: str) -> Decimal | None:
    """Return a number written in ASCII digits, or None."""
    return Decimal(text) if _NUMBER.match(text) else None


def moment_of(text: str) -> datetime | date | None:
    """Return a time stamp, naive where it has no zone; a day alone is a date; a month alone its last day."""
    found = _MOMENT.match(text)
    if found is None:
        return _end_of(text) if _MONTH.match(text) else None
    try:
        day = datetime.strptime(found["day"], "%Y%m%d")  # noqa: DTZ007 - the zone follows
        if found["hour"] is None:
            return day.date()
        moment = day.replace(hour=int(found["hour"]), minute=int(found["minute"]), second=int(found["second"] or 0))
        return moment.replace(tzinfo=_zone(found["zone"])) if found["zone"] else moment
    except ValueError:
        return None


def _end_of(text: str) -> date | None:
    year, month = int(text[:4]), int(text[4:] or 12)
    try:
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1) and following - timedelta(days=1)
    except ValueError:
        return None


def _zone(text: str) -> timezone:
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return timezone(-ahead if text.startswith("-") else ahead)
