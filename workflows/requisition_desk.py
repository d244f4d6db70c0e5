"""The desk one requisition is worked from."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.store import StoreActivities
    from domain.identifiers import Code, OrderKey
    from domain.quantities import Money
    from domain.snapshot import RequisitionSnapshot, RequisitionStatus
    from workflows.activity_options import OWN_STORE
    from workflows.cases import CaseFile
    from workflows.messages import RequisitionStart
    from workflows.timeline import Timeline

from workflows.desk import Desk
from workflows.showing import show_requisition


class RequisitionDesk(Desk[RequisitionStatus]):
    """Keeps what a requisition's lifecycle remembers. Its history is short, so it never continues as new."""

    in_exception = RequisitionStatus.EXCEPTION

    def __init__(self, start: RequisitionStart) -> None:
        self.requisition = start.requisition
        self.policy = start.policy
        self.status = RequisitionStatus.SOURCING
        self.total: Money | None = None
        self.approver: Code | None = None
        self.orders: tuple[OrderKey, ...] = ()
        self.cases = CaseFile(
            policy=start.policy, requisition=start.requisition.number, facility=start.requisition.facility
        )
        self.timeline = Timeline()
        self._version = 0
        self._shown: RequisitionSnapshot | None = None
        super().__init__(self.cases, self.timeline)

    async def show(self, status: RequisitionStatus, waiting_for: str) -> None:
        """Publish where the requisition is, in the store and in Temporal, unless that is known already."""
        self.status = status
        snapshot = self._snapshot(waiting_for)
        if not self._says_something_new(snapshot):
            return
        self._version = snapshot.version
        self._shown = snapshot
        show_requisition(snapshot, tuple(self.timeline.recent))
        await workflow.execute_local_activity_method(StoreActivities.publish_requisition, snapshot, **OWN_STORE)
        self.timeline.published(snapshot.timeline)

    def _snapshot(self, waiting_for: str) -> RequisitionSnapshot:
        return RequisitionSnapshot(
            version=self._version + 1,
            at=workflow.now(),
            requisition=self.requisition,
            status=self.status,
            waiting_for=waiting_for,
            total=self.total,
            approver=self.approver,
            orders=self.orders,
            cases=tuple(self.cases.cases.values()),
            timeline=tuple(self.timeline.unpublished),
        )

    def _says_something_new(self, snapshot: RequisitionSnapshot) -> bool:
        if self._shown is None or snapshot.timeline:
            return True
        fleeting = {"version": self._shown.version, "at": self._shown.at, "timeline": ()}
        return snapshot.model_copy(update=fleeting) != self._shown.model_copy(update=fleeting)
