"""Phase: match every invoice whenever its truth changes; hold, wait, release, reject or post it."""

import hashlib
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities, InvoiceToPost
    from activities.matching import MatchingActivities
    from activities.supplier import InvoiceRejection, SupplierActivities
    from domain.exception_case import Resolution
    from domain.invoice import SupplierInvoice
    from domain.match import MatchRequest, MatchResult, Verdict
    from domain.policy import CaseKind
    from domain.snapshot import OrderStatus
    from workflows.activity_options import RULE, summarised
    from workflows.order_file import InvoiceFile

from workflows.order_desk import OrderDesk

_HELD = (Resolution.REJECT, Resolution.ACCEPT)
_WAITED_TOO_LONG = (Resolution.KEEP_WAITING, Resolution.ACCEPT, Resolution.REJECT)
_UNBILLED = (Resolution.KEEP_WAITING, Resolution.DISMISS)


class Invoicing:
    """The invoices: settled when every one is posted or rejected and all that arrived has been billed."""

    status = OrderStatus.AWAITING_INVOICE

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._file = desk.file

    async def advance(self) -> None:
        """Take every unfinished invoice as far as it will go; ask a person about goods nobody bills."""
        for invoice in self._unfinished():
            await self._settle(invoice, self._file.invoice_file(invoice))
        self._press_for_invoices()

    async def reject_all(self, reason: str) -> None:
        """Send back every invoice that is not finished."""
        for invoice in self._unfinished():
            await self._reject(invoice, self._file.invoice_file(invoice), reason)

    def is_settled(self) -> bool:
        """True when no invoice is open and none is missing."""
        return not self._unfinished() and (self._file.billing_waived or self._file.everything_invoiced())

    def waiting_for(self) -> str:
        """Say what the order waits for."""
        unfinished = self._unfinished()
        if unfinished:
            return ", ".join(f"invoice {invoice.number} ({self._standing(invoice)})" for invoice in unfinished)
        return f"an invoice from {self._file.order.supplier}"

    def due(self) -> datetime | None:
        """Return when a waiting invoice or a missing one is overdue."""
        waiting = [self._waited_until(invoice) for invoice in self._unfinished()]
        return min((moment for moment in [*waiting, self._missing_from()] if moment is not None), default=None)

    def _unfinished(self) -> list[SupplierInvoice]:
        return [invoice for invoice in self._file.state.invoices if not self._file.invoice_file(invoice).is_finished]

    def _standing(self, invoice: SupplierInvoice) -> str:
        return self._file.invoice_file(invoice).standing

    async def _settle(self, invoice: SupplierInvoice, file: InvoiceFile) -> None:
        result = await self._match(invoice, file)
        if result.verdict is Verdict.REJECTED:
            await self._reject(invoice, file, result.discrepancies[0].explanation)
        elif result.verdict is Verdict.MATCHED or file.is_released:
            await self._post(invoice, file)
        elif result.verdict is Verdict.HELD:
            await self._hold(invoice, file, result)
        else:
            await self._wait_for_goods(invoice, file, result)

    async def _match(self, invoice: SupplierInvoice, file: InvoiceFile) -> MatchResult:
        request = self._match_request(invoice)
        fingerprint = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
        if file.result is None or file.matched_on != fingerprint:
            file.result = await workflow.execute_activity_method(
                MatchingActivities.match_invoice, request, **summarised(RULE, f"matching invoice {invoice.number}")
            )
            file.matched_on = fingerprint
            self._desk.note(f"Invoice {invoice.number} over {invoice.payable}: {file.result.verdict}")
        if file.result.verdict is not Verdict.WAITING:
            file.waiting_since = None
        return file.result

    def _match_request(self, invoice: SupplierInvoice) -> MatchRequest:
        file = self._file
        return MatchRequest(
            order=file.order,
            goods_receipts=tuple(known for known in file.state.goods_receipts if known.number in file.booked),
            counted=self._counted_before(invoice),
            credit_notes=file.state.credit_notes,
            invoice=invoice,
            tolerance=file.policy.tolerance,
            policy_version=file.policy.version,
        )

    def _counted_before(self, invoice: SupplierInvoice) -> tuple[SupplierInvoice, ...]:
        """Return the invoices whose quantities come first: the posted ones, then the supplier's own sequence."""
        others = [known for known in self._file.state.invoices if known.number != invoice.number]
        posted = [known for known in others if self._file.invoice_file(known).is_posted]
        earlier = [
            known
            for known in self._unfinished()
            if (known.issued_on, known.number) < (invoice.issued_on, invoice.number)
        ]
        return (*posted, *earlier)

    async def _hold(self, invoice: SupplierInvoice, file: InvoiceFile, result: MatchResult) -> None:
        summary = f"Invoice {invoice.number} over {invoice.payable} does not match {self._file.order.name}"
        decision = self._desk.decision(
            CaseKind.INVOICE_MATCH, invoice.number, summary, choices=_HELD, discrepancies=result.discrepancies
        )
        await self._carry_out(decision, invoice, file)

    async def _wait_for_goods(self, invoice: SupplierInvoice, file: InvoiceFile, result: MatchResult) -> None:
        if file.waiting_since is None:
            file.waiting_since = workflow.now()
            self._desk.cure(CaseKind.INVOICE_MATCH, invoice.number)
        if workflow.now() < file.waiting_since + self._file.policy.invoice_within:
            return
        summary = f"Invoice {invoice.number} over {invoice.payable} has waited too long for its goods"
        decision = self._desk.decision(
            CaseKind.INVOICE_MATCH,
            invoice.number,
            summary,
            choices=_WAITED_TOO_LONG,
            discrepancies=result.discrepancies,
        )
        if decision is Resolution.KEEP_WAITING:
            file.waiting_since = workflow.now()
        await self._carry_out(decision, invoice, file)

    async def _carry_out(self, decision: Resolution | None, invoice: SupplierInvoice, file: InvoiceFile) -> None:
        if decision is Resolution.ACCEPT:
            file.accepted = file.result.discrepancies if file.result else ()
            await self._post(invoice, file)
        if decision is Resolution.REJECT:
            case = self._file.cases.latest(CaseKind.INVOICE_MATCH, invoice.number)
            reason = case.decision.reason if case and case.decision else ""
            await self._reject(invoice, file, reason or "it does not match the order")

    async def _post(self, invoice: SupplierInvoice, file: InvoiceFile) -> None:
        self._desk.cure(CaseKind.INVOICE_MATCH, invoice.number)
        step = InvoiceToPost(order=self._file.order, invoice=invoice)
        about = f"posting invoice {invoice.number} in the ERP"
        file.erp = await self._desk.submit(
            ErpActivities.post_supplier_invoice, step, about=about, give_up=Resolution.REJECT
        )
        if file.erp is None:
            await self._reject(invoice, file, "it cannot be posted")
            return
        self._desk.note(f"Invoice {invoice.number} posted as {file.erp.number}")

    async def _reject(self, invoice: SupplierInvoice, file: InvoiceFile, reason: str) -> None:
        self._desk.cure(CaseKind.INVOICE_MATCH, invoice.number)
        file.rejected = reason
        rejection = InvoiceRejection(
            message=self._desk.message(f"invoice-rejected/{invoice.number}", reason), invoice_number=invoice.number
        )
        await self._desk.tell(
            SupplierActivities.send_invoice_rejection, rejection, about=f"rejecting invoice {invoice.number}"
        )
        self._desk.note(f"Invoice {invoice.number} rejected: {reason}")

    def _waited_until(self, invoice: SupplierInvoice) -> datetime | None:
        since = self._file.invoice_file(invoice).waiting_since
        if since is None or self._desk.is_open(CaseKind.INVOICE_MATCH, invoice.number):
            return None
        return since + self._file.policy.invoice_within

    def _missing_from(self) -> datetime | None:
        if self._desk.is_open(CaseKind.OVERDUE_INVOICE, self._file.order.name):
            return None
        return self._file.invoice_due

    def _press_for_invoices(self) -> None:
        file, name = self._file, self._file.order.name
        if not file.everything_booked() or file.billing_waived or file.everything_invoiced():
            file.invoice_due = None
            self._desk.cure(CaseKind.OVERDUE_INVOICE, name)
            return
        if file.invoice_due is None:
            file.invoice_due = workflow.now() + file.policy.invoice_within
        if workflow.now() < file.invoice_due:
            return
        summary = f"{file.order.supplier} has delivered {name} but not billed it in full"
        decision = self._desk.decision(CaseKind.OVERDUE_INVOICE, name, summary, choices=_UNBILLED)
        file.billing_waived = decision is Resolution.DISMISS
        if decision is Resolution.KEEP_WAITING:
            file.invoice_due = workflow.now() + file.policy.invoice_within
