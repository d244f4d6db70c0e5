"""cXML brought on: a page from messages alone, and the messages checked with it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.channels import channel_of
from adapters.partners import PartnerProfile, load_profile
from starter.cli.partner_check import text_of
from starter.onboarding.checked import Check
from starter.onboarding.checking import check
from starter.onboarding.deducing import Sample
from starter.onboarding.drafting import draft
from tests.adapters.cxml.documents import SECRET, confirmation, message
from tests.samples import samples

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
REAL = samples("cxml")
ITEM = """<ConfirmationItem lineNumber="1" quantity="20"><UnitOfMeasure>XBX</UnitOfMeasure>
    <ConfirmationStatus type="accept" quantity="12"><UnitOfMeasure>XBX</UnitOfMeasure></ConfirmationStatus>
    <ConfirmationStatus type="backordered" quantity="8"><UnitOfMeasure>XBX</UnitOfMeasure></ConfirmationStatus>
    </ConfirmationItem>"""
ANSWER = confirmation(ITEM)


def drafted(folder: Path, *bodies: bytes) -> tuple[PartnerProfile, str]:
    page = draft([Sample(f"{number}.xml", body) for number, body in enumerate(bodies)], code="medline").page
    path = folder / "medline.yaml"
    path.write_text(page)
    return load_profile(path), page


def checked(folder: Path, page: PartnerProfile, body: bytes) -> Check:
    path = folder / "message.xml"
    path.write_bytes(body)
    return check(page, [path], at=NOON)


def test_credentials_are_drafted_and_the_secret_is_not(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, ANSWER)
    assert page.cxml is not None
    assert (page.cxml.theirs.party.identity, page.cxml.ours.party.identity) == ("AN-MEDLINE", "AN-HOSPITAL")
    assert page.cxml.theirs.sender is None
    assert SECRET not in text


def test_our_own_order_is_from_us(tmp_path: Path) -> None:
    order = message('<OrderRequest><OrderRequestHeader orderID="PO-1" type="new"/></OrderRequest>')
    page, _ = drafted(tmp_path, order.replace(b"AN-MEDLINE", b"US").replace(b"AN-HOSPITAL", b"THEM"))
    assert page.cxml is not None
    assert (page.cxml.theirs.party.identity, page.cxml.ours.party.identity) == ("THEM", "US")


def test_a_hub_that_connects_for_the_partner_is_its_sender(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, ANSWER.replace(b"<Identity>AN-MEDLINE</Identity>\n", b"<Identity>AN-HUB</Identity>\n"))
    assert page.cxml is not None
    assert page.cxml.theirs.sender is not None
    assert page.cxml.theirs.sender.identity == "AN-HUB"


def test_a_message_is_judged_with_the_drafted_page_without_any_secret(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, ANSWER)
    found = checked(tmp_path, page, ANSWER)
    [transmission] = found.files[0].transmissions
    [document] = transmission.documents
    assert "the order counts as acknowledged" in document.verdicts[0].summary
    assert [answer.verdict for answer in transmission.answers] == ["202"]
    assert found.is_acted_on


def test_a_stranger_is_warned_of_and_refused_where_the_document_is_the_proof(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, ANSWER)
    stranger = ANSWER.replace(b"AN-MEDLINE", b"AN-OTHER")
    [transmission] = checked(tmp_path, page, stranger).files[0].transmissions
    assert [(one.code, one.severity) for one in transmission.warnings] == [("credentials", "warning")]
    inbound = {"kind": "in_document", "secrets": ["env:SHARED"]}
    live = PartnerProfile.model_validate({**page.model_dump(), "transport": {"kind": "https", "inbound": inbound}})
    refused = checked(tmp_path, live, stranger)
    assert [one.code for one in refused.files[0].transmissions[0].errors] == ["credentials"]
    assert [answer.verdict for answer in refused.files[0].transmissions[0].answers] == ["422"]
    assert not refused.is_acted_on
    assert checked(tmp_path, live, ANSWER).is_acted_on


def test_an_answer_to_our_own_post_is_told_from_an_acknowledgement(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, ANSWER)
    response = message('<Status code="200" text="OK"/>', carrier="Response", attributes="")
    [document] = checked(tmp_path, page, response).files[0].transmissions[0].documents
    assert "the answer to a post of ours" in document.verdicts[0].summary


@pytest.mark.skipif(not REAL, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name.split("__")[-1])
def test_no_line_of_a_real_message_is_lost(tmp_path: Path, path: Path) -> None:
    page, _ = drafted(tmp_path, path.read_bytes())
    found = check(page, [path], at=NOON)
    channel = channel_of(page)
    assert channel is not None
    documents = [document for one in found.files[0].transmissions for document in one.documents]
    assert [document.reading for document in documents] == list(channel.read(path.read_bytes()))
    lines = [line for line in text_of(found) if line.startswith("      line ")]
    assert len(lines) == sum(len(document.reading.lines) for document in documents if document.reading)
