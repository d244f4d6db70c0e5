"""Elements as values: numbers, dates of every release, units, item numbers, and the bound on what is told of them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.reading import IdentifierKind
from adapters.supplier.x12.dates import day_of, days_of, is_time, moment_of
from adapters.supplier.x12.fields import MOST_FINDINGS, decimal_of
from adapters.supplier.x12.options import X12Options
from tests.adapters.x12.documents import ORDER, Delimited, read_one

HEAD = "BEG*00*SA*PO-1**20261120\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"), ("-1", "-1"), ("+1.50", "1.50"), (".5", "0.5"), ("5.", "5"), ("007", "7"), ("1,5", None),
        ("1E5", None), ("NaN", None), ("1-", None), ("--1", None), ("1.2.3", None), ("²", None), ("٣", None),
        (".", None),        ("9" * 31, None), ("1_0", None), ("", None), ("- 1", None),
    ],
)  # fmt: skip
def test_a_number_is_ascii_digits_with_a_point_and_a_sign(text: str, value: str | None) -> None:
    assert decimal_of(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20261128", date(2026, 11, 28)), ("261128", date(2026, 11, 28)), ("971128", date(1997, 11, 28)),
        ("20261128-20261231", date(2026, 11, 28)), ("20260230", None), ("200902164", None), ("200", None), ("", None),
        ("2026112\uff18", None), ("PO DATE", None), ("00000000", None),
    ],
)  # fmt: skip
def test_a_day_has_six_or_eight_digits(text: str, day: date | None) -> None:
    assert day_of(text) == day


@given(st.text(max_size=40), st.text(max_size=4), st.text(max_size=4))
def test_no_text_breaks_a_date(text: str, other: str, third: str) -> None:
    assert day_of(text) is None or any(mark.isdigit() for mark in text)
    days_of(text, other)
    is_time(other)
    moment_of(text, other, third)


@pytest.mark.parametrize(
    ("segment", "version", "dates"),
    [
        ("DTM*002*20261201", "004010", [("requested delivery", date(2026, 12, 1))]),
        ("DTM*002*261201", "003040", [("requested delivery", date(2026, 12, 1))]),
        ("DTM*002*261201****20", "003040", [("requested delivery", date(2026, 12, 1))]),
        ("DTM*002*261201***19", "003060", [("requested delivery", date(1926, 12, 1))]),
        ("DTM*002****RD8*20261201-20261205", "004010", [
            ("requested delivery", date(2026, 12, 1)), ("requested delivery until", date(2026, 12, 5)),
        ]),
        ("DTM*002****D8*20261201", "004010", [("requested delivery", date(2026, 12, 1))]),
        ("DTM*002****DT*202612011030", "004010", [("requested delivery", date(2026, 12, 1))]),
        ("DTM*002***20*RD8*20261201-20261205", "003060", [
            ("requested delivery", date(2026, 12, 1)), ("requested delivery until", date(2026, 12, 5)),
        ]),
        ("DTM*ZZZ*20261201", "004010", [("ZZZ", date(2026, 12, 1))]),
        ("DTM*002", "004010", []),
    ],
)  # fmt: skip
def test_dates_of_every_release_are_read(segment: str, version: str, dates: list[object]) -> None:
    reading = read_one("850", f"{HEAD}{segment}\nPO1*1*1*EA\nCTT*1", marks=Delimited(version=version))

    assert [(one.meaning, one.on) for one in reading.dates] == dates
    assert reading.findings == ()


@pytest.mark.parametrize("segment", ["DTM*002*20261301", "DTM*002*200", "DTM*002****RD8*soon"])
def test_an_impossible_day_is_left_out_and_told(segment: str) -> None:
    reading = read_one("850", f"{HEAD}{segment}\nPO1*1*1*EA\nCTT*1")

    assert reading.dates == ()
    assert [finding.code for finding in reading.findings] == ["AK4 8"]
    assert "segment 3 (DTM), element" in reading.findings[0].position
    assert reading.is_usable


@pytest.mark.parametrize(
    ("raw", "unit", "codes"),
    [("CA", "CA", []), ("CASE", None, ["AK4 5", "AK4 7"]), ("VL", None, ["AK4 7"]), ("EA>1", "EA", None)],
)
def test_a_unit_is_a_code_of_the_list_or_unknown(raw: str, unit: str | None, codes: list[str] | None) -> None:
    reading = read_one("850", f"{HEAD}PO1*1*1*{raw}\nCTT*1")

    (line,) = reading.lines
    assert line.quantity is not None
    assert line.quantity.unit == unit
    assert line.quantity.raw_unit == raw.partition(">")[0]
    assert codes is None or sorted(finding.code for finding in reading.findings) == codes


def test_a_profile_may_say_what_a_unit_means() -> None:
    reading = read_one("850", f"{HEAD}PO1*1*1*CS\nCTT*1", X12Options(units={"CS": "CA"}))

    assert reading.lines[0].quantity is not None
    assert reading.lines[0].quantity.unit == "CA"


@pytest.mark.parametrize(
    ("pair", "kind", "normalised"),
    [
        ("UP*614141000036", IdentifierKind.GTIN, "00614141000036"),
        ("EN*4006381333931", IdentifierKind.GTIN, "04006381333931"),
        ("UK*10614141000415", IdentifierKind.GTIN, "10614141000415"),
        ("UK*10614141000416", IdentifierKind.OTHER, "10614141000416"),
        ("EN*R08916DSSDDBDI7", IdentifierKind.OTHER, "R08916DSSDDBDI7"),
        ("N4*00012345678", IdentifierKind.NDC, "00012345678"),
        ("N3*12345-6789-1", IdentifierKind.NDC, "12345678901"),
        ("VC*X", IdentifierKind.SUPPLIER_ITEM, "X"),
        ("SK*X", IdentifierKind.BUYER_ITEM, "X"),
        ("MG*X", IdentifierKind.MANUFACTURER_ITEM, "X"),
        ("HI*+A123BJC5D6E71", IdentifierKind.HIBC, "+A123BJC5D6E71"),
        ("C4*X", IdentifierKind.OTHER, "X"),
    ],
)
def test_an_item_number_keeps_its_qualifier_and_is_normalised(pair: str, kind: IdentifierKind, normalised: str) -> None:
    (found,) = read_one("850", f"{HEAD}PO1*1*1*EA*2**{pair}\nCTT*1").lines[0].identifiers

    assert f"{found.qualifier}*{found.value}" == pair
    assert (found.kind, found.normalised) == (kind, normalised)


@pytest.mark.parametrize(
    ("elements", "believed"),
    [
        ("*UP*614141000036*VP*X", []),
        ("X-1*VP*Y-2*BP", []),
        ("VP*X*12345*BP*UK*10614141000415", ["X", "10614141000415"]),
        ("VP**BP*Y", ["Y"]),
        ("**VP*X", ["X"]),
    ],
)
def test_pairs_out_of_step_are_not_believed(elements: str, believed: list[str]) -> None:
    reading = read_one("850", f"{HEAD}PO1*1*1*EA*2**{elements}\nCTT*1")

    assert [one.value for one in reading.lines[0].identifiers] == believed
    is_misplaced = elements.startswith(("*UP", "X-1", "VP*X*1"))
    assert [finding.code for finding in reading.findings] == (["AK4 7"] if is_misplaced else [])


def test_what_is_wrong_throughout_is_told_of_a_bounded_number_of_times() -> None:
    lines = "\n".join("PO1*1*bad*EA*worse**??*X" for _ in range(5_000))

    reading = read_one("850", f"{HEAD}{lines}\nCTT*1")

    assert MOST_FINDINGS < len(reading.findings) <= 3 * MOST_FINDINGS
    assert not reading.is_usable


def test_no_finding_repeats_what_was_sent() -> None:
    secret = "S3CRET"
    body = ORDER.replace("*10*BX*12.50", f"*{secret}*{secret}*{secret}").replace("*20261201", f"*{secret}")

    reading = read_one("850", body.replace("UK*10614141000415", f"UK*{secret}*a?b*{secret}"))

    assert len(reading.findings) > 4
    assert all(secret not in str(finding) for finding in reading.findings)
