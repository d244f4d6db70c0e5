"""XML from strangers: what is refused, and what is not."""

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.xml import DEEPEST, LARGEST, MOST_ELEMENTS, name_of, parse, place

DTD = b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd">'


def refusal(body: bytes, **doctype: str) -> BadDocumentError:
    with pytest.raises(BadDocumentError) as caught:
        parse(body, **doctype)  # type: ignore[arg-type]
    assert caught.value.is_syntax
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"<", b"a", b"{}", b"<a>", b"<a></b>", b"<a/><b/>", b"<a/>x", b'<a x="1" x="2"/>', b"<p:a/>",
        b"\0<a/>", b"<a>\0</a>", b"<a>\xff</a>", b"<a>&x;</a>", b"<a>&#0;</a>", b"\x1f\x8b\x08", b"ISA*00*",
        '<?xml version="1.0" encoding="UTF-8"?><a>\u00e9</a>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        '<?xml version="1.0"?><a>\u00e9</a>'.encode("utf-16")[:-3],
    ],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(body: bytes) -> None:
    assert refusal(body).rule == "must be well-formed XML"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "ISO-8859-15", "windows-1252"])
def test_any_encoding_is_read_that_the_declaration_names(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><a>caf\u00e9</a>'.encode(encoding)
    assert parse(body).text == "caf\u00e9"


def test_a_byte_order_mark_and_blanks_before_the_declaration_are_forgiven() -> None:
    assert parse(b'\xef\xbb\xbf<?xml version="1.0"?><a>1</a>').text == "1"
    assert parse(b'\r\n <?xml version="1.0"?><a>1</a>').text == "1"


def test_comments_and_instructions_do_not_cut_a_text() -> None:
    assert parse(b"<a>12<!-- no -->34<?no?>5</a>").text == "12345"


@pytest.mark.parametrize("doctype", [b"<!DOCTYPE a>", DTD, b'<!DOCTYPE a [<!ENTITY x "y">]>'])
def test_a_doctype_is_refused(doctype: bytes) -> None:
    assert refusal(doctype + b"<a/>").rule == "must not have a DOCTYPE"


def test_a_doctype_that_only_names_a_dtd_may_be_ignored_and_is_never_loaded() -> None:
    root = parse(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>1</a>', doctype="ignored")
    assert (root.text, len(root)) == ("1", 0)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.org/x">%x;]><a/>',
        b'<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>',
        b'<!DOCTYPE a SYSTEM "a.dtd" [<!NOTATION n SYSTEM "x">]><a/>',
    ],
)
def test_an_ignored_doctype_declares_nothing(body: bytes) -> None:
    assert refusal(body, doctype="ignored").rule == "must not declare anything in its DOCTYPE"


@pytest.mark.parametrize("content", [b"<a>&x;</a>", b'<a b="&x;"/>', b'<a><b c="q&x;q"/></a>'])
def test_an_ignored_doctype_lets_no_entity_vanish(content: bytes) -> None:
    assert refusal(DTD + content, doctype="ignored").rule == "must not use entities"


def test_an_entity_bomb_is_refused_at_once() -> None:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<!DOCTYPE a [<!ENTITY e0 "lol">' + entities + b"]><a>&e11;</a>"
    refusal(bomb)
    refusal(bomb, doctype="ignored")


def test_depth_size_and_number_of_elements_are_bounded() -> None:
    assert "deeper" in refusal(b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1)).rule
    assert "larger" in refusal(b" " * (LARGEST + 1)).rule
    assert "elements" in refusal(b"<a>" + b"<b/>" * MOST_ELEMENTS + b"</a>").rule
    refusal(b"<a>" * 100_000)
    refusal(b"<a>" + b"x" * 11_000_000 + b"</a>")


def test_a_place_has_an_index_only_where_there_are_several() -> None:
    root = parse(b'<a xmlns:q="urn:q"><q:b/><c><d/></c><c><q:d/><d/></c></a>')
    prefixes = {"urn:q": "p"}
    assert [place(element, prefixes) for element in root.iter()] == [
        "/a", "/a/p:b", "/a/c[1]", "/a/c[1]/d", "/a/c[2]", "/a/c[2]/p:d", "/a/c[2]/d",
    ]  # fmt: skip
    assert name_of(root[0]) == "b"
