"""A partner's go-live, played: it passes as its page is, and where the page is wrong the right scenario says why."""

from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from starter.rehearsal.play import Play
from starter.rehearsal.report import RehearsalReport, ScenarioReport, Verdict
from starter.rehearsal.running import Rehearsal, rehearse
from starter.rehearsal.scenarios import SCENARIOS, NoSuchScenarioError, Scenario, scenarios_named
from tests.starter.rehearsal.partners import (
    SAMPLES,
    X12_SAMPLES,
    a_rehearsal,
    cxml,
    x12_answer,
    x12_invoice,
    x12_notice,
)

pytestmark = pytest.mark.servers
LANGUAGES = ("x12", "ubl", "cxml")


async def played(temporal: WorkflowEnvironment, rehearsal: Rehearsal, *names: str) -> RehearsalReport:
    return await rehearse(temporal, rehearsal, scenarios=scenarios_named(names))


def told(report: RehearsalReport) -> list[str]:
    """Everything that kept scenarios from passing, for a failing test to show."""
    return [line for scenario in report.failed for line in explained(scenario)]


def explained(scenario: ScenarioReport) -> list[str]:
    checks = [f"{one.what}: {one.expected} / {one.actual}" for one in scenario.checks if not one.passed]
    remarks = [f"{one.what}: {remark}" for one in scenario.incoming for remark in one.remarks]
    return [f"{scenario.name}: {line}" for line in [scenario.problem, *checks, *remarks] if line]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_scenario_passes_with_plain_documents(temporal: WorkflowEnvironment, language: str) -> None:
    report = await played(temporal, a_rehearsal(language))
    assert told(report) == []
    assert [scenario.name for scenario in report.scenarios] == [scenario.name for scenario in SCENARIOS]
    assert report.verdict is Verdict.READY
    assert set(report.origins.values()) == {"plain template"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_scenario_passes_in_the_partners_own_style(temporal: WorkflowEnvironment, language: str) -> None:
    report = await played(temporal, a_rehearsal(language, *SAMPLES[language]))
    assert told(report) == []
    assert sorted(report.origins.values()) == sorted(name for name, _ in SAMPLES[language])
    assert [sample.errors for sample in report.samples] == [()] * len(SAMPLES[language])


async def test_a_scenario_tells_the_whole_story(temporal: WorkflowEnvironment) -> None:
    (silent,) = (await played(temporal, a_rehearsal("x12"), "silent")).scenarios
    order = next(one for one in silent.outgoing if one.kind == "purchase order")
    assert (order.times_sent, order.body[:3]) == (3, "ISA")
    assert silent.workflow_seconds >= 7 * 86_400
    assert [case.kind for case in silent.cases] == ["silent supplier"]
    assert "PO-000001 is closed" in [moment.text for moment in silent.timeline]
    assert {one.verdict for one in silent.invoices} == {"matched"}
    assert {one.kind for one in silent.outgoing} == {"purchase order", "functional acknowledgement"}


async def test_their_acknowledgement_of_our_order_is_found_under_it(temporal: WorkflowEnvironment) -> None:
    (accept,) = (await played(temporal, a_rehearsal("x12", *X12_SAMPLES), "accept")).scenarios
    first = accept.incoming[0]
    assert (first.what, first.origin) == ("functional acknowledgement of our order", "acknowledgement.x12")
    assert first.outcomes == ("applied",)
    assert "AK1|PO|1\nAK2|850|0001\nAK5|A\nAK9|A|1|1|1\n" in first.body
    (check,) = (one for one in accept.checks if one.what == "our order, by their acknowledgement")
    assert (check.actual, check.passed) == ("A", True)


async def test_a_partner_that_acknowledges_nothing_is_not_waited_for(temporal: WorkflowEnvironment) -> None:
    silent_about_syntax = a_rehearsal("x12", x12={"acknowledges_within_hours": None})
    (accept,) = (await played(temporal, silent_about_syntax, "accept")).scenarios
    assert accept.passed
    assert accept.incoming[0].what == "order acknowledgement ACK-1"


async def test_a_unit_the_page_does_not_know_fails_every_order_and_says_so(temporal: WorkflowEnvironment) -> None:
    samples = (
        ("answer.x12", x12_answer(unit="Q7")),
        ("notice.x12", x12_notice(unit="Q7")),
        ("invoice.x12", x12_invoice(unit="Q7")),
    )
    wrong = await played(temporal, a_rehearsal("x12", *samples), "accept")
    assert wrong.verdict is Verdict.NOT_READY
    assert "accept: order acknowledgement ACK-1: applied / exception" in told(wrong)
    assert any("has a unit we do not know" in line and "(units)" in line for line in told(wrong))
    right = await played(temporal, a_rehearsal("x12", *samples, x12={"units": {"Q7": "CA"}}), "accept")
    assert told(right) == []


@pytest.mark.parametrize(
    ("total", "decimals"),
    [("5350", "explicit"), ("53.5", "implied"), ("53.5", "explicit"), ("5350", "implied"), ("5350", "auto")],
)
async def test_amounts_are_written_as_the_sample_has_them(
    temporal: WorkflowEnvironment, total: str, decimals: str
) -> None:
    samples = (*X12_SAMPLES[:2], ("invoice.x12", x12_invoice(total=total)))
    rehearsal = a_rehearsal("x12", *samples, x12={"implied_decimals": decimals})
    report = await played(temporal, rehearsal, "accept")
    if (total, decimals) != ("5350", "explicit"):
        assert told(report) == []
        return
    assert [scenario.name for scenario in report.failed] == ["accept"]
    assert any("TDS01" in note and "x12.implied_decimals" in note for note in report.undecided)
    assert any("x12.implied_decimals" in line for line in told(report))


async def test_whole_dollars_read_as_cents_fail_where_the_page_says_so(temporal: WorkflowEnvironment) -> None:
    invoice = x12_invoice(total="54").replace(b"9.10", b"9.20")
    samples = (*X12_SAMPLES[:2], ("invoice.x12", invoice))
    right = await played(temporal, a_rehearsal("x12", *samples, x12={"implied_decimals": "explicit"}), "accept")
    assert told(right) == []


@pytest.mark.parametrize("echo", [True, False])
async def test_line_numbers_of_the_partners_own_fail_where_the_page_says_they_are_ours(
    temporal: WorkflowEnvironment, echo: bool
) -> None:
    samples = (*X12_SAMPLES[:2], ("invoice.x12", x12_invoice(swapped=True)))
    report = await played(temporal, a_rehearsal("x12", *samples, lines_echo_ours=echo), "accept", "late")
    if not echo:
        assert told(report) == []
        return
    assert [scenario.name for scenario in report.failed] == ["accept", "late"]
    assert any("lines_echo_ours" in note for note in report.undecided)
    assert any("has the number of order line" in line for line in told(report))


@pytest.mark.parametrize(
    ("language", "page"),
    [("x12", {"x12": {"reuses_control_numbers": True}}), ("cxml", {"cxml": {"payload_ids_repeat": True}})],
)
async def test_where_numbers_tell_nothing_the_order_notices_the_conflict(
    temporal: WorkflowEnvironment, language: str, page: dict[str, Any]
) -> None:
    report = await played(temporal, a_rehearsal(language, **page), "duplicate", "malformed")
    assert told(report) == []
    assert "conflicting event" in {case.kind for case in report.scenarios[1].cases}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_partner_under_test_marks_its_documents_as_its_page_says(
    temporal: WorkflowEnvironment, language: str
) -> None:
    report = await played(temporal, a_rehearsal(language, *SAMPLES[language], in_production=False), "accept")
    assert told(report) == []


async def test_somebody_elses_sender_id_is_refused_and_named(temporal: WorkflowEnvironment) -> None:
    report = await played(temporal, a_rehearsal("x12", *X12_SAMPLES, x12={"their_id": "SOMEBODYELSE"}), "accept")
    assert any("their_id" in line for line in told(report))
    assert any("x12.their_id" in note for note in report.undecided)


async def test_credentials_that_are_not_the_pages_are_turned_away(temporal: WorkflowEnvironment) -> None:
    confirmation = cxml(
        """<ConfirmationRequest><ConfirmationHeader confirmID="1" type="accept" noticeDate="2026-10-01"/>
        <OrderReference orderID="PO-1"/></ConfirmationRequest>""",
        sender="SOMEBODY",
    )
    report = await played(temporal, a_rehearsal("cxml", ("confirmation.xml", confirmation)), "accept")
    assert any("cxml.theirs" in line for line in told(report))
    (scenario,) = report.failed
    assert scenario.incoming[0].outcomes == ("not proven",)


async def test_an_order_that_cannot_be_written_is_told_at_once(temporal: WorkflowEnvironment) -> None:
    page: dict[str, Any] = {"us": {"name": "City Hospital"}}
    report = await played(temporal, a_rehearsal("ubl", **page), "accept")
    assert any("our_endpoint is needed" in line for line in told(report))
    assert report.seconds < 10


async def test_one_expectation_that_is_not_met_is_enough_to_fail(temporal: WorkflowEnvironment) -> None:
    async def play(story: Play) -> None:
        await story.stage.place_order()
        story.expects("the colour of the box", "blue", "red")

    report = await rehearse(temporal, a_rehearsal("x12"), scenarios=[Scenario("colour", "A coloured box", play)])
    assert told(report) == ["colour: the colour of the box: blue / red"]
    assert report.verdict is Verdict.NOT_READY


def test_an_unknown_scenario_is_named_with_those_there_are() -> None:
    with pytest.raises(NoSuchScenarioError, match="no scenario gold-rush; there are accept, partial"):
        scenarios_named(("gold-rush",))
