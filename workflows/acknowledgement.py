"""Phase: hear what the supplier says to the order, settle what it changes, and press it while it is silent."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities
    from activities.supplier import SupplierActivities
    from domain.answers import agreed_order, answer_discrepancies
    from domain.exception_case import Resolution
    from domain.policy import CaseKind
    from domain.snapshot import OrderStatus
    from workflows.messages import CancelOrder

from workflows.order_desk import OrderDesk

_CHANGE = (Resolution.ACCEPT, Resolution.KEEP_WAITING, Resolution.CANCEL_ORDER)
_SILENCE = (Resolution.KEEP_WAITING, Resolution.ACCEPT, Resolution.CANCEL_ORDER)


class Acknowledgement:
    """The supplier's answer: settled when every line is answered and agreed, or when goods are on their way anyway."""

    status = OrderStatus.AWAITING_ACKNOWLEDGEMENT

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._file = desk.file

    async def advance(self) -> None:
        """Weigh new answers; otherwise press a supplier that is late with its answer."""
        if self._latest != self._file.answers_weighed:
            await self._weigh()
        if not self._file.acknowledged and self._file.state.has_goods_under_way():
            self._settle("Goods are on their way: the order counts as acknowledged")
        if not self._file.acknowledged:
            await self._press()

    def is_settled(self) -> bool:
        """True when nothing is left to hear or to decide about the answer."""
        return self._file.acknowledged

    def waiting_for(self) -> str:
        """Say whom the order waits for."""
        return f"{self._file.order.supplier} to acknowledge {self._file.order.name}"

    def due(self) -> datetime | None:
        """Return when the supplier's silence is next to be acted on."""
        asked = self._desk.is_open(CaseKind.SILENT_SUPPLIER, self._file.order.name)
        return None if self._file.acknowledged or asked else self._answer_due

    @property
    def _latest(self) -> str:
        return "|".join(acknowledgement.number for acknowledgement in self._file.state.acknowledgements)

    @property
    def _answer_due(self) -> datetime | None:
        file = self._file
        if file.answer_due is None and file.issued_at is not None:
            file.answer_due = file.issued_at + file.policy.answer_within
        return file.answer_due

    async def _weigh(self) -> None:
        file, subject = self._file, self._file.state.acknowledgements[-1].number
        file.cases.cure_all(CaseKind.ACKNOWLEDGEMENT, but=subject, at=workflow.now())
        discrepancies = answer_discrepancies(file.order, file.state.answers)
        decision = Resolution.ACCEPT
        if discrepancies:
            summary = f"{file.order.supplier} does not answer {file.order.name} as ordered"
            asked = self._desk.decision(
                CaseKind.ACKNOWLEDGEMENT, subject, summary, choices=_CHANGE, discrepancies=discrepancies
            )
            if asked is None:
                return
            decision = asked
        file.answers_weighed = self._latest
        if decision is Resolution.ACCEPT:
            await self._agree(subject)

    async def _agree(self, subject: str) -> None:
        file = self._file
        agreed = agreed_order(file.order, file.state.answers)
        if agreed != file.order:
            await self._desk.ask(ErpActivities.amend_purchase_order, agreed, about=f"amending {agreed.name} in the ERP")
            file.state = file.state.agreed(agreed)
            self._desk.note(f"{agreed.name} changed to what acknowledgement {subject} says")
        if all(line.quantity.value == 0 for line in agreed.lines):
            self._desk.withdraw(CancelOrder(actor="supplyline", reason="the supplier rejected every line"))
        if all(line.number in file.state.answers for line in agreed.lines):
            self._settle(f"{agreed.supplier} acknowledged {agreed.name}")

    def _settle(self, how: str) -> None:
        if not self._file.acknowledged:
            self._file.acknowledged = True
            self._desk.note(how)
        self._desk.cure(CaseKind.SILENT_SUPPLIER, self._file.order.name)

    async def _press(self) -> None:
        file, due = self._file, self._answer_due
        if due is None or workflow.now() < due:
            return
        if file.reminders < file.policy.answer_reminders:
            await self._remind()
            return
        summary = f"{file.order.supplier} has not answered {file.order.name} after {file.reminders} reminders"
        decision = self._desk.decision(CaseKind.SILENT_SUPPLIER, file.order.name, summary, choices=_SILENCE)
        if decision is Resolution.KEEP_WAITING:
            file.answer_due = workflow.now() + file.policy.answer_within
        if decision is Resolution.ACCEPT:
            self._settle("A person vouched for the supplier's answer")

    async def _remind(self) -> None:
        file = self._file
        file.reminders += 1
        file.answer_due = workflow.now() + file.policy.answer_within
        message = self._desk.message(f"reminder/answer/{file.reminders}", "We are waiting for your acknowledgement")
        await self._desk.tell(
            SupplierActivities.send_reminder, message, about=f"reminder {file.reminders} to {file.order.supplier}"
        )
        self._desk.note(f"Reminded {file.order.supplier} to acknowledge {file.order.name}")
