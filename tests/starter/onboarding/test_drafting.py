"""Pages drafted from samples alone: what they say is found, what a person must decide is asked, and they load."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.partners import Language, PartnerProfile, load_profile
from starter.cli.app import app
from starter.onboarding.checking import check
from starter.onboarding.deducing import Sample
from starter.onboarding.drafting import NothingDeducedError, draft
from starter.onboarding.recognising import language_of
from tests.samples import samples
from tests.starter.onboarding.documents import (
    REFUSED_LINE,
    SPLIT,
    a_set,
    a_ship_notice,
    an_acknowledgement,
    an_answer,
    an_invoice,
    interchange,
)

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ORDER = a_set("850", "BEG*00*SA*PO-000001**20261120", "PO1*1*20*BX*1.1**VP*M-GLV-M", "CTT*1")
REAL = samples("x12")
STRANGE = {"TA1 007", "TA1 009"}
"""Not this partner's, not for us."""


def drafted(folder: Path, *bodies: bytes, code: str | None = None) -> tuple[PartnerProfile, str]:
    page = draft([Sample(f"{number}.edi", body) for number, body in enumerate(bodies)], code=code).page
    path = folder / "page.yaml"
    path.write_text(page)
    return load_profile(path), page


def from_us(content: str) -> bytes:
    return interchange(content).replace(b"MIDLAND        *ZZ*NORTHHOSP      ", b"NORTHHOSP      *ZZ*MIDLAND        ")


def test_who_is_who_is_told_by_what_each_sends(tmp_path: Path) -> None:
    for bodies in ([interchange(an_answer(*SPLIT))], [from_us(ORDER)], [interchange(an_acknowledgement())]):
        page, _ = drafted(tmp_path, *bodies)
        assert page.x12 is not None
        assert (page.x12.their_id, page.x12.our_id) == ("MIDLAND", "NORTHHOSP")


def test_group_ids_are_written_only_where_they_differ(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT)).replace(b"GS*PR*MIDLAND*", b"GS*PR*MIDEDI*")
    page, _ = drafted(tmp_path, body)
    assert page.x12 is not None
    assert (page.x12.their_group_id, page.x12.our_group_id) == ("MIDEDI", None)


def test_the_delimiters_and_the_release_are_those_of_the_partner(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT)).replace(b"~", b"\n").replace(b"*", b"|").replace(b"004010", b"004030")
    page, _ = drafted(tmp_path, body)
    assert page.x12 is not None
    assert (page.x12.marks.element, page.x12.marks.terminator, page.x12.version) == ("|", "\n", "004030")


def test_test_samples_make_a_partner_under_test(tmp_path: Path) -> None:
    assert drafted(tmp_path, interchange(an_answer(*SPLIT), usage="T"))[0].in_production is False
    assert drafted(tmp_path, interchange(an_answer(*SPLIT)))[0].in_production is True


@pytest.mark.parametrize(("total", "convention"), [("2200", "implied"), ("22", "explicit"), ("22.00", "auto")])
def test_how_amounts_are_written_is_found_by_adding_up(tmp_path: Path, total: str, convention: str) -> None:
    page, _ = drafted(tmp_path, interchange(an_invoice(total=total)))
    assert page.x12 is not None
    assert page.x12.implied_decimals == convention


def test_a_unit_of_nobodys_list_becomes_a_question(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, interchange(an_answer("PO1*1*20*CASE*1.1**VP*M-GLV-M", "ACK*IA*20*CASE")))
    assert page.x12 is not None
    assert page.x12.units == {}
    assert "  # units: {CASE: CA}" in text


@pytest.mark.parametrize(
    ("lines", "echo"),
    [
        (SPLIT, True),
        ((*SPLIT, *REFUSED_LINE), True),
        (("PO1*10*20*BX*1.1**VP*M-GLV-M", "ACK*IA*20*BX"), False),
        (("PO1**20*BX*1.1**VP*M-GLV-M", "ACK*IA*20*BX"), False),
        (("PO1*1*20*BX*1.1**VP*A", "ACK*IA*20*BX", "PO1*1*20*BX*1.1**VP*B", "ACK*IA*20*BX"), False),
    ],
)
def test_line_numbers_that_cannot_be_ours_are_not_trusted(tmp_path: Path, lines: tuple[str, ...], echo: bool) -> None:
    page, _ = drafted(tmp_path, interchange(an_answer(*lines)))
    assert page.lines_echo_ours is echo


def test_line_numbers_of_our_own_order_among_the_samples_are_ours(tmp_path: Path) -> None:
    order = from_us(ORDER.replace("PO1*1*", "PO1*10*"))
    answer = interchange(an_answer("PO1*10*20*BX*1.1**VP*M-GLV-M", "ACK*IA*20*BX"))
    page, text = drafted(tmp_path, order, answer)
    assert page.lines_echo_ours is True
    assert "those of our orders among the samples" in text


def test_acknowledgements_are_awaited_where_some_came(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, interchange(an_acknowledgement()))
    silent, _ = drafted(tmp_path, interchange(an_answer(*SPLIT)))
    assert page.x12 is not None
    assert silent.x12 is not None
    assert (page.x12.acknowledges_within_hours, silent.x12.acknowledges_within_hours) == (4, None)


def test_numbers_used_twice_in_the_samples_are_taken_for_what_they_are(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, interchange(an_answer(*SPLIT)), interchange(an_invoice()))
    assert page.x12 is not None
    assert page.x12.reuses_control_numbers
    assert "false where only the samples repeat them" in text


def test_a_count_that_is_wrong_is_asked_about(tmp_path: Path) -> None:
    _, text = drafted(tmp_path, interchange(an_answer(*SPLIT).replace("SE*6", "SE*9")))
    assert "1 of 1 sets say another number of segments in SE01" in text
    assert "refuse_wrong_counts" not in drafted(tmp_path, interchange(an_answer(*SPLIT)))[1]


def test_what_the_documents_call_us_is_filled_in(tmp_path: Path) -> None:
    parties = ("N1*BY*North Hospital*UL*0614141000012", "N1*ST*Dock*92*NORTH", "N1*SE*Midland Medical*91*44")
    page, _ = drafted(tmp_path, interchange(an_answer(*parties, *SPLIT)))
    assert page.us is not None
    assert page.them is not None
    assert page.x12 is not None
    assert (page.us.name, dict(page.us.ids)) == ("North Hospital", {"gln": "0614141000012"})
    assert (page.name, page.code, page.x12.ship_to_qualifier) == ("Midland Medical", "midland-medical", "92")


def test_a_value_no_page_may_have_becomes_a_question(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, interchange(an_answer(*SPLIT), sender="MID\\LAND"), code="midland")
    assert page.x12 is not None
    assert page.x12.their_id == "PARTNER"
    assert "# check: as found it is not valid" in text


def test_what_a_sender_wrote_stays_a_value(tmp_path: Path) -> None:
    name = "'Midland': {a: b} # \x1b[2J"
    page, text = drafted(tmp_path, interchange(an_answer(f"N1*SE*{name}*92*1", *SPLIT)), code="midland")
    assert page.name == name.strip()
    assert "\x1b" not in text


def test_the_samples_can_be_checked_with_the_page_at_once(tmp_path: Path) -> None:
    files = [tmp_path / "answer.edi", tmp_path / "shipped.edi", tmp_path / "invoice.edi"]
    bodies = [interchange(each) for each in (an_answer(*SPLIT), a_ship_notice(), an_invoice())]
    for path, body in zip(files, bodies, strict=True):
        path.write_bytes(body)
    page, _ = drafted(tmp_path, *bodies)
    found = check(page, files, at=NOON)
    assert found.is_acted_on


@pytest.mark.skipif(not REAL, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name.split("__")[-1])
def test_a_page_drafted_from_a_real_document_loads_and_takes_its_sender(tmp_path: Path, path: Path) -> None:
    page, text = drafted(tmp_path, path.read_bytes())
    found = check(page, [path], at=NOON)
    refused = [one for one in found.files[0].transmissions if any(error.code in STRANGE for error in one.errors)]
    senders = {document.reading.sender for one in refused for document in one.documents if document.reading}
    assert page.x12 is not None
    assert {sender.id for sender in senders if sender} <= {page.x12.our_id} or "# our_id" in text


def test_every_real_document_makes_one_page_together(tmp_path: Path) -> None:
    if REAL:
        assert drafted(tmp_path, *(path.read_bytes() for path in REAL))[0].language == "x12"


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (b"\xef\xbb\xbf ISA*00*", Language.X12),
        (b"ST*855*0001~", Language.X12),
        (b"\x0bMSH|^~\\&|POU|NORTH", Language.HL7),
        (b'<?xml version="1.0"?><!DOCTYPE cXML SYSTEM "x"><cXML payloadID="1">', Language.CXML),
        (b'<o:Order xmlns:o="urn:oasis:names:specification:ubl:schema:xsd:Order-2">', Language.UBL),
        (b'{"resourceType": "SupplyDelivery"}', Language.FHIR),
        (b'{"type": "order.shipped"}', Language.JSON),
        (b"{broken", Language.JSON),
        (b"<html></html>", None),
        (b"ISAAC wrote this", None),
        (b"", None),
    ],
)
def test_a_language_is_told_by_its_first_bytes(body: bytes, language: Language | None) -> None:
    assert language_of(body) is language


def test_samples_of_no_language_make_no_page() -> None:
    with pytest.raises(NothingDeducedError, match="none of the files"):
        draft([Sample("letter.txt", b"Dear customer")])


def p2p(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["partner", "draft", *map(str, arguments)])


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    path = tmp_path / "answer.edi"
    path.write_bytes(interchange(an_answer(*SPLIT)))
    return path


@pytest.mark.usefixtures("answer")
def test_a_page_goes_to_standard_output_and_what_was_left_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear customer")
    ended = p2p(tmp_path / "*.*", "--code", "medl", "--supplier", "MEDL")
    assert ended.exit_code == 0
    assert "code: medl\n" in ended.stdout
    assert "supplier: MEDL\n" in ended.stdout
    assert "letter.txt: left out" in ended.stderr


def test_a_page_is_never_written_over_another(tmp_path: Path, answer: Path) -> None:
    out = tmp_path / "medl.yaml"
    assert p2p(answer, "--out", out).exit_code == 0
    before = out.read_text()
    ended = p2p(answer, "--out", out, "--code", "other")
    assert ended.exit_code == 2
    assert out.read_text() == before


def test_a_code_that_is_none_is_refused_by_its_rule(answer: Path) -> None:
    ended = p2p(answer, "--code", "north side")
    assert ended.exit_code == 2
    assert "code must be 1 to 40 ASCII letters" in ended.stderr
