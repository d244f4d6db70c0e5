"""What was used where, and what a point of use asks for: the documents that draw stock down.

Usage is net: a return or a correction is a line below zero, in the same document as a use or in another.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from domain.document import Document
from domain.identifiers import Code, FacilityCode, Gtin, ItemCode, LocationCode, Lot, Reference
from domain.quantities import Quantity
from domain.requisition import Criticality, LineNumber, distinct_lines

CaseReference = Annotated[str, StringConstraints(pattern=r"^case-[a-z2-7]{20}$")]
"""A procedure or stay by a keyed surrogate: the same case gives the same one, and nobody finds the case from it."""

ItemKey = str
"""What a used thing is known by: our item code, else its GTIN, else its supplier's number."""


class UsageLine(Document):
    """So many of an item used, or given back where the quantity is below zero."""

    number: LineNumber
    item: ItemCode | None = None
    gtin: Gtin | None = None
    supplier_item: Reference | None = None
    quantity: Quantity
    location: LocationCode | None = None
    """Where it is not the document's."""
    lot: Lot | None = None
    serial: Lot | None = None
    expires_on: date | None = None

    @property
    def key(self) -> ItemKey:
        """What it is known by."""
        return self.item or self.gtin or self.supplier_item or ""

    @model_validator(mode="after")
    def _something_used(self) -> Self:
        if not self.key:
            raise ValueError("must name the item: our item code, a GTIN or the supplier's number")
        if self.quantity.value == 0:
            raise ValueError("quantity must not be zero")
        return self


class Usage(Document):
    """What was used at one facility, as its point of use reported it."""

    kind: Literal["usage"] = "usage"
    number: Reference
    facility: FacilityCode
    location: LocationCode
    used_at: AwareDatetime
    reported_by: Code = "inventory"
    case_reference: CaseReference | None = None
    lines: Annotated[tuple[UsageLine, ...], Field(min_length=1, max_length=500)]

    @property
    def key(self) -> str:
        """What it is known by: a report sent again has the same."""
        return f"{self.facility}/{self.reported_by}/{self.number}"

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self


class RequestedLine(Document):
    """So many of an item asked for."""

    number: LineNumber
    item: ItemCode
    quantity: Quantity

    @model_validator(mode="after")
    def _something_wanted(self) -> Self:
        if self.quantity.value <= 0:
            raise ValueError("quantity must be above zero")
        return self


class ReplenishmentRequest(Document):
    """What a point of use asks to be filled up with, of its own count."""

    kind: Literal["replenishment request"] = "replenishment request"
    number: Reference
    facility: FacilityCode
    location: LocationCode
    requested_at: AwareDatetime
    requested_by: Code = "inventory"
    criticality: Criticality = Criticality.ROUTINE
    needed_by: date | None = None
    lines: Annotated[tuple[RequestedLine, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self
