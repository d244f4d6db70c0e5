"""What every UBL document says before its lines: who, when, references, currency, totals."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from adapters.documents.reading import NamedDate, NamedReference, Party, Totals
from adapters.documents.xml import name_of
from adapters.supplier.ubl.fields import DocumentReader, content, every, one, scheme, text, texts
from adapters.supplier.ubl.names import CBC

ROLES = {
    "AccountingSupplierParty": "supplier",
    "SellerSupplierParty": "supplier",
    "DespatchSupplierParty": "ship from",
    "ProviderParty": "supplier",
    "AccountingCustomerParty": "buyer",
    "BuyerCustomerParty": "buyer",
    "DeliveryCustomerParty": "ship to",
    "OriginatorCustomerParty": "originator",
    "ReceiverParty": "receiver",
    "SenderParty": "sender",
    "PayeeParty": "remit to",
    "TaxRepresentativeParty": "tax representative",
    "CarrierParty": "carrier",
}
"""Elements around a party, to the role it has for us."""

FROM_SUPPLIER = ("SellerSupplierParty", "AccountingSupplierParty", "DespatchSupplierParty", "ProviderParty")
FROM_BUYER = ("BuyerCustomerParty", "AccountingCustomerParty", "DeliveryCustomerParty")
"""Who a document is from and for, where it names no sender and receiver."""
SENT_BY_BUYER = frozenset({"Order", "OrderChange", "OrderCancellation", "ReceiptAdvice"})

REFERENCES = (
    ("cac:OrderReference/cbc:ID", "purchase order"),
    ("cac:OrderReference/cbc:SalesOrderID", "supplier order"),
    ("cbc:SalesOrderID", "supplier order"),
    ("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", "original invoice"),
    ("cac:BillingReference/cac:CreditNoteDocumentReference/cbc:ID", "original credit note"),
    ("cac:DespatchDocumentReference/cbc:ID", "ship notice"),
    ("cac:ReceiptDocumentReference/cbc:ID", "goods receipt"),
    ("cac:OriginatorDocumentReference/cbc:ID", "originator document"),
    ("cac:ContractDocumentReference/cbc:ID", "contract"),
    ("cac:Contract/cbc:ID", "contract"),
    ("cac:OrderChangeDocumentReference/cbc:ID", "purchase order change"),
    ("cac:OrderDocumentReference/cbc:ID", "purchase order"),
    ("cac:QuotationDocumentReference/cbc:ID", "quotation"),
    ("cac:ProjectReference/cbc:ID", "project"),
    ("cac:AdditionalDocumentReference/cbc:ID", "additional document"),
    ("cbc:BuyerReference", "buyer reference"),
    ("cbc:CustomerReference", "buyer reference"),
    ("cbc:AccountingCost", "accounting cost"),
)

DATES = (
    ("cbc:DueDate", "due"),
    ("cac:PaymentMeans/cbc:PaymentDueDate", "due"),
    ("cac:PaymentTerms/cbc:PaymentDueDate", "due"),
    ("cbc:TaxPointDate", "tax point"),
    ("cac:OrderReference/cbc:IssueDate", "purchase order"),
    ("cac:InvoicePeriod/cbc:StartDate", "period start"),
    ("cac:InvoicePeriod/cbc:EndDate", "period end"),
    ("cac:ValidityPeriod/cbc:EndDate", "valid until"),
)

DELIVERY_DATES = (
    ("cbc:ActualDeliveryDate", "cbc:ActualDeliveryTime", "delivered"),
    ("cbc:LatestDeliveryDate", "cbc:LatestDeliveryTime", "deliver no later"),
    ("cac:PromisedDeliveryPeriod/cbc:EndDate", "cac:PromisedDeliveryPeriod/cbc:EndTime", "promised delivery"),
    ("cac:PromisedDeliveryPeriod/cbc:StartDate", "cac:PromisedDeliveryPeriod/cbc:StartTime", "promised delivery"),
    ("cac:EstimatedDeliveryPeriod/cbc:EndDate", "cac:EstimatedDeliveryPeriod/cbc:EndTime", "estimated delivery"),
    ("cac:EstimatedDeliveryPeriod/cbc:StartDate", "cac:EstimatedDeliveryPeriod/cbc:StartTime", "estimated delivery"),
    ("cac:RequestedDeliveryPeriod/cbc:EndDate", "cac:RequestedDeliveryPeriod/cbc:EndTime", "requested delivery"),
    ("cac:RequestedDeliveryPeriod/cbc:StartDate", "cac:RequestedDeliveryPeriod/cbc:StartTime", "requested delivery"),
    ("cac:Despatch/cbc:ActualDespatchDate", "cac:Despatch/cbc:ActualDespatchTime", "shipped"),
    ("cac:Despatch/cbc:EstimatedDespatchDate", "cac:Despatch/cbc:EstimatedDespatchTime", "scheduled ship"),
    ("cac:Despatch/cbc:RequestedDespatchDate", "cac:Despatch/cbc:RequestedDespatchTime", "requested ship"),
)


def header_of(reader: DocumentReader) -> dict[str, Any]:
    """Return the fields of a Reading that every document fills the same way."""
    root = reader.root
    number, currency = text(root, "cbc:ID"), text(root, "cbc:DocumentCurrencyCode")
    if not number:
        reader.error("ID", root, "must have an ID", "number every document", path="cbc:ID")
    references = tuple(_references(root))
    return {
        "language": f"ubl {reader.name} {text(root, 'cbc:UBLVersionID') or '2'}",
        "message_id": f"{reader.name} {number}".strip(),
        "number": number or None,
        "po_number": next((found.value for found in references if found.meaning == "purchase order"), None),
        "sender": _end(root, "sender", FROM_BUYER if reader.name in SENT_BY_BUYER else FROM_SUPPLIER),
        "receiver": _end(root, "receiver", FROM_SUPPLIER if reader.name in SENT_BY_BUYER else FROM_BUYER),
        "issued_on": reader.day(root, "cbc:IssueDate"),
        "issued_at": reader.moment(root, "cbc:IssueDate", "cbc:IssueTime"),
        "currency": currency or _currency_of_amounts(root),
        "parties": tuple(_parties(root)),
        "dates": (*_dates(reader), *delivery_dates(reader, root)),
        "references": references,
        "notes": texts(root, "cbc:Note"),
        "details": _details(root),
    }


def delivery_dates(reader: DocumentReader, element: etree._Element) -> tuple[NamedDate, ...]:
    """Return the dates of an element's deliveries; of a period its end, or what there is of it."""
    return tuple(
        named
        for delivery in [*every(element, "cac:Delivery"), *every(element, "cac:Shipment/cac:Delivery")]
        for named in _delivery_dates(reader, delivery)
    )


def _delivery_dates(reader: DocumentReader, delivery: etree._Element) -> Iterator[NamedDate]:
    told = set()
    for day_path, time_path, meaning in DELIVERY_DATES:
        if meaning in told:
            continue
        day = reader.day(delivery, day_path)
        if day is not None:
            told.add(meaning)
            yield NamedDate(meaning=meaning, raw=day_path, on=day, at=reader.moment(delivery, day_path, time_path))


def totals_of(reader: DocumentReader, path: str) -> Totals:
    """Return what the document says it adds up to."""
    total = one(reader.root, path)
    if total is None:
        return Totals()
    return Totals(
        lines=reader.number(total, "cbc:LineExtensionAmount"),
        charges=reader.number(total, "cbc:ChargeTotalAmount"),
        allowances=reader.number(total, "cbc:AllowanceTotalAmount"),
        net=reader.number(total, "cbc:TaxExclusiveAmount"),
        gross=reader.number(total, "cbc:TaxInclusiveAmount"),
        prepaid=reader.number(total, "cbc:PrepaidAmount"),
        rounding=reader.number(total, "cbc:PayableRoundingAmount"),
        payable=reader.number(total, "cbc:PayableAmount"),
    )


def _references(root: etree._Element) -> Iterator[NamedReference]:
    for path, meaning in REFERENCES:
        for value in texts(root, path):
            yield NamedReference(meaning=meaning, raw=path, value=value)


def _dates(reader: DocumentReader) -> Iterator[NamedDate]:
    for path, meaning in DATES:
        day = reader.day(reader.root, path)
        if day is not None:
            yield NamedDate(meaning=meaning, raw=path, on=day)


def _parties(root: etree._Element) -> Iterator[Party]:
    for element in root:
        if isinstance(element.tag, str) and name_of(element) in ROLES:
            yield from _party(element)
    for delivery in [*every(root, "cac:Delivery"), *every(root, "cac:Shipment/cac:Delivery")]:
        yield from _place(delivery)
    for carrier in every(root, "cac:Shipment//cac:CarrierParty"):
        yield from _party(carrier)


def _party(element: etree._Element) -> Iterator[Party]:
    """Yield a party once for each number it has, or once without: the endpoint first, then its own, legal and tax."""
    role = name_of(element)
    party = one(element, "cac:Party")
    party = element if party is None else party
    name = name_of_party(party)
    numbers = [
        (scheme(party, "cbc:EndpointID"), text(party, "cbc:EndpointID")),
        *((found.get("schemeID", ""), content(found)) for found in every(party, "cac:PartyIdentification/cbc:ID")),
        *((found.get("schemeID", ""), content(found)) for found in every(party, "cac:PartyLegalEntity/cbc:CompanyID")),
        *(
            (text(found, "cac:TaxScheme/cbc:ID") or "tax", text(found, "cbc:CompanyID"))
            for found in every(party, "cac:PartyTaxScheme")
        ),
    ]
    known = list(dict.fromkeys((by.strip(), number) for by, number in numbers if number)) or [("", "")]
    for by, number in known:
        yield Party(role=ROLES[role], raw_role=role, name=name, scheme=by, id=number)


def name_of_party(party: etree._Element | None) -> str:
    """Return what a party is called: its trading name, or the one it is registered under."""
    return text(party, "cac:PartyName/cbc:Name") or text(party, "cac:PartyLegalEntity/cbc:RegistrationName")


def _place(delivery: etree._Element) -> Iterator[Party]:
    for path in ("cac:DeliveryLocation", "cac:DeliveryParty"):
        found = one(delivery, path)
        number = text(found, "cbc:ID") or text(found, "cac:PartyIdentification/cbc:ID")
        name = text(found, "cbc:Name") or name_of_party(found)
        if number or name:
            by = scheme(found, "cbc:ID") or scheme(found, "cac:PartyIdentification/cbc:ID")
            yield Party(role="ship to", raw_role=path.removeprefix("cac:"), name=name, scheme=by, id=number)


def _end(root: etree._Element, role: str, elements: tuple[str, ...]) -> Party | None:
    """Return who sends or gets the document: who has an endpoint, or else whoever there is."""
    found = [one(root, f"cac:{name}") for name in (f"{role.capitalize()}Party", *elements)]
    there = [element for element in found if element is not None]
    there.sort(key=lambda element: not element.findall(f".//{{{CBC}}}EndpointID"))
    return next(_party(there[0])).model_copy(update={"role": role}) if there else None


def _currency_of_amounts(root: etree._Element) -> str | None:
    """Return the one currency all amounts are in, where the document itself names none."""
    used = {found for amount in root.iter() if (found := amount.get("currencyID"))}
    return used.pop() if len(used) == 1 else None


def _details(root: etree._Element) -> dict[str, str]:
    names = ("CustomizationID", "ProfileID", "UBLVersionID", "UUID", "CopyIndicator", "TaxCurrencyCode")
    found = {name: text(root, f"cbc:{name}") for name in names}
    found["PaymentTerms"] = " ".join(texts(root, "cac:PaymentTerms/cbc:Note"))
    found["PaymentID"] = text(root, "cac:PaymentMeans/cbc:PaymentID")
    return {name: value for name, value in found.items() if value}
