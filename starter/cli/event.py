"""p2p event."""

import typer

from starter.cli import showing
from starter.cli.options import AsPerson, InJson, Limit, api_of

app = typer.Typer(help="See what partners reported, and what became of it.", no_args_is_help=True)


@app.command("list")
def list_(
    partner: str | None = None,
    state: str | None = None,
    outcome: str | None = None,
    limit: Limit = 50,
    person: AsPerson = None,
    in_json: InJson = False,
) -> None:
    """List events in the sequence they were received."""
    api = api_of(person, in_json)
    found = api.list("/v1/events", limit=limit, partner=partner, state=state, outcome=outcome)
    if in_json:
        showing.as_json(found)
        return
    rows = [
        (
            event["key"],
            event["kind"],
            event["po_number"] or "",
            showing.moment(event["received_at"]),
            event["outcome"] or event["state"],
            event["note"],
        )
        for event in found
    ]
    showing.table("Events", ("event", "kind", "PO", "received (UTC)", "outcome", "note"), rows)


@app.command()
def show(key: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Show one event; KEY is partner/event-id."""
    event = api_of(person, in_json).get(f"/v1/events/{key}")
    if in_json:
        showing.as_json(event)
        return
    showing.table(f"Event {key}", ("field", "value"), [(name, str(value)) for name, value in event.items()])


@app.command()
def replay(key: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Dispatch an event again; what a lifecycle knows already changes nothing."""
    event = api_of(person, in_json).send("POST", f"/v1/events/{key}/replay")
    showing.as_json(event) if in_json else showing.console.print(f"{key} is dispatched again", highlight=False)
