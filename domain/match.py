"""What a match is made from, and what it says."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.delivery import GoodsReceipt
from domain.document import Document
from domain.exception_case import Discrepancy
from domain.identifiers import Code, OrderKey
from domain.invoice import CreditNote, SupplierInvoice
from domain.policy import Tolerance
from domain.purchase_order import PurchaseOrder
from domain.quantities import Money


class Verdict(StrEnum):
    """How a match ends (rule 14)."""

    MATCHED = "matched"
    WAITING = "waiting"
    HELD = "held"
    REJECTED = "rejected"


class Rule(StrEnum):
    """What was compared."""

    UNIT = "unit"
    PRICE = "price"
    QUANTITY_ORDERED = "quantity ordered"
    QUANTITY_RECEIVED = "quantity received"
    ARITHMETIC = "arithmetic"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"
    SUSPECTED_DUPLICATE = "suspected_duplicate"
    NOT_ON_ORDER = "not_on_order"
    CHARGE = "charge"
    TAX = "tax"


class Comparison(Document):
    """One comparison, kept whether it passed or not (rule 16)."""

    rule: Rule
    line: int | None = None
    """The invoice's line, or None for the whole document."""
    order_line: int | None = None
    expected: str
    actual: str
    difference: str = ""
    limit: str = ""
    limit_source: str = ""
    policy_version: Code
    unit_factor: Decimal = Decimal(1)
    goods_receipts: tuple[str, ...] = ()
    """The receipts the quantity was drawn from, first in first out."""
    passed: bool


class PriorInvoice(Document):
    """An invoice or credit note already seen from the same supplier, on any order, that could be this one again."""

    order_key: OrderKey
    number: str
    normalised_number: str
    issued_on: date
    total: Money


class MatchRequest(Document):
    """Everything a match depends on. `counted` are the order's other invoices whose quantities come first."""

    order: PurchaseOrder
    goods_receipts: tuple[GoodsReceipt, ...]
    counted: tuple[SupplierInvoice, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    invoice: SupplierInvoice
    prior: tuple[PriorInvoice, ...] = ()
    tolerance: Tolerance
    policy_version: Code


class MatchResult(Document):
    """The verdict, every comparison behind it, and the discrepancies a person would have to decide."""

    invoice: str
    verdict: Verdict
    comparisons: tuple[Comparison, ...]
    discrepancies: tuple[Discrepancy, ...] = ()
