"""p2p requisition."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from starter.cli import showing
from starter.cli.options import AsPerson, Facility, InJson, Limit, StatusFilter, api_of

app = typer.Typer(help="Ask for goods, and approve what was asked for.", no_args_is_help=True)

Items = Annotated[list[str] | None, typer.Option("--item", help="CODE=QUANTITY:UNIT, as in GLV-M=20:BX; repeat it")]
File = Annotated[Path | None, typer.Argument(help="A requisition as YAML or JSON; see docs/cli.md", exists=True)]


@app.command()
def submit(
    file: File = None,
    item: Items = None,
    facility: Facility = None,
    deliver_to: Annotated[
        str | None, typer.Option(help="A location of the ERP; the facility's own if not said")
    ] = None,
    number: Annotated[
        str | None, typer.Option(help="Your number for it; derived from day and content if not said")
    ] = None,
    note: str = "",
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """Submit a requisition. Doing it twice on one day is one requisition."""
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8")) if file else {}
    if facility:
        content["facility"] = facility
    if item:
        content["lines"] = [_line(position, text) for position, text in enumerate(item, start=1)]
    if note:
        content["note"] = note
    if "facility" not in content or not content.get("lines"):
        raise typer.BadParameter("name a file, or a --facility and at least one --item")
    content["deliver_to"] = deliver_to or content.get("deliver_to") or content["facility"]
    content["number"] = number or content.get("number") or _derived_number(content)
    shown = api_of(person, in_json).send("POST", "/v1/requisitions", json.loads(json.dumps(content, default=str)))
    _show(shown, in_json)


@app.command("list")
def list_(
    status: StatusFilter = None,
    facility: Facility = None,
    limit: Limit = 50,
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """List requisitions."""
    found = api_of(person, in_json).list("/v1/requisitions", limit=limit, status=status, facility=facility)
    if in_json:
        showing.as_json(found)
        return
    rows = [
        (
            shown["requisition"]["number"],
            shown["requisition"]["facility"],
            shown["requisition"]["requester"],
            showing.money(shown["total"]),
            shown["status"],
            shown["waiting_for"],
        )
        for shown in found
    ]
    showing.table("Requisitions", ("number", "facility", "requester", "total", "status", "waits for"), rows)


@app.command()
def show(number: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Show one requisition and what has happened to it."""
    api = api_of(person, in_json)
    shown = api.get(f"/v1/requisitions/{number}")
    _show(shown, in_json)
    if not in_json:
        showing.timeline(number, api.get(f"/v1/requisitions/{number}/timeline"))


@app.command()
def approve(number: str, reason: str = "", person: AsPerson = None, in_json: InJson = False) -> None:
    """Approve what a requisition costs."""
    answer = api_of(person, in_json).send("POST", f"/v1/requisitions/{number}/approve", {"reason": reason})
    _say(answer, f"{number} approved", in_json)


@app.command()
def reject(
    number: str, reason: Annotated[str, typer.Option(prompt=True)], person: AsPerson = None, in_json: InJson = False
) -> None:
    """Reject a requisition, saying why."""
    answer = api_of(person, in_json).send("POST", f"/v1/requisitions/{number}/reject", {"reason": reason})
    _say(answer, f"{number} rejected", in_json)


def _line(position: int, text: str) -> dict[str, Any]:
    code, equals, amount = text.partition("=")
    value, colon, unit = amount.partition(":")
    if not (code and equals and value and colon and unit):
        raise typer.BadParameter(f"--item {text}: write CODE=QUANTITY:UNIT, as in GLV-M=20:BX")
    return {"number": position, "item": code, "quantity": {"value": value, "unit": unit.upper()}}


def _derived_number(content: dict[str, Any]) -> str:
    day = datetime.now(UTC).strftime("%Y%m%d")
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return f"RQ-{day}-{digest}"


def _show(shown: dict[str, Any], in_json: bool) -> None:
    if in_json:
        showing.as_json(shown)
        return
    requisition = shown["requisition"]
    waits = f", waits for {shown['waiting_for']}" if shown["waiting_for"] else ""
    showing.console.print(
        f"[bold]{requisition['number']}[/] for {requisition['facility']}: {shown['status']}{waits}", highlight=False
    )
    rows = [(str(line["number"]), line["item"], showing.quantity(line["quantity"])) for line in requisition["lines"]]
    showing.table("Lines", ("line", "item", "quantity"), rows)


def _say(answer: Any, text: str, in_json: bool) -> None:  # noqa: ANN401 - the API's JSON
    showing.as_json(answer) if in_json else showing.console.print(text, highlight=False)
