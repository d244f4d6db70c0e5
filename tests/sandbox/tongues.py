"""The languages in which the hospital and the sandbox's suppliers meet: what each side writes, what the other reads."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import SecretStr

from adapters.documents.channel import OrderMessageKind
from adapters.documents.outbox import ControlNumbers
from adapters.documents.reading import Reading
from adapters.supplier.cxml import reading as cxml_reading
from adapters.supplier.cxml import writing as cxml_writing
from adapters.supplier.cxml.options import Credential, Credentials, CxmlOptions
from adapters.supplier.ubl import reading as ubl_reading
from adapters.supplier.ubl import writing as ubl_writing
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.x12 import reading as x12_reading
from adapters.supplier.x12 import writing as x12_writing
from adapters.supplier.x12.options import X12Options
from domain.ports import OrderMessage
from sandbox.partners import cxml, edi, ubl
from sandbox.partners.edi import Names
from sandbox.partners.trading import Answer, Bill, Order, Shipment
from tests.sandbox.trades import NOW, WHO

NUMBERS = ControlNumbers(interchange=41, group=41, transaction_set=1)
SECRET = "correct horse battery staple"
X12 = X12Options(their_id="HLIN")
UBL = UblOptions()
CXML = CxmlOptions(
    ours=Credentials(party=Credential(identity="SUPPLYLINE")), theirs=Credentials(party=Credential(identity="OPUS"))
)
UBL_LETTERS = ubl.Letters("0088:0614141000029", "0088:0614141000012")
CXML_LETTERS = cxml.Letters("OPUS", "SUPPLYLINE", SECRET)


@dataclass(frozen=True)
class Understood:
    """What a supplier makes of a message of ours."""

    kind: OrderMessageKind
    po_number: str
    order: Order | None
    name: str


@dataclass(frozen=True)
class Tongue:
    """One language: the supplier's writer, our reader, our writer with the supplier's reader."""

    name: str
    acknowledgement: Callable[[Answer], bytes]
    ship_notice: Callable[[Shipment], bytes]
    invoice: Callable[[Bill], bytes]
    read: Callable[[bytes], tuple[Reading, ...]]
    understood: Callable[[OrderMessageKind, OrderMessage], Understood]


def _said(code: str, body: list[edi.Segment]) -> bytes:
    return edi.interchange(code, body, Names("HLIN", "SUPPLYLINE"), 5, NOW).encode()


def _x12(kind: OrderMessageKind, message: OrderMessage) -> Understood:
    writers = {
        OrderMessageKind.ORDER: x12_writing.write_order,
        OrderMessageKind.CHANGE: x12_writing.write_order_change,
        OrderMessageKind.CANCELLATION: x12_writing.write_order_cancellation,
    }
    (received,) = edi.read(writers[kind](message, WHO, X12, NUMBERS, NOW).decode())
    taken_back = edi.po_number_taken_back(received)
    if taken_back is not None:
        return Understood(OrderMessageKind.CANCELLATION, taken_back, None, received.name)
    order = edi.order_of(received)
    told = OrderMessageKind.CHANGE if received.code == "860" else OrderMessageKind.ORDER
    return Understood(told, order.po_number, order, received.name)


def _ubl(kind: OrderMessageKind, message: OrderMessage) -> Understood:
    if kind is OrderMessageKind.ORDER:
        body = ubl_writing.write_order(message, WHO, UBL, NOW)
    elif kind is OrderMessageKind.CHANGE:
        body = ubl_writing.write_order_change(message, WHO, UBL, NOW, 1)
    else:
        body = ubl_writing.write_order_cancellation(message, WHO, UBL, NOW)
    received = ubl.read(body)
    told = {"Order": OrderMessageKind.ORDER, "OrderChange": OrderMessageKind.CHANGE}.get(
        received.kind, OrderMessageKind.CANCELLATION
    )
    order = None if told is OrderMessageKind.CANCELLATION else ubl.order_of(received)
    return Understood(told, received.po_number, order, received.name)


def _cxml(kind: OrderMessageKind, message: OrderMessage) -> Understood:
    writers = {
        OrderMessageKind.ORDER: cxml_writing.write_order,
        OrderMessageKind.CHANGE: cxml_writing.write_order_change,
        OrderMessageKind.CANCELLATION: cxml_writing.write_order_cancellation,
    }
    received = cxml.read(writers[kind](message, WHO, CXML, SecretStr(SECRET), NOW))
    assert received.proves("SUPPLYLINE", SECRET)
    told = {"new": OrderMessageKind.ORDER, "update": OrderMessageKind.CHANGE}.get(
        received.kind, OrderMessageKind.CANCELLATION
    )
    order = None if told is OrderMessageKind.CANCELLATION else cxml.order_of(received)
    return Understood(told, received.po_number, order, received.name)


TONGUES = (
    Tongue(
        "x12",
        lambda answer: _said("855", edi.acknowledgement(answer, NOW)),
        lambda shipment: _said("856", edi.ship_notice(shipment, NOW)),
        lambda bill: _said("810", edi.invoice(bill, NOW)),
        lambda body: x12_reading.read(body, X12),
        _x12,
    ),
    Tongue(
        "ubl",
        lambda answer: UBL_LETTERS.acknowledgement(answer, NOW).encode(),
        lambda shipment: UBL_LETTERS.ship_notice(shipment, NOW).encode(),
        lambda bill: UBL_LETTERS.invoice(bill, NOW).encode(),
        lambda body: ubl_reading.read(body, UBL),
        _ubl,
    ),
    Tongue(
        "cxml",
        lambda answer: CXML_LETTERS.acknowledgement(answer, NOW).encode(),
        lambda shipment: CXML_LETTERS.ship_notice(shipment, NOW).encode(),
        lambda bill: CXML_LETTERS.invoice(bill, NOW).encode(),
        lambda body: cxml_reading.read(body, CXML),
        _cxml,
    ),
)
