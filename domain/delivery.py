"""What is on its way and what arrived: advance ship notices (X12 856) and goods receipts (X12 861)."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.document import Document
from domain.identifiers import (
    Code,
    FacilityCode,
    Gtin,
    ItemCode,
    LocationCode,
    Lot,
    PoNumber,
    Reference,
    Sscc,
    SupplierCode,
)
from domain.quantities import Quantity
from domain.requisition import LineNumber, distinct_lines


class LotQuantity(Document):
    """So many of one lot."""

    lot: Lot
    quantity: Quantity
    expires_on: date | None = None
    serial: Lot | None = None


class ShippedLine(Document):
    """What is on its way for one order line."""

    number: LineNumber
    quantity: Quantity
    gtin: Gtin | None = None
    lots: tuple[LotQuantity, ...] = ()


class ShipNotice(Document):
    """An advance ship notice."""

    kind: Literal["ship notice"] = "ship notice"
    number: Reference
    po_number: PoNumber
    supplier: SupplierCode
    shipped_at: datetime
    expected_on: date | None = None
    carrier: str | None = None
    tracking: str | None = None
    packages: tuple[Sscc, ...] = ()
    lines: Annotated[tuple[ShippedLine, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self


class ReceivedLine(Document):
    """What arrived for one order line. Rejected goods were received but not accepted."""

    number: LineNumber
    item: ItemCode
    accepted: Quantity
    rejected: Quantity | None = None
    reason: str = ""
    lots: tuple[LotQuantity, ...] = ()
    gtin: Gtin | None = None
    """As scanned from the package, where it was."""

    @model_validator(mode="after")
    def _lots_add_up(self) -> Self:
        if self.accepted.value < 0:
            raise ValueError("accepted must not be below zero")
        if not self.lots:
            return self
        if any(lot.quantity.unit != self.accepted.unit for lot in self.lots):
            raise ValueError("lots must be in the unit of the accepted quantity")
        if sum(lot.quantity.value for lot in self.lots) != self.accepted.value:
            raise ValueError("lots must add up to the accepted quantity")
        return self


class GoodsReceipt(Document):
    """What arrived, where, as the inventory platform counted it."""

    kind: Literal["goods receipt"] = "goods receipt"
    number: Reference
    po_number: PoNumber
    facility: FacilityCode
    location: LocationCode
    received_at: datetime
    receiver: Code
    ship_notice: Reference | None = None
    lines: Annotated[tuple[ReceivedLine, ...], Field(min_length=1, max_length=500)]

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self
