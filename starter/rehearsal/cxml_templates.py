"""What a partner's cXML documents are made from: the messages of its samples, and plain ones where it gives none."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind
from adapters.supplier.cxml.options import Credential, CxmlOptions
from adapters.supplier.cxml.tree import Element, opened
from starter.rehearsal.hand import PLAIN
from starter.rehearsal.samples import Sample

NAMES = {
    DocumentKind.ORDER_ACKNOWLEDGEMENT.value: "ConfirmationRequest",
    DocumentKind.SHIP_NOTICE.value: "ShipNoticeRequest",
    DocumentKind.SUPPLIER_INVOICE.value: "InvoiceDetailRequest",
}
_NEEDED = {"InvoiceDetailRequest": "InvoiceDetailOrder/InvoiceDetailItem", "ShipNoticeRequest": "ShipNoticePortion"}
"""Without these a document says nothing that could be altered."""

_ITEM_ID = "<ItemID><SupplierPartID>1</SupplierPartID><BuyerPartID>1</BuyerPartID></ItemID>"
_ORDER = '<OrderReference orderID="PO"><DocumentReference payloadID="1@rehearsal"/></OrderReference>'
_MONEY = '<Money currency="USD">1</Money>'
_BODIES = {
    "ConfirmationRequest": (
        f'<ConfirmationHeader confirmID="1" noticeDate="2026-01-01" type="detail"/>{_ORDER}'
        '<ConfirmationItem quantity="1" lineNumber="1"><UnitOfMeasure>EA</UnitOfMeasure>'
        '<ConfirmationStatus quantity="1" type="accept"><UnitOfMeasure>EA</UnitOfMeasure></ConfirmationStatus>'
        "</ConfirmationItem>"
    ),
    "ShipNoticeRequest": (
        '<ShipNoticeHeader shipmentID="1" noticeDate="2026-01-01" shipmentDate="2026-01-01" deliveryDate="2026-01-01"/>'
        f'<ShipControl><CarrierIdentifier domain="companyName">Carrier</CarrierIdentifier>'
        f"<ShipmentIdentifier>1</ShipmentIdentifier></ShipControl><ShipNoticePortion>{_ORDER}"
        f'<ShipNoticeItem quantity="1" lineNumber="1">{_ITEM_ID}<UnitOfMeasure>EA</UnitOfMeasure></ShipNoticeItem>'
        "</ShipNoticePortion>"
    ),
    "InvoiceDetailRequest": (
        '<InvoiceDetailRequestHeader invoiceID="1" purpose="standard" invoiceDate="2026-01-01">'
        "<InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/></InvoiceDetailRequestHeader>"
        f"<InvoiceDetailOrder><InvoiceDetailOrderInfo>{_ORDER}</InvoiceDetailOrderInfo>"
        '<InvoiceDetailItem invoiceLineNumber="1" quantity="1"><UnitOfMeasure>EA</UnitOfMeasure>'
        f'<UnitPrice>{_MONEY}</UnitPrice><InvoiceDetailItemReference lineNumber="1">{_ITEM_ID}'
        f"</InvoiceDetailItemReference><SubtotalAmount>{_MONEY}</SubtotalAmount></InvoiceDetailItem>"
        f"</InvoiceDetailOrder><InvoiceDetailSummary><SubtotalAmount>{_MONEY}</SubtotalAmount>"
        f'<Tax>{_MONEY}<Description xml:lang="en-US">none</Description></Tax>'
        f"<NetAmount>{_MONEY}</NetAmount></InvoiceDetailSummary>"
    ),
}
_DTDS = {"InvoiceDetailRequest": "InvoiceDetail.dtd"}


@dataclass(frozen=True)
class Template:
    """A message to be written anew, and where it is from."""

    name: str
    root: Element
    doctype: str
    origin: str

    def copied(self) -> Element:
        """Return a copy of the message, to be altered."""
        return deepcopy(self.root)


def templates_of(samples: Iterable[Sample], options: CxmlOptions) -> dict[str, Template]:
    """Return a template for each kind of document: from the samples, those without an error first, else a plain one."""
    found: dict[str, Template] = {}
    for sample in sorted(samples, key=lambda one: not one.is_usable):
        kinds = {reading.kind.value for reading in sample.readings}
        try:
            envelope = opened(sample.body)
        except BadDocumentError:
            continue
        for kind, name in NAMES.items():
            if kind in kinds and kind not in found and envelope.name == name and _has_lines(envelope.payload, name):
                found[kind] = Template(name, envelope.root, _doctype(envelope.root), sample.name)
    return {kind: found.get(kind) or plain_template(name, options) for kind, name in NAMES.items()}


def plain_template(name: str, options: CxmlOptions) -> Template:
    """Return a message in no partner's style, from whom its page says to whom we are."""
    theirs, ours = options.theirs, options.ours
    dtd = f"http://xml.cxml.org/schemas/cXML/{options.version}/{_DTDS.get(name, 'Fulfill.dtd')}"
    text = (
        '<cXML payloadID="1@rehearsal" timestamp="2026-01-01T00:00:00+00:00" xml:lang="en-US"><Header>'
        f"<From>{_credential(theirs.party)}</From><To>{_credential(ours.party)}</To>"
        f"<Sender>{_credential(theirs.connecting, '<SharedSecret/>')}<UserAgent>Rehearsal</UserAgent></Sender>"
        f'</Header><Request deploymentMode="production"><{name}>{_BODIES[name]}</{name}></Request></cXML>'
    )
    return Template(name, opened(text.encode()).root, f'<!DOCTYPE cXML SYSTEM "{dtd}">', PLAIN)


def _doctype(root: Element) -> str:
    docinfo: Any = root.getroottree().docinfo  # the stubs know less of it than the library
    named = docinfo.system_url
    return f'<!DOCTYPE cXML SYSTEM "{named}">' if named else ""


def _has_lines(payload: Element | None, name: str) -> bool:
    return payload is not None and (name not in _NEEDED or payload.find(_NEEDED[name]) is not None)


def _credential(who: Credential, proof: str = "") -> str:
    domain, identity = (_escaped(part) for part in (who.domain, who.identity))
    return f'<Credential domain="{domain}"><Identity>{identity}</Identity>{proof}</Credential>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
