"""The supplier's answer to an order, line by line (X12 855, UBL Order Response, cXML ConfirmationRequest)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.document import Document
from domain.identifiers import PoNumber, Reference, SupplierCode
from domain.quantities import Quantity, UnitPrice
from domain.requisition import LineNumber, distinct_lines


class AnswerKind(StrEnum):
    """What the supplier says of (a part of) a line."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    BACKORDERED = "backordered"
    SUBSTITUTED = "substituted"
    ON_HOLD = "on hold"
    REJECTED = "rejected"


class AnswerPart(Document):
    """What will happen to a part of a line. The parts of a line add up to what was ordered, or leave a remainder."""

    kind: AnswerKind
    quantity: Quantity
    unit_price: UnitPrice | None = None
    """The price the supplier names; None where it names none."""
    promised_on: date | None = None
    item: str | None = None
    """The supplier's number of what it will send, where that differs."""
    reason: str = ""
    raw_codes: tuple[str, ...] = ()


class LineAnswer(Document):
    """The supplier's answer to one order line."""

    number: LineNumber
    parts: Annotated[tuple[AnswerPart, ...], Field(min_length=1, max_length=50)]


class OrderAcknowledgement(Document):
    """The supplier's answer to an order. With `whole_order` it answers every line it does not list."""

    kind: Literal["order acknowledgement"] = "order acknowledgement"
    number: Reference
    po_number: PoNumber
    supplier: SupplierCode
    issued_at: datetime
    whole_order: Literal[AnswerKind.ACCEPTED, AnswerKind.REJECTED] | None = None
    lines: Annotated[tuple[LineAnswer, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def _answers_something(self) -> Self:
        if self.whole_order is None and not self.lines:
            raise ValueError("answer the whole order, or at least one line")
        distinct_lines([line.number for line in self.lines])
        return self
