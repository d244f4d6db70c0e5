"""A document is whole when its end is there: every cut of every document is seen."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.transports.wholeness import BLANK, is_whole


def an_interchange(number: str = "000000905", *, separator: str = "*", terminator: str = "~", lines: str = "") -> bytes:
    segments = (
        f"ISA*00*          *00*          *ZZ*SUPPLYLINE     *ZZ*NORTHMED       *260314*0915*U*00401*{number}*0*P*>",
        "GS*PO*SUPPLYLINE*NORTHMED*20260314*0915*7*X*004010",
        "ST*850*0001",
        "BEG*00*NE*PO-4711**20260314",
        "PO1*1*12*BX*4.20**VN*GLV-M",
        "CTT*1",
        "SE*5*0001",
        "GE*1*7",
        f"IEA*1*{number}",
    )
    return (f"{terminator}{lines}".join(segments) + terminator + lines).replace("*", separator).encode()


CXML = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/cXML.dtd">
<!-- <cXML> in a comment is no root -->
<cXML payloadID="1@supplyline" timestamp="2026-03-14T09:15:00Z"><Header/><Request>
<OrderRequest><Extrinsic name="a>b">text</Extrinsic></OrderRequest></Request></cXML>"""
UBL = (
    b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" xmlns:cbc="urn:cbc">'
    b"<cbc:ID>PO-4711</cbc:ID><Order><cbc:ID>nested</cbc:ID></Order></Order>"
)
JSON = json.dumps({"type": "order.placed", "data": {"lines": [{"line": 1, "text": "}"}]}}).encode()

DOCUMENTS = {
    "an interchange": an_interchange(),
    "one of other separators": an_interchange(separator="|", terminator="'"),
    "one on lines": an_interchange(lines="\r\n"),
    "one whose terminator is a new line": an_interchange(terminator="\n"),
    "two in one file": an_interchange("000000905") + b"\n" + an_interchange("000000906"),
    "one whose number is zeros": an_interchange("000000000"),
    "cXML": CXML,
    "UBL": UBL,
    "UBL with a comment behind": UBL + b"\n<!-- sent by night -->\n<?end of file?>",
    "a closed root": b'<Order number="1"/>',
    "JSON": JSON,
    "a list": b'[{"a": []}]',
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_whole_with_blanks_around_it_or_without(name: str) -> None:
    document = DOCUMENTS[name]

    assert is_whole(document)
    assert is_whole(b"\xef\xbb\xbf" + document + b"\r\n\x1a")


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name != "two in one file"])
def test_every_cut_of_a_document_is_seen(name: str) -> None:
    document = DOCUMENTS[name]
    taken_for_whole = [cut for cut in range(len(document)) if is_whole(document[:cut])]

    assert all(_says_all(document, cut) for cut in taken_for_whole)


def _says_all(document: bytes, cut: int) -> bool:
    """Whether what is missing is only a last terminator, blanks or remarks."""
    missing = document[cut:].strip(BLANK + b"~'")
    return not missing or (missing.endswith(b"?>") and document[:cut].rstrip().endswith((b"</Order>", b"-->")))


def test_a_second_interchange_cut_anywhere_is_not_hidden_by_the_first() -> None:
    first, second = an_interchange("000000905"), an_interchange("000000906")

    assert not [cut for cut in range(1, len(second) - 1) if is_whole(first + second[:cut])]


def test_a_trailer_that_closes_another_interchange_does_not_count() -> None:
    assert not is_whole(an_interchange().replace(b"IEA*1*000000905", b"IEA*1*000000904"))


def test_a_trailer_may_drop_the_zeros_in_front() -> None:
    assert is_whole(an_interchange().replace(b"IEA*1*000000905", b"IEA*1*905"))


def test_utf_16_is_read_through() -> None:
    whole = UBL.decode().encode("utf-16")

    assert is_whole(whole)
    assert not is_whole(whole[:-4])


@pytest.mark.parametrize(
    "nothing",
    [
        b"",
        b"  \r\n",
        b"\xef",
        b"\xef\xbb",
        b"\xff",
        b"IS",
        b"ISA",
        b"ISA*00*",
        b"<",
        b"<?xml version='1.0'?>",
        b"<!--",
        b"{",
    ],
)
def test_a_beginning_is_not_whole(nothing: bytes) -> None:
    assert not is_whole(nothing)


def test_a_language_whose_end_cannot_be_seen_is_believed() -> None:
    assert is_whole(b"UNB+UNOC:3+SUPPLYLINE")


@given(st.binary(max_size=400), st.sampled_from([b"", b"ISA", b"<", b"<a", b"{", b"[", b"\xff\xfe", an_interchange()]))
def test_any_bytes_get_an_answer(content: bytes, beginning: bytes) -> None:
    assert is_whole(beginning + content) in {True, False}


@pytest.mark.parametrize(
    "hostile", [b"<a " * 400_000, b"<a>" + b"<!--" * 300_000, b"<?" * 500_000, b"[" * 900_000, b"ISA*" * 250_000]
)
def test_a_megabyte_of_openings_is_judged_in_linear_time(hostile: bytes) -> None:
    started = time.perf_counter()

    assert not is_whole(hostile)
    assert time.perf_counter() - started < 5
