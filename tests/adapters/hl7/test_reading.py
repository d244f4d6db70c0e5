"""HL7 v2 from points of use: what was used and what is wanted is read, and no patient comes with it."""

import logging
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretBytes

from adapters.bad_document import BadDocumentError
from adapters.documents.points_of_use import replenishment_request_of, usage_of
from adapters.documents.reading import DocumentKind, IdentifierKind
from adapters.inventory.hl7.acknowledging import AckCode, acknowledge
from adapters.inventory.hl7.message import LARGEST
from adapters.inventory.hl7.options import CHARGES as CHARGE_FIELDS
from adapters.inventory.hl7.options import Hl7Options, LineFields, Transaction
from adapters.inventory.hl7.reading import read
from adapters.inventory.hl7.redacting import redacted
from domain.requisition import Criticality
from tests.adapters.hl7.messages import CHARGES, ORDER, PATIENT, PEOPLE, charge, message

KEY = SecretBytes(b"a key of the hospital, 32 bytes.")
OPTIONS = Hl7Options(location="STORE", locations={"OR-3": "OR-3", "ICU": "ICU"})
AT = datetime(2026, 11, 20, 14, 15, tzinfo=UTC)
STRICT = OPTIONS.model_copy(update={"sending_application": "CABINET"})
UDI = "(01)09506000134352(17)270331(10)A1(21)S1"


def test_a_charge_is_usage() -> None:
    (reading,) = read(CHARGES, OPTIONS, KEY)
    assert (reading.language, reading.kind, reading.message_id) == ("hl7 DFT^P03 2.5.1", DocumentKind.USAGE, "M-77")
    (line,) = reading.lines
    assert (line.description, line.unit_price, line.amount, line.raw_codes) == (
        "Glove",
        Decimal("2.50"),
        Decimal("10.00"),
        ("CG",),
    )
    usage = usage_of(reading, OPTIONS)
    assert (usage.facility, usage.location, usage.number, usage.reported_by) == ("NORTH", "OR-3", "M-77", "CABINET")
    assert usage.used_at == datetime(2026, 11, 20, 14, 10, tzinfo=UTC), "the zone of MSH-7 is the message's"
    assert [(used.item, str(used.quantity)) for used in usage.lines] == [("GLV-M", "4 EA")]
    assert usage.case_reference is not None


def test_a_supply_order_is_a_replenishment_request() -> None:
    (reading,) = read(ORDER, OPTIONS, KEY)
    first, second = reading.lines
    assert [(one.kind, one.value) for one in first.identifiers] == [
        (IdentifierKind.BUYER_ITEM, "GLV-M"),
        (IdentifierKind.SUPPLIER_ITEM, "VEND-77"),
        (IdentifierKind.SUPPLIER_ITEM, "07613336"),
        (IdentifierKind.MANUFACTURER_ITEM, "MFR-1"),
    ]
    assert {one.meaning: one.value for one in first.references}["order"] == "RQ-9"
    assert {one.meaning: one.value for one in second.references}["order"] == "RQ-10"
    request = replenishment_request_of(reading, OPTIONS)
    assert [(line.item, str(line.quantity)) for line in request.lines] == [("GLV-M", "20 BX"), ("CATH-16", "2 EA")]
    assert (request.needed_by, request.criticality, request.location) == (
        date(2026, 11, 25),
        Criticality.CRITICAL,
        "OR-3",
    )


@pytest.mark.parametrize(
    ("kind", "written", "counted"),
    [
        ("CG", "4", "4 EA"),
        ("CG", "-4", "-4 EA"),
        ("CD", "4", "-4 EA"),
        ("CD", "-4", "-4 EA"),
        ("AJ", "4", "-4 EA"),
        ("USGE", "4", "4 EA"),
        ("RTRN", "4", "-4 EA"),
        ("ADJI", "4", "-4 EA"),
        ("ADJD", "-4", "4 EA"),
    ],
)
def test_returns_and_found_stock_are_below_zero(kind: str, written: str, counted: str) -> None:
    (reading,) = read(message("DFT^P03", charge(kind=kind, quantity=written)), OPTIONS, KEY)
    assert str(usage_of(reading, OPTIONS).lines[0].quantity) == counted


def test_money_and_procedures_are_no_goods() -> None:
    lines = (charge("99213^Visit^C4"), charge(), charge("PAID", kind="PY"))
    (reading,) = read(message("DFT^P03", *lines), OPTIONS, KEY)
    assert len(reading.lines) == 3
    assert [line.item for line in usage_of(reading, OPTIONS).lines] == ["GLV-M"]
    (reading,) = read(message("DFT^P03", lines[0], lines[2]), OPTIONS, KEY)
    with pytest.raises(BadDocumentError, match="no goods"):
        usage_of(reading, OPTIONS)


def test_a_scanned_label_gives_item_lot_serial_and_expiry() -> None:
    body = message("DFT^P03", charge(""), f"PRT|1|UC||||||||{UDI}")
    usage = usage_of(read(body, OPTIONS, KEY)[0], OPTIONS)
    (line,) = usage.lines
    assert (line.gtin, line.lot, line.serial, line.expires_on) == ("09506000134352", "A1", "S1", date(2027, 3, 31))


def test_a_lot_that_is_not_the_labels_is_never_booked() -> None:
    body = message("DFT^P03", charge(), f"PRT|1|UC||||||||{UDI}|||||||||OTHER")
    (reading,) = read(body, OPTIONS, KEY)
    with pytest.raises(BadDocumentError) as refused:
        usage_of(reading, OPTIONS)
    assert "PRT[1]-10" in str(refused.value)
    assert "OTHER" not in str(refused.value)


def test_a_vendors_own_segment_is_read_by_naming_its_fields() -> None:
    fields = LineFields(
        begins="ZPM",
        item=("ZPM-4",),
        quantity=("ZPM-7",),
        unit=("ZPM-8",),
        kind=("ZPM-2",),
        at=("ZPM-3",),
        lot=("ZPM-9",),
        expires_on=("ZPM-10",),
        location=("ZPM-5.2",),
    )
    options = Hl7Options(
        usage=fields, transactions={"V": Transaction.USED, "R": Transaction.RETURNED}, units={"BOX": "BX"}
    )
    lines = ("ZPM|1|V|20261120|GLV-M|CAB^OR-3||2|BOX|L1|202701", "ZPM|2|R|20261120|GLV-M|CAB^OR-3||1|BOX")
    usage = usage_of(read(message("ZPM^Z01", *PEOPLE, *lines), options, KEY)[0], options)
    assert [(str(line.quantity), line.lot, line.expires_on) for line in usage.lines] == [
        ("2 BX", "L1", date(2027, 1, 31)),
        ("-1 BX", None, None),
    ]
    assert usage.location == "OR-3"


@pytest.mark.parametrize(
    "body",
    [
        CHARGES.replace(b"\r", b"\n"),
        CHARGES.replace(b"\r", b"\r\n"),
        b"\x0b" + CHARGES + b"\x1c\r",
        b"\xef\xbb\xbf" + CHARGES,
        b"FHS|^~\\&|X\rBHS|^~\\&|X\r" + CHARGES + b"BTS|1\rFTS|1\r",
        CHARGES.replace(b"|", b"*").replace(b"^", b":"),
    ],
)
def test_framing_segment_ends_and_delimiters_do_not_matter(body: bytes) -> None:
    assert read(body, OPTIONS, KEY) == read(CHARGES, OPTIONS, KEY)


def test_a_batch_is_several_messages() -> None:
    body = CHARGES + message("DFT^P03", charge(), control="M-78")
    assert [reading.message_id for reading in read(body, OPTIONS, KEY)] == ["M-77", "M-78"]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("", "utf-8"), ("", "cp1252"), ("UNICODE UTF-8", "utf-8"), ("8859/1", "latin-1"), ("ASCII~8859/1", "latin-1")],
)
def test_text_is_read_in_the_character_set_it_is_written_in(charset: str, encoding: str) -> None:
    body = message("DFT^P03", charge("GLV-M^H\u00e4nde \\T\\ mehr\\.br\\\\X41\\^L"), charset=charset)
    body = body.decode("utf-8").encode(encoding)
    assert read(body, OPTIONS, KEY)[0].lines[0].description == "H\u00e4nde & mehr A"


@pytest.mark.parametrize(("written", "unit"), [("Box", "BX"), ("each", "EA"), ("bx", "BX"), ("", "EA")])
def test_units_are_codes_or_plain_words(written: str, unit: str) -> None:
    (reading,) = read(ORDER.replace(b"|20|BX|", f"|20|{written}|".encode()), OPTIONS, KEY)
    assert replenishment_request_of(reading, OPTIONS).lines[0].quantity.unit == unit


def test_an_alternate_code_stands_in_for_a_blank_one() -> None:
    (reading,) = read(message("DFT^P03", charge("^^^GLV-M^Glove^L")), OPTIONS, KEY)
    assert (reading.lines[0].description, usage_of(reading, OPTIONS).lines[0].item) == ("Glove", "GLV-M")


def test_the_same_case_has_the_same_surrogate_and_another_key_another() -> None:
    def case(body: bytes, key: SecretBytes) -> str:
        return next(one.value for one in read(body, OPTIONS, key)[0].references if one.meaning == "case")

    other = CHARGES.replace(b"V-90017", b"V-90018")
    assert case(CHARGES, KEY) == case(ORDER, KEY)
    assert len({case(CHARGES, KEY), case(other, KEY), case(CHARGES, SecretBytes(b"another key"))}) == 3


def test_a_message_about_something_else_is_left_alone() -> None:
    for body in (message("ADT^A01", *PEOPLE), message("ORM^O01", *PEOPLE, "ORC|NW|1", "OBR|1|1||GLU^Glucose^L")):
        (reading,) = read(body, OPTIONS, KEY)
        assert reading.kind is DocumentKind.UNKNOWN
        with pytest.raises(BadDocumentError, match="is no usage"):
            usage_of(reading, OPTIONS)


def test_an_order_taken_back_is_never_applied() -> None:
    (reading,) = read(ORDER.replace(b"ORC|NW|RQ-10", b"ORC|CA|RQ-10"), OPTIONS, KEY)
    assert reading.purpose == "cancellation"
    with pytest.raises(BadDocumentError, match="takes an earlier one back"):
        replenishment_request_of(reading, OPTIONS)


@pytest.mark.parametrize(
    ("body", "options", "named"),
    [
        (b"", OPTIONS, "MSH"),
        (b"PID|1\r" + CHARGES, OPTIONS, "MSH"),
        (b"MSH|||||", OPTIONS, "MSH-2"),
        (b"x" * (LARGEST + 1), OPTIONS, "at most"),
        (message("DFT^P03", charge(), control=""), OPTIONS, "MSH-10"),
        (message("DFT^P03", charge(), charset="ISO IR14"), OPTIONS, "MSH-18"),
        (message("DFT^P03", charge(), "and on"), OPTIONS, "segment"),
        (CHARGES, Hl7Options(sending_application="OTHER"), "MSH-3"),
        (CHARGES, Hl7Options(sending_facility="SOUTH"), "MSH-4"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field(body: bytes, options: Hl7Options, named: str) -> None:
    with pytest.raises(BadDocumentError) as refused:
        read(body, options, KEY)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("line", "options", "named"),
    [
        (charge(kind="QQ"), OPTIONS, "FT1[1]-6"),
        (charge(quantity="four"), OPTIONS, "FT1[1]-10"),
        (charge(quantity=""), OPTIONS.model_copy(update={"blank_quantity": None}), "FT1[1]-10"),
        (charge(quantity="0"), OPTIONS, "quantity must not be zero"),
        (charge(""), OPTIONS, "must name the item"),
        ("PV1|1", OPTIONS, "FT1"),
    ],
)
def test_what_cannot_be_acted_on_is_read_and_refused_later(line: str, options: Hl7Options, named: str) -> None:
    (reading,) = read(message("DFT^P03", line), options, KEY)
    with pytest.raises(BadDocumentError) as refused:
        usage_of(reading, options)
    assert named in str(refused.value)


def hostile(body: bytes) -> bytes:
    """Return a message whose sender repeats the patient where goods belong."""
    return body.replace(b"^Glove", b"^Glove of Quirina Zebulonsky, MRN8812").replace(b"|T-1|", b"|V-90017|")


@pytest.mark.parametrize("body", [CHARGES, ORDER, hostile(CHARGES), hostile(ORDER)])
def test_no_patient_comes_through(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    (reading,) = read(body, OPTIONS, KEY)
    made = (
        usage_of(reading, OPTIONS) if reading.kind is DocumentKind.USAGE else replenishment_request_of(reading, OPTIONS)
    )
    answer = acknowledge(body, AT, AckCode.ERROR, "line 1 is wrong")
    told = [reading.model_dump_json(), repr(reading), made.model_dump_json(), answer.decode(), caplog.text]
    told.append(redacted(body, OPTIONS).decode())
    for text in told:
        assert [word for word in PATIENT if word.casefold() in text.casefold()] == []


@pytest.mark.parametrize("damage", [b"MSH|^~\\&|CABINET", b"|2.5.1|||AL|NE||", b"|CG", b"|||4", b"FT1"])
def test_no_patient_is_in_what_a_refusal_says(damage: bytes) -> None:
    with pytest.raises(BadDocumentError) as refused:
        usage_of(read(CHARGES.replace(damage, damage + b"Zebulonsky"), STRICT, KEY)[0], STRICT)
    assert "Zebulonsky" not in f"{refused.value} {refused.value.remedy}"


def test_only_listed_fields_are_kept() -> None:
    body = message("DFT^P03", *PEOPLE, f"{charge()}|||S72.0^Fracture|4711^Goodhands^Ada", "ZZZ|anything")
    kept = redacted(body, OPTIONS).decode()
    assert [segment[:3] for segment in kept.split("\r")] == ["MSH", "PV1", "FT1", ""]
    assert [word for word in ("S72.0", "Fracture", "Goodhands", "4711", "12^A", "anything") if word in kept] == []


def test_what_is_kept_says_the_same_of_supplies() -> None:
    for body in (CHARGES, ORDER):
        before, after = read(body, OPTIONS, KEY)[0], read(redacted(body, OPTIONS), OPTIONS, KEY)[0]
        assert after == before.model_copy(update={"references": ()})


def test_an_acknowledgement_turns_the_header_round() -> None:
    header, answer = acknowledge(CHARGES, AT, AckCode.ACCEPTED).decode().split("\r")[:2]
    assert header.startswith("MSH|^~\\&|SUPPLYLINE|HUB|CABINET|NORTH|20261120141500+0000||ACK^P03^ACK|")
    assert answer == "MSA|AA|M-77"
    assert acknowledge(b"\x0b" + CHARGES + b"\x1c\r", AT, AckCode.ACCEPTED).endswith(b"\x1c\r")
    unread = acknowledge(b"nonsense", AT, AckCode.REJECTED, "no | HL7 ^ at all")
    assert b"MSA|AR||no   HL7   at all\r" in unread


def test_every_default_field_can_be_read() -> None:
    assert CHARGE_FIELDS.begins == "FT1"
    with pytest.raises(ValueError, match="should match"):
        LineFields(begins="FT1", item=("FT1.7",))


@given(st.data())
def test_no_damage_raises_anything_else(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from([CHARGES, ORDER])))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"\rMSH|", b"\\X", b"~", b"^"])
        )
    with suppress(BadDocumentError):
        for reading in read(bytes(body), OPTIONS, KEY):
            with suppress(BadDocumentError):
                usage_of(reading, OPTIONS)
            with suppress(BadDocumentError):
                replenishment_request_of(reading, OPTIONS)
    assert b"MSA|AA" in acknowledge(bytes(body), AT, AckCode.ACCEPTED)
    with suppress(BadDocumentError):
        redacted(bytes(body), OPTIONS)


@given(st.binary(max_size=120).map(lambda rest: b"MSH|^~\\&|" + rest) | st.binary(max_size=60))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(BadDocumentError):
        read(body, OPTIONS, KEY)
    assert acknowledge(body, AT, AckCode.REJECTED)
