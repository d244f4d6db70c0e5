"""The ERP's twin: the same answers and the same refusals, for tests that are not about Tryton."""

from collections.abc import Sequence
from decimal import Decimal

from domain.delivery import GoodsReceipt
from domain.errors import RejectedError
from domain.identifiers import ItemCode, OrderKey
from domain.invoice import SupplierInvoice
from domain.item import CatalogueEntry, Item, Location, SupplierRecord
from domain.match_lines import order_line_of
from domain.ports import ErpInvoice, ErpInvoiceState, ErpOrder, ErpReceipt
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity, UnknownConversionError
from domain.replenishment import in_whole_packs
from domain.requisition import Requisition, RequisitionLine, SourcedLine, SourcedRequisition


class InMemoryErp:
    """Keeps orders, goods receipts and invoices, as `domain.ports.Erp` promises.

    `calls` lists every step asked for; `refusals` says how often each step is refused before it is done.
    """

    def __init__(self, items: Sequence[Item], *, locations: Sequence[str] = ("NORTH", "SOUTH")) -> None:
        self._items = {item.code: item for item in items}
        self._locations = tuple(locations)
        self.calls: list[tuple[str, str]] = []
        self.refusals: dict[str, int] = {}
        self.orders: dict[OrderKey, PurchaseOrder] = {}
        self.receipts: dict[tuple[OrderKey, str], GoodsReceipt] = {}
        self.invoices: dict[tuple[OrderKey, str], ErpInvoice] = {}
        self._states: dict[OrderKey, str] = {}
        self._revisions: dict[OrderKey, int] = {}

    async def items(self, codes: Sequence[ItemCode] = ()) -> tuple[Item, ...]:
        """Return the items of these codes, or all of them."""
        return tuple(item for item in self._items.values() if not codes or item.code in codes)

    async def suppliers(self) -> tuple[SupplierRecord, ...]:
        """Return the suppliers somebody sells something as."""
        codes = dict.fromkeys(entry.supplier for item in self._items.values() for entry in item.catalogue)
        return tuple(SupplierRecord(code=code, name=code) for code in codes)

    async def locations(self) -> tuple[Location, ...]:
        """Return the places goods can be delivered to."""
        return tuple(Location(code=code, name=code) for code in self._locations)

    async def source(self, requisition: Requisition) -> SourcedRequisition:
        """Find a seller and a price for every line."""
        self._begin("source", requisition.number)
        faults: list[str] = []
        lines: list[SourcedLine] = []
        for line in requisition.lines:
            try:
                lines.append(self._sourced(line))
            except RejectedError as fault:
                faults.append(f"line {line.number}: {fault}")
        if faults:
            raise RejectedError("; ".join(faults))
        return SourcedRequisition(requisition=requisition, currency="USD", lines=tuple(lines))

    async def record_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Create and confirm the order, once."""
        self._begin("record_purchase_order", order.key)
        if order.deliver_to not in self._locations:
            raise RejectedError(f"no location with code {order.deliver_to}")
        unknown = [line.item for line in order.lines if line.item not in self._items]
        if unknown:
            raise RejectedError(f"no item {', '.join(unknown)}")
        if order.key not in self.orders:
            self.orders[order.key] = order.numbered(f"PO-{len(self.orders) + 1:06}")
            self._states[order.key] = "processing"
        return self._erp_order(order)

    async def amend_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Make the recorded order what was agreed."""
        self._begin("amend_purchase_order", order.key)
        recorded = self._recorded(order)
        if recorded.lines != order.lines:
            self.orders[order.key] = recorded.model_copy(update={"lines": order.lines})
            self._revisions[order.key] = self._revisions.get(order.key, 0) + 1
        return self._erp_order(order)

    async def cancel_purchase_order(self, order: PurchaseOrder) -> ErpOrder:
        """Cancel what has not been received."""
        self._begin("cancel_purchase_order", order.key)
        if order.key not in self.orders:
            return ErpOrder(po_number=order.name, record_id="", state="cancelled")
        return self._give_up(order)

    async def close_short(self, order: PurchaseOrder) -> ErpOrder:
        """Give up what has not arrived."""
        self._begin("close_short", order.key)
        return self._give_up(order)

    async def record_goods_receipt(self, order: PurchaseOrder, receipt: GoodsReceipt) -> ErpReceipt:
        """Book what was accepted, once."""
        self._begin("record_goods_receipt", receipt.number)
        self._recorded(order)
        self.receipts.setdefault((order.key, receipt.number), receipt)
        return ErpReceipt(record_id=receipt.number, number=receipt.number, state="done")

    async def record_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Enter and validate the invoice, once."""
        self._begin("record_supplier_invoice", invoice.number)
        return self._enter(order, invoice)

    async def post_supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        """Post the invoice, once."""
        self._begin("post_supplier_invoice", invoice.number)
        entered = self._enter(order, invoice)
        if entered.state is ErpInvoiceState.VALIDATED:
            entered = entered.model_copy(update={"state": ErpInvoiceState.POSTED})
            self.invoices[order.key, invoice.number] = entered
        return entered

    async def supplier_invoice(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice | None:
        """Read the invoice back."""
        self._recorded(order)
        return self.invoices.get((order.key, invoice.number))

    def pay(self, number: str) -> None:
        """Pay an invoice, as the hospital's treasury would."""
        for key, invoice in self.invoices.items():
            if invoice.supplier_number == number:
                self.invoices[key] = invoice.model_copy(update={"state": ErpInvoiceState.PAID})

    def _begin(self, step: str, subject: str) -> None:
        self.calls.append((step, subject))
        if self.refusals.get(step, 0) > 0:
            self.refusals[step] -= 1
            raise RejectedError(f"{step} of {subject} refused")

    def _sourced(self, line: RequisitionLine) -> SourcedLine:
        item = self._items.get(line.item)
        if item is None:
            raise RejectedError(f"no item {line.item}")
        offers = [entry for entry in item.catalogue if line.supplier in {None, entry.supplier}]
        if not offers:
            raise RejectedError(f"{line.supplier or 'nobody'} sells {line.item}")
        return _sourced_line(line, item, offers[0])

    def _recorded(self, order: PurchaseOrder) -> PurchaseOrder:
        if order.key not in self.orders:
            raise RejectedError(f"no purchase order with reference {order.key}")
        return self.orders[order.key]

    def _give_up(self, order: PurchaseOrder) -> ErpOrder:
        recorded = self._recorded(order)
        lines = tuple(line.model_copy(update={"quantity": self._received(order, line)}) for line in recorded.lines)
        if lines != recorded.lines:
            self.orders[order.key] = recorded.model_copy(update={"lines": lines})
            self._revisions[order.key] = self._revisions.get(order.key, 0) + 1
        return self._erp_order(order)

    def _received(self, order: PurchaseOrder, line: OrderLine) -> Quantity:
        total = Quantity(value=Decimal(0), unit=line.quantity.unit)
        for (key, _), receipt in self.receipts.items():
            for received in receipt.lines:
                if key == order.key and received.number == line.number:
                    total += received.accepted.in_unit(line.quantity.unit, line.packs)
        return total

    def _enter(self, order: PurchaseOrder, invoice: SupplierInvoice) -> ErpInvoice:
        self._recorded(order)
        untied = [line.number for line in invoice.lines if order_line_of(order, line) is None]
        if untied:
            raise RejectedError(f"invoice line {untied[0]} cannot be tied to a line of {order.name}")
        entered = ErpInvoice(
            record_id=f"{order.key} {invoice.number}",
            number=f"BILL-{len(self.invoices) + 1:05}",
            supplier_number=invoice.number,
            state=ErpInvoiceState.VALIDATED,
            total=invoice.payable,
        )
        return self.invoices.setdefault((order.key, invoice.number), entered)

    def _erp_order(self, order: PurchaseOrder) -> ErpOrder:
        return ErpOrder(
            po_number=self.orders[order.key].name,
            record_id=order.key,
            state=self._states[order.key],
            revision=self._revisions.get(order.key, 0),
        )


def _sourced_line(line: RequisitionLine, item: Item, entry: CatalogueEntry) -> SourcedLine:
    try:
        quantity = in_whole_packs(line.quantity, entry.unit, item.packs)
    except UnknownConversionError as error:
        raise RejectedError(f"{item.code}: {error}") from error
    return SourcedLine(
        number=line.number,
        item=item.code,
        description=item.description,
        supplier=entry.supplier,
        supplier_item=entry.supplier_item,
        quantity=quantity,
        unit_price=entry.unit_price,
        packs=item.packs,
    )
