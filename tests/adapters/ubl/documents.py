"""UBL documents we wrote ourselves, each as short as its kind allows."""

NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def document(name: str, content: str) -> bytes:
    """Return a document of that name."""
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{namespace}" {NAMESPACES}>{content}</{name}>'.encode()
    )


def order_response(code: str, *lines: str, header: str = "") -> bytes:
    """Return an OrderResponse to PO-4711."""
    return document(
        "OrderResponse",
        f"""<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:order_response:3</cbc:CustomizationID>
        <cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:IssueTime>08:30:00+01:00</cbc:IssueTime>
        <cbc:OrderResponseCode>{code}</cbc:OrderResponseCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
        <cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>
        <cac:SellerSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
        <cac:PartyName><cbc:Name>North</cbc:Name></cac:PartyName></cac:Party></cac:SellerSupplierParty>
        <cac:BuyerCustomerParty><cac:Party><cbc:EndpointID schemeID="0192">987654325</cbc:EndpointID></cac:Party>
        </cac:BuyerCustomerParty>{header}{"".join(lines)}""",
    )


def response_line(number: int, status: str, content: str = "", *, of: int | None = None, beside: str = "") -> str:
    """Return a line of an OrderResponse."""
    coded = f"<cbc:LineStatusCode>{status}</cbc:LineStatusCode>" if status else ""
    return f"""<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>{coded}{content}
        <cac:Item><cbc:Name>Glove</cbc:Name></cac:Item></cac:LineItem>{beside}
        <cac:OrderLineReference><cbc:LineID>{of or number}</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"""


DESPATCH_ADVICE = document(
    "DespatchAdvice",
    """<cbc:ID>D-1</cbc:ID><cbc:IssueDate>2026-11-03</cbc:IssueDate>
    <cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>
    <cac:DespatchSupplierParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
    <cac:PartyName><cbc:Name>North</cbc:Name></cac:PartyName></cac:Party></cac:DespatchSupplierParty>
    <cac:DeliveryCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID schemeID="0088">7300010000018</cbc:ID>
    </cac:PartyIdentification></cac:Party></cac:DeliveryCustomerParty>
    <cac:Shipment><cbc:ID>S-1</cbc:ID><cac:Consignment><cbc:ID>C-1</cbc:ID><cac:CarrierParty><cac:PartyName>
    <cbc:Name>Fast Freight</cbc:Name></cac:PartyName></cac:CarrierParty></cac:Consignment>
    <cac:Delivery><cbc:TrackingID>T-9</cbc:TrackingID><cac:EstimatedDeliveryPeriod>
    <cbc:StartDate>2026-11-05</cbc:StartDate><cbc:EndDate>2026-11-06</cbc:EndDate></cac:EstimatedDeliveryPeriod>
    <cac:Despatch><cbc:ActualDespatchDate>2026-11-03</cbc:ActualDespatchDate>
    <cbc:ActualDespatchTime>17:00:00</cbc:ActualDespatchTime></cac:Despatch></cac:Delivery></cac:Shipment>
    <cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="XBX">8</cbc:DeliveredQuantity>
    <cbc:OutstandingQuantity unitCode="XBX">2</cbc:OutstandingQuantity>
    <cbc:OutstandingReason>out of stock</cbc:OutstandingReason>
    <cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Stent</cbc:Name><cac:SellersItemIdentification><cbc:ID>ST-9</cbc:ID>
    </cac:SellersItemIdentification><cac:StandardItemIdentification><cbc:ID schemeID="0160">04006381333931</cbc:ID>
    </cac:StandardItemIdentification><cac:ItemInstance><cbc:ManufactureDate>2026-01-02</cbc:ManufactureDate>
    <cac:LotIdentification><cbc:LotNumberID>L77</cbc:LotNumberID><cbc:ExpiryDate>2028-12-31</cbc:ExpiryDate>
    </cac:LotIdentification></cac:ItemInstance></cac:Item>
    <cac:Shipment><cbc:ID>1</cbc:ID><cac:TransportHandlingUnit><cbc:ID>(00)373000100000000019</cbc:ID>
    </cac:TransportHandlingUnit></cac:Shipment></cac:DespatchLine>
    <cac:DespatchLine><cbc:ID>2</cbc:ID><cbc:DeliveredQuantity unitCode="EA">2</cbc:DeliveredQuantity>
    <cac:OrderLineReference><cbc:LineID>4</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Pump</cbc:Name><cac:ItemInstance><cbc:SerialID>SN1</cbc:SerialID></cac:ItemInstance>
    <cac:ItemInstance><cbc:SerialID>SN2</cbc:SerialID></cac:ItemInstance></cac:Item></cac:DespatchLine>""",
)

RECEIPT_ADVICE = document(
    "ReceiptAdvice",
    """<cbc:ID>G-1</cbc:ID><cbc:IssueDate>2026-11-07</cbc:IssueDate>
    <cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>
    <cac:DespatchDocumentReference><cbc:ID>D-1</cbc:ID></cac:DespatchDocumentReference>
    <cac:DeliveryCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000018</cbc:EndpointID></cac:Party>
    </cac:DeliveryCustomerParty>
    <cac:ReceiptLine><cbc:ID>1</cbc:ID><cbc:ReceivedQuantity unitCode="XBX">8</cbc:ReceivedQuantity>
    <cbc:ShortQuantity unitCode="XBX">1</cbc:ShortQuantity><cbc:RejectedQuantity unitCode="XBX">2</cbc:RejectedQuantity>
    <cbc:RejectReasonCode>DAM</cbc:RejectReasonCode><cbc:RejectReason>torn</cbc:RejectReason>
    <cbc:ReceivedDate>2026-11-06</cbc:ReceivedDate>
    <cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>
    <cac:Item><cbc:Name>Stent</cbc:Name></cac:Item></cac:ReceiptLine>""",
)


def party(role: str, name: str, vat: str) -> str:
    """Return a party of an invoice, with all EN 16931 and Peppol ask of it."""
    return f"""<cac:{role}><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
    <cac:PartyName><cbc:Name>{name}</cbc:Name></cac:PartyName>
    <cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
    <cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
    </cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity>
    </cac:Party></cac:{role}>"""


INVOICE = f"""<cbc:CustomizationID>{PEPPOL}</cbc:CustomizationID><cbc:ProfileID>{PROCESS}</cbc:ProfileID>
<cbc:ID>INV-1</cbc:ID><cbc:IssueDate>2026-11-08</cbc:IssueDate><cbc:DueDate>2026-12-08</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>
<cac:DespatchDocumentReference><cbc:ID>D-1</cbc:ID></cac:DespatchDocumentReference>
<cac:ContractDocumentReference><cbc:ID>K-5</cbc:ID></cac:ContractDocumentReference>
{party("AccountingSupplierParty", "North", "DE111111111")}{party("AccountingCustomerParty", "Hospital", "DE222222222")}
<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>DE02</cbc:ID>
</cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">10.00</cbc:Amount>
<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Loyalty</cbc:AllowanceChargeReason>
<cbc:MultiplierFactorNumeric>2.5</cbc:MultiplierFactorNumeric><cbc:Amount currencyID="EUR">5.00</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">200.00</cbc:BaseAmount>
<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">38.95</cbc:TaxAmount><cac:TaxSubtotal>
<cbc:TaxableAmount currencyID="EUR">205.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">38.95</cbc:TaxAmount>
<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">200.00</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">205.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">243.95</cbc:TaxInclusiveAmount>
<cbc:AllowanceTotalAmount currencyID="EUR">5.00</cbc:AllowanceTotalAmount>
<cbc:ChargeTotalAmount currencyID="EUR">10.00</cbc:ChargeTotalAmount>
<cbc:PrepaidAmount currencyID="EUR">43.96</cbc:PrepaidAmount>
<cbc:PayableRoundingAmount currencyID="EUR">0.01</cbc:PayableRoundingAmount>
<cbc:PayableAmount currencyID="EUR">200.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="XBX">8</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">98.00</cbc:LineExtensionAmount>
<cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">2.00</cbc:Amount>
</cac:AllowanceCharge>
<cac:Item><cbc:Name>Stent</cbc:Name><cac:SellersItemIdentification><cbc:ID>ST-9</cbc:ID></cac:SellersItemIdentification>
<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>
</cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">125.00</cbc:PriceAmount>
<cbc:BaseQuantity unitCode="XBX">10</cbc:BaseQuantity></cac:Price></cac:InvoiceLine>
<cac:InvoiceLine><cbc:ID>2</cbc:ID><cbc:InvoicedQuantity unitCode="EA">2</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">102.00</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">51.00</cbc:PriceAmount>
<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">9.00</cbc:Amount>
<cbc:BaseAmount currencyID="EUR">60.00</cbc:BaseAmount></cac:AllowanceCharge></cac:Price></cac:InvoiceLine>"""
"""An invoice that breaks no rule: freight, a discount in percent, a prepayment, a rounding, a price for ten."""


def invoice(*changes: tuple[str, str]) -> bytes:
    """Return the invoice with some of its text replaced."""
    return document("Invoice", _changed(changes))


CREDITED = (
    "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>INV-1</cbc:ID></cac:InvoiceDocumentReference>"
    "</cac:BillingReference><cac:DespatchDocumentReference>"
)


def credit_note(*changes: tuple[str, str]) -> bytes:
    """Return a credit note over the same."""
    turned = (
        ("<cbc:DueDate>2026-12-08</cbc:DueDate>", ""),
        ("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>", "<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("<cac:DespatchDocumentReference>", CREDITED),
        ("<cbc:ID>INV-1</cbc:ID><cbc:IssueDate>", "<cbc:ID>CN-1</cbc:ID><cbc:IssueDate>"),
    )
    return document("CreditNote", _changed((*turned, *changes)))


def _changed(changes: tuple[tuple[str, str], ...]) -> str:
    text = INVOICE
    for old, new in changes:
        if old not in text:
            raise ValueError(f"nothing to change: {old}")
        text = text.replace(old, new)
    return text
