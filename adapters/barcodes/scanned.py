"""What a scan says: which item, which lot, until when, how many."""

from datetime import date, datetime
from enum import StrEnum

from domain.document import Document
from domain.identifiers import Gln, Gtin, Sscc


class Symbols(StrEnum):
    """The language of a scan."""

    GS1 = "gs1"
    GTIN = "gtin"
    HIBC = "hibc"


class Precision(StrEnum):
    """How exactly an expiry was written; `expires_on` is the last day it may mean."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class Element(Document):
    """A GS1 application identifier, or the flag of a HIBC field, with its data as written."""

    ai: str
    value: str


class Scan(Document):
    """One scan. A secondary barcode says nothing of the item: its lot and dates belong to the scan before it."""

    symbols: Symbols
    gtin: Gtin | None = None
    contained_gtin: Gtin | None = None
    """What a logistic unit holds, AI 02; `quantity` says how many."""
    sscc: Sscc | None = None
    gln: Gln | None = None
    hibc: str | None = None
    """A HIBC item: labeler, product and unit of measure in one, without `+` and check character."""
    labeler: str | None = None
    product: str | None = None
    unit_of_measure: int | None = None
    """HIBC: 0 for the unit of use, higher for larger packs; the labeler says how many are in each."""
    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    expires_at: datetime | None = None
    """Where an hour is given; local time, of no zone."""
    precision: Precision | None = None
    made_on: date | None = None
    best_before: date | None = None
    quantity: int | None = None
    elements: tuple[Element, ...] = ()
    check: str | None = None
    """HIBC: the check character; the one of a primary barcode is the link character of its secondaries."""
    link: str | None = None

    def value(self, ai: str) -> str | None:
        """Return the data of an application identifier."""
        return next((element.value for element in self.elements if element.ai == ai), None)
