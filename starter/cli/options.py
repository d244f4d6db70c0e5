"""Options every command shares."""

from typing import Annotated

import typer

from starter.cli.api import Api, find

InJson = Annotated[bool, typer.Option("--json", help="Answer in JSON")]
AsPerson = Annotated[str | None, typer.Option("--as", help="In a running demo: whose token to use")]
Limit = Annotated[int, typer.Option(help="How many at most", min=1, max=10_000)]
StatusFilter = Annotated[str | None, typer.Option("--status", help="Only those with this status")]
Facility = Annotated[str | None, typer.Option(help="The facility's code")]


def api_of(person: str | None, in_json: bool) -> Api:
    """Return the API as this command is to use it."""
    return find(person, as_json=in_json)
