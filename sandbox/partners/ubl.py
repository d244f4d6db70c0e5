"""A supplier's own UBL 2.1: writes OrderResponse, DespatchAdvice and Invoice, reads Order, its change and its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from lxml import etree

from sandbox.partners.trading import Answer, Bill, BilledLine, Goods, Line, Order, Promise, Shipment

OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMES = {"cac": f"{OASIS}CommonAggregateComponents-2", "cbc": f"{OASIS}CommonBasicComponents-2"}
PEPPOL = "urn:fdc:peppol.eu:poacc"
BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
BILLING_PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
UNITS = {"EA": "EA", "BX": "XBX", "CA": "XCS"}
"""Our codes in Recommendation 20 and 21."""
STATUSES = {"accepted": "5", "substituted": "3", "rejected": "7"}
DELETED = "2"
PAY_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Received:
    """A document we were sent."""

    root: etree._Element

    @property
    def kind(self) -> str:
        """The name of its root element."""
        return etree.QName(self.root).localname

    @property
    def name(self) -> str:
        """What a copy repeats."""
        return f"{self.kind} {_text(self.root, 'cbc:ID')}"

    @property
    def po_number(self) -> str:
        """The order it places, changes or takes back."""
        return _text(self.root, "cbc:ID" if self.kind == "Order" else "cac:OrderReference/cbc:ID")


def read(body: bytes) -> Received:
    """Return what some bytes hold."""
    return Received(etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True)))


def order_of(received: Received) -> Order:
    """Return the order an Order places, or an OrderChange changes it to."""
    root = received.root
    lines = [line for line in root.findall("cac:OrderLine/cac:LineItem", NAMES) if _status(line) != DELETED]
    return Order(
        po_number=received.po_number,
        facility=_text(root, "cac:Delivery/cac:DeliveryLocation/cbc:ID"),
        location=_text(root, "cac:Delivery/cac:DeliveryParty/cac:PartyIdentification/cbc:ID"),
        currency=_text(root, "cbc:DocumentCurrencyCode"),
        lines=tuple(_line(line) for line in lines),
        reference=received.name,
    )


def _line(line: etree._Element) -> Line:
    quantity = line.find("cbc:Quantity", NAMES)
    unit = "" if quantity is None else quantity.get("unitCode", "")
    item = _text(line, "cac:Item/cac:BuyersItemIdentification/cbc:ID")
    return Line(
        number=int(_text(line, "cbc:ID")),
        item=item,
        supplier_item=_text(line, "cac:Item/cac:SellersItemIdentification/cbc:ID") or item,
        quantity=Decimal(_text(line, "cbc:Quantity")),
        unit=next((ours for ours, theirs in UNITS.items() if theirs == unit), unit),
        price=Decimal(_text(line, "cac:Price/cbc:PriceAmount")),
    )


def _status(line: etree._Element) -> str:
    return _text(line, "cbc:LineStatusCode")


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path, "", NAMES) or "").strip()


@dataclass(frozen=True)
class Letters:
    """Writes for one supplier to one buyer, both known by their Peppol participants."""

    participant: str
    buyer: str

    def acknowledgement(self, answer: Answer, at: datetime) -> str:
        """Return an OrderResponse that lists every line, as one with amendments must."""
        order = answer.order
        lines = "".join(_answered(line, promises, order.currency) for line, promises in answer.promises)
        return _document(
            "OrderResponse",
            f"""
  <cbc:CustomizationID>{PEPPOL}:trns:order_response:3</cbc:CustomizationID>
  <cbc:ProfileID>{PEPPOL}:bis:ordering:3</cbc:ProfileID>
  <cbc:ID>{answer.number}</cbc:ID>{_issued(at)}
  <cbc:OrderResponseCode>CA</cbc:OrderResponseCode>
  <cbc:DocumentCurrencyCode>{order.currency}</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>{order.po_number}</cbc:ID></cac:OrderReference>
  <cac:SellerSupplierParty>{_party("The supplier", self.participant)}</cac:SellerSupplierParty>
  <cac:BuyerCustomerParty>{_party("The hospital", self.buyer)}</cac:BuyerCustomerParty>{lines}""",
        )

    def broken(self, answer: Answer, at: datetime) -> str:
        """Return an answer that ends in its middle."""
        whole = self.acknowledgement(answer, at)
        return whole[: len(whole) * 2 // 3]

    def ship_notice(self, shipment: Shipment, at: datetime) -> str:
        """Return a DespatchAdvice with a line for every lot."""
        lines = "".join(_despatched(number, goods) for number, goods in enumerate(shipment.goods, start=1))
        expected = shipment.expected_on.isoformat()
        return _document(
            "DespatchAdvice",
            f"""
  <cbc:CustomizationID>{PEPPOL}:trns:despatch_advice:3</cbc:CustomizationID>
  <cbc:ProfileID>{PEPPOL}:bis:despatch_advice:3</cbc:ProfileID>
  <cbc:ID>{shipment.number}</cbc:ID>{_issued(at)}
  <cac:OrderReference><cbc:ID>{shipment.order.po_number}</cbc:ID></cac:OrderReference>
  <cac:DespatchSupplierParty>{_party("The supplier", self.participant)}</cac:DespatchSupplierParty>
  <cac:DeliveryCustomerParty>{_party("The hospital", self.buyer)}</cac:DeliveryCustomerParty>
  <cac:Shipment>
    <cbc:ID>{shipment.place}</cbc:ID>
    <cac:ShipmentStage>
      <cac:CarrierParty><cac:PartyName><cbc:Name>Polar Freight</cbc:Name></cac:PartyName></cac:CarrierParty>
    </cac:ShipmentStage>
    <cac:Delivery>
      <cac:EstimatedDeliveryPeriod><cbc:EndDate>{expected}</cbc:EndDate></cac:EstimatedDeliveryPeriod>
      <cac:Despatch><cbc:ActualDespatchDate>{at.date().isoformat()}</cbc:ActualDespatchDate></cac:Despatch>
    </cac:Delivery>
    <cac:TransportHandlingUnit><cbc:ID>{shipment.sscc}</cbc:ID></cac:TransportHandlingUnit>
  </cac:Shipment>{lines}""",
        )

    def invoice(self, bill: Bill, at: datetime) -> str:
        """Return an Invoice by Peppol BIS Billing, outside the scope of tax."""
        currency, total = bill.order.currency, f"{bill.total:.2f}"
        money = f'currencyID="{currency}"'
        lines = "".join(_billed(number, line, currency) for number, line in enumerate(bill.lines, start=1))
        category = "<cbc:ID>O</cbc:ID><cbc:TaxExemptionReasonCode>VATEX-EU-O</cbc:TaxExemptionReasonCode>"
        return _document(
            "Invoice",
            f"""
  <cbc:CustomizationID>{BILLING}</cbc:CustomizationID>
  <cbc:ProfileID>{BILLING_PROFILE}</cbc:ProfileID>
  <cbc:ID>{bill.number}</cbc:ID>
  <cbc:IssueDate>{at.date().isoformat()}</cbc:IssueDate>
  <cbc:DueDate>{(at + PAY_WITHIN).date().isoformat()}</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
  <cac:OrderReference><cbc:ID>{bill.order.po_number}</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty>{_party("The supplier", self.participant)}</cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>{_party("The hospital", self.buyer)}</cac:AccountingCustomerParty>
  <cac:PaymentMeans><cbc:PaymentMeansCode>1</cbc:PaymentMeansCode></cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount {money}>0.00</cbc:TaxAmount>
    <cac:TaxSubtotal>
      <cbc:TaxableAmount {money}>{total}</cbc:TaxableAmount>
      <cbc:TaxAmount {money}>0.00</cbc:TaxAmount>
      <cac:TaxCategory>{category}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory>
    </cac:TaxSubtotal>
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount {money}>{total}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount {money}>{total}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount {money}>{total}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount {money}>{total}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>{lines}""",
        )


def _document(name: str, content: str) -> str:
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in NAMES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{OASIS}{name}-2" {spaces}>{content}\n</{name}>\n'


def _issued(at: datetime) -> str:
    return f"""
  <cbc:IssueDate>{at.date().isoformat()}</cbc:IssueDate>
  <cbc:IssueTime>{at.strftime("%H:%M:%S")}Z</cbc:IssueTime>"""


def _party(name: str, participant: str) -> str:
    scheme, _, number = participant.partition(":")
    return f"""<cac:Party>
    <cbc:EndpointID schemeID="{scheme}">{number}</cbc:EndpointID>
    <cac:PartyName><cbc:Name>{escape(name)}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>US</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyLegalEntity>
      <cbc:RegistrationName>{escape(name)}</cbc:RegistrationName>
      <cbc:CompanyID schemeID="{scheme}">{number}</cbc:CompanyID>
    </cac:PartyLegalEntity>
  </cac:Party>"""


def _answered(line: Line, promises: tuple[Promise, ...], currency: str) -> str:
    """One response line: what is backordered of it stands beside what comes at once."""
    now = [promise for promise in promises if promise.kind != "backordered"]
    later = [promise for promise in promises if promise.kind == "backordered"]
    first, unit = (now or later)[0], UNITS[line.unit]
    status, quantity = ("3", first.quantity if now else Decimal(0)) if later else (STATUSES[first.kind], first.quantity)
    backorder = "".join(
        f"""
    <cbc:MaximumBackorderQuantity unitCode="{unit}">{promise.quantity}</cbc:MaximumBackorderQuantity>"""
        for promise in later
    )
    instead = f"""
    <cac:SellerSubstitutedLineItem>
      <cbc:ID>{line.number}</cbc:ID>
      <cac:Item>
        <cbc:Name>{escape(first.item)}</cbc:Name>
        <cac:SellersItemIdentification><cbc:ID>{escape(first.item)}</cbc:ID></cac:SellersItemIdentification>
      </cac:Item>
    </cac:SellerSubstitutedLineItem>"""
    return f"""
  <cac:OrderLine>
    <cac:LineItem>
      <cbc:ID>{line.number}</cbc:ID>
      <cbc:LineStatusCode>{status}</cbc:LineStatusCode>
      <cbc:Quantity unitCode="{unit}">{quantity}</cbc:Quantity>{backorder}
      <cac:Delivery>
        <cac:PromisedDeliveryPeriod><cbc:EndDate>{first.on.isoformat()}</cbc:EndDate></cac:PromisedDeliveryPeriod>
      </cac:Delivery>
      <cac:Price><cbc:PriceAmount currencyID="{currency}">{line.price}</cbc:PriceAmount></cac:Price>{_item(line)}
    </cac:LineItem>{instead if first.item else ""}
    <cac:OrderLineReference><cbc:LineID>{line.number}</cbc:LineID></cac:OrderLineReference>
  </cac:OrderLine>"""


def _despatched(number: int, goods: Goods) -> str:
    line = goods.line
    lot = f"""
      <cac:ItemInstance>
        <cac:LotIdentification>
          <cbc:LotNumberID>{goods.lot}</cbc:LotNumberID>
          <cbc:ExpiryDate>{goods.expires_on.isoformat()}</cbc:ExpiryDate>
        </cac:LotIdentification>
      </cac:ItemInstance>"""
    return f"""
  <cac:DespatchLine>
    <cbc:ID>{number}</cbc:ID>
    <cbc:DeliveredQuantity unitCode="{UNITS[line.unit]}">{goods.quantity}</cbc:DeliveredQuantity>
    <cac:OrderLineReference>
      <cbc:LineID>{line.number}</cbc:LineID>
    </cac:OrderLineReference>{_item(line, lot)}
  </cac:DespatchLine>"""


def _billed(number: int, billed: BilledLine, currency: str) -> str:
    line, unit = billed.line, UNITS[billed.line.unit]
    tax = """
      <cac:ClassifiedTaxCategory>
        <cbc:ID>O</cbc:ID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:ClassifiedTaxCategory>"""
    return f"""
  <cac:InvoiceLine>
    <cbc:ID>{number}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="{unit}">{line.quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="{currency}">{billed.amount:.2f}</cbc:LineExtensionAmount>
    <cac:OrderLineReference><cbc:LineID>{line.number}</cbc:LineID></cac:OrderLineReference>{_item(line, tax)}
    <cac:Price>
      <cbc:PriceAmount currencyID="{currency}">{billed.price}</cbc:PriceAmount>
      <cbc:BaseQuantity unitCode="{unit}">1</cbc:BaseQuantity>
    </cac:Price>
  </cac:InvoiceLine>"""


def _item(line: Line, more: str = "") -> str:
    return f"""
    <cac:Item>
      <cbc:Name>{escape(line.supplier_item)}</cbc:Name>
      <cac:BuyersItemIdentification><cbc:ID>{escape(line.item)}</cbc:ID></cac:BuyersItemIdentification>
      <cac:SellersItemIdentification><cbc:ID>{escape(line.supplier_item)}</cbc:ID></cac:SellersItemIdentification>{more}
    </cac:Item>"""
