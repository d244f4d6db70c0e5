"""The report as one page: nothing but itself to load, everything escaped, readable when printed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from starter.rehearsal.report import Case, Check, Incoming, Outgoing, RehearsalReport, ScenarioReport, Verdict

DAY = 86_400
_COLOURS = {Verdict.READY: "good", Verdict.READY_WITH_DECISIONS: "open", Verdict.NOT_READY: "bad"}
_STYLE = """
:root { color-scheme: light; --line: #d6d9de; --soft: #f5f6f8; --good: #1a7f37; --open: #8a6100; --bad: #b3261e; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1e21; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; } p.note { color: #5b6169; margin-top: 0; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { background: var(--soft); font-weight: 600; } td { overflow-wrap: break-word; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .6rem; white-space: pre-wrap;
  overflow-wrap: anywhere; font: 12px/1.45 ui-monospace, monospace; }
.verdict { border-left: .4rem solid; padding: .6rem 1rem; background: var(--soft); font-size: 1.1rem; }
.good { color: var(--good); } .open { color: var(--open); } .bad { color: var(--bad); }
.word { font-weight: 600; white-space: nowrap; } section { border-top: 1px solid var(--line); }
summary { cursor: pointer; padding: .2rem 0; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } section { break-inside: auto; }
  h2, h3 { break-after: avoid; } tr, pre { break-inside: avoid; } }
""".strip()


def page_of(report: RehearsalReport) -> str:
    """Return the page."""
    title = f"Rehearsal of {report.partner}"
    body = [
        f"<h1>{escape(title)}</h1>",
        _heading(report),
        _verdict(report),
        _summary(report),
        _decisions(report),
        _sources(report),
        *(_scenario(scenario) for scenario in report.scenarios),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def days_of(scenario: ScenarioReport) -> str:
    """Say how much time passed for an order."""
    days = round(scenario.workflow_seconds / DAY)
    return "1 day" if days == 1 else f"{days} days"


def readable(body: str) -> str:
    """Return a document with a line for each segment, where it is X12 in a single line."""
    is_one_line = body.startswith("ISA") and "\n" not in body
    return body.replace(body[-1], f"{body[-1]}\n") if is_one_line else body


def _heading(report: RehearsalReport) -> str:
    name = escape(report.name or report.partner)
    when = f"{_moment(report.at)} UTC, {report.seconds:g} seconds"
    return f'<p class="note">{name}, documents in {escape(report.language)}; {when}</p>'


def _verdict(report: RehearsalReport) -> str:
    passed = len(report.scenarios) - len(report.failed)
    word = escape(report.verdict.capitalize())
    return (
        f'<p class="verdict {_COLOURS[report.verdict]}"><span class="word">{word}.</span> '
        f"{passed} of {len(report.scenarios)} scenarios passed; {len(report.undecided)} to be decided.</p>"
    )


def _summary(report: RehearsalReport) -> str:
    rows = [
        (
            f'<a href="#{escape(one.name)}">{escape(one.name)}</a>',
            _result(passed=one.passed),
            escape(one.title),
            escape(one.order_status),
            days_of(one),
            str(len(one.cases)),
        )
        for one in report.scenarios
    ]
    heads = ("Scenario", "Result", "What happens", "The order ended", "Time passed", "Cases")
    return f"<h2>Scenarios</h2>{_table(heads, rows)}"


def _decisions(report: RehearsalReport) -> str:
    if not report.undecided:
        return "<h2>To be decided</h2><p>Nothing.</p>"
    return f"<h2>To be decided</h2><ul>{''.join(f'<li>{escape(one)}</li>' for one in report.undecided)}</ul>"


def _sources(report: RehearsalReport) -> str:
    origins = [(escape(kind), escape(origin)) for kind, origin in report.origins.items()]
    parts = ["<h2>What the documents were made from</h2>", _table(("Document", "Made from"), origins)]
    if report.samples:
        rows = [
            (escape(one.file), escape(", ".join(one.kinds)), _list(one.errors), _list(one.warnings))
            for one in report.samples
        ]
        parts.append(_table(("Sample", "Read as", "Errors", "Warnings"), rows))
    return "".join(parts)


def _scenario(scenario: ScenarioReport) -> str:
    problem = f'<p class="bad">{escape(scenario.problem)}</p>' if scenario.problem else ""
    lines = [
        (
            str(one.number),
            escape(one.item),
            escape(one.ordered),
            escape(one.received),
            escape(one.invoiced),
            one.unit_price,
        )
        for one in scenario.lines
    ]
    timeline = [(_moment(one.at), escape(one.actor), escape(one.text)) for one in scenario.timeline]
    result = _result(passed=scenario.passed)
    return "".join(
        [
            f'<section id="{escape(scenario.name)}"><h2>{escape(scenario.title)} {result}</h2>',
            problem,
            _table(("What", "Expected", "Found", ""), [_check(check) for check in scenario.checks]),
            "<h3>The order in the end</h3>",
            _table(("Line", "Item", "Ordered", "Received", "Invoiced", "Price"), lines),
            "<h3>What people were asked</h3>" + _cases(scenario.cases) if scenario.cases else "",
            "<h3>What happened</h3>",
            _table(("When (UTC)", "Who", "What"), timeline),
            "<h3>What the partner sent</h3>",
            *(_incoming(one) for one in scenario.incoming),
            "<h3>What we sent</h3>",
            *(_outgoing(one) for one in scenario.outgoing),
            "</section>",
        ]
    )


def _check(check: Check) -> tuple[str, ...]:
    return escape(check.what), escape(check.expected), escape(check.actual), _result(passed=check.passed)


def _cases(cases: Iterable[Case]) -> str:
    rows = []
    for one in cases:
        decided = "settled itself" if one.settled_itself else "still open" if one.decided is None else one.decided
        about = escape(one.summary) + _list(one.discrepancies)
        rows.append((escape(one.kind), escape(one.owner), about, escape(", ".join(one.choices)), escape(decided)))
    return _table(("Kind", "Owner", "About", "Choices", "Decided"), rows)


def _incoming(one: Incoming) -> str:
    said = ", ".join((*one.receipts, *one.outcomes))
    return _document(f"{one.what}: {said} ({one.origin}, {one.size} bytes)", one.body, one.remarks)


def _outgoing(one: Outgoing) -> str:
    times = "once" if one.times_sent == 1 else f"{one.times_sent} times"
    return _document(f"{one.kind} about {one.about}, sent {times} ({one.size} bytes)", one.body)


def _document(heading: str, body: str, remarks: Sequence[str] = ()) -> str:
    opening = "<details open>" if remarks else "<details>"
    text = escape(readable(body))
    return f"{opening}<summary>{escape(heading)}</summary>{_list(remarks)}<pre>{text}</pre></details>"


def _list(words: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(word)}</li>' for word in words)}</ul>" if words else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already."""
    head = "".join(f"<th>{escape(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _result(*, passed: bool) -> str:
    return '<span class="good word">passed</span>' if passed else '<span class="bad word">failed</span>'


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
