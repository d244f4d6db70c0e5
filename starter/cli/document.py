"""p2p document."""

import sys
from typing import Annotated

import typer

from starter.cli import showing
from starter.cli.options import AsPerson, InJson, Limit, api_of

app = typer.Typer(help="See the documents partners transmitted and the ones we sent them.", no_args_is_help=True)
Partner = Annotated[str | None, typer.Option(help="Only this partner's")]


@app.command("list")
def list_(partner: Partner = None, limit: Limit = 50, person: AsPerson = None, in_json: InJson = False) -> None:
    """List what partners transmitted, newest first."""
    found = api_of(person, in_json).get("/v1/transmissions", partner=partner, limit=min(limit, 200))
    if in_json:
        showing.as_json(found)
        return
    rows = [
        (one["key"], one["via"], showing.moment(one["received_at"]), one["state"], str(one["documents"]), one["note"])
        for one in found
    ]
    showing.table("Transmissions", ("transmission", "via", "received (UTC)", "state", "documents", "note"), rows)


@app.command()
def sent(partner: Partner = None, limit: Limit = 50, person: AsPerson = None, in_json: InJson = False) -> None:
    """List the documents we wrote, and what their partners' functional acknowledgements say."""
    found = api_of(person, in_json).get("/v1/outbound", partner=partner, limit=min(limit, 200))
    if in_json:
        showing.as_json(found)
        return
    rows = [
        (
            one["key"],
            one["kind"],
            one["about"],
            str(one["interchange_number"] or ""),
            showing.moment(one["sent_at"]) if one["sent_at"] else "waiting",
            one["verdict"] or ("awaited" if one["awaited_until"] else ""),
            one["note"],
        )
        for one in found
    ]
    columns = ("document", "kind", "about", "ISA13", "sent (UTC)", "verdict", "note")
    showing.table("Sent documents", columns, rows)


@app.command()
def body(
    key: str,
    ours: Annotated[bool, typer.Option("--ours", help="KEY is a document of ours, not a transmission")] = False,
    person: AsPerson = None,
) -> None:
    """Write a transmission's bytes, as they came, to standard output; who reads them is written down."""
    path = f"/v1/outbound/{key}/body" if ours else f"/v1/transmissions/{key}/body"
    sys.stdout.buffer.write(api_of(person, in_json=False).read(path))


@app.command("send-again")
def send_again(key: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Send a document of ours once more, the same bytes under the same control numbers."""
    again = api_of(person, in_json).send("POST", f"/v1/outbound/{key}/send-again")
    showing.as_json(again) if in_json else showing.console.print(f"{key} is sent again", highlight=False)
