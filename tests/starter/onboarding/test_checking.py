"""What a check says of sample documents, and that nothing of them is left out."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.channels import channel_of
from adapters.partners import PartnerProfile
from domain.policy import CaseKind
from domain.purchase_order import PurchaseOrder
from starter.cli.partner_check import text_of
from starter.onboarding.checked import Check, CheckedDocument, Outcome, Verdict
from starter.onboarding.checking import check
from tests.adapters.events import WEBHOOKS, acknowledged
from tests.builders import an_order, an_order_line
from tests.samples import facts_of, samples
from tests.starter.onboarding.documents import (
    BROKEN,
    REFUSED_LINE,
    SPLIT,
    a_page,
    a_set,
    a_ship_notice,
    an_acknowledgement,
    an_answer,
    an_invoice,
    interchange,
)

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SAMPLES = samples("x12")


def checked(
    folder: Path,
    *bodies: bytes,
    page: PartnerProfile | None = None,
    against: Sequence[PurchaseOrder] = (),
) -> Check:
    files = [folder / f"{number}.edi" for number in range(len(bodies))]
    for path, body in zip(files, bodies, strict=True):
        path.write_bytes(body)
    return check(page or a_page(), files, at=NOON, against=against)


def documents(found: Check) -> list[CheckedDocument]:
    return [document for file in found.files for one in file.transmissions for document in one.documents]


def the_verdict(found: Check) -> Verdict:
    [document] = documents(found)
    [verdict] = document.verdicts
    return verdict


def test_a_split_answer_is_applied_and_asks_nobody(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_answer(*SPLIT))))
    assert (verdict.outcome, verdict.is_acted_on, verdict.case) == (Outcome.APPLIED, True, None)
    assert "the order counts as acknowledged" in verdict.summary
    assert "line 1: 12 BX accepted at 1.1, promised for 2026-12-01; 8 BX backordered at 1.1" in verdict.says


def test_a_refused_line_becomes_a_case_about_that_line(tmp_path: Path) -> None:
    found = checked(tmp_path, interchange(an_answer(*SPLIT, *REFUSED_LINE)))
    verdict = the_verdict(found)
    assert (verdict.outcome, verdict.case) == (Outcome.APPLIED, CaseKind.ACKNOWLEDGEMENT)
    assert [(one.line, one.kind) for one in verdict.discrepancies] == [(2, "rejected")]
    assert found.is_acted_on


def test_a_higher_price_shows_beside_the_order_itself(tmp_path: Path) -> None:
    body = interchange(an_answer("PO1*1*20*BX*1.1**VP*M-GLV-M", "ACK*IP*20*BX"))
    alone = the_verdict(checked(tmp_path, body))
    assert (alone.order_is, alone.case) == ("implied", None)
    assert any("--against" in sentence for sentence in alone.says)
    beside = the_verdict(checked(tmp_path, body, against=[an_order(an_order_line(price="1.00"))]))
    assert (beside.order_is, beside.case) == ("given", CaseKind.ACKNOWLEDGEMENT)
    assert [one.kind for one in beside.discrepancies] == ["price"]


def test_a_lower_price_is_taken_and_the_order_says_so(tmp_path: Path) -> None:
    body = interchange(an_answer("PO1*1*20*BX*1.1**VP*M-GLV-M", "ACK*IP*20*BX"))
    verdict = the_verdict(checked(tmp_path, body, against=[an_order(an_order_line(price="2.00"))]))
    assert verdict.case is None
    assert "nobody is asked, and the order becomes line 1: 20 BX at 1.1" in verdict.says


def test_lines_nobody_answered_are_waited_for(tmp_path: Path) -> None:
    order = an_order(an_order_line(), an_order_line(number=2, item="SYR-5", supplier_item="M-SYR-5"))
    verdict = the_verdict(checked(tmp_path, interchange(an_answer(*SPLIT)), against=[order]))
    assert "goes on waiting" in verdict.summary
    assert "not answered yet: line 2" in verdict.says


def test_an_order_that_was_not_given_is_said_to_be_implied(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_answer(*SPLIT)), against=[an_order(po_number="PO-9")]))
    assert verdict.order_is == "implied"
    assert any("PO-000001 is none of the orders given" in sentence for sentence in verdict.says)


def test_a_ship_notice_of_two_lots_is_one_line_of_the_order(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(a_ship_notice())))
    assert verdict.summary.startswith("applied as ship notice SHP-1 of 2 lines, expected on 2026-11-29")
    assert verdict.order is not None
    assert [(line.number, str(line.quantity)) for line in verdict.order.lines] == [(1, "20 BX"), (2, "5 BX")]
    assert any("12 BX of lot L-77 until 2028-12-31, 8 BX of lot L-78" in sentence for sentence in verdict.says)


def test_an_invoice_waits_for_its_goods(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_invoice())))
    assert (verdict.outcome, verdict.case) == (Outcome.WAITS, None)
    assert "matched once everything ordered has arrived: matched" in verdict.says


def test_a_charge_nobody_ordered_holds_an_invoice(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_invoice("SAC*C*D240***300", total="2500"))))
    assert verdict.case is CaseKind.INVOICE_MATCH
    assert "charge" in {one.kind for one in verdict.discrepancies}


def test_an_invoice_over_more_than_was_ordered_is_held_beside_the_order(tmp_path: Path) -> None:
    body = interchange(an_invoice(billed="30", total="3300"))
    assert the_verdict(checked(tmp_path, body)).case is None
    verdict = the_verdict(checked(tmp_path, body, against=[an_order()]))
    assert (verdict.order_is, verdict.case) == ("given", CaseKind.INVOICE_MATCH)


def test_a_broken_document_is_refused_and_its_sender_told(tmp_path: Path) -> None:
    found = checked(tmp_path, interchange(BROKEN))
    verdict = the_verdict(found)
    assert (verdict.outcome, verdict.case) == (Outcome.REFUSED, CaseKind.UNREADABLE_DOCUMENT)
    assert not found.is_acted_on
    [answer] = found.files[0].transmissions[0].answers
    assert (answer.kind, answer.verdict) == ("functional acknowledgement", "R")
    assert "855 0001: R 3" in answer.says


def test_what_is_read_is_acknowledged_and_an_acknowledgement_is_not(tmp_path: Path) -> None:
    found = checked(tmp_path, interchange(an_answer(*SPLIT), an_acknowledgement()))
    [answer] = found.files[0].transmissions[0].answers
    assert (answer.verdict, answer.says) == ("A", ("855 0001: A",))


@pytest.mark.parametrize(("code", "case"), [("A", None), ("E", None), ("R", CaseKind.REFUSED_DOCUMENT)])
def test_an_acknowledgement_is_filed_and_a_refusal_put_to_a_person(
    tmp_path: Path, code: str, case: CaseKind | None
) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_acknowledgement(code))))
    assert (verdict.outcome, verdict.case, verdict.is_acted_on) == (Outcome.FILED, case, True)
    assert "PO 7" in verdict.summary


def test_every_interchange_of_a_file_is_read(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT)) + b"\r\n" + interchange(a_ship_notice(), an_invoice(), control=2)
    found = checked(tmp_path, body)
    assert [one.id for one in found.files[0].transmissions] == ["isa-000000001", "isa-000000002"]
    kinds = [document.reading.kind for document in documents(found) if document.reading]
    assert kinds == ["order acknowledgement", "ship notice", "supplier invoice"]


def test_a_number_used_again_is_a_copy_or_a_conflict(tmp_path: Path) -> None:
    first, other = interchange(an_answer(*SPLIT)), interchange(an_invoice())
    same = checked(tmp_path, first, first)
    assert [file.transmissions[0].repeats for file in same.files] == [None, "copy"]
    assert same.is_acted_on
    another = checked(tmp_path, first, other)
    assert [file.transmissions[0].repeats for file in another.files] == [None, "conflict"]
    assert not another.is_acted_on


def test_a_stranger_is_refused_and_what_it_sent_is_shown(tmp_path: Path) -> None:
    found = checked(tmp_path, interchange(an_answer(*SPLIT), a_ship_notice(), sender="SOMEBODY"))
    assert [error.code for error in found.files[0].transmissions[0].errors] == ["TA1 007"]
    verdicts = [verdict for document in documents(found) for verdict in document.verdicts]
    assert [(one.outcome, one.case) for one in verdicts] == [("refused", "unreadable document")] * 2
    assert [len(document.reading.lines) for document in documents(found) if document.reading] == [1, 3]


def test_what_strangers_sent_is_shown_once(tmp_path: Path) -> None:
    bodies = [interchange(an_answer(*SPLIT), control=number, sender="SOMEBODY") for number in (1, 2)]
    found = checked(tmp_path, b"".join(bodies))
    assert len(found.files[0].transmissions) == 2
    assert len(documents(found)) == 2


def test_a_document_that_names_no_order_is_put_to_a_person(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(a_ship_notice(po_number=""))))
    assert (verdict.case, verdict.is_acted_on) == (CaseKind.UNMATCHED_EVENT, False)


def test_a_test_is_for_a_partner_under_test(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT), usage="T")
    assert the_verdict(checked(tmp_path, body)).case is CaseKind.UNCLEAR_DOCUMENT
    assert the_verdict(checked(tmp_path, body, page=a_page(in_production=False))).is_acted_on


def test_a_unit_nobody_knows_is_put_to_a_person_until_the_page_explains_it(tmp_path: Path) -> None:
    body = interchange(an_answer("PO1*1*20*CASE*1.1**VP*M-GLV-M", "ACK*IA*20*CASE"))
    found = checked(tmp_path, body)
    assert (the_verdict(found).case, found.is_acted_on) == (CaseKind.UNCLEAR_DOCUMENT, False)
    explained = a_page(x12={"their_id": "MIDLAND", "our_id": "NORTHHOSP", "units": {"CASE": "CA"}})
    assert the_verdict(checked(tmp_path, body, page=explained)).is_acted_on


def test_another_item_under_the_same_number_is_another_line_and_a_question(tmp_path: Path) -> None:
    lines = ("PO1*1*20*BX*1.1**VP*M-GLV-M", "ACK*IA*20*BX", "PO1*1*5*BX*4**VP*M-SYR-5", "ACK*IA*5*BX")
    verdict = the_verdict(checked(tmp_path, interchange(an_answer(*lines))))
    assert verdict.case is CaseKind.UNCLEAR_DOCUMENT
    assert "the number of order line 1 and the item of order line 2" in verdict.summary


def test_lines_may_be_found_by_their_items_alone(tmp_path: Path) -> None:
    lines = ("PO1*10*20*BX*1.1**VP*M-GLV-M", "ACK*IA*20*BX", "PO1*20*5*BX*4**VP*M-SYR-5", "ACK*IA*5*BX")
    found = checked(tmp_path, interchange(an_answer(*lines)), page=a_page(lines_echo_ours=False))
    assert "its lines are found on the order by item numbers (2)" in the_verdict(found).says


def test_a_notice_about_two_orders_is_judged_beside_each(tmp_path: Path) -> None:
    orders = [f"HL*{2 * number}*1*O~PRF*PO-00000{number}~HL*{2 * number + 1}*{2 * number}*I~LIN*1*VP*M-GLV-M~SN1*1*3*BX"
              for number in (1, 2)]  # fmt: skip
    segments = ["BSN*00*SHP-2*20261127*0900*0001", "HL*1**S", *"~".join(orders).split("~"), "CTT*5"]
    [document] = documents(checked(tmp_path, interchange(a_set("856", *segments))))
    assert [(verdict.po_number, verdict.outcome) for verdict in document.verdicts] == [
        ("PO-000001", "applied"),
        ("PO-000002", "applied"),
    ]


def test_an_order_of_ours_is_kept_and_changes_nothing(tmp_path: Path) -> None:
    segments = ("BEG*00*SA*PO-000001**20261126", "PO1*1*20*BX*1.1**VP*M-GLV-M", "CTT*1")
    verdict = the_verdict(checked(tmp_path, interchange(a_set("850", *segments))))
    assert (verdict.outcome, verdict.is_acted_on) == (Outcome.KEPT, True)


def test_a_file_that_is_no_document_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = checked(tmp_path, b"Dear customer", b"", interchange(an_answer(*SPLIT)))
    assert [file.is_acted_on for file in found.files] == [False, False, True]
    missing = check(a_page(), [tmp_path / "nowhere.edi"], at=NOON)
    assert missing.files[0].error is not None
    assert not missing.is_acted_on


def test_what_came_before_a_fault_counts(tmp_path: Path) -> None:
    found = checked(tmp_path, interchange(an_answer(*SPLIT)) + b"ISA*00*cut")
    assert found.files[0].error is not None
    assert the_verdict(found).outcome is Outcome.APPLIED


def test_a_header_without_its_last_element_is_read_as_the_inbox_reads_it(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT)).replace(b"*P*>~", b"*P*~").replace(b"~", b"~\n")
    assert the_verdict(checked(tmp_path, body)).outcome is Outcome.APPLIED


def test_a_remark_that_shows_only_in_the_whole_file_is_made(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT)).replace(b"~ACK*IA", b"~\nACK*IA").replace(b"~PO1", b"\nPO1")
    [document] = documents(checked(tmp_path, body))
    channel = channel_of(a_page())
    assert channel is not None
    assert document.reading is not None
    assert "begins on a new line" in " ".join(finding.message for finding in document.reading.findings)
    assert document.reading == channel.read(body)[0]


def test_nothing_a_reading_holds_is_missing_from_the_json(tmp_path: Path) -> None:
    body = interchange(an_answer(*SPLIT, *REFUSED_LINE), a_ship_notice(), an_invoice())
    found = checked(tmp_path, body)
    channel = channel_of(a_page())
    assert channel is not None
    assert [document.reading for document in documents(found)] == list(channel.read(body))
    again = Check.model_validate_json(found.model_dump_json())
    assert documents(again) == documents(found)


def test_an_event_of_our_own_json_is_judged_beside_the_order_given(tmp_path: Path) -> None:
    page = a_page(language="json", x12=None, transport=WEBHOOKS)
    body = json.dumps(acknowledged()).encode()
    [document] = documents(checked(tmp_path, body, page=page, against=[an_order()]))
    assert document.event is not None
    assert "the order counts as acknowledged" in document.verdicts[0].summary
    assert "--against" in the_verdict(checked(tmp_path, body, page=page)).summary
    assert not checked(tmp_path, b"{}", page=page).is_acted_on


@pytest.mark.skipif(not SAMPLES, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name.split("__")[-1])
def test_no_line_of_a_real_document_is_lost(path: Path) -> None:
    page = a_page(x12={"check_sender": False})
    found = check(page, [path], at=NOON)
    readings = [document.reading for document in documents(found) if document.reading]
    channel = channel_of(page)
    assert channel is not None
    whole = channel.read(path.read_bytes())
    assert [reading.model_copy(update={"findings": ()}) for reading in readings] == [
        reading.model_copy(update={"findings": ()}) for reading in whole
    ]
    for reading, known in zip(readings, whole, strict=True):
        assert set(known.findings) <= set(reading.findings)
    text = list(text_of(found))
    assert max(map(len, text)) <= 100
    printed = [line for line in text if line.startswith("      line ")]
    assert len(printed) == sum(len(reading.lines) for reading in readings)
    for reading, fact in zip(
        (one for one in readings if "TA1" not in one.language), facts_of(path) or [], strict=False
    ):
        known = fact.get("lines", fact.get("items", []))
        assert len(reading.lines) == len(known) or fact["transaction"] in {"820", "997", "999"}


@pytest.mark.skipif(not SAMPLES, reason="the sample documents are not beside the project")
def test_all_real_documents_are_judged() -> None:
    found = check(a_page(x12={"check_sender": False}, in_production=False), SAMPLES, at=NOON)
    assert all(document.verdicts for document in documents(found))
    assert {verdict.case for document in documents(found) for verdict in document.verdicts}.isdisjoint(
        {CaseKind.POISON_EVENT}
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_in_a_document_it_is_judged(tmp_path: Path, data: st.DataObject) -> None:
    body = bytearray(interchange(an_answer(*SPLIT), a_ship_notice(), an_invoice(), an_acknowledgement()))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    found = checked(tmp_path, bytes(body))
    assert list(text_of(found))
    assert Check.model_validate_json(found.model_dump_json()) == found


def test_the_price_an_order_implies_is_of_one_unit(tmp_path: Path) -> None:
    verdict = the_verdict(checked(tmp_path, interchange(an_answer(*SPLIT))))
    assert verdict.order is not None
    assert verdict.order.lines[0].unit_price == Decimal("1.1")
