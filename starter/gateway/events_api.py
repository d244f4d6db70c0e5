"""Partners' events: listed, read, replayed; and partners paused."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from adapters.store.audit import AuditEntry
from adapters.store.reading import EventRecord
from starter.gateway.access import PartsOf, Reader, Repairer
from starter.gateway.paging import Limit, Listed, listed
from starter.gateway.parts import Parts
from starter.gateway.problems import not_found

router = APIRouter(prefix="/v1", tags=["events"])


class PartnerStanding(BaseModel):
    """A partner, and who paused it."""

    code: str
    kind: str
    name: str
    paused_by: str | None


@router.get("/events")
async def list_events(
    parts: PartsOf,
    _: Reader,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=r"^\d{1,18}$", description="`next` of the page before")] = None,
    partner: str | None = None,
    state: str | None = None,
    outcome: str | None = None,
) -> Listed[EventRecord]:
    """List events in the sequence they were received."""
    page = await parts.reading.events(limit=limit, after=cursor, partner=partner, state=state, outcome=outcome)
    return listed(page)


@router.get("/events/{partner}/{event_id}")
async def show(partner: str, event_id: str, parts: PartsOf, _: Reader) -> EventRecord:
    """Show one event, without its body."""
    found = await parts.reading.event(f"{partner}/{event_id}")
    if found is None:
        raise not_found("such event")
    return found[0]


@router.get("/events/{partner}/{event_id}/body")
async def body(partner: str, event_id: str, parts: PartsOf, operator: Repairer) -> Response:
    """Return an event's bytes as they came; who reads them is written down."""
    key = f"{partner}/{event_id}"
    found = await parts.reading.event(key)
    if found is None:
        raise not_found("such event")
    await parts.audit.append(AuditEntry(operator.name, "event body read", key))
    return Response(found[1], media_type="application/octet-stream")


@router.post("/events/{partner}/{event_id}/replay", status_code=HTTPStatus.ACCEPTED)
async def replay(partner: str, event_id: str, parts: PartsOf, operator: Repairer) -> EventRecord:
    """Dispatch an event again; a lifecycle ignores what it knows already."""
    key = f"{partner}/{event_id}"
    if not await parts.events.replay(key):
        raise not_found("such event")
    await parts.audit.append(AuditEntry(operator.name, "event replayed", key))
    return await show(partner, event_id, parts, operator)


@router.get("/partners")
async def list_partners(parts: PartsOf, _: Reader) -> tuple[PartnerStanding, ...]:
    """List the partners and whether they are paused."""
    return await _standings(parts)


@router.put("/partners/{code}/pause")
async def pause(code: str, parts: PartsOf, operator: Repairer) -> PartnerStanding:
    """Take a partner's events in, but do not dispatch them, until it is resumed."""
    await _partner(parts, code)
    await parts.events.pause(code, operator.name)
    await parts.audit.append(AuditEntry(operator.name, "partner paused", code))
    return await _partner(parts, code)


@router.delete("/partners/{code}/pause")
async def resume(code: str, parts: PartsOf, operator: Repairer) -> PartnerStanding:
    """Dispatch what has waited, and go on."""
    await _partner(parts, code)
    await parts.events.resume(code)
    await parts.audit.append(AuditEntry(operator.name, "partner resumed", code))
    return await _partner(parts, code)


async def _standings(parts: Parts) -> tuple[PartnerStanding, ...]:
    paused = await parts.events.paused()
    return tuple(
        PartnerStanding(code=partner.code, kind=partner.kind, name=partner.name, paused_by=paused.get(partner.code))
        for partner in parts.partners.partners
    )


async def _partner(parts: Parts, code: str) -> PartnerStanding:
    found = [standing for standing in await _standings(parts) if standing.code == code]
    if not found:
        raise not_found(f"partner {code[:40]}")
    return found[0]
