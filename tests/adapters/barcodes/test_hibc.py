"""HIBC labels: what they say, and that nothing with a wrong character is believed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.barcodes.hibc import CHARACTERS, has_check_character
from adapters.barcodes.scan import Precision, Symbols, scan


def checked(text: str) -> str:
    """Return a barcode with its check character."""
    return text + CHARACTERS[sum(CHARACTERS.index(mark) for mark in text) % len(CHARACTERS)]


@pytest.mark.parametrize(
    "text", ["+A123BJC5D6E71G", "+H123ABC01234567890D", "+$$52001510X3GD", "+A99912345/$$52001510X33"]
)
def test_the_examples_of_the_standard_have_their_check_character(text: str) -> None:
    assert has_check_character(text)
    assert scan(text).symbols is Symbols.HIBC


def test_a_primary_barcode_names_the_item() -> None:
    found = scan("+A123BJC5D6E71G")
    assert (found.hibc, found.labeler, found.product, found.unit_of_measure) == (
        "A123BJC5D6E71",
        "A123",
        "BJC5D6E7",
        1,
    )
    assert (found.check, found.link, found.lot) == ("G", None, None)


def test_a_secondary_barcode_is_linked_by_the_check_character_of_its_primary() -> None:
    found = scan(checked("+$$52001510X3" + "G"))
    assert (found.lot, found.expires_on, found.link, found.hibc) == ("10X3", date(2020, 1, 15), "G", None)


def test_two_lines_in_one_scan_are_one_item() -> None:
    found = scan("+A123BJC5D6E71G" + checked("+$$7L-1G"))
    assert (found.hibc, found.lot) == ("A123BJC5D6E71", "L-1")
    with pytest.raises(BadDocumentError, match="check character"):
        scan("+A123BJC5D6E71G" + checked("+$$7L-1H"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("$L1", ("L1", None, None, None, None)),
        ("$+S1", (None, "S1", None, None, None)),
        ("$$0627L1", ("L1", None, date(2027, 6, 30), Precision.MONTH, None)),
        ("$$2061527L1", ("L1", None, date(2027, 6, 15), Precision.DAY, None)),
        ("$$3270615L1", ("L1", None, date(2027, 6, 15), Precision.DAY, None)),
        ("$$427061509L1", ("L1", None, date(2027, 6, 15), Precision.HOUR, None)),
        ("$$527166L1", ("L1", None, date(2027, 6, 15), Precision.DAY, None)),
        ("$$62716609L1", ("L1", None, date(2027, 6, 15), Precision.HOUR, None)),
        ("$$7L1", ("L1", None, None, None, None)),
        ("$$8240627L1", ("L1", None, date(2027, 6, 30), Precision.MONTH, 24)),
        ("$$9001003270615L1", ("L1", None, date(2027, 6, 15), Precision.DAY, 100)),
        ("$$824", (None, None, None, None, 24)),
        ("$$3270615", (None, None, date(2027, 6, 15), Precision.DAY, None)),
        ("$$+3270615S1", (None, "S1", date(2027, 6, 15), Precision.DAY, None)),
        ("$$+7S1", (None, "S1", None, None, None)),
        ("27166L1", ("L1", None, date(2027, 6, 15), Precision.DAY, None)),
        ("$L1/14D20270615/SS1/Q12", ("L1", "S1", date(2027, 6, 15), Precision.DAY, 12)),
        ("$$7L1/16D20250101", ("L1", None, None, None, None)),
    ],
)
def test_every_form_of_secondary_data_is_read(fields: str, said: tuple[object, ...]) -> None:
    for text in (checked(f"+A99912345/{fields}"), checked(f"+{fields}X")):
        found = scan(text)
        assert (found.lot, found.serial, found.expires_on, found.precision, found.quantity) == said


def test_an_hour_and_a_day_of_manufacture_are_kept() -> None:
    found = scan(checked("+A99912345/$$427061509L1/16D20250131"))
    assert found.expires_at is not None
    assert (found.expires_at.isoformat(), found.made_on) == ("2027-06-15T09:00:00", date(2025, 1, 31))


@pytest.mark.parametrize("last", [" ", "/", "+", "$", "%", ".", "-"])
def test_a_check_character_may_be_any_of_code_39(last: str) -> None:
    text = next(text for number in range(1000) if (text := checked(f"+A999{number:03}1")).endswith(last))
    assert scan(text).check == last
    assert scan(text + "\r\n").check == last


def test_code_39_start_and_stop_are_no_part_of_it() -> None:
    assert scan("*+A123BJC5D6E71G*").product == "BJC5D6E7"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("+A123BJC5D6E71H", "check character"),
        ("+", "begin with + and hold"),
        (checked("+/EO523201"), "no goods"),
        (checked("+A12"), "HIBC"),
        (checked("+A999" + "1" * 20), "HIBC primary"),
        (checked("+A999123X"), "HIBC primary"),
        (checked("+A99912345/$$1327L1"), "HIBC $$: must be a day"),
        (checked("+A99912345/$$3270231L1"), "HIBC $$: must be a day"),
        (checked("+A99912345/$$527366L1"), "HIBC $$: must be a day"),
        (checked("+A99912345/$$427061524L1"), "hour"),
        (checked("+A99912345/$$X"), "HIBC $$: must have a date"),
        (checked("+A99912345/16D20250132"), "HIBC 16D"),
        (checked("+A99912345/ZZZ"), "must be a field"),
        (checked("+A99912345/$" + "L" * 21), "at most 20"),
        (checked("+A99912345/$L1/SX/SY"), "contradicts the serial"),
        (checked("+A99912345/$$3270615L1/14D20280615"), "contradicts the expires_on"),
    ],
)
def test_a_wrong_label_is_refused_by_field_and_rule(text: str, named: str) -> None:
    with pytest.raises(BadDocumentError) as refused:
        scan(text)
    assert named in str(refused.value)


PRODUCTS = st.text("ABCXYZ0123456789", min_size=1, max_size=18)


@given(PRODUCTS, st.integers(0, 9), st.text("ABC-.123", min_size=1, max_size=18), st.data())
def test_one_wrong_character_never_goes_unseen(product: str, unit: int, lot: str, data: st.DataObject) -> None:
    text = checked(f"+A999{product}{unit}/$$7{lot}")
    assert scan(text).lot == lot
    place = data.draw(st.integers(1, len(text) - 1))
    other = data.draw(st.sampled_from(CHARACTERS).filter(lambda mark: mark != text[place]))
    with pytest.raises(BadDocumentError):
        scan(text[:place] + other + text[place + 1 :])


@given(st.text(CHARACTERS, max_size=40).map(lambda rest: checked(f"+{rest}")) | st.text(CHARACTERS, max_size=40))
def test_no_label_raises_anything_else(text: str) -> None:
    with suppress(BadDocumentError):
        scan(text)
