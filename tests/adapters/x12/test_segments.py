"""Bytes to segments: whatever delimiters, padding and line ends a sender has."""

from collections.abc import Callable

import pytest

from adapters.bad_document import BadDocumentError
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read
from adapters.supplier.x12.segments import LONGEST_SEGMENT, SegmentReader, pieces
from tests.adapters.x12.documents import ANSWER, ORDER, Delimited, interchange, parts_of, transaction

USUAL_BODY = interchange(transaction("850", ORDER))


def segments(body: bytes) -> list[list[str]]:
    return [[*segment] for segment in SegmentReader(pieces(body))]


def business(body: bytes) -> list[list[str]]:
    """The segments whose text does not depend on the delimiters."""
    return [segment for segment in segments(body) if segment[0] not in {"ISA", "GS"}]


@pytest.mark.parametrize(
    "marks",
    [
        Delimited(),
        Delimited("|", "\n", ":"),
        Delimited("^", "~", ">"),
        Delimited("~", "*", ">"),
        Delimited("*", "\x1c", "\x1f"),
        Delimited("\x1d", "\x1e", "\x1f"),
        Delimited("*", "'", ":"),
        Delimited("|", "\x85", "!"),
        Delimited("*", "\r", ":"),
        Delimited(version="003010"),
        Delimited(version="005010"),
        Delimited(version="008030"),
    ],
)
def test_any_delimiters_and_releases_say_the_same(marks: Delimited) -> None:
    assert business(interchange(transaction("850", ORDER), marks=marks)) == business(USUAL_BODY)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: b"\r\n \x00" + body + b"\r\n\x1a\x00",
        lambda body: body.replace(b"~", b"~\r\n"),
        lambda body: body.replace(b"~", b"~\n\t  "),
        lambda body: body.replace(b"~", b"\r\n"),
        lambda body: body.replace(b"~", b"\n\n"),
        lambda body: body.rstrip(b"~"),
        lambda body: b"EDI from the value added network\r\n" + body,
    ],
    ids=["mark", "fill", "crlf after", "indented", "crlf ends", "empty lines", "last not ended", "preamble"],
)
def test_what_stands_around_segments_does_not_matter(change: Callable[[bytes], bytes]) -> None:
    assert business(change(USUAL_BODY)) == business(USUAL_BODY)


def test_an_isa_without_its_padding_is_read() -> None:
    (reading,) = read(USUAL_BODY.replace(b" ", b""), X12Options())

    assert reading.sender is not None
    assert (reading.sender.id, reading.details["interchange"]) == ("MEDL", "000000001")
    assert reading.number == "PO-4711"


@pytest.mark.parametrize("ending", [b"*P*~\n", b"*P*\n", b"*P*\r\n", b"*P*~\r\n"])
def test_an_isa_without_its_component_separator_is_read(ending: bytes) -> None:
    terminator = ending.removeprefix(b"*P*")
    body = USUAL_BODY.replace(b"*P*>~", ending).replace(b"~", terminator).replace(b"~\n\n", b"~\n")

    assert business(body) == business(USUAL_BODY)


def test_a_component_separator_no_component_could_do_without_is_none() -> None:
    (reading,) = read(USUAL_BODY.replace(b"*P*>~", b"*P*A~"), X12Options())

    assert [line.quantity and line.quantity.unit for line in reading.lines] == ["BX", "CA"]


def test_a_file_wrapped_at_eighty_columns_is_joined_again() -> None:
    wrapped = b"\r\n".join(pieces(USUAL_BODY, 80))

    assert business(wrapped) == business(USUAL_BODY)


@pytest.mark.parametrize("opening", ["ST", "GS"])
@pytest.mark.parametrize("terminator", [b"~", b"\n", b"\r\n", b"'", b"|", b"\x1c"])
def test_a_bare_set_or_group_is_read(opening: str, terminator: bytes) -> None:
    body = USUAL_BODY[USUAL_BODY.index(opening.encode() + b"*") :].rpartition(b"IEA")[0]
    body = body if opening == "GS" else body.rpartition(b"GE")[0]

    (reading,) = read(body.replace(b"~", terminator), X12Options())

    assert (reading.number, len(reading.lines)) == ("PO-4711", 2)


def test_each_interchange_of_a_file_has_its_own_delimiters() -> None:
    other = interchange(transaction("855", ANSWER), control=2, marks=Delimited("|", "\n", ":"))

    readings = read(USUAL_BODY + b"\n" + other + b"\xef\xbb\xbf" + USUAL_BODY, X12Options())

    assert [reading.po_number for reading in readings] == ["PO-4711"] * 3


def test_an_interchange_that_breaks_off_does_not_swallow_the_next() -> None:
    other = interchange(transaction("855", ANSWER), control=2, marks=Delimited("|", "~", ":"))
    first, second = read(USUAL_BODY.rpartition(b"CTT")[0] + other, X12Options())

    assert (first.number, first.is_usable) == ("PO-4711", False)
    assert (second.po_number, second.is_usable) == ("PO-4711", True)


def test_a_forgotten_terminator_loses_no_line_and_is_told() -> None:
    body = USUAL_BODY.replace(b"~", b"~\n").replace(b"GLV-M*UK*10614141000415~\n", b"GLV-M*UK*10614141000415\n")
    body = body.replace(b"SCH*10*BX***002*20261201~\n", b"SCH*10*BX***002*20261201\n  ")

    (reading,) = read(body, X12Options())

    assert len(reading.lines) == 2
    assert reading.lines[0].description == "Gloves nitrile M"
    assert [finding.code for finding in reading.findings] == ["AK3 8", "AK3 8"]
    assert reading.is_usable


def test_a_line_break_in_free_text_is_free_text() -> None:
    body = USUAL_BODY.replace(b"Deliver to the back door", b"Deliver to\r\nDoor 5\nABC and more")

    (reading,) = read(body, X12Options())

    assert reading.notes == ("Deliver to\r\nDoor 5\nABC and more",)


def test_text_between_interchanges_is_left_out_and_told() -> None:
    parts = parts_of(USUAL_BODY + b"not x12 at all\n" + USUAL_BODY)

    assert sum(isinstance(part, ReadSet) for part in parts) == 2
    assert [fault.code for part in parts for fault in part.faults] == ["024"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \r\n",
        b"START OF FILE\n",
        b"{}",
        b"<xml/>",
        b"ISABELLA was here",
        b"ISA*00*too short~",
        b"ISA" + b"*" * 20,
        b"ISA" + b"*1" * 16,
        b"ISA" + b"*1" * 15 + b"*>*",
        "ISA*00*".encode("utf-16"),
        b"\x00" * 100_000,
        USUAL_BODY.replace(b"~", b"A"),
    ],
)
def test_what_is_no_x12_is_refused(body: bytes) -> None:
    with pytest.raises(BadDocumentError) as refused:
        read(body, X12Options())

    assert refused.value.is_syntax


@pytest.mark.parametrize("size", [1, 1_000, 10_000_000])
def test_a_segment_that_never_ends_is_refused_however_it_comes(size: int) -> None:
    head = USUAL_BODY.partition(b"BEG")[0]
    body = head + b"MSG*" + b"x" * (LONGEST_SEGMENT + 1) + b"~SE*3*0001~"

    with pytest.raises(BadDocumentError, match="a segment"):
        list(SegmentReader(pieces(body, size)))
    with pytest.raises(BadDocumentError, match="a segment"):
        list(SegmentReader(pieces(body[:-12], size)))


def test_utf_8_and_latin_1_are_both_read() -> None:
    for encoding in ("utf-8", "latin-1"):
        body = USUAL_BODY.replace(b"North Hospital", "Hôpital Sainte-Thérèse".encode(encoding))
        (reading,) = read(body, X12Options())
        assert reading.parties[0].name == "Hôpital Sainte-Thérèse"
