"""Answers as tables and text for people, or as JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

console = Console()


def as_json(content: Any) -> None:  # noqa: ANN401 - the API's JSON
    """Print JSON, bare."""
    print(json.dumps(content, indent=2))  # noqa: T201 - the command's output


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, or that there is nothing."""
    if not rows:
        console.print(f"No {title.lower()}.")
        return
    drawn = Table(title=title, title_justify="left")
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)


def money(amount: dict[str, Any] | None) -> str:
    """Write an amount."""
    return f"{amount['currency']} {float(amount['amount']):,.2f}" if amount else ""


def quantity(value: dict[str, Any]) -> str:
    """Write a quantity."""
    number = value["value"]
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {value['unit']}"


def moment(text: str) -> str:
    """Write a time to the second."""
    return text[:19].replace("T", " ")


def timeline(name: str, entries: Sequence[dict[str, Any]]) -> None:
    """Print what has happened."""
    rows = [(moment(entry["at"]), entry["actor"], entry["text"]) for entry in entries]
    table(f"Timeline of {name}", ("when (UTC)", "who", "what"), rows)


def case(shown: dict[str, Any]) -> None:
    """Print an exception case with everything a decision needs."""
    console.print(f"[bold]{shown['id']}[/]  {shown['summary']}", highlight=False)
    console.print(f"  owner {shown['owner']}, due {moment(shown['due_at'])} UTC", highlight=False)
    for discrepancy in shown["discrepancies"]:
        console.print(f"  - {discrepancy['explanation']}", highlight=False)
    if shown["decision"]:
        decision = shown["decision"]
        console.print(f"  {decision['resolution']} by {decision['actor']}: {decision['reason']}", highlight=False)
    elif shown["cured_at"]:
        console.print(f"  settled itself {moment(shown['cured_at'])} UTC", highlight=False)
    else:
        choices = ", ".join(f"'{choice}'" for choice in shown["choices"])
        console.print(f"  decide with: p2p exception resolve {shown['id']} {choices}", highlight=False)
