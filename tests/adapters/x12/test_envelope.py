"""Interchanges, groups and sets: control numbers, counts, limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.supplier.x12.addressing import address_faults
from adapters.supplier.x12.envelope import MOST_CHARACTERS, MOST_SEGMENTS, Group, Interchange, UsedNumbers
from adapters.supplier.x12.options import X12Options
from adapters.supplier.x12.reading import ReadSet, read
from tests.adapters.x12.documents import ANSWER, INVOICE, ORDER, header, interchange, parts_of, transaction

BODY = interchange(transaction("850", ORDER))


def faults(body: bytes, options: X12Options | None = None) -> list[tuple[str, str, bool]]:
    return [
        (fault.level.value, fault.code, fault.is_fatal) for part in parts_of(body, options) for fault in part.faults
    ]


def changed(old: str, new: str) -> bytes:
    assert old.encode() in BODY
    return BODY.replace(old.encode(), new.encode())


def test_an_interchange_in_order_has_no_fault() -> None:
    assert faults(BODY) == []
    assert [type(part) for part in parts_of(BODY)] == [ReadSet, Group, Interchange]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("SE*16*0001", "SE*15*0001", ("AK5", "4", True)),
        ("SE*16*0001", "SE**0001", ("AK5", "4", True)),
        ("SE*16*0001", "SE*16*0002", ("AK5", "3", True)),
        ("SE*16*0001~", "", ("AK5", "2", True)),
        ("ST*850*0001", "ST*850", ("AK5", "7", True)),
        ("ST*850*", "ST*999999*", ("AK5", "1", True)),
        ("GE*1*1", "GE*2*1", ("AK9", "5", True)),
        ("GE*1*1", "GE*1*2", ("AK9", "4", True)),
        ("GE*1*1~", "", ("AK9", "3", True)),
        ("0915*1*X", "0915**X", ("AK9", "6", True)),
        ("IEA*1*000000001", "IEA*2*000000001", ("TA1", "021", True)),
        ("IEA*1*000000001", "IEA*1*000000009", ("TA1", "001", False)),
        ("IEA*1*000000001~", "", ("TA1", "023", True)),
        ("*261126*0915*U", "*269926*0915*U", ("TA1", "014", False)),
        ("*261126*0915*U", "*261126*2560*U", ("TA1", "015", False)),
        ("*0*P*>", "*0*X*>", ("TA1", "020", False)),
        ("*0*P*>", "*7*P*>", ("TA1", "019", False)),
    ],
)
def test_each_fault_of_an_envelope_has_its_code(old: str, new: str, expected: tuple[str, str, bool]) -> None:
    assert expected in faults(changed(old, new))


@pytest.mark.parametrize("count", ["9" * 5_000, "²", "1e1", "-1"])
def test_a_count_that_is_no_number_is_a_wrong_count(count: str) -> None:
    assert ("AK5", "4", True) in faults(changed("SE*16*0001", f"SE*{count}*0001").decode().encode("utf-8"))


def test_leading_zeros_of_control_numbers_are_no_difference() -> None:
    assert faults(changed("SE*16*0001", "SE*16*1").replace(b"GE*1*1", b"GE*1*01")) == []


def test_a_partner_that_always_miscounts_is_forgiven_by_its_profile() -> None:
    body = changed("SE*16*0001", "SE*15*0001").replace(b"GE*1*1", b"GE*3*1")
    lenient = X12Options(refuse_wrong_counts=False)

    assert faults(body, lenient) == [("AK5", "4", False), ("AK9", "5", False)]
    assert read(body, lenient)[0].is_usable
    assert not read(body, X12Options())[0].is_usable


def test_a_set_number_used_twice_in_a_group_is_a_fault_of_the_second() -> None:
    first, second = transaction("855", ANSWER, control="0007"), transaction("855", ANSWER, control="7")

    assert faults(interchange(first, second)) == [("AK5", "23", True)]
    assert faults(interchange(first) + interchange(second, control=2)) == []


@given(
    st.lists(
        st.one_of(st.integers(0, 30).map(str), st.integers(0, 9).map("000{}".format), st.text(min_size=1, max_size=3))
    )
)
def test_used_numbers_are_remembered_as_a_set_would(numbers: list[str]) -> None:
    used, seen = UsedNumbers(), set[str]()
    for number in numbers:
        plain = number.lstrip("0") or "0"
        assert used.add(number) == (plain in seen)
        seen.add(plain)


def test_a_refused_group_says_so_whatever_its_sets_are() -> None:
    parts = parts_of(changed("GE*1*1", "GE*1*2"))

    assert [part.reading.is_usable for part in parts if isinstance(part, ReadSet)] == [True]
    assert [part.is_refused for part in parts if isinstance(part, Group)] == [True]
    assert [part.is_refused for part in parts if isinstance(part, Interchange)] == [False]


def test_a_half_transmitted_file_refuses_its_last_set_and_its_interchange() -> None:
    parts = parts_of(BODY[: BODY.index(b"PO1*2")])

    assert [part.is_refused for part in parts if not isinstance(part, ReadSet)] == [True, True]
    assert [part.reading.is_usable for part in parts if isinstance(part, ReadSet)] == [False]


def test_a_ta1_is_read_wherever_it_stands() -> None:
    note = "TA1*000000017*261126*0915*R*025"
    alone = (header() + "~" + note + "~IEA*0*000000001~").encode()
    among = BODY.replace(b"~GS*", f"~{note}~GS*".encode())

    for body in (alone, among, note.encode() + b"~"):
        readings = [reading for reading in read(body, X12Options()) if reading.raw_type == "R"]
        assert [(reading.number, reading.notes) for reading in readings] == [("000000017", ("025",))]
    assert faults(alone) == []


def test_a_segment_outside_every_set_is_told_of_but_not_a_million_times() -> None:
    assert faults(BODY.replace(b"GE*1", b"REF*ZZ*1~GE*1")) == [("TA1", "024", False)]
    assert len(faults(BODY.replace(b"GE*1", b"REF*ZZ*1~" * 5_000 + b"GE*1"))) < 50


def test_interchange_services_we_do_not_need_are_no_fault() -> None:
    assert faults(BODY.replace(b"~GS*", b"~ISB*1~ISE*200601*0515*04~GS*")) == []


def test_a_set_longer_than_its_limit_is_kept_up_to_it_and_refused() -> None:
    line = "IT1*1*1*EA*1**VP*X"
    body = interchange(["ST*810*0001", *[line] * MOST_SEGMENTS, f"SE*{MOST_SEGMENTS + 2}*0001"])

    (part,) = [part for part in parts_of(body) if isinstance(part, ReadSet)]

    assert len(part.source.segments) == MOST_SEGMENTS + 1
    assert "AK5 5" in {finding.code for finding in part.reading.findings}
    assert "AK5 4" not in {finding.code for finding in part.reading.findings}
    assert not part.reading.is_usable


def test_a_set_of_few_but_endless_segments_is_kept_up_to_its_limit() -> None:
    text = "MSG*" + "x" * 90_000
    body = interchange(["ST*850*0001", *[text] * (MOST_CHARACTERS // 90_000 + 5), "SE*1*0001"])

    (part,) = [part for part in parts_of(body) if isinstance(part, ReadSet)]

    assert sum(len(segment[-1]) for segment in part.source.segments) <= MOST_CHARACTERS


def test_the_readings_of_sets_do_not_depend_on_their_order() -> None:
    sets = [transaction("855", body, control=f"{n:04}") for n, body in enumerate([ANSWER, INVOICE, ORDER], start=1)]

    forwards, backwards = read(interchange(*sets), X12Options()), read(interchange(*sets[::-1]), X12Options())

    assert forwards == backwards[::-1]


def test_what_a_repeated_transmission_repeats_is_its_message_id() -> None:
    again, other = parts_of(BODY), parts_of(interchange(transaction("850", ORDER), control=2))

    ids = [part.reading.message_id for part in (*parts_of(BODY), *again, *other) if isinstance(part, ReadSet)]

    assert ids[0] == ids[1] == "ZZ/MEDL:ZZ/HOSP:000000001:1:850:0001"
    assert ids[2] != ids[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"their_id": "OTHER"}, ["007"]),
        ({"their_qualifier": "01"}, ["007"]),
        ({"our_id": "OTHER", "their_id": "OTHER"}, ["007", "009"]),
        ({"our_id": "OTHER", "check_sender": False}, []),
    ],
)
def test_an_interchange_is_from_this_partner_and_for_us(change: dict[str, object], expected: list[str]) -> None:
    options = X12Options(our_id="HOSP", their_id="MEDL").model_copy(update=change)
    received = next(part for part in parts_of(BODY) if isinstance(part, Interchange))

    assert [fault.code for fault in address_faults(received, options)] == expected
    assert all(fault.is_fatal for fault in address_faults(received, options))
