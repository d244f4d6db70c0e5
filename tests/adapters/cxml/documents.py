"""cXML documents of our own, for tests: an envelope around whatever the test is about."""

from adapters.documents.reading import Reading
from adapters.supplier.cxml.options import Credential, Credentials, CxmlOptions
from adapters.supplier.cxml.reading import read

SECRET = "correct horse battery staple"
OPTIONS = CxmlOptions(
    ours=Credentials(party=Credential(domain="NetworkId", identity="AN-HOSPITAL")),
    theirs=Credentials(party=Credential(domain="NetworkId", identity="AN-MEDLINE")),
)


def message(
    content: str,
    *,
    carrier: str = "Request",
    payload_id: str = "1764000000.17@medl.example",
    doctype: str = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.063/Fulfill.dtd">',
    secret: str = SECRET,
    sender: str = "AN-MEDLINE",
    attributes: str = 'deploymentMode="production"',
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}
<cXML payloadID="{payload_id}" timestamp="2026-11-20T09:00:00-06:00" xml:lang="en-US">
  <Header>
    <From><Credential domain="NetworkId"><Identity>AN-MEDLINE</Identity></Credential></From>
    <To><Credential domain="NetworkId"><Identity>AN-HOSPITAL</Identity></Credential></To>
    <Sender><Credential domain="NetworkId"><Identity>{sender}</Identity>
        <SharedSecret>{secret}</SharedSecret></Credential>
      <UserAgent>Medl Hub 4</UserAgent></Sender>
  </Header>
  <{carrier} {attributes}>{content}</{carrier}>
</cXML>""".encode()


def confirmation(items: str, *, kind: str = "detail", header: str = "", more: str = "") -> bytes:
    return message(
        f"""<ConfirmationRequest>
      <ConfirmationHeader confirmID="C-1" type="{kind}" noticeDate="2026-11-20T08:00:00-06:00" {header}>{more}
      </ConfirmationHeader>
      <OrderReference orderID="PO-000001"><DocumentReference payloadID="x@y"/></OrderReference>
      {items}</ConfirmationRequest>"""
    )


def ship_notice(portions: str, *, header: str = "", control: str = "") -> bytes:
    return message(
        f"""<ShipNoticeRequest>
      <ShipNoticeHeader shipmentID="SH-1" noticeDate="2026-11-21T10:00:00Z" shipmentDate="2026-11-21T12:00:00Z"
        deliveryDate="2026-11-24T09:00:00-06:00" {header}/>
      {control}{portions}</ShipNoticeRequest>"""
    )


def invoice(content: str, summary: str, *, purpose: str = "standard", header: str = "", more: str = "") -> bytes:
    return message(
        f"""<InvoiceDetailRequest>
      <InvoiceDetailRequestHeader invoiceID="INV-1" purpose="{purpose}" invoiceDate="2026-11-22" {header}>
        <InvoiceDetailHeaderIndicator/><InvoiceDetailLineIndicator/>{more}</InvoiceDetailRequestHeader>
      {content}<InvoiceDetailSummary>{summary}</InvoiceDetailSummary></InvoiceDetailRequest>"""
    )


def cash(amount: str, currency: str = "USD") -> str:
    return f'<Money currency="{currency}">{amount}</Money>'


def money(name: str, amount: str, currency: str = "USD") -> str:
    return f"<{name}>{cash(amount, currency)}</{name}>"


def read_one(body: bytes, options: CxmlOptions = OPTIONS) -> Reading:
    (reading,) = read(body, options)
    return reading
