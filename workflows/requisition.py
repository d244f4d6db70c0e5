"""The life of one requisition: price it, have it approved, place one order per supplier, see them through."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import Priority
from temporalio.workflow import ChildWorkflowHandle, ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities
    from domain.exception_case import Decision, Resolution
    from domain.policy import CaseKind
    from domain.purchase_order import PurchaseOrder, orders_from
    from domain.requisition import SourcedRequisition
    from domain.snapshot import RequisitionStatus
    from workflows.messages import (
        Approve,
        CaseClosed,
        OrderOutcome,
        Reject,
        RequisitionOutcome,
        RequisitionStart,
        ResolveCase,
    )
    from workflows.names import priority_of, purchase_order_workflow_id
    from workflows.order_file import PurchaseOrderStart
    from workflows.segregation import refuse_self_approval, refuse_too_late

from workflows.desk import GivenUp
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition_desk import RequisitionDesk
from workflows.showing import order_attributes, order_summary

Order = ChildWorkflowHandle[PurchaseOrderWorkflow, OrderOutcome]


@workflow.defn
class RequisitionWorkflow:
    """One internal request to buy, until every order it became has ended."""

    @workflow.init
    def __init__(self, start: RequisitionStart) -> None:
        self._desk = RequisitionDesk(start)
        self._approval: Approve | None = None
        self._rejection: Reject | None = None

    @workflow.run
    async def run(self, start: RequisitionStart) -> RequisitionOutcome:
        """Price the requisition, have it approved where it is large, order, and see the orders through."""
        desk, requisition = self._desk, start.requisition
        await desk.show(RequisitionStatus.SOURCING, "the ERP's catalogue")
        try:
            sourced = await desk.attempt(
                ErpActivities.source, requisition, about=f"pricing {requisition.number}", give_up=Resolution.REJECT
            )
        except GivenUp:
            return await self._end(RequisitionStatus.REJECTED)
        if not await self._approved(sourced):
            return await self._end(RequisitionStatus.REJECTED)
        await self._see_through(await self._order(sourced))
        return await self._end(RequisitionStatus.CLOSED)

    async def _approved(self, sourced: SourcedRequisition) -> bool:
        """Return a person's answer, or yes at once where the policy needs nobody's."""
        desk, policy = self._desk, self._desk.policy
        desk.total = sourced.total
        if policy.approves_by_itself(sourced.total):
            desk.note(f"{sourced.total} needs nobody's approval")
            return True
        overdue = workflow.now() + policy.approve_within
        while self._approval is None and self._rejection is None:
            desk.attend()
            self._press_for_approval(overdue)
            await desk.next_news(
                status=RequisitionStatus.AWAITING_APPROVAL,
                waiting_for=f"{policy.owner_of(CaseKind.APPROVAL)} to approve {sourced.total}",
                until=None if desk.is_open(CaseKind.APPROVAL, sourced.requisition.number) else overdue,
            )
        desk.cure(CaseKind.APPROVAL, sourced.requisition.number)
        return self._rejection is None

    def _press_for_approval(self, overdue: datetime) -> None:
        if workflow.now() < overdue:
            return
        number = self._desk.requisition.number
        case = self._desk.put_to_a_person(
            CaseKind.APPROVAL,
            number,
            f"Requisition {number} over {self._desk.total} is still neither approved nor rejected",
            choices=(Resolution.ACCEPT, Resolution.REJECT),
        )
        if case is not None and case.decision is not None:
            self._decide(case.decision)

    def _decide(self, decision: Decision) -> None:
        if decision.resolution is Resolution.ACCEPT:
            self._approve(Approve(actor=decision.actor, reason=decision.reason))
        else:
            self._reject(Reject(actor=decision.actor, reason=decision.reason or "not approved"))

    async def _order(self, sourced: SourcedRequisition) -> list[Order]:
        """Start one purchase order per supplier; each outlives this lifecycle if it must."""
        orders = orders_from(sourced)
        self._desk.orders = tuple(order.key for order in orders)
        return [await self._place(order) for order in orders]

    async def _place(self, order: PurchaseOrder) -> Order:
        start = PurchaseOrderStart(order=order, policy=self._desk.policy, approver=self._desk.approver)
        handle = await workflow.start_child_workflow(
            PurchaseOrderWorkflow.run,
            start,
            id=purchase_order_workflow_id(order.facility, order.key),
            parent_close_policy=ParentClosePolicy.ABANDON,
            search_attributes=order_attributes(order),
            static_summary=order_summary(order),
            priority=Priority(priority_key=priority_of(order.criticality)),
        )
        self._desk.note(f"Order {order.key} over {order.total} begun with {order.supplier}")
        return handle

    async def _see_through(self, orders: list[Order]) -> None:
        """Wait until every order has ended."""
        for order in orders:
            order.add_done_callback(lambda _: self._desk.wake())
        while unfinished := [order for order in orders if not order.done()]:
            self._desk.attend()
            await self._desk.next_news(
                status=RequisitionStatus.ORDERED, waiting_for=f"{len(unfinished)} of {len(orders)} orders to end"
            )
        for key, order in zip(self._desk.orders, orders, strict=True):
            self._desk.note(f"Order {key} {_end_of(order)}")

    async def _end(self, status: RequisitionStatus) -> RequisitionOutcome:
        self._desk.cases.close_all(at=workflow.now())
        self._desk.note(f"Requisition {self._desk.requisition.number} is {status}")
        await self._desk.show(status, "")
        await workflow.wait_condition(workflow.all_handlers_finished)
        note = self._rejection.reason if self._rejection else ""
        return RequisitionOutcome(status=status, orders=self._desk.orders, note=note)

    def _approve(self, command: Approve) -> None:
        self._approval = command
        self._desk.approver = command.actor
        self._desk.note(f"Approved. {command.reason}".rstrip(), actor=command.actor)
        self._desk.wake()

    def _reject(self, command: Reject) -> None:
        self._rejection = command
        self._desk.note(f"Rejected: {command.reason}", actor=command.actor)
        self._desk.wake()

    @workflow.update
    async def approve(self, command: Approve) -> RequisitionOutcome:
        """Say yes to what it costs."""
        self._approve(command)
        return RequisitionOutcome(status=self._desk.status)

    @approve.validator
    def _may_approve(self, command: Approve) -> None:
        self._refuse_unless_awaiting_approval()
        refuse_self_approval(command.actor, self._desk.requisition.requester)

    @workflow.update
    async def reject(self, command: Reject) -> RequisitionOutcome:
        """Say no, and why."""
        self._reject(command)
        return RequisitionOutcome(status=self._desk.status)

    @reject.validator
    def _may_reject(self, command: Reject) -> None:  # noqa: ARG002 - the SDK's signature
        self._refuse_unless_awaiting_approval()

    @workflow.update
    async def resolve(self, command: ResolveCase) -> CaseClosed:
        """Close an exception case by a person's decision."""
        return self._desk.close_case(command)

    @resolve.validator
    def _may_resolve(self, command: ResolveCase) -> None:
        case = self._desk.cases.offered(command.case_id, command.resolution)
        if case.kind is CaseKind.APPROVAL and command.resolution is Resolution.ACCEPT:
            refuse_self_approval(command.actor, self._desk.requisition.requester)

    def _refuse_unless_awaiting_approval(self) -> None:
        decided = self._approval is not None or self._rejection is not None
        if decided or self._desk.total is None or self._desk.policy.approves_by_itself(self._desk.total):
            refuse_too_late(f"Requisition {self._desk.requisition.number} does not await approval")


def _end_of(order: Order) -> str:
    failure = order.exception()
    return f"is {order.result().status}" if failure is None else f"ended without an outcome: {failure}"
