"""What the hospital decided in advance: limits, tolerances, deadlines and owners, by version, pinned to the order."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from domain.document import Document
from domain.identifiers import Code
from domain.quantities import Money, Number

Percent = Annotated[Number, Field(ge=0)]
Patience = Annotated[timedelta, Field(gt=timedelta(0))]


class Limit(Document):
    """How far a value may depart: a percentage, an amount, or both (matching rule 3).

    Neither given means not compared; zero means no difference allowed; a difference equal to the limit passes. With
    both given both must hold, unless `either` says one is enough.
    """

    percent: Percent | None = None
    amount: Annotated[Number, Field(ge=0)] | None = None
    either: bool = False

    @property
    def is_absent(self) -> bool:
        """True when nothing is compared."""
        return self.percent is None and self.amount is None


class Band(Document):
    """The limits above and below the expected value."""

    over: Limit = Limit()
    under: Limit = Limit()


class Tolerance(Document):
    """The difference we accept, by rule of the match."""

    price: Band = Band(over=Limit(percent=Decimal(2)))
    quantity: Band = Band(over=Limit(percent=Decimal(0)))
    total: Band = Band(over=Limit(amount=Decimal(0)), under=Limit(amount=Decimal(0)))
    """Of the document's own arithmetic, beyond one minor unit per line (matching rule 8)."""
    over_receipt: Limit = Limit(percent=Decimal(0))


class CaseKind(StrEnum):
    """What an exception case is about; decides who owns it."""

    APPROVAL = "approval"
    SILENT_SUPPLIER = "silent supplier"
    ACKNOWLEDGEMENT = "acknowledgement"
    OVERDUE_DELIVERY = "overdue delivery"
    OVER_RECEIPT = "over receipt"
    INVOICE_MATCH = "invoice match"
    OVERDUE_INVOICE = "overdue invoice"
    UNPAID_INVOICE = "unpaid invoice"
    CREDIT_NOTE = "credit note"
    PARTNER_REJECTION = "partner rejection"
    CONFLICTING_EVENT = "conflicting event"
    LATE_EVENT = "late event"
    UNMATCHED_EVENT = "unmatched event"
    POISON_EVENT = "poison event"
    UNREADABLE_DOCUMENT = "unreadable document"
    UNCLEAR_DOCUMENT = "unclear document"
    UNACKNOWLEDGED_DOCUMENT = "unacknowledged document"
    REFUSED_DOCUMENT = "refused document"


class Policy(Document):
    """One version of the hospital's rules. An order keeps the version it was issued under."""

    version: Code = "standard-1"
    approval_limit: Money = Money(amount=Decimal(1000), currency="USD")
    """Requisitions above it need a person's approval; equal to it does not."""
    tolerance: Tolerance = Tolerance()

    approve_within: Patience = timedelta(days=2)
    answer_within: Patience = timedelta(days=2)
    answer_reminders: Annotated[int, Field(ge=0, le=10)] = 2
    """How often a silent supplier is reminded, `answer_within` apart, before it is somebody's work."""
    deliver_within: Patience = timedelta(days=14)
    """From the order, or from the promised date where the supplier gave one."""
    invoice_within: Patience = timedelta(days=30)
    """How long delivered goods may go uninvoiced, and an invoice may wait for its goods (matching rule 12)."""
    payment_check_every: Patience = timedelta(days=1)
    pay_within: Patience = timedelta(days=90)
    resolve_within: Patience = timedelta(days=2)
    """How long an exception case may stay open before it is escalated."""

    owners: Mapping[CaseKind, Code] = Field(default_factory=dict)
    default_owner: Code = "supply-chain"
    escalate_to: Code = "supply-chain-manager"

    def owner_of(self, kind: CaseKind) -> Code:
        """Who decides a case of this kind."""
        return self.owners.get(kind, self.default_owner)

    def approves_by_itself(self, total: Money) -> bool:
        """True when a requisition of this total needs nobody's approval; another currency always needs somebody's."""
        return total.currency == self.approval_limit.currency and total.amount <= self.approval_limit.amount

    def accelerated(self, **patience: timedelta) -> Self:
        """Return the same policy with other deadlines, for rehearsals and demonstrations."""
        return self.model_copy(update=patience)
