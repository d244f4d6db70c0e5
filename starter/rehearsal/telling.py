"""What happened on a stage, as the report tells it."""

from collections.abc import Iterator

from adapters.documents.findings import Finding
from domain.exception_case import ExceptionCase
from domain.quantities import plain
from domain.snapshot import EventOutcome
from starter.rehearsal.play import Play
from starter.rehearsal.report import Case, Incoming, Invoice, Line, Moment, Outgoing, ScenarioReport
from starter.rehearsal.stage import Arrival, Stage

WELL = frozenset({EventOutcome.APPLIED, EventOutcome.DUPLICATE})


def told(name: str, title: str, play: Play, problem: str) -> ScenarioReport:
    """Return a scenario's report."""
    stage = play.stage
    shown = stage.store.orders.get(stage.placed.key)
    return ScenarioReport(
        name=name,
        title=title,
        passed=not problem and bool(play.checks) and all(check.passed for check in play.checks),
        problem=problem,
        checks=tuple(play.checks),
        order_status=shown.status if shown else "",
        waiting_for=shown.waiting_for if shown else "",
        workflow_seconds=round(stage.passed.total_seconds()),
        lines=tuple(_lines(stage)),
        invoices=tuple(
            Invoice(number=one.number, total=str(one.total), verdict=one.verdict, erp_state=one.erp_state or "")
            for one in (shown.invoices if shown else ())
        ),
        cases=tuple(_case(case) for case in stage.all_cases()),
        timeline=tuple(
            Moment(at=entry.at, actor=entry.actor, text=entry.text)
            for _, entry in sorted(stage.store.timelines[stage.placed.key].items())
        ),
        incoming=tuple(_incoming(play, arrival) for arrival in stage.arrivals),
        outgoing=tuple(_outgoing(stage)),
    )


def _lines(stage: Stage) -> Iterator[Line]:
    shown = stage.store.orders.get(stage.placed.key)
    for line in shown.lines if shown else ():
        yield Line(
            number=line.number,
            item=line.item,
            ordered=str(line.ordered),
            received=str(line.received),
            invoiced=str(line.invoiced),
            unit_price=plain(line.unit_price),
        )


def _case(case: ExceptionCase) -> Case:
    return Case(
        kind=case.kind,
        owner=case.owner,
        summary=case.summary,
        choices=case.choices,
        discrepancies=tuple(one.explanation for one in case.discrepancies),
        decided=case.decision.resolution if case.decision else None,
        settled_itself=case.cured_at is not None,
    )


def _incoming(play: Play, arrival: Arrival) -> Incoming:
    return Incoming(
        what=arrival.what,
        origin=arrival.origin,
        size=len(arrival.body),
        at=arrival.stamp.at,
        receipts=tuple(taken.receipt.value for taken in arrival.taken),
        outcomes=play.outcomes(arrival),
        remarks=tuple(dict.fromkeys([*_unproven(arrival), *_refused(arrival), *_ended_badly(play.stage, arrival)])),
        body=arrival.body.decode("utf-8", "replace"),
    )


def _unproven(arrival: Arrival) -> Iterator[str]:
    if not arrival.taken:
        yield "does not prove itself: From, Sender or the shared secret is not what the page says (cxml.theirs)"


def _refused(arrival: Arrival) -> Iterator[str]:
    findings: list[Finding] = [finding for taken in arrival.taken for finding in taken.refused]
    return (str(finding) for finding in findings)


def _ended_badly(stage: Stage, arrival: Arrival) -> Iterator[str]:
    for key in arrival.keys:
        end = stage.inbox.end_of(key)
        about = (case.summary for case in stage.all_cases() if case.subject == key)
        if end is not None and end.outcome not in WELL and (said := next(about, end.note)):
            yield said


def _outgoing(stage: Stage) -> Iterator[Outgoing]:
    for sent in stage.outbox.documents.values():
        written = sent.written
        yield Outgoing(
            kind=written.kind,
            about=written.about,
            name=written.name,
            content_type=written.content_type,
            size=len(written.body),
            written_at=sent.written_at,
            times_sent=len(sent.handed_over),
            body=written.body.decode("utf-8", "replace"),
        )
