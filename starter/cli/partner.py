"""p2p partner."""

import typer

from starter.cli import partner_rehearse, showing
from starter.cli.options import AsPerson, InJson, api_of

app = typer.Typer(help="Hold a partner's events back, and let them go on.", no_args_is_help=True)


@app.command("list")
def list_(person: AsPerson = None, in_json: InJson = False) -> None:
    """List the partners."""
    found = api_of(person, in_json).get("/v1/partners")
    if in_json:
        showing.as_json(found)
        return
    rows = [(partner["code"], partner["kind"], partner["name"], partner["paused_by"] or "") for partner in found]
    showing.table("Partners", ("code", "kind", "name", "paused by"), rows)


@app.command()
def pause(code: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Take a partner's events in without dispatching them."""
    standing = api_of(person, in_json).send("PUT", f"/v1/partners/{code}/pause")
    showing.as_json(standing) if in_json else showing.console.print(f"{code} is paused", highlight=False)


@app.command()
def resume(code: str, person: AsPerson = None, in_json: InJson = False) -> None:
    """Dispatch what has waited, and go on."""
    standing = api_of(person, in_json).send("DELETE", f"/v1/partners/{code}/pause")
    showing.as_json(standing) if in_json else showing.console.print(f"{code} goes on", highlight=False)


partner_rehearse.register(app)
