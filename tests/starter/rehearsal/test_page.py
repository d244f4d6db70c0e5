"""The page is one file, and nothing a partner writes becomes part of it as anything but text."""

from datetime import UTC, datetime
from html.parser import HTMLParser

from starter.rehearsal.page import page_of, readable
from starter.rehearsal.report import Check, Incoming, Moment, RehearsalReport, ScenarioReport, Verdict, verdict_of

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
EVIL = '<script src="https://evil.example/x.js">alert(1)</script>"\'&'


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def a_report(*, passed: bool = True, undecided: tuple[str, ...] = (), words: str = "words") -> RehearsalReport:
    scenario = ScenarioReport(
        name="accept",
        title=words,
        passed=passed,
        problem="" if passed else words,
        checks=(Check(what=words, expected=words, actual=words, passed=passed),),
        workflow_seconds=86_460,
        timeline=(Moment(at=AT, actor=words, text=words),),
        incoming=(
            Incoming(
                what=words,
                origin=words,
                size=1,
                at=AT,
                receipts=("new",),
                outcomes=("applied",),
                remarks=(words,),
                body=words,
            ),
        ),
    )
    return RehearsalReport(
        partner="heartland",
        name=words,
        language="x12",
        at=AT,
        verdict=verdict_of((scenario,), undecided),
        seconds=1.5,
        origins={"ship notice": words},
        undecided=undecided,
        scenarios=(scenario,),
    )


def parsed(report: RehearsalReport) -> _Tags:
    tags = _Tags()
    tags.feed(page_of(report))
    return tags


def test_what_a_partner_writes_stays_text() -> None:
    page = parsed(a_report(passed=False, undecided=(EVIL,), words=EVIL))
    assert "script" not in {tag for tag, _ in page.found}
    assert page.text.count("alert(1)") >= 10
    assert {tag for tag, attributes in page.found if "src" in attributes or "onclick" in attributes} == set()


def test_the_page_loads_nothing() -> None:
    page = parsed(a_report())
    links = {attributes.get("href") for _, attributes in page.found if "href" in attributes}
    assert links == {"#accept"}
    assert {"link", "img", "iframe"} & {tag for tag, _ in page.found} == set()


def test_the_verdict_is_said_in_words() -> None:
    assert "Ready. 1 of 1" in parsed(a_report()).text
    assert "Ready once decided. 1 of 1" in parsed(a_report(undecided=("x12.their_id",))).text
    assert "Not ready. 0 of 1" in parsed(a_report(passed=False)).text
    assert "1 day" in parsed(a_report()).text


def test_x12_in_one_line_is_shown_segment_by_segment() -> None:
    assert readable("ISA*00~GS*PO~") == "ISA*00~\nGS*PO~\n"
    assert readable("ISA|00\nGS|PO\n") == "ISA|00\nGS|PO\n"
    assert readable("<cXML>ISA</cXML>") == "<cXML>ISA</cXML>"
    assert readable("") == ""


def test_what_was_not_taken_is_shown_at_once() -> None:
    page = parsed(a_report())
    assert [attributes for tag, attributes in page.found if tag == "details"] == [{"open": None}]


def test_nothing_played_is_not_ready() -> None:
    assert verdict_of((), ()) is Verdict.NOT_READY
