"""What a partner's event says, whatever its dialect: read strictly, and only as far as the partner may speak."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.inventory.platform import mapping as inventory
from adapters.inventory.platform.wire import CloudEvent
from adapters.partners import PartnerKind, PartnerProfile
from adapters.strict_json import parse
from adapters.supplier.webhook import mapping as supplier
from adapters.supplier.webhook.wire import Envelope
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.usage import ReplenishmentRequest, Usage

CONTENT_TYPES = {
    PartnerKind.SUPPLIER: "application/json",
    PartnerKind.INVENTORY: "application/cloudevents+json",
}
"""What each kind of partner sends. CloudEvents in binary mode are refused: no signature covers their headers."""


class NotYoursError(Exception):
    """The document speaks for somebody the partner may not speak for."""


@dataclass(frozen=True, slots=True)
class InboundDocument:
    """A document and what correlating it needs."""

    document: PartnerDocument | ParBreach | Usage | ReplenishmentRequest
    event_id: str | None
    """The id inside the body, where the dialect has one: it must be the signed one."""

    @property
    def po_number(self) -> str | None:
        """The order it is about; what is of stock is about none."""
        if isinstance(self.document, ParBreach | Usage | ReplenishmentRequest):
            return None
        return self.document.po_number


def read_document(partner: PartnerProfile, body: bytes) -> InboundDocument:
    """Return the document in a body.

    Raises BadDocumentError, which names the field and the rule and never the value, and NotYoursError.
    """
    content = parse(body)
    try:
        if partner.kind is PartnerKind.SUPPLIER:
            return _from_supplier(partner, content)
        return _from_inventory(partner, content)
    except ValidationError as error:
        raise _first_fault(error) from error


def _from_supplier(partner: PartnerProfile, content: Any) -> InboundDocument:  # noqa: ANN401 - JSON before its model
    envelope = Envelope.model_validate(content)
    if partner.supplier is None:
        raise NotYoursError
    return InboundDocument(
        supplier.document_of(envelope.type, envelope.data, partner.supplier, _zoned(envelope.timestamp)), None
    )


def _from_inventory(partner: PartnerProfile, content: Any) -> InboundDocument:  # noqa: ANN401 - JSON before its model
    event = CloudEvent.model_validate(content)
    document = inventory.document_of(event.type, event.data, _zoned(event.time))
    if document.facility not in partner.facilities:
        raise NotYoursError
    return InboundDocument(document, event.id)


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise BadDocumentError("/time", "must have a time zone (RFC 3339)", "write 2026-11-20T08:00:00Z")
    return moment


def _first_fault(error: ValidationError) -> BadDocumentError:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    pointer = "".join(f"/{part}" for part in fault["loc"])
    return BadDocumentError(pointer, fault["msg"].removeprefix("Value error, "))
