"""Supplier invoices in Tryton: the order's draft invoice filled with what was billed, validated, posted, read back."""

from decimal import Decimal

from adapters.erp.tryton.client import TrytonClient, TrytonRefusedError
from adapters.erp.tryton.mapping import invoice_state
from adapters.erp.tryton.orders import Orders
from adapters.erp.tryton.wire import Json
from domain.errors import RejectedError
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.match_lines import factor_of, order_line_of
from domain.ports import ErpInvoice, ErpInvoiceState
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Money

FIELDS = ("number", "reference", "state", "total_amount", "lines", "currency.code")
PRICE_DIGITS = Decimal("0.0001")
"""Tryton keeps unit prices to four decimals."""
SAME_REFERENCE = ".invoice_similar"
"""Tryton warns of the supplier's number used twice; our own match has looked across every order before."""


class Invoices:
    """Writes and reads the invoices of one order at a time."""

    def __init__(self, tryton: TrytonClient, orders: Orders) -> None:
        self._tryton = tryton
        self._orders = orders

    async def record(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Enter and validate the invoice as billed, or return it where it has been."""
        recorded = await self._recorded(order, invoice)
        if recorded["state"] == "draft":
            recorded = await self._press(recorded, "validate_invoice")
        return _erp_invoice(recorded, invoice)

    async def post(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Post the invoice, or return it where it has been."""
        recorded = await self._recorded(order, invoice)
        if recorded["state"] in {"draft", "validated"}:
            _check_total(recorded, invoice)
            recorded = await self._press(recorded, "post")
        posted = _erp_invoice(recorded, invoice)
        if posted.state not in {ErpInvoiceState.POSTED, ErpInvoiceState.PAID}:
            raise RejectedError(f"Tryton leaves invoice {invoice.number} in state {posted.state}")
        return posted

    async def read(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice | None:
        """Return the invoice as Tryton has it, or None."""
        found = await self._find(await self._orders.recorded(order), invoice)
        return _erp_invoice(found, invoice) if found else None

    async def _recorded(self, order: PurchaseOrder, invoice: SupplierInvoice) -> dict[str, Json]:
        purchase = await self._orders.recorded(order)
        found = await self._find(purchase, invoice)
        if found is not None and found["state"] != "draft":
            return found
        return await self._fill(order, purchase, invoice, found)

    async def _find(self, purchase: dict[str, Json], invoice: SupplierInvoice) -> dict[str, Json] | None:
        rows = await self._tryton.read("account.invoice", purchase["invoices"], FIELDS)
        return next((row for row in rows if row["reference"] == invoice.number and row["state"] != "cancelled"), None)

    async def _fill(
        self,
        order: PurchaseOrder,
        purchase: dict[str, Json],
        invoice: SupplierInvoice,
        begun: dict[str, Json] | None,
    ) -> dict[str, Json]:
        """Make the draft say what was billed. The reference is written last: until then the draft is nobody's."""
        draft = begun or await self._free_draft(purchase, invoice)
        await self._fill_lines(order, purchase, invoice, draft)
        await self._tryton.write(
            "account.invoice",
            [draft["id"]],
            {"invoice_date": invoice.issued_on, "reference": invoice.number},
        )
        return await self._tryton.get("account.invoice", draft["id"], FIELDS)

    async def _free_draft(self, purchase: dict[str, Json], invoice: SupplierInvoice) -> dict[str, Json]:
        rows = await self._tryton.read("account.invoice", purchase["invoices"], FIELDS)
        drafts = [row for row in rows if row["state"] == "draft" and not row["reference"]]
        if not drafts:
            raise RejectedError(f"Tryton expects no further invoice for {purchase['number']}: {invoice.number} is left")
        return drafts[0]

    async def _fill_lines(
        self, order: PurchaseOrder, purchase: dict[str, Json], invoice: SupplierInvoice, draft: dict[str, Json]
    ) -> None:
        ours = {f"purchase.line,{row['id']}": number for number, row in (await self._orders.lines(purchase)).items()}
        rows = await self._tryton.read("account.invoice.line", draft["lines"], ["origin", "quantity", "unit_price"])
        billed = _by_order_line(order, invoice)
        for row in rows:
            number = ours.get(row["origin"])
            if number in billed:
                quantity, price = billed.pop(number)
                await self._tryton.write(
                    "account.invoice.line", [row["id"]], {"quantity": quantity, "unit_price": price}
                )
            else:
                await self._tryton.model("account.invoice.line", "delete", [row["id"]])
        if billed:
            lines = ", ".join(str(number) for number in sorted(billed))
            raise RejectedError(f"Tryton's draft invoice of {order.name} has no line left for order line {lines}")

    async def _press(self, recorded: dict[str, Json], button: str) -> dict[str, Json]:
        try:
            await self._tryton.press("account.invoice", button, recorded["id"], accept=(SAME_REFERENCE,))
        except TrytonRefusedError:
            now = await self._tryton.get("account.invoice", recorded["id"], FIELDS)
            if now["state"] == recorded["state"]:
                raise
            return now
        return await self._tryton.get("account.invoice", recorded["id"], FIELDS)


def _check_total(recorded: dict[str, Json], invoice: SupplierInvoice) -> None:
    """Refuse to post another amount than was billed: a person enters charges, tax and odd arithmetic in Tryton."""
    entered = Money(amount=recorded["total_amount"], currency=recorded["currency."]["code"])
    if entered != invoice.payable:
        raise RejectedError(f"Tryton would post {entered} for invoice {invoice.number}, which bills {invoice.payable}")


def _by_order_line(order: PurchaseOrder, invoice: SupplierInvoice) -> dict[int, tuple[float, Decimal]]:
    """Return quantity and net price per order line, in the order line's unit; several invoice lines become one."""
    billed: dict[int, list[tuple[OrderLine, InvoiceLine]]] = {}
    for line in invoice.lines:
        if line.quantity.value == 0:
            continue
        ordered = order_line_of(order, line)
        if ordered is None:
            raise RejectedError(f"invoice line {line.number} cannot be tied to a line of {order.name}")
        billed.setdefault(ordered.number, []).append((ordered, line))
    return {number: _combined(pairs) for number, pairs in billed.items()}


def _combined(pairs: list[tuple[OrderLine, InvoiceLine]]) -> tuple[float, Decimal]:
    quantity, value = Decimal(0), Decimal(0)
    for ordered, line in pairs:
        factor = factor_of(line, ordered)
        if factor is None:
            raise RejectedError(f"invoice line {line.number}: no pack factor for unit {line.quantity.unit}")
        quantity += line.quantity.value * factor
        value += line.quantity.value * line.unit_price
    return float(quantity), (value / quantity).quantize(PRICE_DIGITS)


def _erp_invoice(row: dict[str, Json], invoice: SupplierInvoice) -> ErpInvoice:
    return ErpInvoice(
        record_id=str(row["id"]),
        number=row["number"],
        supplier_number=invoice.number,
        state=invoice_state(row["state"]),
        total=Money(amount=row["total_amount"], currency=row["currency."]["code"]),
    )
