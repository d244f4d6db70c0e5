"""The tables. They never leave this folder: the modules beside it speak documents."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

MONEY = Numeric(20, 6)


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(*, nullable: bool = False, **options: Any) -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    return Field(sa_type=DateTime(timezone=True), nullable=nullable, **options)


def _document() -> Any:  # noqa: ANN401 - SQLModel's Field is Any
    return Field(sa_column=Column(JSONB, nullable=False))


class InboxRow(SQLModel, table=True):
    """One event from a partner, kept before it was acknowledged. See docs/events.md for its states."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("inbox_by_state", "state", "sequence"),
        Index("inbox_by_po_number", "po_number", "state"),
    )

    key: str = Field(primary_key=True)
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True))
    partner: str
    event_id: str
    kind: str
    content_type: str
    sha256: bytes = Field(sa_type=LargeBinary)
    body: bytes = Field(sa_type=LargeBinary)
    received_at: datetime = _moment()
    supplier: str | None = None
    facility: str | None = None
    po_number: str | None = None
    state: str = "received"
    attempts: int = 0
    next_attempt_at: datetime | None = _moment(nullable=True, default=None)
    delivered_at: datetime | None = _moment(nullable=True, default=None)
    outcome: str | None = None
    note: str = ""
    settled_at: datetime | None = _moment(nullable=True, default=None)


class ProcessRow(SQLModel, table=True):
    """One lifecycle, whether or not Temporal still remembers it: the same business key never begins a second."""

    __tablename__ = "processes"
    __table_args__ = (
        UniqueConstraint("kind", "business_key"),
        Index("processes_by_supplier", "supplier", "po_number"),
        Index("processes_by_facility", "facility", "po_number"),
    )

    workflow_id: str = Field(primary_key=True)
    kind: str
    business_key: str
    facility: str
    supplier: str | None = None
    po_number: str | None = None
    request: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB, nullable=True))
    started: bool = False
    registered_at: datetime = _moment(default_factory=_now)
    closed_at: datetime | None = _moment(nullable=True, default=None)


class RequisitionRow(SQLModel, table=True):
    """Where a requisition is."""

    __tablename__ = "requisitions"

    number: str = Field(primary_key=True)
    facility: str = Field(index=True)
    status: str = Field(index=True)
    version: int
    updated_at: datetime = _moment()
    snapshot: dict[str, Any] = _document()


class OrderRow(SQLModel, table=True):
    """Where a purchase order is."""

    __tablename__ = "orders"

    key: str = Field(primary_key=True)
    po_number: str | None = Field(default=None, index=True)
    requisition: str = Field(index=True)
    facility: str = Field(index=True)
    supplier: str = Field(index=True)
    status: str = Field(index=True)
    version: int
    total: Decimal = Field(sa_type=MONEY)
    currency: str
    updated_at: datetime = _moment()
    snapshot: dict[str, Any] = _document()


class TimelineRow(SQLModel, table=True):
    """One thing that happened in a lifecycle."""

    __tablename__ = "timeline"

    lifecycle: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = _moment()
    actor: str
    text: str = Field(sa_type=Text)
    event: str | None = None


class ExceptionCaseRow(SQLModel, table=True):
    """One exception case. A closed one is never opened again."""

    __tablename__ = "exception_cases"

    id: str = Field(primary_key=True)
    kind: str
    owner: str = Field(index=True)
    facility: str | None = None
    supplier: str | None = None
    workflow_id: str | None = None
    event: str | None = None
    opened_at: datetime = _moment(index=True)
    is_open: bool = Field(index=True)
    document: dict[str, Any] = _document()


class InvoiceClaimRow(SQLModel, table=True):
    """A supplier's invoice or credit note number, claimed by the order it was first seen on (matching rule 10)."""

    __tablename__ = "invoice_claims"
    __table_args__ = (
        UniqueConstraint("supplier", "kind", "order_key", "number"),
        Index("invoice_claims_by_number", "supplier", "kind", "normalised_number"),
        Index("invoice_claims_by_total", "supplier", "kind", "issued_on", "total"),
    )

    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    supplier: str
    kind: str
    normalised_number: str
    order_key: str
    number: str
    issued_on: date
    total: Decimal = Field(sa_type=MONEY)
    currency: str


class OpenReplenishmentRow(SQLModel, table=True):
    """The one requisition that is replenishing an item at a place."""

    __tablename__ = "open_replenishments"

    facility: str = Field(primary_key=True)
    location: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    requisition: str = Field(index=True)


class ReplenishmentRow(SQLModel, table=True):
    """What became of one par breach: the requisition it began, if it did not join others."""

    __tablename__ = "replenishments"

    event: str = Field(primary_key=True)
    requisition: str | None = None


class AuditRow(SQLModel, table=True):
    """Who did what, chained by hash. A trigger refuses every change."""

    __tablename__ = "audit"

    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    at: datetime = _moment()
    actor: str
    action: str
    subject: str
    detail: str = Field(default="", sa_type=Text)
    previous: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)


class RefusalRow(SQLModel, table=True):
    """How often somebody unauthenticated was turned away in one minute: counted, so that a flood fills no disk."""

    __tablename__ = "refusals"

    minute: datetime = _moment(primary_key=True)
    partner: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    count: int = 0


class PartnerStateRow(SQLModel, table=True):
    """A partner that is paused, since when and by whom."""

    __tablename__ = "partner_states"

    partner: str = Field(primary_key=True)
    paused_by: str
    paused_at: datetime = _moment()


class RawDocumentRow(SQLModel, table=True):
    """Bytes as a partner sent them, by their SHA-256."""

    __tablename__ = "raw_documents"

    sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    body: bytes = Field(sa_type=LargeBinary)
    content_type: str
    kept_at: datetime = _moment(default_factory=_now)


class TransmissionRow(SQLModel, table=True):
    """One interchange or document as a partner transmitted it; its documents are events of the inbox."""

    __tablename__ = "transmissions"
    __table_args__ = (Index("transmissions_by_partner", "partner", "sequence"),)

    key: str = Field(primary_key=True)
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True))
    partner: str
    transmission_id: str
    sha256: bytes = Field(sa_type=LargeBinary)
    """Of what it says; a copy says the same."""
    raw: bytes = Field(sa_type=LargeBinary)
    """The SHA-256 under which the bytes are kept."""
    via: str
    received_at: datetime = _moment()
    state: str
    documents: int = 0
    refused: int = 0
    note: str = Field(default="", sa_type=Text)


class OutboundRow(SQLModel, table=True):
    """A document of ours: written once, sent as the same bytes until it is acknowledged."""

    __tablename__ = "outbound"
    __table_args__ = (
        Index("outbound_by_group", "partner", "functional_id", "group_number"),
        Index("outbound_by_partner", "partner", "sequence"),
        Index("outbound_unsent", "next_attempt_at", postgresql_where=text("sent_at IS NULL")),
        Index("outbound_awaited", "awaited_until", postgresql_where=text("answered_at IS NULL")),
    )

    key: str = Field(primary_key=True)
    sequence: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), unique=True))
    partner: str
    kind: str
    about: str
    name: str
    content_type: str
    body: bytes = Field(sa_type=LargeBinary)
    sha256: bytes = Field(sa_type=LargeBinary)
    interchange_number: int | None = Field(default=None, sa_type=BigInteger)
    group_number: int | None = Field(default=None, sa_type=BigInteger)
    functional_id: str | None = None
    written_at: datetime = _moment()
    sent_at: datetime | None = _moment(nullable=True, default=None)
    next_attempt_at: datetime | None = _moment(nullable=True, default=None)
    attempts: int = 0
    awaits_seconds: int | None = None
    """How long its acknowledgement may take; None where there will be none."""
    awaited_until: datetime | None = _moment(nullable=True, default=None)
    repeats: int = 0
    verdict: str | None = None
    answered_at: datetime | None = _moment(nullable=True, default=None)
    note: str = Field(default="", sa_type=Text)


class ControlNumberRow(SQLModel, table=True):
    """The next control number of a partnership; drawn in the transaction that keeps the document, so without gaps."""

    __tablename__ = "control_numbers"

    partner: str = Field(primary_key=True)
    series: str = Field(primary_key=True)
    next: int = Field(sa_type=BigInteger)


class UsageRow(SQLModel, table=True):
    """What was used, brought back or corrected, once per report and line; `requisition` orders it again."""

    __tablename__ = "usages"
    __table_args__ = (Index("usages_by_item", "facility", "location", "item"),)

    report: str = Field(primary_key=True)
    line: int = Field(primary_key=True)
    event: str
    facility: str
    location: str
    item: str
    quantity: Decimal = Field(sa_type=MONEY)
    unit: str
    lot: str | None = None
    serial: str | None = None
    case_reference: str | None = None
    used_at: datetime = _moment()
    requisition: str | None = None
