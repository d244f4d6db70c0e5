"""What we write: read back the same, by rule, and safe whatever text it is made of."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError, ControlNumbers
from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.x12.options import Marks, X12Options
from adapters.supplier.x12.reading import ReadSet, read
from adapters.supplier.x12.segments import SegmentReader, pieces
from adapters.supplier.x12.writing import (
    PaidInvoice,
    Remittance,
    clean,
    write_order,
    write_order_cancellation,
    write_order_change,
    write_remittance,
)
from domain.ports import OrderMessage
from tests.adapters.x12.documents import parts_of
from tests.builders import MORNING, an_order, an_order_line

NUMBERS = ControlNumbers(interchange=41, group=42, transaction_set=43)
OPTIONS = X12Options(our_id="HOSP", their_id="MEDL")
US = Correspondent(name="General Hospital", ids={"gln": "0614141000036"})
WHO = Correspondents(us=US, them=Correspondent(name="Midland Medical", ids={"assigned": "MEDL"}), places={})
ORDER = an_order(an_order_line(), an_order_line(number=2, item="MSK", price="3.055")).numbered("PO-4711")
MESSAGE = OrderMessage(key="k1", order=ORDER)
PAID = Remittance(
    reference="PAY-3",
    supplier="MEDL",
    paid_on=date(2026, 12, 30),
    currency="USD",
    invoices=(PaidInvoice(number="INV-7", amount=Decimal("406.50")), PaidInvoice(number="CM-8", amount=Decimal(-10))),
)
WRITERS = {
    "850": lambda who, options: write_order(MESSAGE, who, options, NUMBERS, MORNING),
    "860 change": lambda who, options: write_order_change(MESSAGE, who, options, NUMBERS, MORNING),
    "860 cancellation": lambda who, options: write_order_cancellation(MESSAGE, who, options, NUMBERS, MORNING),
    "820": lambda who, options: write_remittance(PAID, who, options, NUMBERS, MORNING),
}


def read_back(written: bytes) -> Reading:
    assert [fault for part in parts_of(written, OPTIONS) for fault in part.faults] == []
    (reading,) = read(written, OPTIONS)
    assert reading.findings == ()
    return reading


def segments(written: bytes) -> list[list[str]]:
    return [[*segment] for segment in SegmentReader(pieces(written))]


def test_an_order_reads_back_the_same() -> None:
    reading = read_back(WRITERS["850"](WHO, OPTIONS))

    assert (reading.kind, reading.number, reading.currency) == (DocumentKind.PURCHASE_ORDER, "PO-4711", "USD")
    assert [(line.number, line.quantity and line.quantity.value, line.unit_price) for line in reading.lines] == [
        (str(line.number), line.quantity.value, line.unit_price) for line in ORDER.lines
    ]
    assert [one.value for one in reading.lines[0].identifiers] == ["M-GLV-M", "GLV-M"]
    assert {(one.role, one.scheme, one.id) for one in reading.parties} == {
        ("buyer", "UL", "0614141000036"), ("supplier", "92", "MEDL"), ("ship to", "92", "NORTH"),
    }  # fmt: skip
    assert [(one.meaning, one.value) for one in reading.references] == [("CR", ORDER.key)]


def test_a_change_carries_every_line_and_deletes_those_of_nothing() -> None:
    lines = (an_order_line(ordered="15"), an_order_line(number=2, item="MSK", ordered="0"))
    order = an_order(*lines).numbered("PO-4711")
    written = write_order_change(OrderMessage(key="k", order=order), WHO, OPTIONS, NUMBERS, MORNING)

    reading = read_back(written)

    assert reading.kind is DocumentKind.PURCHASE_ORDER_CHANGE
    assert [(line.change, str(line.quantity and line.quantity.value)) for line in reading.lines] == [
        ("change", "15"), ("delete", "0"),
    ]  # fmt: skip
    assert [line.remaining for line in reading.lines] == [None, None]


def test_a_cancellation_names_the_order_and_its_reason() -> None:
    message = OrderMessage(key="k", order=ORDER, reason="No answer in time")

    reading = read_back(write_order_cancellation(message, WHO, OPTIONS, NUMBERS, MORNING))

    assert (reading.kind, reading.po_number) == (DocumentKind.PURCHASE_ORDER_CANCELLATION, "PO-4711")
    assert reading.notes == ("No answer in time",)


def test_a_remittance_adds_up() -> None:
    reading = read_back(WRITERS["820"](WHO, OPTIONS))

    assert (reading.number, reading.totals.payable) == ("PAY-3", Decimal("396.5"))
    assert [line.amount for line in reading.lines] == [Decimal("406.5"), Decimal(-10)]


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_message_with_the_same_numbers_is_the_same_bytes(name: str) -> None:
    assert WRITERS[name](WHO, OPTIONS) == WRITERS[name](WHO, OPTIONS)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize(
    "marks",
    [
        Marks(element="|", component=":", terminator="\n", repetition="!"),
        Marks(element="\x1d", component="\x1f", terminator="\x1c", repetition="\x1e"),
        Marks(terminator="'"),
    ],
)
@pytest.mark.parametrize("version", ["003040", "004010", "005010", "008010"])
def test_any_delimiters_and_releases_are_written_so_that_they_read_back(name: str, marks: Marks, version: str) -> None:
    written = WRITERS[name](WHO, OPTIONS.model_copy(update={"marks": marks, "version": version}))

    assert read_back(written).language.endswith(version)


def test_the_isa_is_of_fixed_length_and_the_trailers_repeat_its_numbers() -> None:
    written = WRITERS["850"](WHO, OPTIONS)

    assert written.index(b"GS*") == 106
    assert segments(written)[-3:] == [["SE", "12", "0043"], ["GE", "1", "42"], ["IEA", "1", "000000041"]]


HOSTILE = "Acme~ISA*00*~SE*1*1~GE>^|\x00\x1b\r\n\x85 \u2028"


@given(text=st.one_of(st.text(max_size=120), st.text(alphabet="*~>^AB \n", max_size=40), st.just(HOSTILE)))
def test_words_never_break_out_of_their_element(text: str) -> None:
    who = Correspondents(
        us=Correspondent(name=(text or "-")[:80], street=(text or "-")[:80], city=(text or "-")[:80]),
        them=Correspondent(name=(text or "-")[:80]),
        places={},
    )
    line = an_order_line().model_copy(update={"description": text})
    order = an_order(line).numbered("PO-1")
    message = OrderMessage(key="k", order=order, reason=text)

    for write in (write_order, write_order_change, write_order_cancellation):
        written = write(message, who, OPTIONS, NUMBERS, MORNING)
        names = [segment[0] for segment in segments(written)]
        assert set(names) <= {
            "ISA", "GS", "ST", "BEG", "BCH", "CUR", "REF", "N9", "MSG", "N1", "N2", "N3", "N4", "PO1", "POC", "PID",
            "CTT", "SE", "GE", "IEA",
        }  # fmt: skip
        assert names.count("ISA") == names.count("ST") == names.count("IEA") == 1
        assert [part.faults for part in parts_of(written, OPTIONS) if isinstance(part, ReadSet)] == [()]
        assert all(len(element) <= 264 for segment in segments(written) for element in segment)


@given(st.text(max_size=200), st.sampled_from([OPTIONS, OPTIONS.model_copy(update={"marks": Marks(element="|")})]))
def test_cleaned_text_is_printable_ascii_without_delimiters_and_stays_so(text: str, options: X12Options) -> None:
    cleaned = clean(text, options)

    assert cleaned.isascii()
    assert cleaned.isprintable()
    assert not set(cleaned) & {options.marks.element, ">", "~", "^"}
    assert clean(cleaned, options) == cleaned


@pytest.mark.parametrize(
    ("words", "plain"),
    [
        ("5 \u00d7 10 cm", "5 x 10 cm"), ("10 µm", "10 um"), ("1½ in", "1 1/2 in"), ("cm²", "cm 2"),
        ("\u201320 °C", "-20 deg C"),
        ("Müller Größe", "Muller Grosse"), ("N° 5", "N deg 5"), ("手袋", "??"),
        ("≤ 5 mm", "max 5 mm"), ("a*b~c>d", "a b c d"),
    ],
)  # fmt: skip
def test_words_keep_their_sense_in_ascii(words: str, plain: str) -> None:
    assert clean(words, OPTIONS) == plain


@pytest.mark.parametrize(
    "change",
    [
        {"supplier_item": "A*B"}, {"supplier_item": "A~ISA*00"}, {"supplier_item": "Ä-1"}, {"supplier_item": "A  B"},
        {"supplier_item": "X" * 49}, {"supplier_item": "A\n"},
    ],
)  # fmt: skip
def test_an_item_number_stands_as_it_is_or_not_at_all(change: dict[str, Any]) -> None:
    order = an_order(an_order_line().model_copy(update=change)).numbered("PO-1")

    with pytest.raises(CannotBeWrittenError, match="item number of line 1"):
        write_order(OrderMessage(key="k", order=order), WHO, OPTIONS, NUMBERS, MORNING)


@pytest.mark.parametrize("number", ["PO*1", "PO~1", "P" * 23, "PO>1"])
def test_an_order_number_stands_as_it_is_or_not_at_all(number: str) -> None:
    message = OrderMessage(key="k", order=an_order().numbered(number))

    for write in (write_order, write_order_change, write_order_cancellation):
        with pytest.raises(CannotBeWrittenError, match="03"):
            write(message, WHO, OPTIONS, NUMBERS, MORNING)


def test_an_item_number_a_partner_cannot_have_may_be_written_with_other_delimiters() -> None:
    order = an_order(an_order_line(supplier_item="A*B")).numbered("PO-1")
    options = OPTIONS.model_copy(update={"marks": Marks(element="|")})

    reading = read_back(write_order(OrderMessage(key="k", order=order), WHO, options, NUMBERS, MORNING))

    assert reading.lines[0].identifiers[0].value == "A*B"


@pytest.mark.parametrize("number", [0, -1, 1_000_000_000])
def test_control_numbers_have_nine_digits(number: int) -> None:
    with pytest.raises(ValueError, match="control numbers"):
        ControlNumbers(interchange=number, group=1, transaction_set=1)


@pytest.mark.parametrize(
    "marks",
    [
        {"element": "A"}, {"element": "."}, {"component": " "}, {"terminator": "*"}, {"repetition": ">"},
        {"element": "é"},
        {"terminator": "5"}, {"element": "-"},
    ],
)  # fmt: skip
def test_delimiters_that_data_needs_are_no_delimiters(marks: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Marks(**marks)


def test_an_id_must_not_hold_a_delimiter() -> None:
    with pytest.raises(ValidationError, match="delimiter"):
        X12Options(our_id="A+B", marks=Marks(element="+"))


def test_nothing_is_paid_below_zero() -> None:
    below = PAID.model_copy(update={"invoices": PAID.invoices[1:]})

    with pytest.raises(CannotBeWrittenError, match="BPR02"):
        write_remittance(below, WHO, OPTIONS, NUMBERS, MORNING)
