"""The documents of one small order: twenty boxes of gloves from MEDL for NORTH."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import GoodsReceipt, ReceivedLine, ShipNotice, ShippedLine
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.order_state import OrderEvent, PartnerDocument
from domain.quantities import Quantity
from domain.requisition import Requisition, RequisitionLine

TODAY = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ORDER_KEY = "RQ-1-MEDL"
PO_NUMBER = "PO-000001"


def boxes(number: str | int) -> Quantity:
    return Quantity(value=Decimal(number), unit="BX")


def a_requisition(*, number: str = "RQ-1", quantity: int = 20, requester: str = "nurse") -> Requisition:
    return Requisition(
        number=number,
        facility="NORTH",
        deliver_to="NORTH",
        requester=requester,
        lines=(RequisitionLine(number=1, item="GLV-M", quantity=boxes(quantity)),),
    )


def event(document: PartnerDocument, *, key: str | None = None, minute: int = 0) -> OrderEvent:
    return OrderEvent(
        key=key or f"medl/{document.kind}-{document.number}".replace(" ", "-"),
        received_at=TODAY + timedelta(minutes=minute),
        document=document,
    )


def accepted(number: str = "ACK-1") -> OrderEvent:
    return event(
        OrderAcknowledgement(
            number=number, po_number=PO_NUMBER, supplier="MEDL", issued_at=TODAY, whole_order=AnswerKind.ACCEPTED
        )
    )


def answered(kind: AnswerKind, *, quantity: int = 20, price: str | None = None, number: str = "ACK-1") -> OrderEvent:
    part = AnswerPart(kind=kind, quantity=boxes(quantity), unit_price=None if price is None else Decimal(price))
    return event(
        OrderAcknowledgement(
            number=number,
            po_number=PO_NUMBER,
            supplier="MEDL",
            issued_at=TODAY,
            lines=(LineAnswer(number=1, parts=(part,)),),
        )
    )


def shipped(quantity: int = 20, *, number: str = "ASN-1") -> OrderEvent:
    return event(
        ShipNotice(
            number=number,
            po_number=PO_NUMBER,
            supplier="MEDL",
            shipped_at=TODAY,
            expected_on=date(2026, 11, 22),
            lines=(ShippedLine(number=1, quantity=boxes(quantity)),),
        )
    )


def received(quantity: int = 20, *, number: str = "GR-1", key: str | None = None) -> OrderEvent:
    return event(
        GoodsReceipt(
            number=number,
            po_number=PO_NUMBER,
            facility="NORTH",
            location="NORTH",
            received_at=TODAY,
            receiver="dock",
            lines=(ReceivedLine(number=1, item="GLV-M", accepted=boxes(quantity)),),
        ),
        key=key,
    )


def billed(
    quantity: int = 20, *, number: str = "INV-1", price: str = "1.10", day: int = 21, key: str | None = None
) -> OrderEvent:
    amount = (Decimal(price) * quantity).quantize(Decimal("0.01"))
    line = InvoiceLine(number=1, order_line=1, quantity=boxes(quantity), unit_price=Decimal(price), amount=amount)
    return event(
        SupplierInvoice(
            number=number,
            po_number=PO_NUMBER,
            supplier="MEDL",
            issued_on=date(2026, 11, day),
            currency="USD",
            lines=(line,),
            total=amount,
        ),
        key=key,
    )
