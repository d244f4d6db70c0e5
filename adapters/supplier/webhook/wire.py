"""The JSON a supplier sends and is sent. Fields we do not know are left alone."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.quantities import Number as Amount

Text = Annotated[str, StringConstraints(max_length=500)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Wire(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Envelope(Wire):
    """Every event: what it is, when it happened, and its data (Standard Webhooks, payload structure)."""

    type: Short
    timestamp: datetime
    data: dict[str, Any]


class AnswerPart(Wire):
    """What will happen to a part of a line."""

    answer: Short
    quantity: Amount
    unit: Short
    unit_price: Amount | None = None
    promised_on: date | None = None
    item: Short | None = None
    reason: Text = ""


class AnsweredLine(Wire):
    """One order line's answer."""

    line: int
    parts: Annotated[tuple[AnswerPart, ...], Field(min_length=1, max_length=50)]


class OrderAcknowledged(Wire):
    """`order.acknowledged`."""

    acknowledgement: Short
    po_number: Short
    answer: Short | None = None
    lines: Annotated[tuple[AnsweredLine, ...], Field(max_length=500)] = ()


class Lot(Wire):
    """So many of one lot."""

    lot: Short
    quantity: Amount
    unit: Short
    expires_on: date | None = None


class ShippedLine(Wire):
    """What is on its way for one order line."""

    line: int
    quantity: Amount
    unit: Short
    gtin: Short | None = None
    lots: Annotated[tuple[Lot, ...], Field(max_length=200)] = ()


class OrderShipped(Wire):
    """`order.shipped`."""

    ship_notice: Short
    po_number: Short
    expected_on: date | None = None
    carrier: Short | None = None
    tracking: Short | None = None
    packages: Annotated[tuple[Short, ...], Field(max_length=500)] = ()
    lines: Annotated[tuple[ShippedLine, ...], Field(min_length=1, max_length=500)]


class BilledLine(Wire):
    """One billed or credited line."""

    line: int
    order_line: int | None = None
    supplier_item: Short | None = None
    item: Short | None = None
    gtin: Short | None = None
    description: Text = ""
    quantity: Amount
    unit: Short
    unit_price: Amount
    amount: Amount


class BilledCharge(Wire):
    """Freight, handling and the like."""

    kind: Short
    amount: Amount


class InvoiceIssued(Wire):
    """`invoice.issued`."""

    invoice: Short
    po_number: Short
    issued_on: date
    currency: Short
    lines: Annotated[tuple[BilledLine, ...], Field(min_length=1, max_length=500)]
    charges: Annotated[tuple[BilledCharge, ...], Field(max_length=50)] = ()
    tax: Amount = Decimal(0)
    total: Amount


class CreditNoteIssued(InvoiceIssued):
    """`credit_note.issued`: `invoice` is the credit note's own number."""

    credited_invoice: Short | None = None
