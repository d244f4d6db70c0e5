"""Everything one purchase order's lifecycle remembers; plain data, carried over when it continues as new."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from domain.document import Document
from domain.exception_case import Discrepancy
from domain.identifiers import Code, EventKey
from domain.invoice import SupplierInvoice
from domain.match import MatchResult, Verdict
from domain.match_lines import billed
from domain.order_state import OrderEvent, OrderState
from domain.policy import Policy
from domain.ports import ErpInvoice, ErpInvoiceState
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity
from domain.snapshot import EventDisposition, EventOutcome, InvoiceProgress, LineProgress, OrderStatus
from workflows.cases import CaseFile
from workflows.messages import CancelOrder
from workflows.timeline import Timeline


class InvoiceFile(BaseModel):
    """What has been done about one supplier invoice."""

    result: MatchResult | None = None
    matched_on: str = ""
    """Fingerprint of what the last match saw: unchanged, no need to match again."""
    waiting_since: datetime | None = None
    accepted: tuple[Discrepancy, ...] = ()
    """The discrepancies a person has accepted: others hold it anew."""
    rejected: str = ""
    """Why it will not be paid."""
    erp: ErpInvoice | None = None

    @property
    def is_released(self) -> bool:
        """True when a person has accepted everything that is wrong with it now."""
        found = self.result.discrepancies if self.result else ()
        return bool(self.accepted) and set(found) <= set(self.accepted)

    @property
    def is_posted(self) -> bool:
        """True once the ERP owes the money."""
        return self.erp is not None and self.erp.state in {ErpInvoiceState.POSTED, ErpInvoiceState.PAID}

    @property
    def is_paid(self) -> bool:
        """True once the ERP has paid."""
        return self.erp is not None and self.erp.state is ErpInvoiceState.PAID

    @property
    def is_finished(self) -> bool:
        """True when nothing more happens before payment."""
        return self.is_posted or bool(self.rejected)

    @property
    def standing(self) -> str:
        """The verdict as people read it."""
        if self.rejected:
            return Verdict.REJECTED
        return self.result.verdict if self.result else "not yet matched"


class OrderFile(BaseModel):
    """The order's state, and what has been done about it so far."""

    policy: Policy
    approver: Code | None = None
    state: OrderState
    cases: CaseFile
    timeline: Timeline = Timeline()
    version: int = 0
    status: OrderStatus = OrderStatus.ISSUING
    issued_at: datetime | None = None
    """When the supplier had the order."""

    answer_due: datetime | None = None
    reminders: int = 0
    answers_weighed: str = ""
    """Fingerprint of the answers last looked at."""
    acknowledged: bool = False

    stockroom_told: bool = False
    announced: list[str] = []
    """Ship notices the stockroom has been told of."""
    booked: list[str] = []
    """Goods receipts the ERP has."""
    set_aside: list[str] = []
    """Goods receipts a person refused: neither booked nor payable."""
    delivery_due: datetime | None = None

    invoices: dict[str, InvoiceFile] = {}
    invoice_due: datetime | None = None
    billing_waived: bool = False
    """A person decided that no further invoice is to be waited for."""
    payment_due: datetime | None = None
    next_payment_check: datetime | None = None
    payment_waived: bool = False

    cancellation: CancelOrder | None = None
    ended: bool = False
    late: list[EventKey] = []
    """Events heard while the end was being shown."""
    withdrawn: bool = False
    """The cancellation is being, or has been, carried out."""
    disposed: list[EventKey] = []
    """Events whose end the store has."""

    @classmethod
    def opened(cls, order: PurchaseOrder, policy: Policy, approver: Code | None) -> Self:
        """Return the file of an order nothing has happened to yet."""
        cases = CaseFile(
            policy=policy,
            requisition=order.requisition,
            facility=order.facility,
            order_key=order.key,
            supplier=order.supplier,
        )
        return cls(policy=policy, approver=approver, state=OrderState(order=order), cases=cases)

    @property
    def order(self) -> PurchaseOrder:
        """The order as agreed now."""
        return self.state.order

    def hear(self, event: OrderEvent) -> bool:
        """File an event; False when it was known already."""
        if self.state.has_heard(event.key):
            return False
        self.state = self.state.after(event)
        if self.ended:
            self.late.append(event.key)
        return True

    def invoice_file(self, invoice: SupplierInvoice) -> InvoiceFile:
        """Return what has been done about this invoice."""
        return self.invoices.setdefault(invoice.number, InvoiceFile())

    def received(self, line: OrderLine) -> Quantity:
        """Return what of a line has arrived and been booked."""
        return self.state.received(line, counting=self.booked)

    def everything_booked(self) -> bool:
        """True when every line has arrived in full."""
        return all(self.received(line).value >= line.quantity.value for line in self.order.lines)

    def nothing_received(self) -> bool:
        """True when nothing has arrived, booked or not."""
        return not any(receipt.number not in self.set_aside for receipt in self.state.goods_receipts)

    def is_untouched(self) -> bool:
        """True when nothing has arrived and nothing is owed."""
        return self.nothing_received() and not any(invoice.is_posted for invoice in self.invoices.values())

    def invoiced(self, line: OrderLine) -> Quantity:
        """Return what of a line has been billed by invoices not rejected."""
        counted = [invoice for invoice in self.state.invoices if not self.invoice_file(invoice).rejected]
        return Quantity(value=billed(self.order, line, counted), unit=line.quantity.unit)

    def everything_invoiced(self) -> bool:
        """True when all that arrived has been billed."""
        return all(self.invoiced(line).value >= self.received(line).value for line in self.order.lines)

    def as_received(self) -> PurchaseOrder:
        """Return the order cut down to what has arrived."""
        lines = tuple(line.model_copy(update={"quantity": self.received(line)}) for line in self.order.lines)
        return self.order.model_copy(update={"lines": lines})

    def new_dispositions(self) -> tuple[EventDisposition, ...]:
        """Return the end of every event the store does not have yet."""
        copies, conflicts = set(self.state.copies), set(self.state.conflicts)
        return tuple(
            EventDisposition(key=event.key, outcome=self._outcome(event.key, copies, conflicts))
            for event in self.state.events
            if event.key not in self.disposed
        )

    def _outcome(self, key: EventKey, copies: set[EventKey], conflicts: set[EventKey]) -> EventOutcome:
        if key in self.late:
            return EventOutcome.LATE
        if key in conflicts:
            return EventOutcome.CONFLICT
        return EventOutcome.DUPLICATE if key in copies else EventOutcome.APPLIED

    def has_unshown_news(self) -> bool:
        """True when the store does not have everything yet."""
        return bool(self.timeline.unpublished or self.new_dispositions())

    def line_progress(self) -> tuple[LineProgress, ...]:
        """Return ordered, received and invoiced, line by line."""
        return tuple(
            LineProgress(
                number=line.number,
                item=line.item,
                description=line.description,
                unit_price=line.unit_price,
                ordered=line.quantity,
                received=self.received(line),
                invoiced=self.invoiced(line),
            )
            for line in self.order.lines
        )

    def invoice_progress(self) -> tuple[InvoiceProgress, ...]:
        """Return where every invoice is."""
        return tuple(_progress(invoice, self.invoice_file(invoice)) for invoice in self.state.invoices)


class PurchaseOrderStart(Document):
    """What an order's lifecycle begins with; `file` is what an earlier run of it carried over."""

    order: PurchaseOrder
    policy: Policy
    approver: Code | None = None
    """Who approved the requisition, so that the same person releases none of its invoices."""
    file: OrderFile | None = None


def _progress(invoice: SupplierInvoice, file: InvoiceFile) -> InvoiceProgress:
    return InvoiceProgress(
        number=invoice.number,
        total=invoice.payable,
        verdict=file.standing,
        erp_number=file.erp.number if file.erp else None,
        erp_state=file.erp.state if file.erp else None,
    )
