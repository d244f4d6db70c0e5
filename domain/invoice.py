"""What the supplier bills, and what it takes back: supplier invoices and credit notes (X12 810, UBL Invoice)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.document import Document
from domain.identifiers import Gtin, PoNumber, Reference, SupplierCode
from domain.quantities import CurrencyCode, Money, Number, Quantity, UnitPrice
from domain.requisition import LineNumber

InvoiceNumber = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^\S(?:.*\S)?$")]


class InvoiceLine(Document):
    """One billed line. Tied to the order by `order_line`, else by an item number that must be unique on the order."""

    number: LineNumber
    order_line: LineNumber | None = None
    item: str | None = None
    supplier_item: str | None = None
    gtin: Gtin | None = None
    description: str = ""
    quantity: Quantity
    unit_price: UnitPrice
    """Net, after line discounts, charges excluded (matching rule 2)."""
    amount: Number


class Charge(Document):
    """Freight, handling and the like, for the whole document."""

    kind: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    amount: Number


class _BillingDocument(Document):
    number: InvoiceNumber
    po_number: PoNumber
    supplier: SupplierCode
    issued_on: date
    currency: CurrencyCode
    lines: Annotated[tuple[InvoiceLine, ...], Field(min_length=1, max_length=500)]
    charges: Annotated[tuple[Charge, ...], Field(max_length=50)] = ()
    tax: Number = Decimal(0)
    total: Number

    @model_validator(mode="after")
    def _distinct_lines(self) -> Self:
        numbers = [line.number for line in self.lines]
        if len(set(numbers)) != len(numbers):
            raise ValueError("each line number may be used once")
        return self

    @property
    def normalised_number(self) -> str:
        """The number as duplicates are sought by (matching rule 10)."""
        return normalised_invoice_number(self.number)

    @property
    def payable(self) -> Money:
        """What the document asks for, or gives back."""
        return Money(amount=self.total, currency=self.currency)


class SupplierInvoice(_BillingDocument):
    """What the supplier bills for an order."""

    kind: Literal["supplier invoice"] = "supplier invoice"


class CreditNote(_BillingDocument):
    """What the supplier takes back; amounts and quantities are positive (matching rule 13)."""

    kind: Literal["credit note"] = "credit note"
    invoice_number: Reference | None = None


def normalised_invoice_number(number: str) -> str:
    """Fold what people and scanners vary: case, punctuation, blanks, leading zeros, Unicode forms (rule 10)."""
    folded = unicodedata.normalize("NFKD", number).casefold()
    plain = "".join(_ascii_digit(character) for character in folded if character.isalnum())
    return re.sub(r"[0-9]+", lambda run: run.group().lstrip("0") or "0", plain)


def _ascii_digit(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
