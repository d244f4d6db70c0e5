"""What we asked a supplier for, at what price (X12 850, UBL Order)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.document import Document
from domain.identifiers import (
    Code,
    FacilityCode,
    Gtin,
    ItemCode,
    LocationCode,
    OrderKey,
    PoNumber,
    RequisitionNumber,
    SupplierCode,
)
from domain.quantities import CurrencyCode, Money, PackFactors, Quantity, UnitPrice, round_money
from domain.requisition import Criticality, LineNumber, SourcedRequisition, distinct_lines


class OrderLine(Document):
    """One item at one price. `packs` pins the pack factors the order was placed under."""

    number: LineNumber
    item: ItemCode
    description: str = ""
    supplier_item: str | None = None
    gtin: Gtin | None = None
    quantity: Quantity
    unit_price: UnitPrice
    packs: PackFactors

    @model_validator(mode="after")
    def _unit_is_known(self) -> Self:
        if self.quantity.value < 0:
            raise ValueError("quantity must not be below zero")
        if self.quantity.unit not in self.packs:
            raise ValueError(f"packs must say how many base units one {self.quantity.unit} holds")
        return self


class PurchaseOrder(Document):
    """An order to one supplier. `po_number` is absent until the ERP has given one."""

    key: OrderKey
    po_number: PoNumber | None = None
    requisition: RequisitionNumber
    facility: FacilityCode
    deliver_to: LocationCode
    supplier: SupplierCode
    requester: Code
    currency: CurrencyCode
    lines: Annotated[tuple[OrderLine, ...], Field(min_length=1)]
    criticality: Criticality = Criticality.ROUTINE
    needed_by: date | None = None

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        distinct_lines([line.number for line in self.lines])
        return self

    @property
    def total(self) -> Money:
        """What it costs, before tax and charges."""
        amount = sum((line.quantity.value * line.unit_price for line in self.lines), start=Decimal(0))
        return Money(amount=round_money(amount, self.currency), currency=self.currency)

    @property
    def name(self) -> str:
        """The PO number people know it by, or our key until there is one."""
        return self.po_number or self.key

    def line(self, number: int) -> OrderLine | None:
        """Return the line of that number, or None."""
        return next((line for line in self.lines if line.number == number), None)

    def numbered(self, po_number: PoNumber) -> Self:
        """Return the order with the ERP's number on it."""
        return self.model_copy(update={"po_number": po_number})


def order_key(requisition: RequisitionNumber, supplier: SupplierCode) -> OrderKey:
    """Return the key of the one order a requisition places with a supplier."""
    return f"{requisition}-{supplier}"


def orders_from(sourced: SourcedRequisition) -> tuple[PurchaseOrder, ...]:
    """Split a requisition into one purchase order per supplier; lines are numbered anew from 1."""
    return tuple(_order_for(sourced, supplier) for supplier in sourced.suppliers)


def _order_for(sourced: SourcedRequisition, supplier: SupplierCode) -> PurchaseOrder:
    requisition = sourced.requisition
    wanted = [line for line in sourced.lines if line.supplier == supplier]
    return PurchaseOrder(
        key=order_key(requisition.number, supplier),
        requisition=requisition.number,
        facility=requisition.facility,
        deliver_to=requisition.deliver_to,
        supplier=supplier,
        requester=requisition.requester,
        currency=sourced.currency,
        criticality=requisition.criticality,
        needed_by=requisition.needed_by,
        lines=tuple(
            OrderLine(
                number=number,
                item=line.item,
                description=line.description,
                supplier_item=line.supplier_item,
                gtin=line.gtin,
                quantity=line.quantity,
                unit_price=line.unit_price,
                packs=line.packs,
            )
            for number, line in enumerate(wanted, start=1)
        ),
    )
