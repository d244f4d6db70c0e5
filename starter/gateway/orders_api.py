"""Purchase orders: listed, shown, cancelled."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from domain.document import Command
from domain.snapshot import OrderSnapshot, TimelineEntry
from starter.gateway.access import Canceller, PartsOf, Reader
from starter.gateway.decisions import ANSWER_WITHIN, decide
from starter.gateway.paging import Cursor, Limit, Listed, listed
from starter.gateway.parts import Parts
from starter.gateway.problems import not_found
from workflows.messages import CancelOrder, OrderOutcome, Reason
from workflows.names import purchase_order_workflow_id
from workflows.purchase_order import PurchaseOrderWorkflow

router = APIRouter(prefix="/v1/orders", tags=["orders"])


class Cancellation(Command):
    """Why an order is taken back."""

    reason: Annotated[Reason, Field(min_length=1)]


@router.get("")
async def list_orders(
    parts: PartsOf,
    _: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    status: str | None = None,
    facility: str | None = None,
    supplier: str | None = None,
) -> Listed[OrderSnapshot]:
    """List purchase orders by key."""
    page = await parts.reading.orders(limit=limit, after=cursor, status=status, facility=facility, supplier=supplier)
    return listed(page)


@router.get("/{name}")
async def show(name: str, parts: PartsOf, _: Reader) -> OrderSnapshot:
    """Show one purchase order, by its key or its PO number."""
    return await _shown(parts, name)


@router.get("/{name}/timeline")
async def timeline(name: str, parts: PartsOf, _: Reader) -> tuple[TimelineEntry, ...]:
    """Show what has happened to an order."""
    return await parts.reading.timeline((await _shown(parts, name)).order.key)


@router.post("/{name}/cancel")
async def cancel(name: str, cancellation: Cancellation, parts: PartsOf, operator: Canceller) -> OrderOutcome:
    """Cancel what has not arrived."""
    order = (await _shown(parts, name)).order
    workflow_id = purchase_order_workflow_id(order.facility, order.key)
    handle = parts.client.get_workflow_handle(workflow_id)
    command = CancelOrder(actor=operator.name, reason=cancellation.reason)
    update = handle.execute_update(PurchaseOrderWorkflow.cancel, command, rpc_timeout=ANSWER_WITHIN)
    return await decide(parts, operator, "order cancelled", order.name, update)


async def _shown(parts: Parts, name: str) -> OrderSnapshot:
    found = await parts.reading.order(name)
    if found is None:
        raise not_found(f"order {name[:40]}")
    return found
