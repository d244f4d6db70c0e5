"""What partners transmitted and what we sent them: listed, read byte for byte, sent again."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from adapters.store.audit import AuditEntry
from adapters.store.outbound import SentDocument
from adapters.store.transmissions import TransmissionRecord
from starter.gateway.access import PartsOf, Reader, Repairer
from starter.gateway.paging import Limit
from starter.gateway.problems import not_found

router = APIRouter(prefix="/v1", tags=["documents"])


@router.get("/transmissions")
async def list_transmissions(
    parts: PartsOf, _: Reader, limit: Limit = 50, partner: str | None = None
) -> tuple[TransmissionRecord, ...]:
    """List what partners transmitted, newest first."""
    return await parts.transmissions.latest(partner, limit=limit)


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
async def list_sent(
    parts: PartsOf, _: Reader, limit: Limit = 50, partner: str | None = None
) -> tuple[SentDocument, ...]:
    """List the documents we wrote, newest first."""
    return await parts.outbound.of_partner(partner, limit=limit)


@router.get("/outbound/{key:path}/body")
async def sent(key: str, parts: PartsOf, operator: Repairer) -> Response:
    """Return a document's bytes as they went; who reads them is written down."""
    document = await parts.outbound.document(key)
    if document is None:
        raise not_found("such document")
    await parts.audit.append(AuditEntry(operator.name, "document read", key))
    return Response(document.body, media_type="application/octet-stream")


@router.post("/outbound/{key:path}/send-again", status_code=HTTPStatus.ACCEPTED)
async def send_again(key: str, parts: PartsOf, operator: Repairer) -> SentDocument:
    """Have the same bytes sent once more: the same control numbers, so a partner that has them ignores the copy."""
    await parts.outbound.send_again(key)
    document = await parts.outbound.record(key)
    if document is None:
        raise not_found("such document")
    await parts.audit.append(AuditEntry(operator.name, "document sent again", key))
    return document
