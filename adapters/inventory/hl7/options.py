"""What a sender's HL7 v2 interface leaves open: who it is, which fields say what, which codes take stock.

A field is written as in HL7: `FT1-7` its first component, `FT1-7.2` the second. Several are tried in turn. Vendor
segments (Z..) are used by naming their fields here.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from adapters.documents.points_of_use import PointOfUse
from domain.document import Command
from domain.requisition import Criticality

SegmentName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{2}$")]
FieldPath = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{2}-[1-9][0-9]?(\.[1-9][0-9]?)?$")]
Fields = tuple[FieldPath, ...]
Name = Annotated[str, StringConstraints(max_length=80)]


class Transaction(StrEnum):
    """What a transaction does to stock."""

    USED = "used"
    """The quantity as written."""
    RETURNED = "returned"
    """Below zero, however it is written."""
    ADJUSTED_UP = "adjusted up"
    """Stock was found: below zero."""
    ADJUSTED_DOWN = "adjusted down"
    """Stock is gone: counts as used."""
    IGNORED = "ignored"
    """Money only, as a payment."""


class LineFields(Command):
    """Where a line says what."""

    begins: SegmentName
    """The segment each line begins with; those after it, up to the next, belong to it."""
    item: Fields = ()
    """Our item number; its coding system is two components further on."""
    other_items: Fields = ()
    """More numbers of the item, by their coding systems."""
    gtin: Fields = ()
    supplier_item: Fields = ()
    manufacturer_item: Fields = ()
    ndc: Fields = ()
    description: Fields = ()
    quantity: Fields = ()
    unit: Fields = ()
    lot: Fields = ()
    serial: Fields = ()
    expires_on: Fields = ()
    udi: Fields = ()
    """The barcode as scanned, GS1 or HIBC."""
    kind: Fields = ()
    at: Fields = ()
    needed_by: Fields = ()
    location: Fields = ()
    unit_price: Fields = ()
    amount: Fields = ()
    priority: Fields = ()
    references: Mapping[str, FieldPath] = {}
    """Numbers that lead elsewhere, by meaning."""


CHARGES = LineFields(
    begins="FT1",
    item=("FT1-34", "FT1-7", "FT1-7.4"),
    other_items=("FT1-7", "FT1-7.4", "FT1-25"),
    manufacturer_item=("FT1-35",),
    ndc=("FT1-29",),
    description=("FT1-8", "FT1-7.2", "FT1-7.5", "FT1-9"),
    quantity=("FT1-10", "FT1-43.1"),
    unit=("FT1-43.2",),
    lot=("PRT-19",),
    serial=("PRT-20",),
    expires_on=("PRT-18",),
    udi=("PRT-10",),
    kind=("FT1-6",),
    at=("FT1-4", "FT1-5"),
    location=("FT1-16", "FT1-13", "PV1-3"),
    unit_price=("FT1-12",),
    amount=("FT1-11",),
    references={"transaction": "FT1-2", "batch": "FT1-3", "order": "FT1-23"},
)
"""DFT^P03 by the standard; devices in PRT as of 2.8.2."""

REQUESTS = LineFields(
    begins="RQD",
    item=("RQD-4", "RQD-2"),
    other_items=("RQD-4", "RQD-2"),
    supplier_item=("RQ1-5", "RQD-3"),
    manufacturer_item=("RQ1-3",),
    description=("RQD-4.2", "RQD-2.2", "RQD-3.2"),
    quantity=("RQD-5", "ORC-7"),
    unit=("RQD-6", "ORC-7.2"),
    kind=("ORC-1",),
    at=("ORC-9", "ORC-15"),
    needed_by=("RQD-10",),
    location=("RQD-9", "ORC-13", "PV1-3"),
    unit_price=("RQ1-1",),
    priority=("ORC-7.6", "TQ1-9"),
    references={"order": "ORC-2", "filler order": "ORC-3", "cost centre": "RQD-7"},
)
"""ORM^O01, OMN^O07 and OMS^O05 by the standard."""

TRANSACTIONS = {
    "CG": Transaction.USED,
    "CD": Transaction.RETURNED,
    "AJ": Transaction.ADJUSTED_UP,
    "CO": Transaction.IGNORED,
    "PY": Transaction.IGNORED,
    "USGE": Transaction.USED,
    "DISP": Transaction.USED,
    "RTRN": Transaction.RETURNED,
    "ADJI": Transaction.ADJUSTED_UP,
    "ADJD": Transaction.ADJUSTED_DOWN,
    "": Transaction.USED,
}
"""HL7 table 0017, and the activities cabinets report."""


class Hl7Options(PointOfUse):
    """A sender's page of HL7 v2."""

    sending_application: Name | None = None
    """MSH-3 of what we get; null takes any."""
    sending_facility: Name | None = None
    """MSH-4 of what we get; null takes any."""
    usage: LineFields = CHARGES
    requests: LineFields = REQUESTS
    transactions: Mapping[str, Transaction] = Field(default_factory=lambda: dict(TRANSACTIONS))
    """By the code of the line's `kind`; a code that is not listed makes the message an exception."""
    blank_quantity: Decimal | None = Decimal(1)
    """What a charge without a quantity means; null where that is to be refused."""
    case_number: Fields = ("PV1-19", "PID-18")
    """What the case is known by here; only its surrogate is kept."""
    priorities: Mapping[str, Criticality] = Field(
        default_factory=lambda: {"S": Criticality.CRITICAL, "A": Criticality.URGENT, "R": Criticality.ROUTINE}
    )
    """TQ1-9 and ORC-7.6, to ours."""
