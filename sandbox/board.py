"""The live board: every requisition and order, where it is, what it waits for, and what happened lately."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

COLOURS = {
    "exception": "bold red",
    "awaiting approval": "bold yellow",
    "awaiting payment": "green",
    "closed": "dim green",
    "cancelled": "dim",
    "rejected": "dim",
}


class Board:
    """What the demo shows while it runs. Fed from the API, like any other screen would be.

    `speaks` says of each supplier its language and how its documents travel.
    """

    def __init__(self, speaks: Mapping[str, str]) -> None:
        self._speaks = speaks
        self._lines: deque[Text] = deque(maxlen=9)
        self._requisitions: list[dict[str, Any]] = []
        self._orders: list[dict[str, Any]] = []

    def say(self, text: str, style: str = "") -> None:
        """Add a line to what happened."""
        self._lines.append(Text(text, style=style))

    def show(self, requisitions: list[dict[str, Any]], orders: list[dict[str, Any]]) -> None:
        """Show these."""
        self._requisitions, self._orders = requisitions, orders

    def __rich__(self) -> Group:
        """Draw the board."""
        return Group(self._requisition_table(), self._order_table(), Panel(Group(*self._lines), title="What happens"))

    def _requisition_table(self) -> Table:
        table = Table(title="Requisitions", expand=True, title_justify="left")
        for column in ("number", "facility", "total", "status", "waits for"):
            table.add_column(column, overflow="fold")
        for shown in self._requisitions:
            total = shown["total"]
            table.add_row(
                shown["requisition"]["number"],
                shown["requisition"]["facility"],
                f"{total['currency']} {float(total['amount']):,.2f}" if total else "",
                Text(shown["status"], style=COLOURS.get(shown["status"], "")),
                shown["waiting_for"],
            )
        return table

    def _order_table(self) -> Table:
        table = Table(title="Purchase orders", expand=True, title_justify="left")
        for column in ("PO", "facility", "supplier", "speaks", "received / ordered", "status", "waits for"):
            table.add_column(column, overflow="fold")
        for shown in self._orders:
            order = shown["order"]
            received = ", ".join(
                f"{_of(line['received'])}/{_of(line['ordered'])} {line['item']}" for line in shown["lines"]
            )
            status = Text(shown["status"], style=COLOURS.get(shown["status"], ""))
            name = order["po_number"] or order["key"]
            speaks = self._speaks.get(order["supplier"], "")
            table.add_row(name, order["facility"], order["supplier"], speaks, received, status, shown["waiting_for"])
        return table


def _of(quantity: dict[str, str]) -> str:
    return quantity["value"].rstrip("0").rstrip(".") if "." in quantity["value"] else quantity["value"]
