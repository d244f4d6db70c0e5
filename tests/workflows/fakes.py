"""TEMPORARY partners until the twins land."""

from decimal import Decimal

from domain.errors import RejectedError
from domain.ports import ErpInvoice, ErpInvoiceState, ErpOrder, ErpReceipt
from domain.requisition import SourcedLine, SourcedRequisition


class FakeErp:
    def __init__(self):
        self.calls = []
        self.refuse = {}
        self.orders, self.receipts, self.invoices = {}, {}, {}

    def _check(self, name, key):
        self.calls.append((name, key))
        if self.refuse.get(name, 0) > 0:
            self.refuse[name] -= 1
            raise RejectedError(f"{name} refused")

    async def source(self, requisition):
        self._check("source", requisition.number)
        return SourcedRequisition(
            requisition=requisition,
            currency="USD",
            lines=tuple(
                SourcedLine(
                    number=l.number,
                    item=l.item,
                    supplier=l.supplier or "MEDL",
                    quantity=l.quantity,
                    unit_price=Decimal("1.10"),
                    packs={"EA": Decimal(1), "BX": Decimal(10)},
                )
                for l in requisition.lines
            ),
        )

    async def record_purchase_order(self, order):
        self._check("record_purchase_order", order.key)
        self.orders.setdefault(order.key, f"PO-{len(self.orders) + 1:06}")
        return ErpOrder(po_number=self.orders[order.key], record_id="1", state="processing")

    async def amend_purchase_order(self, order):
        self._check("amend_purchase_order", order.key)
        return ErpOrder(po_number=order.po_number, record_id="1", state="processing")

    async def cancel_purchase_order(self, order):
        self._check("cancel_purchase_order", order.key)
        return ErpOrder(po_number=order.po_number, record_id="1", state="cancelled")

    async def close_short(self, order):
        self._check("close_short", order.key)
        return ErpOrder(po_number=order.po_number, record_id="1", state="done")

    async def record_goods_receipt(self, order, receipt):
        self._check("record_goods_receipt", receipt.number)
        self.receipts[receipt.number] = receipt
        return ErpReceipt(record_id=receipt.number, state="done")

    async def post_supplier_invoice(self, order, invoice):
        self._check("post_supplier_invoice", invoice.number)
        self.invoices.setdefault(
            invoice.number,
            ErpInvoice(
                record_id=invoice.number,
                number=f"BILL-{len(self.invoices) + 1}",
                supplier_number=invoice.number,
                state=ErpInvoiceState.POSTED,
                total=invoice.payable,
            ),
        )
        return self.invoices[invoice.number]

    async def supplier_invoice(self, order, invoice):
        return self.invoices.get(invoice.number)

    def pay(self, number):
        self.invoices[number] = self.invoices[number].model_copy(update={"state": ErpInvoiceState.PAID})


class FakePartner:
    def __init__(self):
        self.sent = []

    def __getattr__(self, name):
        async def call(*args):
            self.sent.append((name, getattr(args[0], "key", "")))

        return call
