"""A document as it was read, before anybody asks which order it is about: one shape for every language.

A reading is lenient: everything may be missing, raw codes are kept beside what they mean, and what is wrong is a
finding. Dates are the sender's; a moment without an offset is left naive and given the partner's time zone later.
Quantities, prices and amounts are exact decimals. Units are codes of X12 element 355 where
the sender's unit is known there.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from adapters.documents.findings import Finding, Severity
from domain.acknowledgement import AnswerKind
from domain.document import Document


class DocumentKind(StrEnum):
    """What a document is, whatever its language calls it."""

    PURCHASE_ORDER = "purchase order"
    PURCHASE_ORDER_CHANGE = "purchase order change"
    PURCHASE_ORDER_CANCELLATION = "purchase order cancellation"
    ORDER_ACKNOWLEDGEMENT = "order acknowledgement"
    SHIP_NOTICE = "ship notice"
    GOODS_RECEIPT = "goods receipt"
    SUPPLIER_INVOICE = "supplier invoice"
    CREDIT_NOTE = "credit note"
    REMITTANCE = "remittance advice"
    FUNCTIONAL_ACKNOWLEDGEMENT = "functional acknowledgement"
    STOCK_REPORT = "stock report"
    USAGE = "usage"
    REPLENISHMENT_REQUEST = "replenishment request"
    SALES_REPORT = "sales report"
    PRICE_CATALOGUE = "price catalogue"
    PUNCH_OUT_SETUP = "punch-out setup"
    PUNCH_OUT_ORDER = "punch-out order"
    UNKNOWN = "unknown"


class IdentifierKind(StrEnum):
    """What an item's number is."""

    GTIN = "gtin"
    SUPPLIER_ITEM = "supplier item"
    BUYER_ITEM = "buyer item"
    MANUFACTURER_ITEM = "manufacturer item"
    NDC = "ndc"
    HIBC = "hibc"
    OTHER = "other"


class ItemIdentifier(Document):
    """A number of an item: as written with its qualifier, and normalised (a GTIN to 14 digits, an NDC to 11)."""

    kind: IdentifierKind
    qualifier: str
    """The sender's own qualifier: an X12 element 235 code, a UBL schemeID, a cXML element name."""
    value: str
    normalised: str


class Party(Document):
    """Somebody a document names. `role` is ours where known: buyer, supplier, ship to, ship from, bill to, remit to."""

    role: str
    raw_role: str = ""
    name: str = ""
    scheme: str = ""
    """The sender's qualifier of the id: `UL`, `92`, `0088`, `NetworkId`."""
    id: str = ""


class NamedDate(Document):
    """A date with its meaning: `shipped`, `expected`, `requested delivery`, `promised`, `due` ... or the raw code."""

    meaning: str
    raw: str = ""
    on: date | None = None
    at: datetime | None = None


class NamedReference(Document):
    """A number that leads elsewhere: `purchase order`, `invoice`, `contract`, `bill of lading` ... or the raw code."""

    meaning: str
    raw: str = ""
    value: str


class ReadQuantity(Document):
    """So many of a unit; `unit` is None where the sender's `raw_unit` is none of X12 element 355."""

    value: Decimal
    unit: str | None = None
    raw_unit: str = ""


class Disposition(Document):
    """What the sender says of (a part of) a line: one shape for X12 ACK, UBL status codes and cXML statuses.

    `kind` is None where the sender's code has no meaning we know, or says only that it got the line. `quantity` is None
    where no quantity was named: the whole line.
    """

    kind: AnswerKind | None
    quantity: ReadQuantity | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None
    item: str | None = None
    reason: str = ""
    raw_codes: tuple[str, ...] = ()


class ReadLot(Document):
    """A lot, or one serial number, of a line."""

    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    made_on: date | None = None
    quantity: ReadQuantity | None = None


class ReadCharge(Document):
    """Money beside the goods. `amount` is signed: an allowance is below zero."""

    kind: str
    """`freight`, `handling`, `discount` ... or the sender's words."""
    raw: str = ""
    amount: Decimal
    reason: str = ""


class ReadTax(Document):
    """Tax of one kind and rate."""

    kind: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    taxable: Decimal | None = None


class ReadLine(Document):
    """One line, in the sender's own numbering."""

    position: int
    """From 1, in the order of the document."""
    number: str | None = None
    """The line's number in this document."""
    order_line: str | None = None
    """The number of the order's line it is about, as the sender wrote it."""
    po_number: str | None = None
    """The order it is about, where lines of one document are about several."""
    identifiers: tuple[ItemIdentifier, ...] = ()
    description: str = ""
    quantity: ReadQuantity | None = None
    """What this line is about: ordered, answered, shipped, received, billed or used."""
    ordered: ReadQuantity | None = None
    remaining: ReadQuantity | None = None
    rejected: ReadQuantity | None = None
    unit_price: Decimal | None = None
    price_quantity: Decimal | None = None
    """For how many units the price is; 1 where absent."""
    price_unit: str | None = None
    amount: Decimal | None = None
    change: str | None = None
    """What a change document does to the line: `add`, `delete`, `change` ... with its raw code in `raw_codes`."""
    raw_codes: tuple[str, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    lots: tuple[ReadLot, ...] = ()
    charges: tuple[ReadCharge, ...] = ()
    taxes: tuple[ReadTax, ...] = ()
    dates: tuple[NamedDate, ...] = ()
    references: tuple[NamedReference, ...] = ()
    packages: tuple[str, ...] = ()
    """Logistic units it is packed in, as written."""
    notes: tuple[str, ...] = ()


class Totals(Document):
    """What the document says it adds up to; None where it does not say."""

    lines: Decimal | None = None
    charges: Decimal | None = None
    allowances: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    line_count: int | None = None
    hash_total: Decimal | None = None


class Reading(Document):
    """One business document as it was read."""

    language: str
    """`x12 855 004010`, `ubl OrderResponse 2.1`, `cxml ConfirmationRequest 1.2`, `hl7 DFT^P03 2.5`, `fhir R5 ...`."""
    kind: DocumentKind
    message_id: str
    """What a repeated transmission repeats: X12 control numbers, a payloadID, MSH-10, a UBL document's type and ID."""
    number: str | None = None
    po_number: str | None = None
    raw_type: str = ""
    """The sender's own code of the type or purpose: `BAK02 AD`, `380`, `accept`."""
    purpose: str = ""
    """`original`, `cancellation`, `replacement`, `duplicate` ... or empty."""
    whole_answer: AnswerKind | None = None
    """What an acknowledgement says of every line it does not list; None where it says nothing of them."""
    whole_orders: tuple[str, ...] = ()
    """Orders a ship notice says are shipped as ordered, without listing their lines."""
    sender: Party | None = None
    receiver: Party | None = None
    issued_on: date | None = None
    issued_at: datetime | None = None
    currency: str | None = None
    parties: tuple[Party, ...] = ()
    dates: tuple[NamedDate, ...] = ()
    references: tuple[NamedReference, ...] = ()
    carrier: str | None = None
    tracking: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    charges: tuple[ReadCharge, ...] = ()
    taxes: tuple[ReadTax, ...] = ()
    totals: Totals = Totals()
    notes: tuple[str, ...] = ()
    details: Mapping[str, str] = Field(default_factory=dict)
    """What only this language has and a reader may want to see: never needed to act on the document."""
    findings: tuple[Finding, ...] = ()

    @property
    def is_usable(self) -> bool:
        """True when no finding is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def with_findings(self, *more: Finding) -> "Reading":
        """Return the reading with more found."""
        return self.model_copy(update={"findings": (*self.findings, *more)})
