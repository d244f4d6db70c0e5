"""997, 999 and TA1: the verdicts partners' translators give as well, and counts that always agree."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.outbox import ControlNumbers
from adapters.documents.reading import Reading
from adapters.supplier.x12.acknowledging import Acknowledged, write_functional, write_interchange_note
from adapters.supplier.x12.envelope import Interchange
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read
from adapters.supplier.x12.segments import SegmentReader, pieces
from tests.adapters.x12.documents import (
    ANSWER,
    FUNCTIONAL,
    INVOICE,
    NOTICE,
    Delimited,
    header,
    interchange,
    parts_of,
    transaction,
)
from tests.builders import MORNING

NUMBERS = ControlNumbers(interchange=7, group=8, transaction_set=9)
OPTIONS = X12Options(our_id="HOSP", their_id="MEDL")


def groups(body: bytes, options: X12Options = OPTIONS) -> Iterator[Acknowledged]:
    """Put the parts of a file together, group by group."""
    sets: list[ReadSet] = []
    for part in parts_of(body, options):
        if isinstance(part, ReadSet):
            sets.append(part)
        elif not isinstance(part, Interchange):
            yield Acknowledged(part, tuple(sets))
            sets = []


def answer_to(body: bytes, options: X12Options = OPTIONS) -> bytes:
    (group,) = groups(body, options)
    return write_functional(group, options, NUMBERS, MORNING)


def inside(body: bytes) -> list[str]:
    """The segments of an acknowledgement between ST and SE."""
    found = ["*".join(segment) for segment in SegmentReader(pieces(body))]
    return found[3:-3]


SET = transaction("855", ANSWER)
TWO = interchange(SET, transaction("855", ANSWER, control="0002"))


def without(body: bytes, *segments: str) -> bytes:
    for segment in segments:
        assert segment.encode() in body
        body = body.replace(segment.encode(), b"")
    return body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (interchange(SET), ["AK1*PR*1", "AK2*855*0001", "AK5*A", "AK9*A*1*1*1"]),
        (TWO, ["AK1*PR*1", "AK2*855*0001", "AK5*A", "AK2*855*0002", "AK5*A", "AK9*A*2*2*2"]),
        (
            TWO.replace(b"SE*12*0001", b"SE*11*0001").replace(b"GE*2*1", b"GE*2*2"),
            ["AK1*PR*1", "AK2*855*0001", "AK5*R*4", "AK2*855*0002", "AK5*A", "AK9*R*2*2*1*4"],
        ),
        (
            interchange(SET).replace(b"SE*12*0001", b"SE*11*0002"),
            ["AK1*PR*1", "AK2*855*0001", "AK5*R*4*3", "AK9*R*1*1*0"],
        ),
        (
            TWO.replace(b"SE*12*0001", b"SE*11*0001"),
            ["AK1*PR*1", "AK2*855*0001", "AK5*R*4", "AK2*855*0002", "AK5*A", "AK9*P*2*2*1"],
        ),
        (
            without(interchange(SET), "SE*12*0001~", "GE*1*1~", "IEA*1*000000001~"),
            ["AK1*PR*1", "AK2*855*0001", "AK5*R*2", "AK9*R*1*1*0*3"],
        ),
        (
            interchange(SET).replace(b"GE*1*1", b"GE*2*1"),
            ["AK1*PR*1", "AK2*855*0001", "AK5*A", "AK9*R*2*1*1*5"],
        ),
        (
            interchange(SET, SET),
            ["AK1*PR*1", "AK2*855*0001", "AK5*A", "AK2*855*0001", "AK5*R*23", "AK9*P*2*2*1"],
        ),
        (
            interchange(transaction("855", ANSWER.replace("BAK*00*AC*PO-4711*20261120", "BAK*00*AC**20261120"))),
            ["AK1*PR*1", "AK2*855*0001", "AK3*BAK*2**8", "AK4*3**1", "AK5*E*5", "AK9*E*1*1*1"],
        ),
        (
            interchange(transaction("855", ANSWER.replace("ACK*IP*4*CA", "ACK*IP*four*CA"))),
            ["AK1*PR*1", "AK2*855*0001", "AK3*ACK*9**8", "AK4*2**6", "AK5*E*5", "AK9*E*1*1*1"],
        ),
        (
            interchange(transaction("810", INVOICE.replace("IT1", "ZZ1").replace("CTT*2*10", ""))),
            ["AK1*IN*1", "AK2*810*0001", "AK3*IT1*13**3", "AK5*R*5", "AK9*R*1*1*0"],
        ),
        (
            interchange(transaction("855", "X"), transaction("856", NOTICE, control="2")).replace(b"ST*855", b"ST*214"),
            ["AK1*PR*1", "AK2*214*0001", "AK3*X*2**1", "AK5*R*1*5", "AK2*856*2", "AK5*A", "AK9*P*2*2*1"],
        ),
    ],
    ids=[
        "one", "two", "trailers", "number and count", "one of two", "cut off", "a set is missing", "number twice",
        "element missing", "no number", "segment missing", "set not known",
    ],
)  # fmt: skip
def test_each_fault_has_its_verdict(body: bytes, expected: list[str]) -> None:
    assert inside(answer_to(body)) == expected


@pytest.mark.parametrize(
    ("version", "wanted", "name", "opening"),
    [
        ("004010", None, "997", "AK1*PR*1"),
        ("005010", None, "999", "AK1*PR*1*005010"),
        ("005010", "997", "997", "AK1*PR*1*005010"),
        ("004010", "999", "999", "AK1*PR*1"),
        ("003040", None, "997", "AK1*PR*1"),
    ],
)
def test_the_release_or_the_profile_chooses_between_997_and_999(
    version: str, wanted: str | None, name: str, opening: str
) -> None:
    options = OPTIONS.model_copy(update={"functional_acknowledgement": wanted})
    written = answer_to(interchange(SET, marks=Delimited(version=version)), options)

    assert f"ST*{name}*0009".encode() in written
    assert f"*X*{version}~".encode() in written
    assert inside(written)[0] == opening
    assert (b"IK5*A" in written) is (name == "999")


def test_of_a_long_group_only_numbers_and_faults_need_be_kept() -> None:
    (group,) = groups(TWO.replace(b"SE*12*0001", b"SE*11*0001"))
    light = Acknowledged(group.group, group.judged)

    assert write_functional(light, OPTIONS, NUMBERS, MORNING) == write_functional(group, OPTIONS, NUMBERS, MORNING)
    assert light.is_answered


def test_an_acknowledgement_goes_back_to_its_sender() -> None:
    isa, gs, *_ = (segment for segment in SegmentReader(pieces(answer_to(interchange(SET)))))

    assert (isa[6].strip(), isa[8].strip(), isa[13]) == ("HOSP", "MEDL", "000000007")
    assert gs[1:4] == ["FA", "HOSP", "MEDL"]


@pytest.mark.parametrize(
    "body",
    [
        interchange(transaction("997", FUNCTIONAL)),
        interchange(transaction("999", FUNCTIONAL)),
        interchange(transaction("997", FUNCTIONAL)).replace(b"GS*FA", b"GS*PR"),
        interchange(SET).replace(b"GS*PR", b"GS*FA"),
        interchange(SET)[interchange(SET).index(b"ST*") :],
    ],
    ids=["997", "999", "997 under another name", "said to be one", "no group at all"],
)
def test_an_acknowledgement_is_never_acknowledged(body: bytes) -> None:
    assert not any(group.is_answered for group in groups(body))


def test_every_group_is_answered_once() -> None:
    file = TWO + interchange(transaction("997", FUNCTIONAL), control=2) + interchange(SET, control=3)

    assert [group.group.control for group in groups(file) if group.is_answered] == ["1", "3"]


FAULTY = (
    b"SE*12*0001", b"SE*11*0001", b"SE*12*0009", b"", b"SE", b"SE*12*0001~REF*ZZ*1",
)  # fmt: skip
TRAILERS = (b"GE*3*1", b"GE*2*1", b"GE*3*4", b"", b"GE", b"GE*999999999999*1")


@given(
    sets=st.lists(st.tuples(st.sampled_from(FAULTY), st.sampled_from([b"855", b"856", b"", b"~"])), max_size=6),
    trailer=st.sampled_from(TRAILERS),
    version=st.sampled_from(["004010", "005010"]),
)
def test_our_own_acknowledgement_read_back_gives_the_same_verdicts(
    sets: list[tuple[bytes, bytes]], trailer: bytes, version: str
) -> None:
    bodies = [
        b"~".join(segment.encode() for segment in SET[:-1]).replace(b"ST*855", b"ST*" + code) + b"~" + end + b"~"
        for end, code in sets
    ]
    group = f"GS*PR*MEDL*HOSP*20261126*0915*1*X*{version}~".encode()
    body = header(marks=Delimited(version=version)).encode() + b"~" + group + b"".join(bodies) + trailer + b"~IEA*1*1~"
    (found,) = groups(body)

    written = write_functional(found, OPTIONS, NUMBERS, MORNING)
    (again,) = read(written, OPTIONS)

    assert again.findings == ()
    verdicts = re.findall(rb"[AI]K5\*(.)", written)
    assert [line.raw_codes[0].encode() for line in again.lines] == verdicts
    assert len(again.lines) == len(found.sets)
    included, received, accepted = (int(again.details[f"sets {name}"]) for name in ("included", "received", "accepted"))
    assert received == len(verdicts)
    assert accepted == sum(verdict != b"R" for verdict in verdicts) <= received
    assert included <= 999_999
    assert_group_verdict(again, verdicts)


def assert_group_verdict(again: Reading, verdicts: list[bytes]) -> None:
    is_wrong_itself = bool(again.details["group codes"])
    if is_wrong_itself or set(verdicts) <= {b"R"}:
        assert again.raw_type == "R"
    else:
        assert again.raw_type == ("P" if b"R" in verdicts else "E" if b"E" in verdicts else "A")


@pytest.mark.parametrize("hostile", ["A~ISA*00*", "*~*", "\x00\x1b", "Ä" * 400, "X" * 400, "^:>~"])
def test_nothing_a_partner_writes_breaks_out_of_our_answer(hostile: str) -> None:
    text = hostile.encode()
    others = Delimited("|", "\n", "!")
    body = interchange(SET, marks=others)
    for old in (b"GS|PR", b"|1|X|004010", b"ST|855|0001", b"SE|12|0001", b"BAK|"):
        changed = body.replace(old, old.replace(b"PR", text).replace(b"1|X|004010", text + b"|X|" + text) + text)
        for group in groups(changed):
            written = write_functional(group, OPTIONS, NUMBERS, MORNING)
            assert written.count(b"ISA*") == written.count(b"~ST*") == written.count(b"~IEA*") == 1
            assert all(segment[0] in KNOWN for segment in SegmentReader(pieces(written)))


KNOWN = {"ISA", "GS", "ST", "AK1", "AK2", "AK3", "AK4", "AK5", "IK3", "IK4", "IK5", "AK9", "SE", "GE", "IEA"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"", b"", "TA1*000000001*261126*0915*A*000"),
        (b"IEA*1*000000001", b"IEA*1*000000002", "TA1*000000001*261126*0915*E*001"),
        (b"IEA*1*", b"IEA*3*", "TA1*000000001*261126*0915*R*021"),
        (b"IEA*1*000000001~", b"", "TA1*000000001*261126*0915*R*023"),
        (b"*261126*0915*U", b"*999999*0915*U", "TA1*000000001*999999*0915*E*014"),
        (b"*261126*0915*U*00401*000000001", b"*261126*0915*U*00401*A\xc4^'<", "TA1*A '<*261126*0915*E*018"),
    ],
)
def test_a_ta1_answers_the_interchange(old: bytes, new: bytes, expected: str) -> None:
    body = interchange(SET).replace(old, new, 1)
    received = next(part for part in parts_of(body) if isinstance(part, Interchange))

    written = write_interchange_note(received, OPTIONS, NUMBERS, MORNING)
    segments = ["*".join(segment) for segment in SegmentReader(pieces(written))]

    assert segments[1:] == [expected, "IEA*0*000000007"]


def test_a_number_used_before_is_answered_with_its_code() -> None:
    received = next(part for part in parts_of(TWO) if isinstance(part, Interchange))

    written = write_interchange_note(received, OPTIONS, NUMBERS, MORNING, code="025")
    (reading,) = read(written, OPTIONS)

    assert (reading.number, reading.raw_type, reading.notes) == ("000000001", "R", ("025",))


def test_a_functional_acknowledgement_without_verdicts_has_the_groups() -> None:
    (reading,) = read(interchange(transaction("997", "AK1*PO*17\nAK2*850*1\nAK2*850*2\nAK5*A\nAK9*P*2*2*1")), OPTIONS)

    assert [(line.number, line.raw_codes) for line in reading.lines] == [("1", ("P",)), ("2", ("A",))]
    assert (reading.number, reading.details["acknowledged functional id"]) == ("17", "PO")


def test_faults_are_told_where_they_are() -> None:
    (reading,) = read(interchange(transaction("997", FUNCTIONAL)), OPTIONS)

    assert reading.lines[0].notes == ("segment 8 (PO1): code 8", "element 2: code 6")
    assert reading.lines[0].raw_codes == ("R", "5")
