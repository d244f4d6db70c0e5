"""Exception cases: listed, shown, decided."""

from collections.abc import Awaitable
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter

from adapters.operators import Operator
from adapters.store.audit import AuditEntry
from domain.document import Command
from domain.exception_case import Decision, ExceptionCase, Resolution
from domain.identifiers import EventKey
from domain.policy import CaseKind
from starter.gateway.access import PartsOf, Reader, Resolver
from starter.gateway.decisions import ANSWER_WITHIN, decide
from starter.gateway.paging import Cursor, Limit, Listed, listed
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem, not_found
from workflows.messages import CaseClosed, Reason, ResolveCase
from workflows.names import purchase_order_workflow_id, requisition_workflow_id
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition import RequisitionWorkflow

router = APIRouter(prefix="/v1/exceptions", tags=["exceptions"])


class CaseDecision(Command):
    """What is decided, and why."""

    resolution: Resolution
    reason: Reason = ""


@router.get("")
async def list_cases(
    parts: PartsOf,
    operator: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    all: bool = False,  # noqa: A002, FBT001, FBT002 - the query parameter's name
    mine: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    owner: str | None = None,
    kind: str | None = None,
) -> Listed[ExceptionCase]:
    """List open exception cases; `all` adds the closed ones, `mine` leaves only yours."""
    wanted = operator.name if mine else owner
    page = await parts.reading.cases(limit=limit, after=cursor, only_open=not all, owner=wanted, kind=kind)
    return listed(page)


@router.get("/{identifier}")
async def show(identifier: str, parts: PartsOf, _: Reader) -> ExceptionCase:
    """Show one exception case."""
    return (await _found(parts, identifier))[0]


@router.post("/{identifier}/resolve")
async def resolve(identifier: str, decision: CaseDecision, parts: PartsOf, operator: Resolver) -> ExceptionCase:
    """Decide a case. Its lifecycle says no where the decision does not fit, or where you may not take it."""
    case, event = await _found(parts, identifier)
    command = ResolveCase(case_id=case.id, resolution=decision.resolution, actor=operator.name, reason=decision.reason)
    if case.order_key is None and case.requisition is None:
        return await _close(parts, operator, case, event, command)
    closed = await decide(
        parts, operator, f"case resolved: {decision.resolution}", case.id, _update(parts, case, command)
    )
    return closed.case


def _update(parts: Parts, case: ExceptionCase, command: ResolveCase) -> Awaitable[CaseClosed]:
    if case.order_key is not None:
        order = parts.client.get_workflow_handle(purchase_order_workflow_id(case.facility or "", case.order_key))
        return order.execute_update(PurchaseOrderWorkflow.resolve, command, rpc_timeout=ANSWER_WITHIN)
    requisition = parts.client.get_workflow_handle(requisition_workflow_id(case.facility or "", case.requisition or ""))
    return requisition.execute_update(RequisitionWorkflow.resolve, command, rpc_timeout=ANSWER_WITHIN)


async def _close(
    parts: Parts, operator: Operator, case: ExceptionCase, event: EventKey | None, command: ResolveCase
) -> ExceptionCase:
    """Close a case that no lifecycle owns; retrying dispatches its event, or sends our document, once more."""
    if not case.is_open:
        raise Problem(HTTPStatus.CONFLICT, "not-possible", f"{case.id} is closed already")
    if command.resolution not in case.choices:
        choices = ", ".join(case.choices)
        raise Problem(HTTPStatus.CONFLICT, "not-possible", f"{case.id} can be decided by: {choices}")
    if command.resolution is Resolution.RETRY:
        await _retry(parts, case, event)
    await parts.audit.append(AuditEntry(operator.name, f"case resolved: {command.resolution}", case.id))
    decision = Decision(
        resolution=command.resolution, actor=operator.name, reason=command.reason, decided_at=datetime.now(UTC)
    )
    return await parts.reading.close_case(case, decision)


async def _retry(parts: Parts, case: ExceptionCase, event: EventKey | None) -> None:
    if event is not None:
        await parts.events.replay(event)
    elif case.kind is CaseKind.UNREADABLE_DOCUMENT:
        await parts.reception.again(case.subject, parts.partners, datetime.now(UTC))
    else:
        await parts.outbound.send_again(case.subject)


async def _found(parts: Parts, identifier: str) -> tuple[ExceptionCase, EventKey | None]:
    found = await parts.reading.case(identifier)
    if found is None:
        raise not_found(f"exception case {identifier[:40]}")
    return found
