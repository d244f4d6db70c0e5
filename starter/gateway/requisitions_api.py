"""Requisitions: submitted, listed, approved, rejected."""

from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, ValidationError

from adapters.store.audit import AuditEntry
from domain.document import Command
from domain.identifiers import Code, FacilityCode, LocationCode, RequisitionNumber
from domain.requisition import Criticality, Note, Requisition, RequisitionLine
from domain.snapshot import RequisitionSnapshot, TimelineEntry
from starter.gateway.access import Approver, PartsOf, Reader, Requester
from starter.gateway.decisions import ANSWER_WITHIN, decide
from starter.gateway.paging import Cursor, Limit, Listed, listed
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem, not_found
from starter.requisitions import RequisitionConflictError
from workflows.messages import Approve, Reason, Reject, RequisitionOutcome
from workflows.names import requisition_workflow_id
from workflows.requisition import RequisitionWorkflow

router = APIRouter(prefix="/v1/requisitions", tags=["requisitions"])


class RequisitionRequest(Command):
    """An internal request to buy. The requester is whoever sends it."""

    number: RequisitionNumber
    facility: FacilityCode
    deliver_to: LocationCode
    lines: Annotated[tuple[RequisitionLine, ...], Field(min_length=1, max_length=500)]
    criticality: Criticality = Criticality.ROUTINE
    needed_by: date | None = None
    cost_centre: Code | None = None
    case_reference: Code | None = None
    note: Note = ""


class Approval(Command):
    """A yes, with a reason if there is one."""

    reason: Reason = ""


class Rejection(Command):
    """A no, and why."""

    reason: Annotated[Reason, Field(min_length=1)]


@router.post("", status_code=HTTPStatus.CREATED, responses={200: {"description": "Known already: the same lifecycle"}})
async def submit(
    request: RequisitionRequest, response: Response, parts: PartsOf, operator: Requester
) -> RequisitionSnapshot:
    """Submit a requisition under its own number. The same one again is the same lifecycle; another one is a 409."""
    try:
        requisition = Requisition(**dict(request), requester=operator.name)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        detail = fault["msg"].removeprefix("Value error, ")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", f"body: {detail}") from error
    try:
        registration = await parts.requisitions.begin(requisition)
    except RequisitionConflictError as error:
        detail = f"Number {requisition.number} belongs to another requisition; use a new number"
        raise Problem(HTTPStatus.CONFLICT, "requisition-conflict", detail) from error
    if registration.is_new:
        await parts.audit.append(AuditEntry(operator.name, "requisition submitted", requisition.number))
    else:
        response.status_code = HTTPStatus.OK
    response.headers["location"] = f"/v1/requisitions/{requisition.number}"
    return await _shown(parts, requisition.number)


@router.get("")
async def list_requisitions(
    parts: PartsOf,
    _: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    status: str | None = None,
    facility: str | None = None,
) -> Listed[RequisitionSnapshot]:
    """List requisitions by number."""
    return listed(await parts.reading.requisitions(limit=limit, after=cursor, status=status, facility=facility))


@router.get("/{number}")
async def show(number: str, parts: PartsOf, _: Reader) -> RequisitionSnapshot:
    """Show one requisition."""
    return await _shown(parts, number)


@router.get("/{number}/timeline")
async def timeline(number: str, parts: PartsOf, _: Reader) -> tuple[TimelineEntry, ...]:
    """Show what has happened to a requisition."""
    await _shown(parts, number)
    return await parts.reading.timeline(number)


@router.post("/{number}/approve")
async def approve(number: str, approval: Approval, parts: PartsOf, operator: Approver) -> RequisitionOutcome:
    """Approve what it costs; not by whoever asked for it."""
    handle = parts.client.get_workflow_handle(await _workflow_id(parts, number))
    command = Approve(actor=operator.name, reason=approval.reason)
    update = handle.execute_update(RequisitionWorkflow.approve, command, rpc_timeout=ANSWER_WITHIN)
    return await decide(parts, operator, "requisition approved", number, update)


@router.post("/{number}/reject")
async def reject(number: str, rejection: Rejection, parts: PartsOf, operator: Approver) -> RequisitionOutcome:
    """Reject it, saying why."""
    handle = parts.client.get_workflow_handle(await _workflow_id(parts, number))
    command = Reject(actor=operator.name, reason=rejection.reason)
    update = handle.execute_update(RequisitionWorkflow.reject, command, rpc_timeout=ANSWER_WITHIN)
    return await decide(parts, operator, "requisition rejected", number, update)


async def _shown(parts: Parts, number: str) -> RequisitionSnapshot:
    found = await parts.reading.requisition(number)
    if found is None:
        raise not_found(f"requisition {number[:40]}")
    return found


async def _workflow_id(parts: Parts, number: str) -> str:
    return requisition_workflow_id((await _shown(parts, number)).requisition.facility, number)
