"""A supplier's own cXML 1.2: writes confirmation, ship notice, invoice, Response; reads OrderRequest and Response."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hmac import compare_digest
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from sandbox.partners.trading import Answer, Bill, BilledLine, Goods, Line, Order, Promise, Shipment

UNITS = {"EA": "EA", "BX": "XBX", "CA": "XCS"}
"""Our codes in Recommendation 20 and 21."""
STATUSES = {"accepted": "accept", "backordered": "backordered", "substituted": "detail", "rejected": "reject"}


@dataclass(frozen=True)
class Received:
    """A message we were sent."""

    root: etree._Element

    @property
    def name(self) -> str:
        """What a copy repeats."""
        return self.root.get("payloadID", "")

    @property
    def kind(self) -> str:
        """What an OrderRequest does to the order: `new`, `update` or `delete`; empty where it is something else."""
        header = self.root.find("Request/OrderRequest/OrderRequestHeader")
        return "" if header is None else header.get("type", "new")

    @property
    def po_number(self) -> str:
        """The order."""
        header = self.root.find("Request/OrderRequest/OrderRequestHeader")
        return "" if header is None else header.get("orderID", "")

    def proves(self, identity: str, secret: str) -> bool:
        """True when its sender says who it is, and knows the secret."""
        sender = "Header/Sender/Credential/"
        told = self.root.findtext(f"{sender}SharedSecret", "").strip()
        named = self.root.findtext(f"{sender}Identity", "").strip()
        return compare_digest(told.encode(), secret.encode()) and named == identity


def read(body: bytes) -> Received:
    """Return what some bytes hold."""
    return Received(etree.fromstring(body, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)))


def status_in(body: bytes) -> int | None:
    """Return the code of a Response, or None where the bytes hold none."""
    try:
        status = read(body).root.find("Response/Status")
    except etree.XMLSyntaxError:
        return None
    code = "" if status is None else status.get("code", "")
    return int(code) if code.isdigit() else None


def order_of(received: Received) -> Order:
    """Return the order an OrderRequest is about."""
    request = next(received.root.iter("OrderRequest"))
    address = "OrderRequestHeader/ShipTo/Address"
    ship_to, total = request.find(address), request.find("OrderRequestHeader/Total/Money")
    return Order(
        po_number=received.po_number,
        facility="" if ship_to is None else ship_to.get("addressID", ""),
        location=request.findtext(f"{address}/PostalAddress/DeliverTo", "").strip(),
        currency="USD" if total is None else total.get("currency", "USD"),
        lines=tuple(_line(item) for item in request.findall("ItemOut") if Decimal(item.get("quantity", "0"))),
        reference=received.name,
    )


def _line(item: etree._Element) -> Line:
    unit = item.findtext("ItemDetail/UnitOfMeasure", "").strip()
    return Line(
        number=int(item.get("lineNumber", "0")),
        item=item.findtext("ItemID/BuyerPartID", "").strip(),
        supplier_item=item.findtext("ItemID/SupplierPartID", "").strip(),
        quantity=Decimal(item.get("quantity", "0")),
        unit=next((ours for ours, theirs in UNITS.items() if theirs == unit), unit),
        price=Decimal(item.findtext("ItemDetail/UnitPrice/Money", "0").strip()),
    )


def response(in_reply_to: str, code: int, text: str, at: datetime) -> str:
    """Return the Response to a message."""
    payload_id = quoteattr(f"re-{in_reply_to}")
    status = f'<Response><Status code="{code}" text={quoteattr(text)}/></Response>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/cXML.dtd">
<cXML payloadID={payload_id} timestamp="{_moment(at)}" xml:lang="en-US">{status}</cXML>
"""


@dataclass(frozen=True)
class Letters:
    """Writes for one supplier, known by its identity and a secret, to one buyer."""

    identity: str
    buyer: str
    secret: str

    def acknowledgement(self, answer: Answer, at: datetime) -> str:
        """Return a ConfirmationRequest that lists every line."""
        order = answer.order
        items = "".join(_confirmed(line, promises, order.currency) for line, promises in answer.promises)
        return self._message(
            answer.number,
            "Fulfill",
            f"""<ConfirmationRequest>
      <ConfirmationHeader confirmID="{answer.number}" operation="new" type="detail" noticeDate="{_moment(at)}"/>
      {_order(order)}{items}
    </ConfirmationRequest>""",
            at,
        )

    def broken(self, answer: Answer, at: datetime) -> str:
        """Return a confirmation of a type cXML does not have, under a payloadID of its own."""
        whole = self.acknowledgement(answer, at)
        return whole.replace('payloadID="', 'payloadID="broken-', 1).replace(' type="detail"', ' type="perhaps"', 1)

    def ship_notice(self, shipment: Shipment, at: datetime) -> str:
        """Return a ShipNoticeRequest with an item for every lot."""
        items = "".join(_shipped(number, goods, shipment.sscc) for number, goods in enumerate(shipment.goods, start=1))
        moments = f'noticeDate="{_moment(at)}" shipmentDate="{_moment(at)}" deliveryDate="{shipment.expected_on}"'
        return self._message(
            shipment.number,
            "Fulfill",
            f"""<ShipNoticeRequest>
      <ShipNoticeHeader shipmentID="{shipment.number}" operation="new" {moments} shipmentType="actual"/>
      <ShipControl>
        <CarrierIdentifier domain="companyName">Opus Wheels</CarrierIdentifier>
        <ShipmentIdentifier>OW{shipment.sscc[-8:]}</ShipmentIdentifier>
      </ShipControl>
      <ShipNoticePortion>
        {_order(shipment.order)}{items}
      </ShipNoticePortion>
    </ShipNoticeRequest>""",
            at,
        )

    def invoice(self, bill: Bill, at: datetime) -> str:
        """Return an InvoiceDetailRequest without tax."""
        currency = bill.order.currency
        total, nothing = _money(bill.total, currency), _money(Decimal("0.00"), currency)
        items = "".join(_billed(number, line, currency) for number, line in enumerate(bill.lines, start=1))
        header = f'invoiceID="{bill.number}" purpose="standard" operation="new" invoiceDate="{_moment(at)}"'
        return self._message(
            bill.number,
            "InvoiceDetail",
            f"""<InvoiceDetailRequest>
      <InvoiceDetailRequestHeader {header}>
        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/>
      </InvoiceDetailRequestHeader>
      <InvoiceDetailOrder>
        <InvoiceDetailOrderInfo>{_order(bill.order)}</InvoiceDetailOrderInfo>{items}
      </InvoiceDetailOrder>
      <InvoiceDetailSummary>
        <SubtotalAmount>{total}</SubtotalAmount>
        <Tax>{nothing}<Description xml:lang="en-US">No tax</Description></Tax>
        <GrossAmount>{total}</GrossAmount><NetAmount>{total}</NetAmount><DueAmount>{total}</DueAmount>
      </InvoiceDetailSummary>
    </InvoiceDetailRequest>""",
            at,
        )

    def _message(self, number: str, dtd: str, content: str, at: datetime) -> str:
        own = f'<Credential domain="NetworkId"><Identity>{escape(self.identity)}</Identity>'
        proven = f"{own}<SharedSecret>{escape(self.secret)}</SharedSecret></Credential>"
        theirs = f'<Credential domain="NetworkId"><Identity>{escape(self.buyer)}</Identity></Credential>'
        payload_id = f"{number}@{self.identity.lower()}.example"
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/{dtd}.dtd">
<cXML payloadID={quoteattr(payload_id)} timestamp="{_moment(at)}" xml:lang="en-US">
  <Header>
    <From>{own}</Credential></From>
    <To>{theirs}</To>
    <Sender>{proven}<UserAgent>Sandbox</UserAgent></Sender>
  </Header>
  <Request deploymentMode="production">
    {content}
  </Request>
</cXML>
"""


def _order(order: Order) -> str:
    message = f"<DocumentReference payloadID={quoteattr(order.reference)}/>"
    return f"<OrderReference orderID={quoteattr(order.po_number)}>{message}</OrderReference>"


def _confirmed(line: Line, promises: tuple[Promise, ...], currency: str) -> str:
    unit = f"<UnitOfMeasure>{UNITS[line.unit]}</UnitOfMeasure>"
    statuses = "".join(_status(line, promise, unit, currency) for promise in promises)
    return f"""
      <ConfirmationItem lineNumber="{line.number}" quantity="{line.quantity}">
        {unit}{statuses}
      </ConfirmationItem>"""


def _status(line: Line, promise: Promise, unit: str, currency: str) -> str:
    due = "" if promise.kind == "rejected" else f' deliveryDate="{promise.on.isoformat()}"'
    instead = f"""
          <ItemIn quantity="{promise.quantity}">
            <ItemID><SupplierPartID>{escape(promise.item)}</SupplierPartID></ItemID>
            <ItemDetail>
              <UnitPrice>{_money(line.price, currency)}</UnitPrice>
              <Description xml:lang="en-US">{escape(promise.item)}</Description>
              {unit}<Classification domain="UNSPSC">42000000</Classification>
            </ItemDetail>
          </ItemIn>"""
    return f"""
        <ConfirmationStatus type="{STATUSES[promise.kind]}" quantity="{promise.quantity}"{due}>
          {unit}{instead if promise.item else ""}
        </ConfirmationStatus>"""


def _shipped(number: int, goods: Goods, sscc: str) -> str:
    line = goods.line
    unit = f"<UnitOfMeasure>{UNITS[line.unit]}</UnitOfMeasure>"
    return f"""
        <ShipNoticeItem shipNoticeLineNumber="{number}" lineNumber="{line.number}" quantity="{goods.quantity}">
          {_item_id(line)}{unit}
          <Packaging>
            <PackagingCode xml:lang="en-US">Pallet</PackagingCode>
            <ShippingContainerSerialCode>{sscc}</ShippingContainerSerialCode>
          </Packaging>
          <Batch expirationDate="{goods.expires_on.isoformat()}"><SupplierBatchID>{goods.lot}</SupplierBatchID></Batch>
        </ShipNoticeItem>"""


def _billed(number: int, billed: BilledLine, currency: str) -> str:
    line = billed.line
    return f"""
        <InvoiceDetailItem invoiceLineNumber="{number}" quantity="{line.quantity}">
          <UnitOfMeasure>{UNITS[line.unit]}</UnitOfMeasure>
          <UnitPrice>{_money(billed.price, currency)}</UnitPrice>
          <InvoiceDetailItemReference lineNumber="{line.number}">
            {_item_id(line)}<Description xml:lang="en-US">{escape(line.supplier_item)}</Description>
          </InvoiceDetailItemReference>
          <SubtotalAmount>{_money(billed.amount, currency)}</SubtotalAmount>
        </InvoiceDetailItem>"""


def _item_id(line: Line) -> str:
    ours, theirs = escape(line.supplier_item), escape(line.item)
    return f"<ItemID><SupplierPartID>{ours}</SupplierPartID><BuyerPartID>{theirs}</BuyerPartID></ItemID>"


def _money(amount: Decimal, currency: str) -> str:
    return f'<Money currency="{currency}">{amount}</Money>'


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
