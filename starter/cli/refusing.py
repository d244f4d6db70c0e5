"""A command that cannot be carried out: why, for people or for programs, and exit code 2."""

import json
import sys
from typing import NoReturn

import typer
from rich.console import Console

errors = Console(stderr=True)


def refuse(why: str, *, in_json: bool) -> NoReturn:
    """Say why on standard error, and end."""
    if in_json:
        print(json.dumps({"title": "Wrong configuration", "detail": why}), file=sys.stderr)  # noqa: T201 - the output
    else:
        errors.print(why, style="bold red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)
