"""Any bytes at all: refused or read, the same however they come, and by nothing but their meaning."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import Reading
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read, read_parts
from adapters.supplier.x12.segments import SegmentReader
from tests.adapters.x12.documents import DOCUMENTS, Delimited, interchange, transaction

OPTIONS = X12Options()
VALID = [interchange(transaction(code, body)) for code, body in DOCUMENTS.items()]
VALID += [interchange(transaction("855", DOCUMENTS["855"]), marks=Delimited("|", "\n", ":", "005010"))]
FRAGMENTS = [
    b"*",
    b"~",
    b">",
    b"\n",
    b"\r\n",
    b"ISA*",
    b"IEA*",
    b"ST*",
    b"SE*",
    b"HL*",
    b"TA1*",
    b"-",
    b".",
    b"\xff",
    b"",
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid interchange, or two, with pieces cut out, repeated and put in."""
    body = b"".join(draw(st.lists(st.sampled_from(VALID), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        end = min(end, start + draw(st.integers(0, 200)))
        put_in = draw(st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8), st.just(body[start:end] * 2)))
        body = body[:start] + put_in + body[end:]
    return body


def outcome(chunks: list[bytes]) -> object:
    """Whatever reading comes to, as something to compare."""
    try:
        parts = [*read_parts(chunks, OPTIONS)]
    except BadDocumentError as error:
        return str(error)
    return [(part.reading, part.faults) if isinstance(part, ReadSet) else part.faults for part in parts]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    outcome([body])


@given(st.binary(max_size=300))
def test_any_bytes_inside_an_interchange_are_read_or_refused(body: bytes) -> None:
    outcome([VALID[0][:106] + body])


@settings(max_examples=300)
@given(mutated())
def test_a_damaged_interchange_is_read_or_refused(body: bytes) -> None:
    outcome([body])


@given(mutated(), st.lists(st.integers(0, 4_000), max_size=12))
def test_how_a_file_is_cut_into_pieces_does_not_matter(body: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    chunks = [body[start:end] for start, end in pairwise(places)]

    assert outcome(chunks) == outcome([body])
    assert outcome([piece for chunk in chunks for piece in (b"", chunk)]) == outcome([body])


def test_a_file_that_comes_byte_by_byte_is_read_the_same() -> None:
    body = b"".join(VALID)

    assert outcome([bytes([byte]) for byte in body]) == outcome([body])


@given(
    element=st.sampled_from("*|^+!\x1d\x07"),
    terminator=st.sampled_from("~\n'\x1c\x85\\"),
    component=st.sampled_from(">:<\x1f"),
    code=st.sampled_from(sorted(DOCUMENTS)),
)
def test_delimiters_never_change_what_a_document_says(element: str, terminator: str, component: str, code: str) -> None:
    marks = Delimited(element, terminator, component)

    (reading,) = read(interchange(transaction(code, DOCUMENTS[code]), marks=marks), OPTIONS)

    assert [reading] == [*read(interchange(transaction(code, DOCUMENTS[code])), OPTIONS)]


@given(st.permutations(sorted(DOCUMENTS)))
def test_the_order_of_sets_never_changes_what_each_says(codes: list[str]) -> None:
    sets = {code: transaction(code, DOCUMENTS[code], control=code.zfill(4)) for code in codes}
    expected = {code: read(interchange(sets[code]), OPTIONS)[0] for code in codes}

    readings = read(interchange(*(sets[code] for code in codes)), OPTIONS)

    for code, reading in zip(codes, readings, strict=True):
        assert without_group(reading) == without_group(expected[code])


def without_group(reading: Reading) -> Reading:
    details = {name: value for name, value in reading.details.items() if name != "functional id"}
    return reading.model_copy(update={"details": details})


@pytest.mark.parametrize("code", sorted(DOCUMENTS))
def test_our_own_documents_are_without_fault(code: str) -> None:
    (reading,) = read(interchange(transaction(code, DOCUMENTS[code])), OPTIONS)

    assert reading.findings == ()
    assert reading.language == f"x12 {code} 004010"


def test_a_long_file_takes_the_memory_of_one_set() -> None:
    most = 0

    def chunks() -> Iterator[bytes]:
        yield VALID[0][:106] + b"GS*PR*A*B*20261126*0915*1*X*004010~"
        for number in range(2_000):
            yield "~".join([*transaction("855", DOCUMENTS["855"], control=f"{number:04}"), ""]).encode()

    reader = SegmentReader(chunks())
    for _ in reader:
        most = max(most, len(reader._buffer))

    assert most < 200_000
