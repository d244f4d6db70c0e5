"""UBL, HL7 and FHIR brought on: pages from samples alone that load, and samples checked with them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.channels import channel_of
from adapters.partners import PartnerProfile, load_profile
from domain.usage import ReplenishmentRequest, Usage
from starter.cli.partner_check import text_of
from starter.onboarding.checked import Check, CheckedDocument, Outcome
from starter.onboarding.checking import check
from starter.onboarding.deducing import Sample
from starter.onboarding.drafting import draft
from tests.adapters.fhir import resources as fhir
from tests.adapters.hl7.messages import CHARGES, ORDER, PATIENT, charge, message
from tests.adapters.ubl.documents import DESPATCH_ADVICE, document, invoice, order_response, response_line
from tests.samples import samples

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ANSWER = order_response(
    "CA",
    response_line(1, "5", '<cbc:Quantity unitCode="XBX">10</cbc:Quantity>'),
    response_line(2, "7", '<cbc:Quantity unitCode="XBX">4</cbc:Quantity>'),
)
REAL = [*samples("ubl"), *(path for path in samples("fhir") if path.suffix == ".json")]


def drafted(folder: Path, *bodies: bytes) -> tuple[PartnerProfile, str]:
    page = draft([Sample(f"{number}", body) for number, body in enumerate(bodies)], code="north").page
    path = folder / "north.yaml"
    path.write_text(page)
    return load_profile(path), page


def checked(folder: Path, page: PartnerProfile, *bodies: bytes) -> Check:
    files = [folder / f"{number}.sample" for number in range(len(bodies))]
    for path, body in zip(files, bodies, strict=True):
        path.write_bytes(body)
    return check(page, files, at=NOON)


def documents(found: Check) -> list[CheckedDocument]:
    return [document for file in found.files for one in file.transmissions for document in one.documents]


def test_participants_are_written_as_peppol_does(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, ANSWER, DESPATCH_ADVICE)
    assert page.ubl is not None
    assert (page.ubl.their_endpoint, page.ubl.our_endpoint) == ("0088:7300010000001", "0192:987654325")
    assert "urn:fdc:peppol.eu:poacc:trns:order_response:3" in text


def test_our_own_order_is_from_us_and_says_what_ours_claim(tmp_path: Path) -> None:
    order = document(
        "Order",
        """<cbc:CustomizationID>urn:example:order</cbc:CustomizationID><cbc:ID>PO-1</cbc:ID>
        <cac:BuyerCustomerParty><cac:Party><cbc:EndpointID schemeID="0192">987654325</cbc:EndpointID></cac:Party>
        </cac:BuyerCustomerParty><cac:SellerSupplierParty><cac:Party>
        <cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID></cac:Party></cac:SellerSupplierParty>""",
    )
    page, _ = drafted(tmp_path, order)
    assert page.ubl is not None
    assert (page.ubl.their_endpoint, page.ubl.our_endpoint) == ("0088:7300010000001", "0192:987654325")
    assert page.ubl.order_customization == "urn:example:order"


def test_a_line_that_is_not_accepted_becomes_a_case(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, ANSWER)
    [document] = documents(checked(tmp_path, page, ANSWER))
    assert [(one.line, one.kind) for one in document.verdicts[0].discrepancies] == [(2, "rejected")]


def test_an_invoice_that_does_not_add_up_is_refused_and_shown(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, invoice())
    good = documents(checked(tmp_path, page, invoice()))
    assert [verdict.is_acted_on for document in good for verdict in document.verdicts] == [True]
    found = checked(tmp_path, page, invoice(("<cbc:PayableAmount", "<cbc:PayableAmounts")))
    assert not found.is_acted_on


def test_every_refused_message_is_shown_by_itself(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, CHARGES)
    bad = CHARGES.replace(b"|CG|", b"|??|").replace(b"|M-77|", b"|M-78|")
    worse = CHARGES.replace(b"FT1|", b"ZZ1|").replace(b"|M-77|", b"|M-79|")
    found = checked(tmp_path, page, bad + worse + CHARGES)
    assert [len(one.documents) for one in found.files[0].transmissions] == [1, 1, 1]
    for one in found.files[0].transmissions[:2]:
        assert one.documents[0].reading is not None
        assert set(one.errors) <= set(one.documents[0].reading.findings)
    outcomes = [document.verdicts[0].outcome for document in documents(found)]
    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.APPLIED]


def test_usage_is_told_without_its_patient(tmp_path: Path) -> None:
    page, text = drafted(tmp_path, CHARGES, ORDER)
    found = checked(tmp_path, page, CHARGES, ORDER)
    usage, request = (document.verdicts[0] for document in documents(found))
    assert isinstance(usage.document, Usage)
    assert isinstance(request.document, ReplenishmentRequest)
    assert "usage M-77 at FACILITY, LOCATION, kept" in usage.summary
    assert "line 1: 4 EA of GLV-M used" in usage.says
    said = text + found.model_dump_json() + "\n".join(text_of(found))
    assert not [word for word in PATIENT if word in said]


def test_the_same_samples_are_read_the_same_and_their_cases_by_no_live_key(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, CHARGES)
    first, again = (checked(tmp_path, page, CHARGES).model_dump_json() for _ in range(2))
    assert first == again
    assert "case-" in first
    other = checked(tmp_path, page, CHARGES, ORDER).model_dump_json()
    assert first.partition("case-")[2][:20] != other.partition("case-")[2][:20]


def test_a_code_and_a_vendor_segment_are_asked_about(tmp_path: Path) -> None:
    odd = message("DFT^P03", charge(kind="XY"), "ZPM|1|USE")
    _, text = drafted(tmp_path, odd)
    assert "# transactions: {XY: used}" in text
    assert "which fields of ZPM say what" in text


def test_another_facility_than_the_page_lists_is_put_to_a_person(tmp_path: Path) -> None:
    page, _ = drafted(tmp_path, CHARGES)
    assert page.hl7 is not None
    elsewhere = page.hl7.model_copy(update={"facilities": {"NORTH": "SOUTH"}})
    [document] = documents(checked(tmp_path, page.model_copy(update={"hl7": elsewhere}), CHARGES))
    assert "whose stock this partner keeps" in document.verdicts[0].summary


def test_the_release_that_can_be_read_is_drafted(tmp_path: Path) -> None:
    for resource, release in ((fhir.REQUEST, "R4B"), (fhir.REQUEST_R5, "R5")):
        page, text = drafted(tmp_path, json.dumps(resource).encode())
        assert page.fhir is not None
        assert page.fhir.release == release
        assert "check: the release of its endpoint" in text


@pytest.mark.skipif(not REAL, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name.split("__")[-1])
def test_no_line_of_a_real_document_is_lost(tmp_path: Path, path: Path) -> None:
    page, _ = drafted(tmp_path, path.read_bytes())
    found = check(page, [path], at=NOON)
    readings = [document.reading for document in documents(found) if document.reading]
    channel = channel_of(page, secret_of=lambda _: SecretStr("no case"))
    assert channel is not None
    if found.files[0].error is None:
        expected = channel.read(path.read_bytes())
        assert [len(reading.lines) for reading in readings] == [len(reading.lines) for reading in expected]
    assert max(map(len, text_of(found))) <= 100
