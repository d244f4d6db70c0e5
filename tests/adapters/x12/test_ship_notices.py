"""856: a tree of levels, whatever a sender claims its structure is."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from adapters.documents.reading import Reading
from adapters.supplier.x12.options import X12Options
from tests.adapters.x12.documents import NOTICE, read_one

SSCC = "106141410000000019"


def shipped(*segments: str, options: X12Options | None = None) -> Reading:
    return read_one("856", "\n".join(["BSN*00*ASN-5*20261128*1030*0001", *segments]), options)


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_a_notice_is_read_whole() -> None:
    reading = read_one("856", NOTICE)

    assert (reading.number, reading.po_number, reading.raw_type) == ("ASN-5", "PO-4711", "0001")
    assert reading.issued_at == datetime(2026, 11, 28, 10, 30)  # noqa: DTZ001 - the sender names no zone
    assert (reading.carrier, reading.tracking) == ("FedEx Ground", ("794612345678",))
    assert {(one.meaning, one.on) for one in reading.dates} == {
        ("shipped", date(2026, 11, 28)),
        ("expected", date(2026, 12, 1)),
    }
    assert reading.packages == (SSCC,)
    assert reading.details["levels"] == "SOPII"
    assert {name: reading.details[name] for name in ("packages", "weight", "carrier code")} == {
        "packages": "2", "weight": "18.5 LB", "carrier code": "FDEG",
    }  # fmt: skip
    first, second = reading.lines
    assert first.quantity is not None
    assert first.ordered is not None
    assert (first.quantity.value, first.ordered.value, first.packages) == (Decimal(6), Decimal(10), (SSCC,))
    assert [(lot.lot, lot.expires_on) for line in (first, second) for lot in line.lots] == [
        ("LOT-A", date(2028, 12, 31)),
        ("LOT-B", date(2029, 1, 31)),
    ]
    assert reading.findings == ()


@pytest.mark.parametrize("numbering", ["blank", "zeros"])
def test_parents_may_be_left_out_or_padded(numbering: str) -> None:
    body = "\n".join(
        line if not line.strip().startswith("HL") else without_parent(line.strip(), numbering)
        for line in NOTICE.splitlines()
    )
    reading, expected = read_one("856", body), read_one("856", NOTICE)

    assert [line.po_number for line in reading.lines] == ["PO-4711"] * 2
    assert [line.packages for line in reading.lines] == [line.packages for line in expected.lines]
    assert reading.is_usable
    assert set(codes(reading)) == ({"HL02"} if numbering == "blank" else set())


def without_parent(line: str, numbering: str) -> str:
    name, own, parent, level, *_ = line.split("*")
    return "*".join([name, own, "" if numbering == "blank" or not parent else parent.zfill(3), level])


def test_a_partner_may_be_held_to_naming_parents() -> None:
    assert not read_one("856", NOTICE.replace("HL*2*1*O", "HL*2**O"), X12Options(infer_parents=False)).is_usable


@pytest.mark.parametrize("parent", ["9", "4", "3"], ids=["unknown", "later", "itself"])
def test_an_orphan_or_a_cycle_is_refused(parent: str) -> None:
    reading = read_one("856", NOTICE.replace("HL*3*2*P", f"HL*3*{parent}*P"))

    assert codes(reading) == ["HL02"]
    assert reading.findings[0].position.endswith("segment 12 (HL), element 2")
    assert not reading.is_usable


def test_a_level_number_used_twice_is_refused() -> None:
    assert codes(read_one("856", NOTICE.replace("HL*5*3*I", "HL*4*3*I"))) == ["HL01"]


def test_a_tree_deeper_than_any_shipment_is_refused_in_good_time() -> None:
    deep = [segment for n in range(2, 5_000) for segment in (f"HL*{n}*{n - 1}*I", f"SN1*{n}*1*EA", "MAN*CP*X")]

    assert not shipped("HL*1**S", *deep).is_usable


@pytest.mark.parametrize(
    "order",
    [
        ["HL*2*1*O", "PRF*PO-4711", "HL*3*2*I", "SN1**1*EA"],
        ["HL*3*1*I", "SN1**1*EA", "PRF*PO-4711"],
        ["HL*2*1*O", "REF*PO*PO-4711", "HL*3*2*P", "HL*4*3*I", "SN1**1*EA"],
        ["HL*2*1*O", "PRF*OTHER", "HL*3*2*I", "PRF*PO-4711", "SN1**1*EA"],
        ["HL*2*1*P", "HL*3*2*O", "PRF*PO-4711", "HL*4*3*I", "SN1**1*EA"],
        ["PRF*PO-4711", "HL*2*1*I", "SN1**1*EA"],
    ],
)
def test_the_order_is_the_nearest_one_named_above_an_item(order: list[str]) -> None:
    assert [line.po_number for line in shipped("HL*1**S", *order).lines] == ["PO-4711"]


def test_several_orders_in_one_notice_are_told_apart() -> None:
    reading = shipped(
        "HL*1**S", "HL*2*1*O", "PRF*A", "HL*3*2*I", "SN1**1*EA", "HL*4*1*O", "PRF*B", "HL*5*4*I", "SN1**2*EA"
    )

    assert [line.po_number for line in reading.lines] == ["A", "B"]
    assert reading.po_number is None


def test_packs_below_an_item_repeat_its_quantity_and_are_never_added_up() -> None:
    reading = shipped(
        "HL*1**S", "HL*2*1*O", "PRF*A", "HL*3*2*I", "LIN**VP*X", "SN1**10*EA",
        "HL*4*3*P", f"MAN*GM*00{SSCC}", "SN1**6*EA", "REF*LT*L1",
        "HL*5*3*P", "MAN*CP*CARTON-2", "SN1**4*EA", "REF*LT*L2",
    )  # fmt: skip

    (line,) = reading.lines
    assert line.quantity is not None
    assert line.quantity.value == 10
    assert line.packages == (SSCC, "CARTON-2")
    assert [(lot.lot, str(lot.quantity and lot.quantity.value)) for lot in line.lots] == [("L1", "6"), ("L2", "4")]


@pytest.mark.parametrize(
    ("mark", "read"),
    [
        (f"GM*00{SSCC}", SSCC),
        (f"GM*{SSCC}", SSCC),
        (f"GM*(00){SSCC}", SSCC),
        (f"AA*{SSCC}", SSCC),
        ("CP*1Z999AA10123456784", "1Z999AA10123456784"),
    ],
)
def test_a_logistic_unit_is_eighteen_digits_with_or_without_its_prefix(mark: str, read: str) -> None:
    reading = shipped("HL*1**S", "HL*2*1*P", f"MAN*{mark}", "HL*3*2*I", "SN1**1*EA")

    assert reading.lines[0].packages == (read,)
    assert reading.findings == ()


@pytest.mark.parametrize("mark", ["1234567890123456", "00106141410000000018", "CARTON"])
def test_a_mark_that_is_no_sscc_is_kept_and_told(mark: str) -> None:
    reading = shipped("HL*1**S", "HL*2*1*P", f"MAN*GM*{mark}", "HL*3*2*I", "SN1**1*EA")

    assert codes(reading) == ["sscc"]
    assert reading.lines[0].packages[0].endswith(mark.removeprefix("00"))
    assert reading.is_usable


@pytest.mark.parametrize(
    ("segments", "lots"),
    [
        (["LIN**VP*X*LT*L1", "SN1**4*EA", "DTM*036*20281231"], [("L1", None, date(2028, 12, 31), 4)]),
        (["LIN**VP*X*B8*L1", "SN1**4*EA", "DTM*208*20281231"], [("L1", None, date(2028, 12, 31), 4)]),
        (["LIN**VP*X", "SN1**4*EA", "REF*LT*L1", "DTM*511*20281231"], [("L1", None, date(2028, 12, 31), 4)]),
        (["LIN**VP*X", "SN1**4*EA", "REF*BT*L1"], [("L1", None, None, 4)]),
        (["LIN**VP*X", "SN1**2*EA", "REF*SE*S1", "REF*SE*S2"], [(None, "S1", None, 1), (None, "S2", None, 1)]),
        (["LIN**VP*X*LT*L1*SN*S1", "SN1**1*EA"], [("L1", "S1", None, 1)]),
        (["LIN**VP*X", "SN1**3*EA", "REF*LS*S1", "REF*LS*S2"], [(None, "S1", None, None), (None, "S2", None, None)]),
        (["LIN**VP*LT*BP*SN", "SN1**3*EA"], []),
    ],
)  # fmt: skip
def test_lots_serials_and_their_expiry_are_read(segments: list[str], lots: list[object]) -> None:
    reading = shipped("HL*1**S", "HL*2*1*I", *segments)

    found = reading.lines[0].lots
    assert [(one.lot, one.serial, one.expires_on, one.quantity and one.quantity.value) for one in found] == lots


def test_several_lots_in_one_item_keep_their_own_expiry_and_no_quantity() -> None:
    reading = shipped(
        "HL*1**S", "HL*2*1*I", "SN1**5*EA", "REF*LT*L1", "DTM*036*20281231", "REF*LT*L2", "DTM*036*20291231"
    )

    lots = reading.lines[0].lots
    assert [(lot.lot, lot.expires_on, lot.quantity) for lot in lots] == [
        ("L1", date(2028, 12, 31), None),
        ("L2", date(2029, 12, 31), None),
    ]
    assert codes(reading) == ["lot"]


def test_the_lot_of_a_pack_is_that_of_the_items_in_it() -> None:
    reading = shipped("HL*1**S", "HL*2*1*P", "REF*LT*L1", "DTM*036*20281231", "HL*3*2*I", "SN1**5*EA")

    assert [(lot.lot, lot.expires_on) for lot in reading.lines[0].lots] == [("L1", date(2028, 12, 31))]


def test_an_item_without_a_quantity_or_with_two_is_refused() -> None:
    assert codes(shipped("HL*1**S", "HL*2*1*I", "LIN**VP*X")) == ["SN102"]
    assert codes(shipped("HL*1**S", "HL*2*1*I", "LIN**VP*X", "SN1**1*EA", "LIN**VP*Y", "SN1**1*EA")) == ["SN1"]


def test_a_notice_without_item_levels_takes_whatever_has_a_quantity() -> None:
    assert [line.quantity.value for line in shipped("HL*1**S", "HL*2*1*P", "SN1**7*EA").lines if line.quantity] == [7]


@pytest.mark.parametrize("count", ["3", "1"])
def test_the_control_total_counts_levels_or_items(count: str) -> None:
    assert codes(shipped("HL*1**S", "HL*2*1*O", "HL*3*2*I", "SN1**1*EA", f"CTT*{count}")) == []


def test_a_control_total_that_counts_nothing_is_told() -> None:
    assert codes(shipped("HL*1**S", "HL*2*1*O", "HL*3*2*I", "SN1**1*EA", "CTT*9")) == ["CTT01"]


def test_universal_time_is_known_and_every_other_zone_is_the_partners() -> None:
    dates = shipped("DTM*011*20261128*1030*UT", "DTM*017*20261201*0800*ET", "HL*1**I", "SN1**1*EA").dates

    assert [one.at for one in dates] == [
        datetime(2026, 11, 28, 10, 30, tzinfo=UTC),
        datetime(2026, 12, 1, 8, 0),  # noqa: DTZ001 - the sender names no offset
    ]


def test_a_wide_shipment_is_read_in_good_time() -> None:
    items = [segment for n in range(2, 8_000) for segment in (f"HL*{n}**I", f"SN1*{n}*1*EA", f"MAN*CP*{n}")]

    reading = shipped("HL*1**S", *(f"MAN*CP*S{n}" for n in range(3_000)), *items)

    assert len(reading.lines) == 7_998
    assert sum(line.quantity.value for line in reading.lines if line.quantity) == Decimal(7_998)
    assert len(reading.findings) == 500


def test_packs_beside_each_other_are_not_inside_each_other_where_parents_are_inferred() -> None:
    reading = shipped(
        "HL*1**S", "HL*2**P", "MAN*CP*A", "HL*3**I", "SN1**1*EA", "HL*4**P", "MAN*CP*B", "HL*5**I", "SN1**2*EA"
    )

    assert [line.packages for line in reading.lines] == [("A",), ("B",)]
