"""p2p order."""

from typing import Annotated, Any

import typer

from starter.cli import showing
from starter.cli.options import AsPerson, Facility, InJson, Limit, StatusFilter, api_of

app = typer.Typer(help="See where purchase orders are.", no_args_is_help=True)


@app.command("list")
def list_(
    status: StatusFilter = None,
    facility: Facility = None,
    supplier: Annotated[str | None, typer.Option(help="The supplier's code")] = None,
    limit: Limit = 50,
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """List purchase orders."""
    api = api_of(person, in_json)
    found = api.list("/v1/orders", limit=limit, status=status, facility=facility, supplier=supplier)
    if in_json:
        showing.as_json(found)
        return
    rows = [_row(shown) for shown in found]
    showing.table("Purchase orders", ("PO", "key", "facility", "supplier", "status", "waits for"), rows)


@app.command()
def show(name: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Show one purchase order, by PO number or key."""
    shown = api_of(person, in_json).get(f"/v1/orders/{name}")
    if in_json:
        showing.as_json(shown)
        return
    order = shown["order"]
    waits = f", waits for {shown['waiting_for']}" if shown["waiting_for"] else ""
    heading = f"[bold]{order['po_number'] or order['key']}[/] to {order['supplier']}: {shown['status']}{waits}"
    showing.console.print(heading, highlight=False)
    lines = [
        (
            str(line["number"]),
            line["item"],
            *(showing.quantity(line[kind]) for kind in ("ordered", "received", "invoiced")),
        )
        for line in shown["lines"]
    ]
    showing.table("Lines", ("line", "item", "ordered", "received", "invoiced"), lines)
    bills = [
        (
            bill["number"],
            showing.money(bill["total"]),
            bill["verdict"],
            bill["erp_number"] or "",
            bill["erp_state"] or "",
        )
        for bill in shown["invoices"]
    ]
    showing.table("Invoices", ("invoice", "total", "verdict", "in the ERP", "state"), bills)
    for case in shown["cases"]:
        showing.case(case)


@app.command()
def timeline(name: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Show what has happened to an order, by whom, in sequence."""
    entries = api_of(person, in_json).get(f"/v1/orders/{name}/timeline")
    showing.as_json(entries) if in_json else showing.timeline(name, entries)


@app.command()
def cancel(
    name: str, reason: Annotated[str, typer.Option(prompt=True)], person: AsPerson = None, in_json: InJson = False
) -> None:
    """Cancel what of an order has not arrived."""
    answer = api_of(person, in_json).send("POST", f"/v1/orders/{name}/cancel", {"reason": reason})
    showing.as_json(answer) if in_json else showing.console.print(f"{name}: {answer['note']}", highlight=False)


def _row(shown: dict[str, Any]) -> tuple[str, ...]:
    order = shown["order"]
    names = order["po_number"] or "", order["key"], order["facility"], order["supplier"]
    return (*names, shown["status"], shown["waiting_for"])
