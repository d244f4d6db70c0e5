"""What a partner's UBL documents are made from: those of its samples, and plain ones where it gives none."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from adapters.bad_document import BadDocumentError
from adapters.documents.correspondents import Correspondent
from adapters.documents.reading import DocumentKind
from adapters.documents.xml import name_of, parse
from adapters.partners import PartnerProfile
from adapters.supplier.ubl.fields import one
from adapters.supplier.ubl.names import CAC, CBC, namespace_of
from adapters.supplier.ubl.reading import documents
from starter.rehearsal.hand import PLAIN
from starter.rehearsal.samples import Sample

NAMES = {
    DocumentKind.ORDER_ACKNOWLEDGEMENT.value: "OrderResponse",
    DocumentKind.SHIP_NOTICE.value: "DespatchAdvice",
    DocumentKind.SUPPLIER_INVOICE.value: "Invoice",
}
_ITEM = (
    "<cac:Item><cbc:Name>1</cbc:Name><cac:BuyersItemIdentification><cbc:ID>1</cbc:ID></cac:BuyersItemIdentification>"
    "<cac:SellersItemIdentification><cbc:ID>1</cbc:ID></cac:SellersItemIdentification></cac:Item>"
)
_DATED = "<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-01-01</cbc:IssueDate>"
_TIMED = f"{_DATED}<cbc:IssueTime>08:00:00Z</cbc:IssueTime>"
_ORDER = "<cac:OrderReference><cbc:ID>PO</cbc:ID></cac:OrderReference>"
_LINE = "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>"
_AMOUNTS = ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount")
_BODIES = {
    "OrderResponse": (
        f"{_TIMED}<cbc:OrderResponseCode>CA</cbc:OrderResponseCode>{_ORDER}"
        "{seller:SellerSupplierParty}{buyer:BuyerCustomerParty}"
        f'<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="EA">1</cbc:Quantity>{_ITEM}'
        f"</cac:LineItem>{_LINE}</cac:OrderLine>"
    ),
    "DespatchAdvice": (
        f"{_TIMED}{_ORDER}{{seller:DespatchSupplierParty}}{{buyer:DeliveryCustomerParty}}"
        "<cac:Shipment><cbc:ID>1</cbc:ID><cac:Delivery><cac:EstimatedDeliveryPeriod><cbc:EndDate>2026-01-01</cbc:EndDate>"
        "</cac:EstimatedDeliveryPeriod><cac:Despatch><cbc:ActualDespatchDate>2026-01-01</cbc:ActualDespatchDate>"
        "</cac:Despatch></cac:Delivery></cac:Shipment><cac:DespatchLine><cbc:ID>1</cbc:ID>"
        f'<cbc:DeliveredQuantity unitCode="EA">1</cbc:DeliveredQuantity>{_LINE}{_ITEM}</cac:DespatchLine>'
    ),
    "Invoice": (
        f"{_DATED}<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>"
        f"{_ORDER}{{seller:AccountingSupplierParty}}{{buyer:AccountingCustomerParty}}"
        '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">0</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'
        + "".join(f'<cbc:{name} currencyID="USD">1</cbc:{name}>' for name in _AMOUNTS)
        + '</cac:LegalMonetaryTotal><cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="EA">1'
        '</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="USD">1</cbc:LineExtensionAmount>'
        f'{_LINE}{_ITEM}<cac:Price><cbc:PriceAmount currencyID="USD">1</cbc:PriceAmount></cac:Price></cac:InvoiceLine>'
    ),
}
_LINES = {"DespatchAdvice": "cac:DespatchLine", "Invoice": "cac:InvoiceLine"}


@dataclass(frozen=True)
class Template:
    """A document to be written anew, and where it is from."""

    name: str
    root: etree._Element
    origin: str

    def copied(self) -> etree._Element:
        """Return a copy, to be altered."""
        return deepcopy(self.root)


def templates_of(samples: Iterable[Sample], profile: PartnerProfile) -> dict[str, Template]:
    """Return a template for each kind of document: from the samples, those without an error first, else a plain one."""
    found: dict[str, Template] = {}
    for sample in sorted(samples, key=lambda one: not one.is_usable):
        for kind, root in _documents(sample):
            if kind not in found and NAMES.get(kind) == name_of(root) and _has_lines(root):
                found[kind] = Template(name_of(root), root, sample.name)
    return {kind: found.get(kind) or plain_template(name, profile) for kind, name in NAMES.items()}


def plain_template(name: str, profile: PartnerProfile) -> Template:
    """Return a document in no partner's style, between the parties its page names."""
    who, body = profile.correspondents, _BODIES[name]
    for side, party in (("seller", who.them), ("buyer", who.us)):
        before, marked, rest = body.partition(f"{{{side}:")
        if marked:
            role, _, after = rest.partition("}")
            body = f"{before}{_party(role, party)}{after}"
    text = f'<{name} xmlns="{namespace_of(name)}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">{body}</{name}>'
    return Template(name, parse(text.encode()), PLAIN)


def _has_lines(root: etree._Element) -> bool:
    """True where there is a line to be written anew; an answer may do without."""
    path = _LINES.get(name_of(root))
    return path is None or one(root, path) is not None


def _documents(sample: Sample) -> list[tuple[str, etree._Element]]:
    """Return a sample's documents with their kinds."""
    try:
        roots = documents(parse(sample.body))
    except BadDocumentError:
        return []
    kinds = [reading.kind.value for reading in sample.readings]
    return list(zip(kinds, roots, strict=False))


def _party(role: str, who: Correspondent) -> str:
    scheme, _, number = (who.endpoint or "").partition(":")
    endpoint = f"<cbc:EndpointID schemeID={quoteattr(scheme)}>{escape(number)}</cbc:EndpointID>" if number else ""
    name = f"<cac:PartyName><cbc:Name>{escape(who.name)}</cbc:Name></cac:PartyName>"
    return f"<cac:{role}><cac:Party>{endpoint}{name}</cac:Party></cac:{role}>"
