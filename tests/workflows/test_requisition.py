"""The story of one requisition: who approves it, what it becomes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from domain.exception_case import Resolution
from domain.policy import CaseKind, Policy
from domain.quantities import Money
from domain.snapshot import OrderStatus, RequisitionStatus
from tests.builders import a_requisition
from tests.workflows.documents import accepted, billed, received
from tests.workflows.world import World
from workflows.messages import Approve, Reject, RequisitionOutcome, ResolveCase
from workflows.requisition import RequisitionWorkflow

STRICT = Policy(approval_limit=Money(amount=Decimal(10), currency="USD"))

Requisition = WorkflowHandle[RequisitionWorkflow, RequisitionOutcome]


async def awaiting_approval(world: World, policy: Policy = STRICT) -> Requisition:
    requisition = await world.submit(policy=policy)
    await world.requisition_is(RequisitionStatus.AWAITING_APPROVAL)
    return requisition


async def test_a_requisition_within_the_limit_needs_nobody(world: World) -> None:
    await world.submit(policy=Policy(approval_limit=Money(amount=Decimal(22), currency="USD")))
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    assert world.store.requisitions["RQ-1"].approver is None


async def test_a_requisition_above_the_limit_is_ordered_once_approved(world: World) -> None:
    requisition = await awaiting_approval(world)
    assert not world.supplier.sent
    await requisition.execute_update(RequisitionWorkflow.approve, Approve(actor="boss", reason="needed"))
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    assert world.store.requisitions["RQ-1"].approver == "boss"


async def test_nobody_approves_what_they_asked_for(world: World) -> None:
    requisition = await awaiting_approval(world)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await requisition.execute_update(RequisitionWorkflow.approve, Approve(actor="nurse"))
    assert "may not approve" in str(refused.value.cause)


@pytest.mark.ending
async def test_a_rejected_requisition_orders_nothing_and_says_why(world: World) -> None:
    requisition = await awaiting_approval(world)
    await requisition.execute_update(RequisitionWorkflow.reject, Reject(actor="boss", reason="we have enough"))
    outcome = await requisition.result()
    assert (outcome.status, outcome.note) == (RequisitionStatus.REJECTED, "we have enough")
    assert not world.erp.orders


async def test_a_requisition_is_approved_once(world: World) -> None:
    requisition = await awaiting_approval(world)
    await requisition.execute_update(RequisitionWorkflow.approve, Approve(actor="boss"))
    with pytest.raises(WorkflowUpdateFailedError) as late:
        await requisition.execute_update(RequisitionWorkflow.reject, Reject(actor="boss", reason="on second thoughts"))
    assert "does not await approval" in str(late.value.cause)


@pytest.mark.ending
async def test_an_approval_nobody_gives_becomes_a_case_that_can_decide_it(world: World) -> None:
    requisition = await awaiting_approval(world)
    await world.temporal.fast_forward(requisition, timedelta(days=2, minutes=1))
    case = await world.case(CaseKind.APPROVAL)
    command = ResolveCase(case_id=case.id, resolution=Resolution.ACCEPT, actor="deputy")
    await requisition.execute_update(RequisitionWorkflow.resolve, command)
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    assert world.store.requisitions["RQ-1"].approver == "deputy"


@pytest.mark.ending
async def test_items_of_two_suppliers_become_two_orders_and_the_requisition_ends_with_both(world: World) -> None:
    items = (("GLV-M", "20", "BX"), ("SUT-30", "2", "BX"))
    requisition = await world.submit(a_requisition(items=items))
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT, key="RQ-1-CARD")
    for key in ("RQ-1-MEDL", "RQ-1-CARD"):
        await world.cancels(key)
    outcome = await requisition.result()
    assert (outcome.status, outcome.orders) == (RequisitionStatus.CLOSED, ("RQ-1-MEDL", "RQ-1-CARD"))


@pytest.mark.ending
async def test_a_requisition_nobody_can_fulfil_is_tried_again_or_rejected_by_a_person(world: World) -> None:
    requisition = await world.submit(a_requisition(items=(("NOPE", "1", "EA"),)))
    case = await world.case(CaseKind.PARTNER_REJECTION)
    assert "NOPE" in case.summary
    command = ResolveCase(case_id=case.id, resolution=Resolution.REJECT, actor="buyer")
    await requisition.execute_update(RequisitionWorkflow.resolve, command)
    assert (await requisition.result()).status is RequisitionStatus.REJECTED


async def test_who_approved_a_requisition_releases_none_of_its_invoices(world: World) -> None:
    requisition = await awaiting_approval(world)
    await requisition.execute_update(RequisitionWorkflow.approve, Approve(actor="boss"))
    await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    await world.hears(accepted(), received(), billed(price="1.30"))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.decides(await world.case(CaseKind.INVOICE_MATCH), Resolution.ACCEPT, actor="boss")
    assert "may not release" in str(refused.value.cause)
