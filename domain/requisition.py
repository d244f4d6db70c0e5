"""The internal request to buy, and the same request once the ERP has said who sells what at which price."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from domain.document import Document
from domain.identifiers import (
    Code,
    FacilityCode,
    Gtin,
    ItemCode,
    LocationCode,
    RequisitionNumber,
    SupplierCode,
)
from domain.quantities import CurrencyCode, Money, PackFactors, Quantity, UnitPrice, round_money

Note = Annotated[str, StringConstraints(max_length=500)]
LineNumber = Annotated[int, Field(ge=1, le=9999)]


class Criticality(StrEnum):
    """How much patients depend on it."""

    ROUTINE = "routine"
    URGENT = "urgent"
    CRITICAL = "critical"


class Trigger(StrEnum):
    """What asked for it."""

    PAR_BREACH = "par breach"
    USAGE = "usage"
    REQUEST = "request"
    MANUAL = "manual"


def distinct_lines(numbers: Sequence[int]) -> None:
    """Raise ValueError when a line number is used twice."""
    if len(set(numbers)) != len(numbers):
        raise ValueError("each line number may be used once")


class RequisitionLine(Document):
    """So many of an item; the supplier only where the requester insists on one."""

    number: LineNumber
    item: ItemCode
    quantity: Quantity
    supplier: SupplierCode | None = None

    @model_validator(mode="after")
    def _something_to_buy(self) -> Self:
        if self.quantity.value <= 0:
            raise ValueError("quantity must be above zero")
        if not self.quantity.is_whole:
            raise ValueError(f"{self.quantity.unit} comes in whole numbers")
        return self


class Requisition(Document):
    """An internal request to buy for one place of one facility; becomes one purchase order per supplier."""

    number: RequisitionNumber
    facility: FacilityCode
    deliver_to: LocationCode
    requester: Code
    lines: Annotated[tuple[RequisitionLine, ...], Field(min_length=1, max_length=500)]
    trigger: Trigger = Trigger.MANUAL
    criticality: Criticality = Criticality.ROUTINE
    needed_by: date | None = None
    cost_centre: Code | None = None
    case_reference: Code | None = None
    """A surgical case by its own surrogate key; never a patient."""
    note: Note = ""

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self


class SourcedLine(Document):
    """A requisition line with what the ERP's catalogue says: who sells it, under which number, at what price."""

    number: LineNumber
    item: ItemCode
    description: str = ""
    supplier: SupplierCode
    supplier_item: str | None = None
    gtin: Gtin | None = None
    quantity: Quantity
    """In the unit the supplier sells, rounded up to whole packs."""
    unit_price: UnitPrice
    packs: PackFactors


class SourcedRequisition(Document):
    """A requisition whose every line has a supplier and a price."""

    requisition: Requisition
    currency: CurrencyCode
    lines: Annotated[tuple[SourcedLine, ...], Field(min_length=1)]

    @property
    def total(self) -> Money:
        """What it will cost, before tax and charges."""
        amount = sum((line.quantity.value * line.unit_price for line in self.lines), start=Decimal(0))
        return Money(amount=round_money(amount, self.currency), currency=self.currency)

    @property
    def suppliers(self) -> tuple[SupplierCode, ...]:
        """The suppliers that will each get an order, in the order of the lines."""
        return tuple(dict.fromkeys(line.supplier for line in self.lines))
