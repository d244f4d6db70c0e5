"""Phase: announce what is coming, book what arrives, and settle what does not come."""

from datetime import UTC, datetime, time

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.erp import ErpActivities, ReceiptToRecord
    from activities.inventory import InventoryActivities
    from activities.supplier import SupplierActivities
    from domain.delivery import GoodsReceipt
    from domain.exception_case import Resolution
    from domain.policy import CaseKind
    from domain.ports import ExpectedDelivery
    from domain.receiving import receipt_discrepancies
    from domain.snapshot import OrderStatus

from workflows.order_desk import OrderDesk

_LATE = (Resolution.KEEP_WAITING, Resolution.SHORT_CLOSE, Resolution.CANCEL_ORDER)
_TOO_MUCH = (Resolution.ACCEPT, Resolution.REJECT)


class Delivery:
    """The goods: settled when every line has arrived in full, or what is missing has been given up."""

    status = OrderStatus.AWAITING_GOODS

    def __init__(self, desk: OrderDesk) -> None:
        self._desk = desk
        self._file = desk.file

    async def advance(self) -> None:
        """Announce new ship notices, book new goods receipts, and ask a person about goods that are overdue."""
        await self._announce()
        await self.book_arrivals()
        if not self.is_settled():
            await self._press()
        else:
            self._desk.cure(CaseKind.OVERDUE_DELIVERY, self._file.order.name)

    async def book_arrivals(self) -> None:
        """Book every goods receipt that may be booked."""
        for receipt in self._unbooked():
            await self._book(receipt)

    def is_settled(self) -> bool:
        """True when nothing more is to come and all that came is booked."""
        return self._file.everything_booked() and not self._unbooked()

    def waiting_for(self) -> str:
        """Say what the order waits for."""
        missing = [line for line in self._file.line_progress() if line.received.value < line.ordered.value]
        goods = ", ".join(f"{line.ordered - line.received} {line.item}" for line in missing)
        return f"{goods or 'a decision on goods'} from {self._file.order.supplier}"

    def due(self) -> datetime | None:
        """Return when the goods are overdue."""
        asked = self._desk.is_open(CaseKind.OVERDUE_DELIVERY, self._file.order.name)
        return None if self.is_settled() or asked else self._delivery_due

    @property
    def _delivery_due(self) -> datetime | None:
        file, promised = self._file, self._file.state.promised_on
        if file.issued_at is None:
            return None
        if file.delivery_due is not None:
            return file.delivery_due
        start = file.issued_at if promised is None else max(file.issued_at, datetime.combine(promised, time(), UTC))
        return start + file.policy.deliver_within

    def _unbooked(self) -> list[GoodsReceipt]:
        done = {*self._file.booked, *self._file.set_aside}
        return [receipt for receipt in self._file.state.goods_receipts if receipt.number not in done]

    async def _announce(self) -> None:
        file = self._file
        if not file.stockroom_told:
            file.stockroom_told = True
            await self._desk.tell(
                InventoryActivities.announce_delivery,
                ExpectedDelivery(order=file.order, expected_on=file.state.promised_on),
                about=f"announcing {file.order.name} to the stockroom",
            )
        for notice in file.state.ship_notices:
            if notice.number in file.announced:
                continue
            file.announced.append(notice.number)
            expected = ExpectedDelivery(order=file.order, ship_notice=notice, expected_on=notice.expected_on)
            await self._desk.tell(
                InventoryActivities.announce_delivery, expected, about=f"announcing shipment {notice.number}"
            )
            self._desk.note(f"Shipment {notice.number} is on its way; the stockroom knows")

    async def _book(self, receipt: GoodsReceipt) -> None:
        file = self._file
        booked = tuple(known for known in file.state.goods_receipts if known.number in file.booked)
        discrepancies = receipt_discrepancies(file.order, booked, receipt, file.policy.tolerance)
        if discrepancies:
            summary = f"Goods receipt {receipt.number} is not what {file.order.name} allows"
            decision = self._desk.decision(
                CaseKind.OVER_RECEIPT, receipt.number, summary, choices=_TOO_MUCH, discrepancies=discrepancies
            )
            if decision is Resolution.REJECT:
                file.set_aside.append(receipt.number)
                self._desk.note(f"Goods receipt {receipt.number} was refused: not booked, not payable")
            if decision is not Resolution.ACCEPT:
                return
        self._desk.cure(CaseKind.OVER_RECEIPT, receipt.number)
        if any(line.accepted.value for line in receipt.lines) and not await self._enter(receipt):
            file.set_aside.append(receipt.number)
            self._desk.note(f"Goods receipt {receipt.number} set aside: the ERP does not take it")
            return
        file.booked.append(receipt.number)
        self._desk.note(f"Goods receipt {receipt.number} booked", actor=receipt.receiver)

    async def _enter(self, receipt: GoodsReceipt) -> bool:
        """Have the ERP book it; False where it refuses and a person gives it up."""
        step = ReceiptToRecord(order=self._file.order, goods_receipt=receipt)
        about = f"booking goods receipt {receipt.number} in the ERP"
        booked = await self._desk.submit(
            ErpActivities.record_goods_receipt, step, about=about, give_up=Resolution.REJECT
        )
        return booked is not None

    async def _press(self) -> None:
        file, due = self._file, self._delivery_due
        if due is None or workflow.now() < due:
            return
        decision = self._desk.decision(
            CaseKind.OVERDUE_DELIVERY, file.order.name, f"Overdue: {self.waiting_for()}", choices=_LATE
        )
        if decision is Resolution.KEEP_WAITING:
            file.delivery_due = workflow.now() + file.policy.deliver_within
        if decision is Resolution.SHORT_CLOSE:
            await self._close_short()

    async def _close_short(self) -> None:
        file = self._file
        await self._desk.ask(ErpActivities.close_short, file.order, about=f"closing {file.order.name} short in the ERP")
        await self._desk.tell(
            InventoryActivities.withdraw_delivery, file.order, about=f"withdrawing {file.order.name} from the stockroom"
        )
        file.state = file.state.agreed(file.as_received())
        self._desk.note(f"{file.order.name} closed short")
        await self._desk.tell(
            SupplierActivities.send_order_change,
            self._desk.message("changed/short", "We expect nothing more of this order"),
            about=f"telling {file.order.supplier} that {file.order.name} is closed short",
        )
