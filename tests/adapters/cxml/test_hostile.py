"""What strangers send: whatever the bytes, a reading or BadDocumentError, soon, and nothing fetched or expanded."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind
from adapters.supplier.cxml.fields import MOST_FINDINGS
from adapters.supplier.cxml.reading import read, transmission_id
from adapters.supplier.cxml.tree import MOST_LINES
from tests.adapters.cxml.documents import OPTIONS, confirmation, invoice, message, read_one, ship_notice
from tests.adapters.cxml.test_confirmations import item, status
from tests.adapters.cxml.test_invoices import item as billed
from tests.adapters.cxml.test_invoices import order as billed_order
from tests.adapters.cxml.test_invoices import summary
from tests.adapters.cxml.test_punch_out import cart, item_in
from tests.adapters.cxml.test_ship_notices import item as shipped
from tests.adapters.cxml.test_ship_notices import portion

CONTENT = '<ConfirmationRequest><ConfirmationHeader type="accept"/></ConfirmationRequest>'
DOCUMENTS = (
    confirmation(item(status("accept", "12") + status("backordered", "8"))),
    ship_notice(portion(shipped('<Batch expirationDate="2028-05-31"><SupplierBatchID>L</SupplierBatchID></Batch>'))),
    invoice(billed_order(billed()), summary()),
    cart(item_in()),
)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE cXML [<!ENTITY a "b">]>',
        '<!DOCTYPE cXML [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE cXML [<!ENTITY % a SYSTEM "http://localhost:1/x"> %a;]>',
        '<!DOCTYPE cXML [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE cXML SYSTEM "cXML.dtd" [<!ELEMENT foo ANY>]>',
    ],
)
def test_a_document_that_declares_anything_itself_is_refused(doctype: str) -> None:
    with pytest.raises(BadDocumentError, match="DOCTYPE"):
        read(message(CONTENT, doctype=doctype), OPTIONS)


@pytest.mark.parametrize("reference", ["&secret;", "&nbsp;"])
def test_an_entity_nobody_declared_never_becomes_empty_text(reference: str) -> None:
    body = confirmation("", kind="accept", more=f"<Comments>before{reference}after</Comments>")
    with pytest.raises(BadDocumentError, match="entities"):
        read(body, OPTIONS)


def test_the_dtd_a_document_names_is_never_opened(tmp_path: Path) -> None:
    dtd = tmp_path / "trap.dtd"
    dtd.write_text('<!ATTLIST ConfirmationHeader confirmID CDATA "injected">')
    doctype = f'<!DOCTYPE cXML SYSTEM "{dtd.as_uri()}">'
    assert read_one(message(CONTENT, doctype=doctype)).number is None


def test_the_five_entities_of_xml_itself_are_what_they_are() -> None:
    body = confirmation("", kind="accept", more="<Comments>5 &lt; 6 &amp; &#x37; &quot;ok&quot;</Comments>")
    assert read_one(body).notes == ('5 < 6 & 7 "ok"',)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"cXML",
        b"<cXML>",
        b"<cXML><Request></cXML>",
        b"<html><body>502</body></html>",
        b'{"cXML": 1}',
        b'<?xml version="1.0" encoding="no-such-thing"?><cXML/>',
        b'<?xml version="1.0" encoding="UTF-8"?><cXML a="\xff"/>',
        b"<cXML>\x00</cXML>",
        b"<a>" * 5000,
        message("<a>" * 200 + "</a>" * 200),
        message(CONTENT)[:-20],
        message(CONTENT) + b"<cXML/>",
    ],
)
def test_what_is_no_cxml_is_refused(body: bytes) -> None:
    with pytest.raises(BadDocumentError):
        read(body, OPTIONS)
    with pytest.raises(BadDocumentError):
        transmission_id(body)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_every_encoding_a_declaration_names_is_read(encoding: str) -> None:
    text = confirmation("", kind="accept", more="<Comments>Größe</Comments>").decode()
    declared = text.replace('encoding="UTF-8"', f'encoding="{encoding.upper()}"')
    byte_order_mark = "\ufeff" if encoding == "utf-16-le" else ""
    assert read_one((byte_order_mark + declared).encode(encoding)).notes == ("Größe",)


def test_a_byte_order_mark_and_blanks_before_the_declaration_are_forgiven() -> None:
    for start in (b"\xef\xbb\xbf", b"\r\n  "):
        assert read_one(start + message(CONTENT)).kind is DocumentKind.ORDER_ACKNOWLEDGEMENT


def test_a_namespace_some_sender_adds_changes_nothing() -> None:
    body = message(CONTENT).replace(b"<cXML ", b'<cXML xmlns="urn:medl" ')
    assert read_one(body).kind is DocumentKind.ORDER_ACKNOWLEDGEMENT


def test_a_document_without_a_doctype_or_header_is_read() -> None:
    body = b'<cXML payloadID="a@b"><Request>' + CONTENT.encode() + b"</Request></cXML>"
    reading = read_one(body)
    assert (reading.kind, reading.sender) == (DocumentKind.ORDER_ACKNOWLEDGEMENT, None)


@pytest.mark.parametrize("inside", ["", "<Request/>", "<Subscription/>", "<Message/>"])
def test_an_envelope_without_content_is_kept_as_unknown(inside: str) -> None:
    reading = read_one(f"<cXML>{inside}</cXML>".encode())
    assert reading.kind is DocumentKind.UNKNOWN
    assert reading.findings


def test_a_document_of_too_many_lines_is_refused() -> None:
    with pytest.raises(BadDocumentError, match="lines"):
        read(confirmation(item(status("accept")) * (MOST_LINES + 1)), OPTIONS)


def test_a_hopeless_document_is_read_in_time_and_not_described_line_by_line() -> None:
    started = time.perf_counter()
    reading = read_one(confirmation(item(status("accept", "x"), ordered="y") * MOST_LINES))
    assert time.perf_counter() - started < 10
    assert len(reading.findings) <= MOST_FINDINGS
    assert not reading.is_usable


def test_an_error_is_told_however_many_warnings_came_before_it() -> None:
    lines = item(status("accept", unit="??"), unit="BX") * (MOST_FINDINGS + 5) + item(status("nonsense"))
    reading = read_one(confirmation(lines))
    assert len(reading.findings) == MOST_FINDINGS + 1
    assert not reading.is_usable


def test_a_document_is_validated_where_a_dtd_lies_ready(tmp_path: Path) -> None:
    (tmp_path / "Fulfill.dtd").write_text("<!ELEMENT cXML EMPTY>")
    reading = read_one(message(CONTENT), OPTIONS.model_copy(update={"dtd": tmp_path}))
    assert {finding.message for finding in reading.findings} == {"does not follow the DTD"}
    assert reading.is_usable


def test_a_missing_dtd_keeps_no_document_from_being_read(tmp_path: Path) -> None:
    reading = read_one(DOCUMENTS[2], OPTIONS.model_copy(update={"dtd": tmp_path}))
    assert [finding.code for finding in reading.findings] == ["dtd"]
    assert reading.is_usable


@given(st.binary(max_size=400))
def test_whatever_the_bytes_only_bad_document_error_comes_out(body: bytes) -> None:
    try_to_read(body)


@settings(max_examples=300)
@given(st.sampled_from(DOCUMENTS), st.data())
def test_whatever_happens_to_a_document_only_bad_document_error_comes_out(body: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    length = data.draw(st.integers(0, 40))
    instead = data.draw(
        st.one_of(st.binary(max_size=8), st.text(max_size=8).map(lambda text: text.encode("utf-8", "ignore")))
    )
    try_to_read(body[:start] + instead + body[start + length :])


@settings(max_examples=300)
@given(st.sampled_from(DOCUMENTS), st.text(max_size=40), st.data())
def test_whatever_a_value_says_only_bad_document_error_comes_out(body: bytes, value: str, data: st.DataObject) -> None:
    values = [part for part in body.decode().split('"')[1::2] if part]
    chosen = data.draw(st.sampled_from(values))
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    try_to_read(body.decode().replace(f'"{chosen}"', f'"{escaped}"').encode("utf-8", "ignore"))


def try_to_read(body: bytes) -> None:
    try:
        (reading,) = read(body, OPTIONS)
    except BadDocumentError:
        return
    assert reading.message_id
    reading.model_dump_json()
