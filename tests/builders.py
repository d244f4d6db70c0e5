"""Documents for tests: good defaults, and only what matters to a test said by it."""

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine
from domain.invoice import Charge, CreditNote, InvoiceLine, SupplierInvoice
from domain.item import CatalogueEntry, Item
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity
from domain.requisition import Criticality, Requisition, RequisitionLine

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
PACKS = {"EA": Decimal(1), "BX": Decimal(10)}


def quantity(value: str | int, unit: str = "BX") -> Quantity:
    return Quantity(value=Decimal(value), unit=unit)


def an_item(code: str = "GLV-M", *, supplier: str = "MEDL", price: str = "1.10") -> Item:
    entry = CatalogueEntry(
        supplier=supplier, supplier_item=f"{supplier[0]}-{code}", unit="BX", unit_price=Decimal(price), currency="USD"
    )
    return Item(code=code, description=code, stock_unit="EA", purchase_unit="BX", packs=PACKS, catalogue=(entry,))


def a_requisition(
    *,
    number: str = "RQ-1",
    requester: str = "nurse",
    facility: str = "NORTH",
    items: tuple[tuple[str, str, str], ...] = (("GLV-M", "20", "BX"),),
    criticality: Criticality = Criticality.ROUTINE,
) -> Requisition:
    lines = tuple(
        RequisitionLine(number=position, item=item, quantity=quantity(value, unit))
        for position, (item, value, unit) in enumerate(items, start=1)
    )
    return Requisition(
        number=number, facility=facility, deliver_to="NORTH", requester=requester, lines=lines, criticality=criticality
    )


def an_order_line(
    *,
    number: int = 1,
    item: str = "GLV-M",
    ordered: str = "20",
    unit: str = "BX",
    price: str = "1.10",
    supplier_item: str | None = "M-GLV-M",
    packs: dict[str, Decimal] | None = None,
) -> OrderLine:
    return OrderLine(
        number=number,
        item=item,
        supplier_item=supplier_item,
        quantity=quantity(ordered, unit),
        unit_price=Decimal(price),
        packs=packs or PACKS,
    )


def an_order(
    *lines: OrderLine, key: str = "RQ-1-MEDL", supplier: str = "MEDL", po_number: str | None = "PO-000001"
) -> PurchaseOrder:
    return PurchaseOrder(
        key=key,
        po_number=po_number,
        requisition="RQ-1",
        facility="NORTH",
        deliver_to="NORTH",
        supplier=supplier,
        requester="nurse",
        currency="USD",
        lines=lines or (an_order_line(),),
    )


def a_received_line(
    accepted: str = "20", *, number: int = 1, item: str = "GLV-M", unit: str = "BX", lots: tuple[LotQuantity, ...] = ()
) -> ReceivedLine:
    return ReceivedLine(number=number, item=item, accepted=quantity(accepted, unit), lots=lots)


def a_goods_receipt(*lines: ReceivedLine, number: str = "GR-1", at: datetime = MORNING) -> GoodsReceipt:
    return GoodsReceipt(
        number=number,
        po_number="PO-000001",
        facility="NORTH",
        location="NORTH",
        received_at=at,
        receiver="dock",
        lines=lines or (a_received_line(),),
    )


def an_invoice_line(
    billed: str = "20",
    *,
    number: int = 1,
    order_line: int | None = 1,
    unit: str = "BX",
    price: str = "1.10",
    amount: str | None = None,
    supplier_item: str | None = None,
) -> InvoiceLine:
    exact = (Decimal(price) * Decimal(billed)).quantize(Decimal("0.01"))
    return InvoiceLine(
        number=number,
        order_line=order_line,
        supplier_item=supplier_item,
        quantity=quantity(billed, unit),
        unit_price=Decimal(price),
        amount=exact if amount is None else Decimal(amount),
    )


def an_invoice(
    *lines: InvoiceLine,
    number: str = "INV-1",
    day: int = 21,
    currency: str = "USD",
    charges: tuple[Charge, ...] = (),
    tax: str = "0",
    total: str | None = None,
) -> SupplierInvoice:
    billed = lines or (an_invoice_line(),)
    exact = sum((line.amount for line in billed), start=Decimal(tax)) + sum(charge.amount for charge in charges)
    return SupplierInvoice(
        number=number,
        po_number="PO-000001",
        supplier="MEDL",
        issued_on=date(2026, 11, day),
        currency=currency,
        lines=billed,
        charges=charges,
        tax=Decimal(tax),
        total=exact if total is None else Decimal(total),
    )


def a_credit_note(*lines: InvoiceLine, number: str = "CN-1") -> CreditNote:
    credited = lines or (an_invoice_line(),)
    return CreditNote(
        number=number,
        po_number="PO-000001",
        supplier="MEDL",
        issued_on=date(2026, 11, 25),
        currency="USD",
        lines=credited,
        total=sum((line.amount for line in credited), start=Decimal(0)),
    )
