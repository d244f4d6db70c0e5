"""p2p exception."""

from typing import Annotated

import typer

from domain.exception_case import Resolution
from starter.cli import showing
from starter.cli.options import AsPerson, InJson, Limit, api_of

app = typer.Typer(help="Decide what the lifecycles cannot.", no_args_is_help=True)


@app.command("list")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="The closed ones too")] = False,
    mine: Annotated[bool, typer.Option("--mine", help="Only yours")] = False,
    owner: str | None = None,
    kind: str | None = None,
    limit: Limit = 50,
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """List open exception cases."""
    api = api_of(person, in_json)
    found = api.list("/v1/exceptions", limit=limit, all=all_, mine=mine, owner=owner, kind=kind)
    if in_json:
        showing.as_json(found)
        return
    rows = [
        (case["id"], case["kind"], case["owner"], showing.moment(case["due_at"]), case["summary"]) for case in found
    ]
    showing.table("Exception cases", ("case", "kind", "owner", "due (UTC)", "what"), rows)


@app.command()
def show(case: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Show one exception case and how it can be decided."""
    shown = api_of(person, in_json).get(f"/v1/exceptions/{case}")
    showing.as_json(shown) if in_json else showing.case(shown)


@app.command()
def resolve(
    case: str,
    resolution: Annotated[Resolution, typer.Argument(help="One of the case's choices")],
    reason: str = "",
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """Decide a case."""
    content = {"resolution": resolution.value, "reason": reason}
    closed = api_of(person, in_json).send("POST", f"/v1/exceptions/{case}/resolve", content)
    showing.as_json(closed) if in_json else showing.case(closed)
