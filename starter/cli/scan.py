"""p2p scan."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from adapters.bad_document import BadDocumentError
from adapters.barcodes.scan import scan as read_scan
from starter.cli import showing
from starter.cli.options import InJson

Scanned = Annotated[str, typer.Argument(help="What the scanner read, untouched; ^ stands for the group separator")]


def scan(text: Scanned, in_json: InJson = False) -> None:
    """Say what a barcode says: GS1, GS1 Digital Link, HIBC or a plain item number."""
    try:
        found = read_scan(text, year=datetime.now(UTC).year)
    except BadDocumentError as error:
        refused = {"position": error.pointer, "rule": error.rule, "remedy": error.remedy}
        if in_json:
            showing.as_json({"refused": refused})
        else:
            showing.console.print(f"Refused: {error}{'; ' + error.remedy if error.remedy else ''}", highlight=False)
        raise typer.Exit(1) from error
    said = found.model_dump(mode="json", exclude_none=True)
    if in_json:
        showing.as_json(said)
        return
    elements = said.pop("elements", [])
    rows = [(name.replace("_", " "), str(value)) for name, value in said.items()]
    rows += [(f"({element['ai']})", element["value"]) for element in elements]
    showing.table("Scan", ("field", "value"), rows)
