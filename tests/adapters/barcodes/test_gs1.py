"""GS1 scans: taken and refused as the General Specifications say, in every form a scanner or a person writes them."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.barcodes.dates import full_year
from adapters.barcodes.dictionary import FORMATS, components_of, identifier_at
from adapters.barcodes.scan import Precision, Scan, Symbols, scan
from tests.samples import samples

GTIN = "09506000134352"
FNC1 = "\x1d"
SAMPLES = [vector for path in samples("gs1") for vector in json.loads(path.read_text())]


def test_an_element_string_names_item_lot_serial_and_dates() -> None:
    found = scan(f"]d201{GTIN}1727033111250101" + f"10A-1{FNC1}21S/9{FNC1}3012")
    assert found == Scan(
        symbols=Symbols.GS1,
        gtin=GTIN,
        lot="A-1",
        serial="S/9",
        expires_on=date(2027, 3, 31),
        precision=Precision.DAY,
        made_on=date(2025, 1, 1),
        quantity=12,
        elements=found.elements,
    )
    assert [element.ai for element in found.elements] == ["01", "17", "11", "10", "21", "30"]


@pytest.mark.parametrize(
    "text",
    [
        f"01{GTIN}10A1{FNC1}17270331",
        f"{FNC1}01{GTIN}10A1{FNC1}17270331{FNC1}",
        f"^01{GTIN}10A1^17270331",
        f"]C101{GTIN}10A1{FNC1}17270331\r\n",
        f"]Q301{GTIN}10A1{FNC1}17270331",
        f"]J101{GTIN}10A1{FNC1}17270331",
        f"]e001{GTIN}10A1{FNC1}17270331",
        f"(01){GTIN}(10)A1(17)270331",
        f"(01){GTIN} (10)A1 (17)270331",
        f"{{01}}{GTIN}{{10}}A1{{17}}270331",
        f"https://id.example/01/{GTIN}/10/A1?17=270331",
        f"]Q1HTTPS://id.example/some/where/01/{GTIN}/10/A1?17=270331&utm=x",
    ],
)
def test_every_way_to_write_a_scan_says_the_same(text: str) -> None:
    found = scan(text)
    assert (found.gtin, found.lot, found.expires_on) == (GTIN, "A1", date(2027, 3, 31))


def test_a_scanner_may_have_its_own_sign_for_fnc1() -> None:
    assert scan(f"01{GTIN}10A1|17270331", separators=(FNC1, "|")).lot == "A1"
    with pytest.raises(BadDocumentError):
        scan(f"01{GTIN}10A1|17270331")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "1 to 500"),
        ("^", "application identifier with data"),
        ("]d2", "application identifier with data"),
        ("glove", "begin with a GS1 application identifier"),
        ("891234", "begin with a GS1 application identifier"),
        ("0109506000134353", "AI 01: must end in its check digit"),
        ("01095060001343", "AI 01: must have 14"),
        ("0195060001343O21", "AI 01"),
        (f"01{GTIN}17271301", "AI 17: must be a day"),
        (f"01{GTIN}17270229", "AI 17: must be a day"),
        (f"01{GTIN}10{'A' * 21}", "AI 10: must have 1 to 20"),
        (f"01{GTIN}10{FNC1}17270331", "AI 10: must have 1 to 20"),
        (f"01{GTIN}10A~", "AI 10: has a character"),
        (f"01{GTIN}7007270101270", "AI 7007: must have 6"),
        (f"01{GTIN}7007270101270131270201", "AI 7007: is longer"),
        ("800300950600013435", "AI 8003: must end in its check digit"),
        (f"01{GTIN}0209506000134352", "AI 01: may not stand beside AI 02"),
        (f"01{GTIN}3712", "AI 01: may not stand beside AI 37"),
        (f"01{GTIN}10A{FNC1}10B", "AI 10: is given twice"),
        ("0209506000134352", "AI 02: needs one of AI 37"),
        (f"01{GTIN}250X1", "AI 250: needs one of AI 21"),
        (f"01{GTIN}3103000100{FNC1}3102001000", "may not stand beside"),
        ("21S1", "AI 21: needs one of AI 01, 03, 8006"),
        ("(10)", "AI 10: must have 1 to 20"),
        ("(1A)5", "begin with an application identifier in brackets"),
        ("(89)5", "does not have"),
        ("(10)A(B", "AI 10: must write an opening bracket"),
        ("(17)9(90)217", "AI 17: must have 6"),
        ("]E05901234123458", "GTIN: must be 13 digits"),
        ("]E496385075", "GTIN: must be 8 digits"),
        (f"https://id.example/01/{GTIN}/10/A/22/B", "key"),
        ("https://[", "URI"),
        (f"https:///01/{GTIN}", "host"),
        (f"https://id.example/01/{GTIN}/", "key"),
        (f"https://id.example/01/{GTIN}?10=A", "AI 10: must stand once, and in the path"),
        (f"https://id.example/01/{GTIN}?99=A&99=A", "AI 99: must stand once"),
        (f"https://id.example/01/{GTIN}?99=A&999=B", "attribute GS1 does not have"),
        ("https://id.example/01/9506000134352", "AI 01: must have 14"),
        ("https://id.example/shop/gloves", "key"),
    ],
)
def test_a_wrong_scan_is_refused_by_identifier_and_rule(text: str, named: str) -> None:
    with pytest.raises(BadDocumentError) as refused:
        scan(text)
    assert named in str(refused.value)
    assert "glove" not in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["10A1", "17270331", "1727033110A1", "]C110A1" + FNC1 + "17270331", "240REF1"])
def test_a_lot_or_date_may_have_a_barcode_of_its_own(text: str) -> None:
    assert scan(text).gtin is None


def test_a_link_may_begin_anywhere_and_hold_what_is_not_gs1s() -> None:
    found = scan(f"https://x.example:8080/00/stem/01/{GTIN}/22/2A/10/a%2fb/21/S+1?&&shop=7&17=270331&x#top")
    assert (found.gtin, found.lot, found.serial, found.expires_on) == (GTIN, "a/b", "S+1", date(2027, 3, 31))
    assert scan(f"https://x.example/01/{GTIN}/235/XYZ?10=A").lot == "A"
    assert scan(f"https://x.example/8004/9520614141234567?01={GTIN[1:]}").gtin == GTIN


def test_a_logistic_unit_says_what_it_holds() -> None:
    found = scan("00006141411234567890" + f"02{GTIN}3724{FNC1}10L1")
    assert (found.sscc, found.contained_gtin, found.quantity, found.gtin) == ("006141411234567890", GTIN, 24, None)


def test_an_escaped_bracket_belongs_to_the_data() -> None:
    assert scan(f"(01){GTIN}(10)A\\(17)B").lot == "A(17)B"


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("270200", date(2027, 2, 28), Precision.MONTH),
        ("280200", date(2028, 2, 29), Precision.MONTH),
        ("760101", date(2076, 1, 1), Precision.DAY),
        ("770101", date(1977, 1, 1), Precision.DAY),
    ],
)
def test_two_digit_years_and_day_zero_are_read_as_gs1_says(written: str, day: date, precision: Precision) -> None:
    found = scan(f"01{GTIN}17{written}")
    assert (found.expires_on, found.precision) == (day, precision)


def test_an_hour_of_expiry_is_kept() -> None:
    found = scan(f"01{GTIN}70032703311415")
    assert found.expires_at is not None
    assert (found.expires_at.isoformat(), found.precision) == ("2027-03-31T14:15:00", Precision.HOUR)


@given(st.integers(0, 99), st.integers(1950, 2150))
def test_a_two_digit_year_is_never_more_than_fifty_years_away(digits: int, year: int) -> None:
    found = full_year(digits, year)
    assert found % 100 == digits
    assert -49 <= found - year <= 50


@pytest.mark.parametrize("text", ["4006381333931", "04006381333931", "]E04006381333931", "036000291452", "96385074"])
def test_a_plain_number_of_a_trade_item_is_one(text: str) -> None:
    assert scan(text).gtin == text.removeprefix("]E0").zfill(14)


def test_a_composite_symbol_is_one_scan() -> None:
    found = scan("]E04006381333931|]e010A1" + FNC1 + "17270331")
    assert (found.gtin, found.lot) == ("04006381333931", "A1")


def test_no_identifier_is_the_beginning_of_another() -> None:
    every = [ai for listed in FORMATS.values() for ai in listed.replace("-", " ").split()]
    assert len(every) > 200
    assert all(identifier_at(ai + "0") == ai and components_of(ai) for ai in every)


@pytest.mark.skipif(not SAMPLES, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("vector", SAMPLES, ids=lambda vector: repr(vector["string"][:40]))
def test_real_scans_are_read_as_biip_reads_them_unless_gs1_forbids(vector: dict[str, Any]) -> None:
    biip = vector["biip"]
    try:
        found = scan(vector["string"])
    except BadDocumentError as refused:
        bare_sscc = len(vector["string"]) == 18 or biip.get("upc") == vector["string"] != biip.get("gtin")
        stricter = ("check digit", "ISO 3166", "AI 37 beside", "must be a time", "AI 01: must have 14")
        assert not biip or bare_sscc or any(rule in str(refused) for rule in stricter)  # noqa: PT017
        return
    assert biip
    if found.gtin and biip.get("gtin"):
        assert found.gtin == biip["gtin"].zfill(14)
    if found.symbols is Symbols.GS1 and "gs1_message" in biip:
        assert "".join(f"({one.ai}){one.value}" for one in found.elements) == biip["gs1_message"]


LOTS = st.text("!\"%&'*+,-./0123456789:;<=>?ABCxyz_", min_size=1, max_size=20)


@given(LOTS, LOTS, st.dates(date(2000, 1, 1), date(2049, 12, 31)))
def test_what_is_written_is_read(lot: str, serial: str, day: date) -> None:
    found = scan(f"01{GTIN}10{lot}{FNC1}21{serial}{FNC1}17{day:%y%m%d}")
    assert (found.lot, found.serial, found.expires_on) == (lot, serial, day)
    assert scan(f"(01){GTIN}(17){day:%y%m%d}(10){lot}(21){serial}").lot == lot


@given(
    st.text(max_size=60)
    | st.text("0123456789()/]{}+$^\x1dCdQe%?&=", max_size=80)
    | st.text("0123456789", max_size=60).map(lambda rest: f"]d2{rest}")
    | st.text("0123456789%/?&=()", max_size=40).map(lambda rest: f"https://x.example/01/{GTIN}{rest}")
)
def test_no_text_raises_anything_else(text: str) -> None:
    with suppress(BadDocumentError):
        scan(text)
