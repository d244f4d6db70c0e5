"""Whatever bytes arrive, a reader answers with readings or refuses them: never anything else, and never for long."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import Reading
from adapters.supplier.ubl.fields import MOST_FINDINGS
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from tests.adapters.ubl.documents import (
    DESPATCH_ADVICE,
    NAMESPACES,
    RECEIPT_ADVICE,
    credit_note,
    document,
    invoice,
    order_response,
    response_line,
)

OPTIONS = UblOptions()
ANSWER = order_response("CA", response_line(1, "3", '<cbc:Quantity unitCode="XBX">6</cbc:Quantity>'))
DOCUMENTS = [invoice(), credit_note(), DESPATCH_ADVICE, RECEIPT_ADVICE, ANSWER]
LINES = 40_000
WITHIN_SECONDS = 60


def readings_or_refusal(body: bytes) -> tuple[Reading, ...]:
    try:
        return read(body, OPTIONS)
    except BadDocumentError:
        return ()


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    readings_or_refusal(body)


@given(st.sampled_from(DOCUMENTS), st.integers(0, 2**32))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_damaged_document_is_read_or_refused(body: bytes, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the damage is to be the same again
    pieces = body.split(b"<")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(1, len(pieces))
        damage = chance.choice(["cut", "twice", "text", "byte"])
        if damage == "cut":
            del pieces[at]
        elif damage == "twice":
            pieces.insert(at, pieces[chance.randrange(1, len(pieces))])
        elif damage == "text":
            pieces[at] = pieces[at].partition(b">")[0] + b">" + chance.choice(VALUES)
        else:
            pieces[at] = bytes([chance.randrange(256)]) + pieces[at][1:]
    readings_or_refusal(b"<".join(pieces))


@given(st.sampled_from(DOCUMENTS), st.integers(0, 4000))
def test_a_document_cut_short_is_refused(body: bytes, length: int) -> None:
    if length < len(body):
        with pytest.raises(BadDocumentError):
            read(body[:length], OPTIONS)


VALUES = [
    b"", b" ", b"-", b".", b"1e9", b"9" * 29, b"0." + b"9" * 27, b"-0", b"NaN", "٣".encode(), b"2026-13-45",
    b"24:61:00", b"&lt;x&gt;", b"0000000000", b"999999999999999", b"0.0000000000000000000000000001", b"true",
    b"x" * 5000, b"+1", b"1.",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("body", DOCUMENTS, ids=["invoice", "credit note", "despatch", "receipt", "answer"])
def test_any_value_anywhere_is_read_with_findings(body: bytes, value: bytes) -> None:
    pieces = body.split(b">")
    for at, piece in enumerate(pieces):
        text = piece.partition(b"<")[0]
        if text.strip() and b"?" not in text:
            changed = [*pieces[:at], value + piece[len(text) :], *pieces[at + 1 :]]
            assert readings_or_refusal(b">".join(changed))


@pytest.mark.parametrize(
    "body",
    [
        b"<Invoice/>",
        b'<Invoice xmlns="urn:elsewhere"/>',
        b"<html><body/></html>",
        b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-1.0"/>',
        f'<Envelope xmlns="urn:x" {NAMESPACES}/>'.encode(),
    ],
)
def test_xml_that_is_no_ubl_is_refused(body: bytes) -> None:
    with pytest.raises(BadDocumentError, match="must be a UBL 2 document") as caught:
        read(body, OPTIONS)
    assert caught.value.is_syntax


def test_a_doctype_is_refused_in_any_encoding() -> None:
    body = invoice().decode().replace("?>", "?><!DOCTYPE Invoice>").replace("UTF-8", "UTF-16")
    with pytest.raises(BadDocumentError, match="must not have a DOCTYPE"):
        read(body.encode("utf-16"), OPTIONS)


def test_a_document_in_utf_16_says_the_same() -> None:
    [plain], [wide] = (
        read(invoice(), OPTIONS),
        read(invoice().decode().replace("UTF-8", "UTF-16").encode("utf-16"), OPTIONS),
    )
    assert plain == wide


@pytest.mark.timeout(120)
def test_a_despatch_of_forty_thousand_lines_is_read_in_bounded_time() -> None:
    quantity = '<cbc:DeliveredQuantity unitCode="?">1</cbc:DeliveredQuantity>'
    line = "<cac:DespatchLine><cbc:ID>{}</cbc:ID>" + quantity + "</cac:DespatchLine>"
    body = document("DespatchAdvice", "<cbc:ID>D</cbc:ID>" + "".join(line.format(n) for n in range(LINES)))
    started = time.monotonic()
    [reading] = read(body, OPTIONS)
    assert time.monotonic() - started < WITHIN_SECONDS
    assert len(reading.lines) == LINES
    assert len(reading.findings) == MOST_FINDINGS


@pytest.mark.timeout(120)
def test_an_invoice_of_many_wrong_lines_is_judged_in_bounded_time() -> None:
    line = "<cac:InvoiceLine><cbc:ID>{}</cbc:ID><cbc:LineExtensionAmount>x</cbc:LineExtensionAmount></cac:InvoiceLine>"
    body = document("Invoice", "<cbc:ID>I</cbc:ID>" + "".join(line.format(n) for n in range(5_000)))
    started = time.monotonic()
    [reading] = read(body, OPTIONS)
    assert time.monotonic() - started < WITHIN_SECONDS
    assert not reading.is_usable


@pytest.mark.timeout(120)
def test_an_invoice_of_many_totals_and_taxes_is_judged_in_bounded_time() -> None:
    scheme = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    category = f"<cbc:ID>S</cbc:ID><cbc:Percent>1</cbc:Percent>{scheme}"
    part = (
        f"<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory>{category}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )
    line = "<cac:InvoiceLine><cbc:PaymentID>{}</cbc:PaymentID></cac:InvoiceLine>"
    total = "<cac:LegalMonetaryTotal><cbc:PayableAmount>1</cbc:PayableAmount></cac:LegalMonetaryTotal>"
    body = document("Invoice", (part + total) * 3_000 + "".join(line.format(number) for number in range(3_000)))
    started = time.monotonic()
    read(body, OPTIONS)
    assert time.monotonic() - started < WITHIN_SECONDS
