"""What partners transmitted and what we sent them: listed, read byte for byte, sent again."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel

from adapters.store.audit import AuditEntry
from starter.gateway.access import PartsOf, Reader, Repairer
from starter.gateway.paging import Limit
from starter.gateway.problems import not_found

router = APIRouter(prefix="/v1", tags=["documents"])


class TransmissionRecord(BaseModel):
    """One interchange or document as a partner transmitted it."""

    key: str
    partner: str
    via: str
    received_at: datetime
    state: str
    documents: int
    refused: int
    note: str


class SentRecord(BaseModel):
    """One document of ours; `verdict` is the partner's functional acknowledgement, which accepts no order."""

    key: str
    partner: str
    kind: str
    about: str
    name: str
    content_type: str
    interchange_number: int | None
    group_number: int | None
    written_at: datetime
    sent_at: datetime | None
    attempts: int
    awaited_until: datetime | None
    repeats: int
    verdict: str | None
    answered_at: datetime | None
    note: str


@router.get("/transmissions")
async def list_transmissions(
    parts: PartsOf, _: Reader, limit: Limit = 50, partner: str | None = None
) -> tuple[TransmissionRecord, ...]:
    """List what partners transmitted, newest first."""
    found = await parts.transmissions.latest(partner, limit=limit)
    return tuple(TransmissionRecord.model_validate(row) for row in found)


@router.get("/transmissions/{partner}/{transmission}/body")
async def transmitted(partner: str, transmission: str, parts: PartsOf, operator: Repairer) -> Response:
    """Return a transmission's bytes as they came; who reads them is written down."""
    key = f"{partner}/{transmission}"
    raw = await parts.transmissions.raw(key)
    if raw is None:
        raise not_found("such transmission")
    await parts.audit.append(AuditEntry(operator.name, "transmission read", key))
    return Response(raw.body, media_type="application/octet-stream")


@router.get("/outbound")
async def list_sent(parts: PartsOf, _: Reader, limit: Limit = 50, partner: str | None = None) -> tuple[SentRecord, ...]:
    """List the documents we wrote, newest first."""
    found = await parts.outbound.of_partner(partner, limit=limit)
    return tuple(SentRecord.model_validate(document, from_attributes=True) for document in found)


@router.get("/outbound/{key:path}/body")
async def sent(key: str, parts: PartsOf, operator: Repairer) -> Response:
    """Return a document's bytes as they went; who reads them is written down."""
    document = await parts.outbound.document(key)
    if document is None:
        raise not_found("such document")
    await parts.audit.append(AuditEntry(operator.name, "document read", key))
    return Response(document.body, media_type="application/octet-stream")


@router.post("/outbound/{key:path}/send-again", status_code=HTTPStatus.ACCEPTED)
async def send_again(key: str, parts: PartsOf, operator: Repairer) -> SentRecord:
    """Have the same bytes sent once more: the same control numbers, so a partner that has them ignores the copy."""
    if not await parts.outbound.send_again(key):
        raise not_found("such document")
    await parts.audit.append(AuditEntry(operator.name, "document sent again", key))
    found = await parts.outbound.record(key)
    return SentRecord.model_validate(found, from_attributes=True)
