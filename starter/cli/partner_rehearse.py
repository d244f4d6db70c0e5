"""p2p partner rehearse: a partner's go-live, played through before it happens."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adapters.partners import load_profile
from adapters.policies import load_policy
from adapters.yaml_files import ConfigurationError
from domain.policy import Policy
from starter.cli.options import InJson
from starter.cli.refusing import refuse
from starter.onboarding.files import files_of
from starter.rehearsal.hand import CannotRehearseError
from starter.rehearsal.page import days_of, page_of, readable
from starter.rehearsal.report import RehearsalReport, ScenarioReport, Verdict
from starter.rehearsal.running import Rehearsal, prepared, rehearse
from starter.rehearsal.scenarios import NoSuchScenarioError, Scenario, scenarios_named
from starter.rehearsal.server import NoTemporalError, temporal_binary, temporal_server

FAILED = 1
LARGEST_SAMPLE = 10_000_000
FIRST_LINES = 12
_console = Console()
_aside = Console(stderr=True)

Profile = Annotated[Path, typer.Argument(metavar="PROFILE", help="The partner's page, a YAML file")]
Files = Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", help="Its documents: files, folders, patterns")]
Html = Annotated[Path | None, typer.Option(help="Write the report as one page to this file")]
Names = Annotated[list[str] | None, typer.Option("--scenario", help="Only this scenario; may be repeated")]
Config = Annotated[Path | None, typer.Option(help="The folder whose policy.yaml decides")]
Temporal = Annotated[
    Path | None, typer.Option(help="Temporal's program, where it is not beside this Python or on PATH")
]
Documents = Annotated[bool, typer.Option("--documents", help="Show the first lines of what we would have sent")]


def rehearse_partner(
    profile: Profile,
    files: Files = None,
    in_json: InJson = False,
    html: Html = None,
    scenario: Names = None,
    config: Config = None,
    temporal: Temporal = None,
    documents: Documents = False,
) -> None:
    """Play a partner's go-live: real orders on a clock that skips, with documents as the partner writes them.

    Exit code 0 when every scenario passed, 1 when not, 2 when the page is wrong or Temporal is missing.
    """
    logging.getLogger("temporalio").setLevel(logging.CRITICAL)  # what is refused in a rehearsal is in its report
    try:
        rehearsal = prepared(load_profile(profile), [_read(path) for path in files_of(files or [])])
        policy = load_policy(config) if config is not None else Policy()
        chosen = scenarios_named(tuple(scenario or ()))
        report = asyncio.run(_played(rehearsal, chosen, temporal_binary(temporal), policy))
        if html is not None:
            html.write_text(page_of(report), encoding="utf-8")
    except (ConfigurationError, CannotRehearseError, NoTemporalError, NoSuchScenarioError, OSError) as error:
        refuse(str(error), in_json=in_json)
    if in_json:
        print(report.model_dump_json(indent=2))  # noqa: T201 - the command's output
    else:
        _show(report, with_documents=documents)
    if report.failed:
        raise typer.Exit(FAILED)


def register(app: typer.Typer) -> None:
    """Add the command to `p2p partner`."""
    app.command("rehearse")(rehearse_partner)


def _read(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        body = file.read(LARGEST_SAMPLE + 1)
    if len(body) > LARGEST_SAMPLE:
        raise CannotRehearseError(f"{path} is larger than {LARGEST_SAMPLE} bytes: give a sample of one document")
    return path.name, body


async def _played(
    rehearsal: Rehearsal, scenarios: tuple[Scenario, ...], binary: Path, policy: Policy
) -> RehearsalReport:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_aside, transient=True) as progress:
        task = progress.add_task("starting Temporal", total=len(scenarios))

        def one_more(played: ScenarioReport) -> None:
            progress.update(task, advance=1, description=f"{played.name} {_word(played)}")

        async with temporal_server(binary) as server:
            progress.update(task, description="playing")
            return await rehearse(server, rehearsal, scenarios=scenarios, policy=policy, progress=one_more)


def _show(report: RehearsalReport, *, with_documents: bool) -> None:
    name = f" ({report.name})" if report.name else ""
    say = _saying()
    say(f"Rehearsal of {report.partner}{name}, which speaks {report.language}", "bold")
    for kind, origin in report.origins.items():
        say(f"  {kind}: {origin}", "")
    _console.print(_table(report))
    for scenario in report.failed:
        _explain(scenario)
    if report.undecided:
        say("To be decided", "bold")
        for remark in report.undecided:
            say(f"  - {remark}", "")
    if with_documents:
        for scenario in report.scenarios:
            _documents(scenario)
    style = {Verdict.READY: "bold green", Verdict.READY_WITH_DECISIONS: "bold yellow"}.get(report.verdict, "bold red")
    passed = len(report.scenarios) - len(report.failed)
    say(f"{report.verdict}: {passed} of {len(report.scenarios)} scenarios passed in {report.seconds:g} s", style)


def _table(report: RehearsalReport) -> Table:
    drawn = Table(title="Scenarios", title_justify="left")
    for column in ("scenario", "", "the order", "time passed", "what happens"):
        drawn.add_column(column, overflow="fold")
    for scenario in report.scenarios:
        result = f"[green]{_word(scenario)}[/]" if scenario.passed else f"[red]{_word(scenario)}[/]"
        drawn.add_row(scenario.name, result, escape(scenario.order_status), days_of(scenario), escape(scenario.title))
    return drawn


def _explain(scenario: ScenarioReport) -> None:
    say = _saying()
    say(f"{scenario.name}: {scenario.title}", "bold red")
    if scenario.problem:
        say(f"  {scenario.problem}", "")
    for check in scenario.checks:
        if not check.passed:
            say(f"  {check.what}: expected {check.expected}, found {check.actual}", "")
    for document in scenario.incoming:
        for remark in document.remarks:
            say(f"  {document.what}: {remark}", "")
    for moment in scenario.timeline:
        say(f"    {moment.at:%Y-%m-%d %H:%M}  {moment.actor}: {moment.text}", "dim")


def _documents(scenario: ScenarioReport) -> None:
    say = _saying()
    for document in scenario.outgoing:
        say(f"{scenario.name}: {document.kind} about {document.about}, {document.size} bytes", "bold")
        for line in readable(document.body).splitlines()[:FIRST_LINES]:
            say(f"    {line}", "dim")


def _word(scenario: ScenarioReport) -> str:
    return "passed" if scenario.passed else "failed"


def _saying() -> Callable[[str, str], None]:
    def say(text: str, style: str) -> None:
        _console.print(escape(text), style=style or None, highlight=False, soft_wrap=True)

    return say
