"""Partners of our own and the samples they would send: one of each language, each with habits of its own."""

from typing import Any

from adapters.partners import PartnerProfile
from starter.rehearsal.running import Rehearsal, prepared

HTTPS = {
    "kind": "https",
    "url": "https://partner.example/documents",
    "inbound": {"kind": "basic", "user": "partner", "passwords": ["env:PARTNER_PASSWORD"]},
}
IN_DOCUMENT = {**HTTPS, "inbound": {"kind": "in_document", "secrets": ["env:PARTNER_SECRET"]}}
ENDPOINTS = {
    "us": {"name": "City Hospital", "endpoint": "0088:7300010000018"},
    "them": {"name": "North & Sons", "endpoint": "0088:7300010000001"},
}


def a_profile(language: str, **page: Any) -> PartnerProfile:
    own: dict[str, dict[str, Any]] = {
        "x12": {"x12": {"their_id": "HEARTLAND", **page.pop("x12", {})}},
        "ubl": ENDPOINTS,
        "cxml": {"shared_secret": "env:OUR_SECRET", "transport": IN_DOCUMENT},
    }
    fields = {"code": "heartland", "kind": "supplier", "supplier": "HLIN", "name": "Heartland", "transport": HTTPS}
    return PartnerProfile.model_validate({**fields, "language": language, **own[language], **page})


def a_rehearsal(language: str, *samples: tuple[str, bytes], **page: Any) -> Rehearsal:
    return prepared(a_profile(language, **page), samples)


def x12(functional_id: str, body: str, *, usage: str = "P", sender: str = "HEARTLAND") -> bytes:
    """Return an interchange in this partner's style: pipes, and a line for each segment."""
    segments = [line.strip() for line in body.strip().splitlines()]
    code = {"PR": "855", "SH": "856", "IN": "810", "FA": "997"}[functional_id]
    whole = [
        f"ISA|00|          |00|          |ZZ|{sender:<15}|ZZ|SUPPLYLINE     |261001|0930|U|00401|000000042|0|{usage}|>",
        f"GS|{functional_id}|{sender}|SUPPLYLINE|20261001|0930|42|X|004010",
        f"ST|{code}|000042",
        *segments,
        f"SE|{len(segments) + 2}|000042",
        "GE|1|42",
        "IEA|1|000000042",
    ]
    return ("\n".join(whole) + "\n").encode()


def x12_answer(*, unit: str = "CA", lines: tuple[str, str] = ("001", "002")) -> bytes:
    first, second = lines
    return x12(
        "PR",
        f"""BAK|00|AD|PO-998|20260930|||SO-77||20261001
        CUR|BY|USD
        REF|VR|V-100
        N1|SU|Heartland|92|H1
        PO1|{first}|5|{unit}|9.10||VN|H-1|IN|A-1|MG|MAKER-1
        PID|F||||Gloves
        ACK|IA|5|{unit}|068|20261005||VN|H-1
        REF|CT|CONTRACT-9
        PO1|{second}|2|{unit}|4.00||VN|H-2|IN|A-2
        ACK|IA|2|{unit}
        CTT|2|7""",
    )


def x12_notice(*, unit: str = "CA") -> bytes:
    return x12(
        "SH",
        f"""BSN|00|B-1|20261003|0800|0001
        HL|1||S
        TD5|B|2|UPSN||UPS
        REF|CN|1Z999
        DTM|011|20261003
        DTM|017|20261005
        HL|2|1|O
        PRF|PO-998|||20260930
        HL|3|2|P
        MAN|GM|00373000100000000019
        HL|4|3|I
        LIN|001|VN|H-1|LT|LOT-7
        SN1|001|5|{unit}||5|{unit}
        DTM|036|20280101
        HL|5|3|I
        LIN|002|VN|H-2
        SN1|002|2|{unit}
        CTT|5""",
    )


def x12_invoice(*, unit: str = "CA", total: str = "5350", swapped: bool = False, charge: str = "") -> bytes:
    lines = (("VN|H-1|IN|A-1", "5", "9.10"), ("VN|H-2|IN|A-2", "2", "4.00"))
    pairs = lines[::-1] if swapped else lines
    billed = "\n".join(
        f"IT1|{number:03}|{quantity}|{unit}|{price}||{item}"
        for number, (item, quantity, price) in enumerate(pairs, start=1)
    )
    return x12(
        "IN",
        f"""BIG|20261004|I-1|20260930|PO-998|||DI
        N1|RE|Heartland Remittances|92|H9
        ITD|01|3|||||30
        {billed}
        TDS|{total}
        {charge or "CAD|M|||UPSN"}
        CTT|2""",
    )


def x12_acknowledgement() -> bytes:
    return x12(
        "FA",
        """AK1|PO|17
        AK2|850|000017
        AK3|N1|9||8
        AK4|2||5
        AK5|E|5
        AK9|E|1|1|1""",
    )


X12_SAMPLES = (
    ("answer.x12", x12_answer()),
    ("notice.x12", x12_notice()),
    ("invoice.x12", x12_invoice()),
    ("acknowledgement.x12", x12_acknowledgement()),
)


def cxml(content: str, *, mode: str = "production", sender: str = "PARTNER") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.040/Fulfill.dtd">
<cXML payloadID="77.1@partner.example" timestamp="2026-10-01T09:30:00-06:00" xml:lang="en-US">
  <Header>
    <From><Credential domain="NetworkId"><Identity>{sender}</Identity></Credential></From>
    <To><Credential domain="NetworkId"><Identity>SUPPLYLINE</Identity></Credential></To>
    <Sender><Credential domain="NetworkId"><Identity>{sender}</Identity>
      <SharedSecret>not ours to know</SharedSecret></Credential><UserAgent>Hub 4</UserAgent></Sender>
  </Header>
  <Request deploymentMode="{mode}">{content}</Request>
</cXML>""".encode()


CXML_SAMPLES = (
    (
        "confirmation.xml",
        cxml(
            """<ConfirmationRequest>
      <ConfirmationHeader confirmID="C-1" type="allDetail" noticeDate="2026-10-01T09:30:00-06:00" invoiceID="I-1">
        <Total><Money currency="USD">53.50</Money></Total>
        <Comments>Thank you</Comments></ConfirmationHeader>
      <OrderReference orderID="PO-998"><DocumentReference payloadID="1@us"/></OrderReference>
      <ConfirmationItem lineNumber="1" quantity="5"><UnitOfMeasure>XCS</UnitOfMeasure>
        <ConfirmationStatus quantity="5" type="allDetail" deliveryDate="2026-10-05"><UnitOfMeasure>XCS</UnitOfMeasure>
          <UnitPrice><Money currency="USD">9.10</Money></UnitPrice></ConfirmationStatus></ConfirmationItem>
      </ConfirmationRequest>"""
        ),
    ),
    (
        "notice.xml",
        cxml(
            """<ShipNoticeRequest>
      <ShipNoticeHeader shipmentID="S-1" noticeDate="2026-10-02T10:00:00Z" shipmentDate="2026-10-02T12:00:00Z"/>
      <ShipControl><CarrierIdentifier domain="companyName">UPS</CarrierIdentifier>
        <ShipmentIdentifier>1Z999</ShipmentIdentifier></ShipControl>
      <ShipNoticePortion><OrderReference orderID="PO-998"><DocumentReference payloadID="1@us"/></OrderReference>
        <ShipNoticeItem lineNumber="1" shipNoticeLineNumber="10" quantity="5">
          <ItemID><SupplierPartID>H-1</SupplierPartID>
          <IdReference domain="gtin" identifier="00614141000012"/></ItemID><UnitOfMeasure>XCS</UnitOfMeasure>
          <Packaging><Description xml:lang="en">pallet</Description></Packaging></ShipNoticeItem>
      </ShipNoticePortion></ShipNoticeRequest>"""
        ),
    ),
    (
        "invoice.xml",
        cxml(
            """<InvoiceDetailRequest>
      <InvoiceDetailRequestHeader invoiceID="I-1" purpose="standard" operation="new" invoiceDate="2026-10-04">
        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/></InvoiceDetailRequestHeader>
      <InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderReference orderID="PO-998">
        <DocumentReference payloadID="1@us"/></OrderReference></InvoiceDetailOrderInfo>
        <InvoiceDetailItem invoiceLineNumber="1" quantity="5"><UnitOfMeasure>XCS</UnitOfMeasure>
          <UnitPrice><Money currency="USD">9.10</Money></UnitPrice>
          <InvoiceDetailItemReference lineNumber="1"><ItemID><SupplierPartID>H-1</SupplierPartID></ItemID>
          </InvoiceDetailItemReference><SubtotalAmount><Money currency="USD">45.50</Money></SubtotalAmount>
          <Tax><Money currency="USD">3.64</Money><Description xml:lang="en">tax</Description></Tax>
          <NetAmount><Money currency="USD">45.50</Money></NetAmount></InvoiceDetailItem></InvoiceDetailOrder>
      <InvoiceDetailSummary><SubtotalAmount><Money currency="USD">45.50</Money></SubtotalAmount>
        <Tax><Money currency="USD">3.64</Money><Description xml:lang="en">tax</Description></Tax>
        <ShippingAmount><Money currency="USD">5.00</Money></ShippingAmount>
        <NetAmount><Money currency="USD">54.14</Money></NetAmount></InvoiceDetailSummary></InvoiceDetailRequest>"""
        ),
    ),
)

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def ubl(name: str, content: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_UBL}{name}-2" '
        f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2">{content}</{name}>'
    ).encode()


def ubl_party(role: str, number: str) -> str:
    return f"""<cac:{role}><cac:Party><cbc:EndpointID schemeID="0088">{number}</cbc:EndpointID>
    <cac:PartyIdentification><cbc:ID>{number}</cbc:ID></cac:PartyIdentification>
    <cac:PartyName><cbc:Name>{role}</cbc:Name></cac:PartyName><cac:PostalAddress><cac:Country>
    <cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress><cac:PartyTaxScheme>
    <cbc:CompanyID>DE111111111</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
    <cac:PartyLegalEntity><cbc:RegistrationName>{role}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"""


_STANDARD_RATE = """<cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"""

UBL_SAMPLES = (
    (
        "response.xml",
        ubl(
            "OrderResponse",
            f"""<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3</cbc:CustomizationID>
    <cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-10-01</cbc:IssueDate><cbc:IssueTime>08:30:00+01:00</cbc:IssueTime>
    <cbc:OrderResponseCode>CA</cbc:OrderResponseCode><cac:OrderReference><cbc:ID>PO-998</cbc:ID></cac:OrderReference>
    {ubl_party("SellerSupplierParty", "7300010000001")}{ubl_party("BuyerCustomerParty", "7300010000018")}
    <cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:LineStatusCode>5</cbc:LineStatusCode>
    <cbc:Quantity unitCode="XCS">5</cbc:Quantity><cac:Item><cbc:Name>Gloves</cbc:Name><cac:SellersItemIdentification>
    <cbc:ID>H-1</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem>
    <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference></cac:OrderLine>""",
        ),
    ),
    (
        "despatch.xml",
        ubl(
            "DespatchAdvice",
            f"""<cbc:ID>D-1</cbc:ID><cbc:IssueDate>2026-10-02</cbc:IssueDate>
    <cac:OrderReference><cbc:ID>PO-998</cbc:ID></cac:OrderReference>
    {ubl_party("DespatchSupplierParty", "7300010000001")}{ubl_party("DeliveryCustomerParty", "7300010000018")}
    <cac:Shipment><cbc:ID>S-1</cbc:ID><cac:Delivery><cbc:TrackingID>T-9</cbc:TrackingID><cac:Despatch>
    <cbc:ActualDespatchDate>2026-10-02</cbc:ActualDespatchDate></cac:Despatch></cac:Delivery></cac:Shipment>
    <cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="XCS">5</cbc:DeliveredQuantity>
    <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Gloves</cbc:Name><cac:SellersItemIdentification><cbc:ID>H-1</cbc:ID>
    </cac:SellersItemIdentification><cac:StandardItemIdentification><cbc:ID schemeID="0160">00614141000012</cbc:ID>
    </cac:StandardItemIdentification></cac:Item></cac:DespatchLine>""",
        ),
    ),
    (
        "invoice.xml",
        ubl(
            "Invoice",
            f"""<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
    <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID><cbc:ID>I-1</cbc:ID>
    <cbc:IssueDate>2026-10-04</cbc:IssueDate><cbc:DueDate>2026-11-04</cbc:DueDate>
    <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
    <cac:OrderReference><cbc:ID>PO-998</cbc:ID></cac:OrderReference>
    {ubl_party("AccountingSupplierParty", "7300010000001")}{ubl_party("AccountingCustomerParty", "7300010000018")}
    <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">8.65</cbc:TaxAmount><cac:TaxSubtotal>
    <cbc:TaxableAmount currencyID="EUR">45.50</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">8.65</cbc:TaxAmount>
    <cac:TaxCategory>{_STANDARD_RATE}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
    <cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">45.50</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">45.50</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">54.15</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">54.15</cbc:PayableAmount></cac:LegalMonetaryTotal>
    <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="XCS">5</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">45.50</cbc:LineExtensionAmount>
    <cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference><cac:Item><cbc:Name>Gloves</cbc:Name>
    <cac:SellersItemIdentification><cbc:ID>H-1</cbc:ID></cac:SellersItemIdentification>
    <cac:ClassifiedTaxCategory>{_STANDARD_RATE}</cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">9.10</cbc:PriceAmount></cac:Price></cac:InvoiceLine>""",
        ),
    ),
)

SAMPLES = {"x12": X12_SAMPLES, "ubl": UBL_SAMPLES, "cxml": CXML_SAMPLES}
