"""Phase: watch the posted invoices until the ERP has paid them."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities, InvoiceToPost
    from activities.supplier import SupplierActivities
    from domain.exception_case import Resolution
    from domain.invoice import SupplierInvoice
    from domain.policy import CaseKind
    from domain.ports import RemittanceAdvice
    from domain.snapshot import OrderStatus

from workflows.order_desk import OrderDesk

REMITTANCE_ADVICE = "remittance-advice"
"""Orders begun before suppliers were told of payments do not tell them."""
_UNPAID = (Resolution.KEEP_WAITING, Resolution.DISMISS)


class Payment:
    """The money: settled when every posted invoice is paid, or a person stops watching."""

    status = OrderStatus.AWAITING_PAYMENT

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._file = desk.file

    async def advance(self) -> None:
        """Read unpaid invoices back when a check is due; ask a person about those unpaid for too long."""
        if self.is_settled():
            self._desk.cure(CaseKind.UNPAID_INVOICE, self._file.order.name)
            self._file.next_payment_check = self._file.payment_due = None
            return
        await self._check()
        self._press()

    def is_settled(self) -> bool:
        """True when no posted invoice is unpaid."""
        return self._file.payment_waived or not self._unpaid()

    def waiting_for(self) -> str:
        """Say which invoices are unpaid."""
        return "payment of " + ", ".join(invoice.number for invoice in self._unpaid())

    def due(self) -> datetime | None:
        """Return when the ERP is next to be asked."""
        return None if self.is_settled() else self._file.next_payment_check

    def _unpaid(self) -> list[SupplierInvoice]:
        files = ((invoice, self._file.invoice_file(invoice)) for invoice in self._file.state.invoices)
        return [invoice for invoice, file in files if file.is_posted and not file.is_paid]

    async def _check(self) -> None:
        file, now = self._file, workflow.now()
        if file.next_payment_check is None:
            file.payment_due = now + file.policy.pay_within
        elif now < file.next_payment_check:
            return
        else:
            for invoice in self._unpaid():
                await self._read_back(invoice)
        file.next_payment_check = workflow.now() + file.policy.payment_check_every

    async def _read_back(self, invoice: SupplierInvoice) -> None:
        step = InvoiceToPost(order=self._file.order, invoice=invoice)
        about = f"asking the ERP whether {invoice.number} is paid"
        standing = await self._desk.submit(
            ErpActivities.read_supplier_invoice, step, about=about, give_up=Resolution.DISMISS
        )
        if standing is None:
            self._file.payment_waived = True
        elif standing.invoice is not None and standing.invoice != self._file.invoice_file(invoice).erp:
            self._file.invoice_file(invoice).erp = standing.invoice
            self._desk.note(f"Invoice {invoice.number} is {standing.invoice.state} in the ERP")
            await self._advise(invoice)

    async def _advise(self, invoice: SupplierInvoice) -> None:
        """Tell the supplier that its invoice is paid."""
        if not self._file.invoice_file(invoice).is_paid or not workflow.patched(REMITTANCE_ADVICE):
            return
        advice = RemittanceAdvice(
            message=self._desk.message(f"paid/{invoice.number}"),
            invoice_number=invoice.number,
            amount=invoice.payable,
            paid_on=workflow.now().date(),
        )
        about = f"telling {self._file.order.supplier} that {invoice.number} is paid"
        await self._desk.tell(SupplierActivities.send_remittance_advice, advice, about=about)

    def _press(self) -> None:
        file, due = self._file, self._file.payment_due
        if due is None or workflow.now() < due or self.is_settled():
            return
        decision = self._desk.decision(
            CaseKind.UNPAID_INVOICE, file.order.name, f"Still unpaid: {self.waiting_for()}", choices=_UNPAID
        )
        file.payment_waived = decision is Resolution.DISMISS
        if decision is Resolution.KEEP_WAITING:
            file.payment_due = workflow.now() + file.policy.pay_within
