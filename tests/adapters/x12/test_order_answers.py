"""855 and 865: what a supplier's codes, alone and together, say of a line."""

from datetime import date
from decimal import Decimal

import pytest

from adapters.documents.reading import Disposition, Reading
from adapters.supplier.x12.answers import KINDS
from adapters.supplier.x12.options import X12Options
from domain.acknowledgement import AnswerKind
from tests.adapters.x12.documents import ANSWER, SELLERS_CHANGE, read_one

ACCEPTED, CHANGED, REJECTED = AnswerKind.ACCEPTED, AnswerKind.CHANGED, AnswerKind.REJECTED
BACKORDERED, SUBSTITUTED, ON_HOLD = AnswerKind.BACKORDERED, AnswerKind.SUBSTITUTED, AnswerKind.ON_HOLD
LINE = "PO1*1*10*BX*12.50**VP*GLV-M"

Said = list[tuple[AnswerKind | None, int | None]]


def answered(*acks: str, bak: str = "AC", line: str = LINE, options: X12Options | None = None) -> Reading:
    body = "\n".join([f"BAK*00*{bak}*PO-4711*20261120", line, *acks, "CTT*1"])
    return read_one("855", body, options)


def said(reading: Reading) -> Said:
    return [(one.kind, None if one.quantity is None else int(one.quantity.value)) for one in dispositions(reading)]


def dispositions(reading: Reading) -> tuple[Disposition, ...]:
    return reading.lines[0].dispositions


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_an_answer_is_read_whole() -> None:
    reading = read_one("855", ANSWER)

    assert (reading.po_number, reading.raw_type, reading.purpose) == ("PO-4711", "AC", "original")
    assert reading.issued_on == date(2026, 11, 21)
    assert [one.value for one in reading.references] == ["SO-99"]
    first, second = reading.lines
    assert [one.promised_on for one in first.dispositions] == [date(2026, 12, 1), date(2026, 12, 15)]
    assert second.dispositions[0].unit_price == Decimal(81)
    assert second.dispositions[0].promised_on == date(2026, 12, 5)
    assert reading.findings == ()


def test_every_code_of_the_list_has_a_kind() -> None:
    listed = "IA AR AC AA IQ IP DR IS IC IE SP IB BP IH IF IW ID IR R1 R2 R3 R4 R5 R6 R7 R8"

    assert set(KINDS) == set(listed.split())
    assert {KINDS[code] for code in ("IF", "IW", "IH")} == {ON_HOLD}


@pytest.mark.parametrize(
    ("acks", "expected"),
    [
        (["ACK*IA"], [(ACCEPTED, 10)]),
        (["ACK*IA*10*BX"], [(ACCEPTED, 10)]),
        (["ACK*IA*6*BX"], [(ACCEPTED, 6)]),
        (["ACK*IA*6*BX", "ACK*IB*4*BX"], [(ACCEPTED, 6), (BACKORDERED, 4)]),
        (["ACK*IA*6*BX", "ACK*IB*3*BX"], [(ACCEPTED, 6), (BACKORDERED, 3)]),
        (["ACK*IA*5*BX*067*20261201", "ACK*IA*5*BX*067*20270101"], [(ACCEPTED, 5), (ACCEPTED, 5)]),
        (["ACK*IP*6*BX", "ACK*DR*4*BX"], [(CHANGED, 6), (CHANGED, 4)]),
        (["ACK*IP", "ACK*DR***067*20261205"], [(CHANGED, None)]),
        (["ACK*IP*10*BX", "ACK*DR*10*BX*067*20261205", "ACK*IQ*20*BX", "ACK*IS"], [(SUBSTITUTED, 20)]),
        (["ACK*IA*10*BX", "ACK*IQ*8*BX"], [(CHANGED, 8)]),
        (["ACK*IA", "ACK*IE"], [(ACCEPTED, None)]),
        (["ACK*BP*6*BX"], [(ACCEPTED, 6), (BACKORDERED, 4)]),
        (["ACK*IR*0*BX"], [(REJECTED, 10)]),
        (["ACK*IB*0*BX"], [(BACKORDERED, 10)]),
        (["ACK*IA*10*BX", "ACK*IB*0*BX"], [(ACCEPTED, 10)]),
        (["ACK*IR", "ACK*R2"], [(REJECTED, None)]),
        (["ACK*R4"], [(REJECTED, 10)]),
        (["ACK*SP"], [(ACCEPTED, 10)]),
    ],
    ids=lambda value: " ".join(value) if value and isinstance(value[0], str) else None,
)
def test_acks_are_a_split_or_the_attributes_of_one_quantity(acks: list[str], expected: Said) -> None:
    reading = answered(*acks)

    assert said(reading) == expected
    assert reading.is_usable


@pytest.mark.parametrize(
    "acks",
    [
        ["ACK*IA*4*BX", "ACK*IA*4*BX"],
        ["ACK*IA", "ACK*IA"],
        ["ACK*IA", "ACK*IR"],
        ["ACK*IA*10*BX", "ACK*IB*10*BX"],
        ["ACK*IA*6*BX", "ACK*IB"],
        ["ACK*IA*6*BX", "ACK*IQ*3*BX"],
        ["ACK*IA*6*BX", "ACK*IS*3*BX"],
        ["ACK*IA*8*BX", "ACK*IB*8*BX"],
        ["ACK*IP*10*BX*067*20261201", "ACK*DR*10*BX*067*20261205"],
        ["ACK*IQ*8*BX*067*20261201", "ACK*DR*10*BX*067*20261205"],
        ["ACK*IA*6*BX", "ACK*IB*4*EA"],
        ["ACK*IB*6*BX", "ACK*IR*2*BX", "ACK*IR*2*BX", "ACK*IA*9*BX"],
        ["ACK*BP"],
        ["ACK*BP*10*BX"],
        ["ACK*BP*6*EA"],
    ],
    ids=" ".join,
)
def test_acks_that_can_be_read_two_ways_are_for_a_person(acks: list[str]) -> None:
    reading = answered(*acks)

    assert codes(reading) == ["ambiguous"]
    assert reading.findings[0].position.endswith("segment 4 (ACK)")
    assert not reading.is_usable
    assert [one.raw_codes[0] for one in dispositions(reading)] == [ack.split("*")[1] for ack in acks]


@pytest.mark.parametrize(
    ("bak", "expected", "whole"),
    [
        ("AT", [(ACCEPTED, 10)], None),
        ("AD", [(ACCEPTED, 10)], None),
        ("AE", [(ACCEPTED, 10)], ACCEPTED),
        ("RJ", [(REJECTED, 10)], None),
        ("RD", [(REJECTED, 10)], None),
        ("RN", [(REJECTED, 10)], None),
        ("RF", [(REJECTED, 10)], None),
        ("AH", [(ON_HOLD, 10)], None),
        ("AC", [(CHANGED, 10)], None),
        ("RO", [(CHANGED, 10)], None),
        ("AK", [], None),
        ("NA", [(None, 10)], None),
        ("AP", [(None, 10)], None),
        ("ZZ", [(None, 10)], None),
    ],
)
def test_a_line_without_ack_means_what_the_header_says(bak: str, expected: Said, whole: AnswerKind | None) -> None:
    reading = answered(bak=bak)

    assert said(reading) == expected
    assert reading.whole_answer is whole


@pytest.mark.parametrize(
    ("bak", "whole"),
    [
        ("AT", ACCEPTED), ("AD", ACCEPTED), ("AE", ACCEPTED), ("RJ", REJECTED), ("RD", REJECTED), ("RN", REJECTED),
        ("AH", ON_HOLD), ("AK", None), ("AC", None), ("AP", None), ("NA", None), ("ZZ", None),
    ],
)  # fmt: skip
def test_an_answer_without_lines_speaks_of_the_whole_order(bak: str, whole: AnswerKind | None) -> None:
    reading = read_one("855", f"BAK*00*{bak}*PO-4711*20261120\nCTT*0")

    assert reading.whole_answer is whole
    assert reading.is_usable


@pytest.mark.parametrize("bak", ["AD", "NA", "AE", "AT", "RJ", "AK"])
def test_a_lines_ack_beats_the_header(bak: str) -> None:
    assert said(answered("ACK*IR*10*BX", bak=bak)) == [(REJECTED, 10)]
    assert said(answered("ACK*IA*10*BX", bak=bak)) == [(ACCEPTED, 10)]


def test_received_may_mean_accepted_with_a_partner_that_says_so() -> None:
    options = X12Options(received_means_accepted=True)

    assert said(answered(bak="AK", options=options)) == [(ACCEPTED, 10)]
    assert read_one("855", "BAK*00*AK*PO-1*20261120", options).whole_answer is ACCEPTED


def test_lines_left_out_mean_what_the_profile_says() -> None:
    options = X12Options(silent_lines=AnswerKind.REJECTED)

    assert answered("ACK*IA", options=options).whole_answer is REJECTED
    assert answered("ACK*IA").whole_answer is None


def test_an_unknown_status_is_an_error_at_its_element() -> None:
    reading = answered("ACK*XX*10*BX")

    assert codes(reading) == ["AK4 7"]
    assert reading.findings[0].position.endswith("segment 4 (ACK), element 1")
    assert dispositions(reading)[0].kind is None
    assert "XX" not in str(reading.findings[0])


def test_a_negative_quantity_is_an_error() -> None:
    assert not answered("ACK*IA*-5*BX").is_usable


def test_the_partners_own_reason_is_kept() -> None:
    reading = answered("ACK*IR*10*BX" + "*" * 26 + "DISC", "MSG*No longer made")

    assert dispositions(reading)[0].reason == "DISC"
    assert reading.lines[0].notes == ("No longer made",)


@pytest.mark.parametrize(
    ("numbers", "item"),
    [
        ("VP*GLV-N", "GLV-N"),
        ("BP*OURS*VP*GLV-N", "GLV-N"),
        ("BP*OURS*UK*10614141000415", "10614141000415"),
        ("BP*OURS", None),
        ("ZB*X1", "X1"),
    ],
)
def test_a_substitute_is_known_by_the_suppliers_number(numbers: str, item: str | None) -> None:
    assert dispositions(answered(f"ACK*IS*10*BX****{numbers}"))[0].item == item


def test_a_schedule_that_adds_up_splits_an_answer() -> None:
    reading = answered("ACK*IA*10*BX", "SCH*6*BX***067*20261201", "SCH*4*BX***067*20261215")

    assert said(reading) == [(ACCEPTED, 6), (ACCEPTED, 4)]
    assert [one.promised_on for one in dispositions(reading)] == [date(2026, 12, 1), date(2026, 12, 15)]


def test_a_schedule_that_does_not_add_up_is_told_and_left_out() -> None:
    reading = answered("ACK*IA*10*BX", "SCH*6*BX***067*20261201")

    assert said(reading) == [(ACCEPTED, 10)]
    assert codes(reading) == ["SCH01"]


@pytest.mark.parametrize(
    ("segments", "promised"),
    [
        (["ACK*IA*10*BX*067*20261201"], date(2026, 12, 1)),
        (["ACK*IA*10*BX", "DTM*017*20261202"], date(2026, 12, 2)),
        (["DTM*017*20261203", "ACK*IA*10*BX"], date(2026, 12, 3)),
        (["DTM*002*20261203", "ACK*IA*10*BX"], None),
        (["ACK*IA*10*BX", "DTM*011*20261203"], None),
        (["DTM*017*20261203", "ACK*IR*10*BX"], None),
    ],
)
def test_a_promise_is_a_day_of_the_answer_or_of_its_line(segments: list[str], promised: date | None) -> None:
    assert dispositions(answered(*segments))[0].promised_on == promised


def test_a_price_may_stand_in_its_own_segment() -> None:
    reading = answered("CTP**CON*13.75", "ACK*IP", line="PO1*1*10*BX***VP*GLV-M")

    assert reading.lines[0].unit_price == dispositions(reading)[0].unit_price == Decimal("13.75")


def test_a_basis_of_price_is_not_a_unit_but_may_be_a_number_of_them() -> None:
    assert answered(line="PO1*1*10*BX*12.50*CA*VP*X").lines[0].price_quantity is None
    assert answered(line="PO1*1*1000*EA*12.50*HP*VP*X").lines[0].price_quantity == Decimal(100)


def test_an_amount_under_a_line_does_not_end_the_lines() -> None:
    body = "BAK*00*AC*PO-4711*20261120\nPO1*1*1*EA*2\nACK*IA\nAMT*1*2\nPO1*2*3*EA*4\nACK*IA\nAMT*1*12\nCTT*2\nAMT*TT*14"

    reading = read_one("855", body)

    assert len(reading.lines) == 2
    assert reading.totals.gross == Decimal(14)


def test_a_sellers_change_says_what_becomes_of_each_line() -> None:
    reading = read_one("865", SELLERS_CHANGE)

    assert [line.change for line in reading.lines] == ["change", "delete"]
    assert [line.dispositions[0].kind for line in reading.lines] == [CHANGED, REJECTED]
    assert [line.raw_codes for line in reading.lines] == [("CA",), ("DI",)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("NC", ACCEPTED),
        ("PC", CHANGED),
        ("QD", CHANGED),
        ("DI", REJECTED),
        ("CF", REJECTED),
        ("RC", None),
        ("??", None),
    ],
)
def test_a_change_without_ack_means_what_its_code_says(change: str, kind: AnswerKind | None) -> None:
    reading = read_one("865", f"BCA*04*AC*PO-4711***20261123\nPOC*1*{change}*8*8*BX*12.50**VP*GLV-M\nCTT*1")

    assert dispositions(reading)[0].kind is kind
