"""The command line's table of contents."""

import os
import sys

import typer

from adapters.operators import hash_of, new_token
from starter.cli import doctor as doctors
from starter.cli import document, event, exception, order, partner, punch_out, requisition, showing
from starter.cli.options import InJson
from starter.cli.scan import scan

app = typer.Typer(
    name="p2p", help="Supplyline: purchasing, from par level to payment.", no_args_is_help=True, add_completion=False
)
app.add_typer(requisition.app, name="requisition")
app.add_typer(order.app, name="order")
app.add_typer(exception.app, name="exception")
app.add_typer(event.app, name="event")
app.add_typer(document.app, name="document")
app.add_typer(partner.app, name="partner")
app.add_typer(punch_out.app, name="punch-out")

app.command("scan")(scan)

operator = typer.Typer(help="Let people and programs use the API.", no_args_is_help=True)
app.add_typer(operator, name="operator")


@app.command()
def doctor(in_json: InJson = False) -> None:
    """Look at every part of the deployment and say what is wrong and what to do."""
    findings = doctors.examine()
    if in_json:
        showing.as_json(doctors.as_documents(findings))
    else:
        showing.table("Parts", ("part", "", "what was found", "what to do"), doctors.as_rows(findings))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@operator.command("token")
def token(in_json: InJson = False) -> None:
    """Make a token, and the hash of it that operators.yaml keeps. The token is shown once."""
    made = new_token()
    if in_json:
        showing.as_json({"token": made, "token_sha256": hash_of(made)})
        return
    showing.console.print(f"token         {made}\ntoken_sha256  {hash_of(made)}", highlight=False)


def main() -> None:
    """Run `p2p`."""
    try:
        app()
    except SystemExit as end:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)  # Temporal's runtime may abort a normal exit
