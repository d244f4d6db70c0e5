"""The desk one purchase order is worked from."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.types import MethodAsyncSingleParam

with workflow.unsafe.imports_passed_through():
    from activities.store import StoreActivities
    from domain.exception_case import Discrepancy, ExceptionCase, Resolution
    from domain.policy import CaseKind
    from domain.ports import OrderMessage
    from domain.snapshot import OrderSnapshot, OrderStatus
    from workflows.activity_options import OWN_STORE
    from workflows.messages import CancelOrder
    from workflows.order_file import OrderFile, PurchaseOrderStart

from workflows.desk import Desk, GivenUp
from workflows.showing import show_order

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")


class OrderWithdrawn(Exception):  # noqa: N818 - not a failure: somebody took the order back
    """The order was cancelled while it waited."""


class OrderDesk(Desk[OrderStatus]):
    """Works from one order's file: every wait and every call notices a cancellation and may continue as new."""

    in_exception = OrderStatus.EXCEPTION

    def __init__(self, file: OrderFile) -> None:
        super().__init__(file.cases, file.timeline)
        self.file = file
        self._shown: OrderSnapshot | None = None

    def message(self, step: str, reason: str = "") -> OrderMessage:
        """Return what a supplier is told at one step; the same step has the same key however often it is sent."""
        return OrderMessage(key=f"{self.file.order.key}/{step}", order=self.file.order, reason=reason)

    async def ask(
        self, activity: MethodAsyncSingleParam[Any, Argument, Answer], argument: Argument, *, about: str
    ) -> Answer:
        """Make a call the order cannot do without: when it is refused, the only way out is to cancel the order.

        Raises OrderWithdrawn when a person does that.
        """
        self._notice_cancellation()
        while True:
            with suppress(GivenUp):
                return await self.attempt(activity, argument, about=about, give_up=Resolution.CANCEL_ORDER)

    async def submit(
        self,
        activity: MethodAsyncSingleParam[Any, Argument, Answer],
        argument: Argument,
        *,
        about: str,
        give_up: Resolution,
    ) -> Answer | None:
        """Make a call about one document: when it is refused, a person may give up the document. Returns None then."""
        with suppress(GivenUp):
            return await self.attempt(activity, argument, about=about, give_up=give_up)
        return None

    async def tell(
        self, activity: MethodAsyncSingleParam[Any, Argument, Answer], argument: Argument, *, about: str
    ) -> None:
        """Make a call the order can do without: a person may let a refusal be."""
        with suppress(GivenUp):
            await self.attempt(activity, argument, about=about, give_up=Resolution.DISMISS)

    def put_to_a_person(
        self,
        kind: CaseKind,
        subject: str,
        summary: str,
        *,
        choices: Sequence[Resolution],
        discrepancies: Sequence[Discrepancy] = (),
    ) -> ExceptionCase | None:
        """As for every lifecycle; the decision to cancel the order is carried out here.

        Raises OrderWithdrawn.
        """
        case = super().put_to_a_person(kind, subject, summary, choices=choices, discrepancies=discrepancies)
        if case is not None and case.decision is not None and case.decision.resolution is Resolution.CANCEL_ORDER:
            self.withdraw(CancelOrder(actor=case.decision.actor, reason=case.decision.reason or summary[:500]))
        return case

    def decision(
        self,
        kind: CaseKind,
        subject: str,
        summary: str,
        *,
        choices: Sequence[Resolution],
        discrepancies: Sequence[Discrepancy] = (),
    ) -> Resolution | None:
        """Return what a person has decided about this, once; until then None, with a case open about it."""
        case = self.put_to_a_person(kind, subject, summary, choices=choices, discrepancies=discrepancies)
        return case.decision.resolution if case is not None and case.decision is not None else None

    def withdraw(self, cancellation: CancelOrder) -> None:
        """Take the order back. Raises OrderWithdrawn, unless it is being withdrawn already."""
        if self.file.cancellation is None:
            self.file.cancellation = cancellation
        self._notice_cancellation()

    def before_waiting(self) -> None:
        """Leave the story when the order is cancelled."""
        self._notice_cancellation()

    async def next_news(self, *, status: OrderStatus, waiting_for: str, until: datetime | None = None) -> None:
        """As for every lifecycle; here, between two pieces of work, a long history continues as new."""
        await super().next_news(status=status, waiting_for=waiting_for, until=until)
        if workflow.info().is_continue_as_new_suggested() and workflow.all_handlers_finished():
            file = self.file
            workflow.continue_as_new(
                PurchaseOrderStart(order=file.order, policy=file.policy, approver=file.approver, file=file)
            )

    async def show(self, status: OrderStatus, waiting_for: str) -> None:
        """Publish where the order is, in the store and in Temporal, unless that is known already."""
        file = self.file
        file.status = status
        snapshot = self._snapshot(waiting_for)
        if not self._says_something_new(snapshot):
            return
        file.version = snapshot.version
        self._shown = snapshot
        show_order(snapshot, tuple(file.timeline.recent))
        await workflow.execute_local_activity_method(StoreActivities.publish_order, snapshot, **OWN_STORE)
        file.timeline.published(snapshot.timeline)
        file.disposed.extend(disposition.key for disposition in snapshot.dispositions)

    def _snapshot(self, waiting_for: str) -> OrderSnapshot:
        file = self.file
        return OrderSnapshot(
            version=file.version + 1,
            at=workflow.now(),
            order=file.order,
            status=file.status,
            waiting_for=waiting_for,
            lines=file.line_progress(),
            invoices=file.invoice_progress(),
            cases=tuple(file.cases.cases.values()),
            dispositions=file.new_dispositions(),
            timeline=tuple(file.timeline.unpublished),
        )

    def _says_something_new(self, snapshot: OrderSnapshot) -> bool:
        if self._shown is None or snapshot.timeline or snapshot.dispositions:
            return True
        fleeting = {"version": self._shown.version, "at": self._shown.at, "timeline": (), "dispositions": ()}
        return snapshot.model_copy(update=fleeting) != self._shown.model_copy(update=fleeting)

    def _notice_cancellation(self) -> None:
        if self.file.cancellation is not None and not self.file.withdrawn:
            raise OrderWithdrawn
