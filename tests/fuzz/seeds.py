"""What fuzzing starts from: the documents our own tests are written with, of every language there is."""

import importlib
import json


def x12() -> list[bytes]:
    """Return one interchange of every set, some of them with other delimiters."""
    documents = importlib.import_module("tests.adapters.x12.documents")
    sets = {code: documents.transaction(code, body) for code, body in documents.DOCUMENTS.items()}
    found: list[bytes] = [documents.interchange(one) for one in sets.values()]
    newer = documents.Delimited(element="|", terminator="\n", component=":", version="005010")
    found += [documents.interchange(one, marks=newer) for one in sets.values()]
    note = f"{documents.header()}~TA1*000000017*261126*0915*R*025~IEA*0*000000001~"
    return [*found, b"".join(found[:4]), note.encode()]


def ubl() -> list[bytes]:
    """Return an answer, a despatch and a receipt advice, an invoice and a credit note."""
    documents = importlib.import_module("tests.adapters.ubl.documents")
    answer = documents.order_response("CA", documents.response_line(1, "5"), documents.response_line(2, "3"))
    return [answer, documents.DESPATCH_ADVICE, documents.RECEIPT_ADVICE, documents.invoice(), documents.credit_note()]


def cxml() -> list[bytes]:
    """Return a confirmation, a ship notice and an invoice."""
    documents = importlib.import_module("tests.adapters.cxml.documents")
    unit = "<UnitOfMeasure>BX</UnitOfMeasure>"
    status = f'<ConfirmationStatus type="accept" quantity="20">{unit}</ConfirmationStatus>'
    item = f'<ConfirmationItem quantity="20" lineNumber="1">{unit}{status}</ConfirmationItem>'
    batch = "<Batch><SupplierBatchID>LOT-A</SupplierBatchID></Batch>"
    portion = (
        '<ShipNoticePortion><OrderReference orderID="PO-000001"/><ShipNoticeItem quantity="20" lineNumber="1">'
        f"{unit}{batch}</ShipNoticeItem></ShipNoticePortion>"
    )
    line = (
        '<InvoiceDetailOrder><InvoiceDetailOrderInfo><OrderReference orderID="PO-000001"/></InvoiceDetailOrderInfo>'
        f'<InvoiceDetailItem invoiceLineNumber="1" quantity="20">{unit}{documents.money("UnitPrice", "1.10")}'
        '<InvoiceDetailItemReference lineNumber="1"/>'
        f"{documents.money('SubtotalAmount', '22.00')}</InvoiceDetailItem></InvoiceDetailOrder>"
    )
    summary = documents.money("SubtotalAmount", "22.00") + documents.money("NetAmount", "22.00")
    return [documents.confirmation(item), documents.ship_notice(portion), documents.invoice(line, summary)]


def hl7() -> list[bytes]:
    """Return a charge and an order."""
    messages = importlib.import_module("tests.adapters.hl7.messages")
    return [messages.CHARGES, messages.ORDER]


def fhir() -> list[bytes]:
    """Return a device's use, a request, and a bundle of both with the patient."""
    resources = importlib.import_module("tests.adapters.fhir.resources")
    alone = [resources.DEVICE_USE, resources.REQUEST]
    together = resources.bundle(resources.QUIRINA, resources.DEVICE, resources.DEVICE_USE)
    return [json.dumps(resource).encode() for resource in [*alone, together]]


def hibc() -> list[bytes]:
    """Return a few scans of both kinds."""
    return [
        b"+A123BJC5D6E71G",
        b"+A99912345/$$52001510X33",
        b"(01)10614141000415(17)281231(10)LOT-A",
        b"]d20110614141000415",
    ]
