"""What a barcode says, on the command line."""

import json

from typer.testing import CliRunner

from starter.cli.app import app

RUN = CliRunner()


def test_a_scan_is_shown_field_by_field() -> None:
    shown = RUN.invoke(app, ["scan", "(01)09506000134352(17)270331(10)A1", "--json"])
    assert shown.exit_code == 0
    said = json.loads(shown.output)
    assert (said["gtin"], said["lot"], said["expires_on"]) == ("09506000134352", "A1", "2027-03-31")


def test_a_refused_scan_says_why_and_fails() -> None:
    refused = RUN.invoke(app, ["scan", "(01)09506000134353", "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.output)["refused"]["rule"]
    assert "Refused" in RUN.invoke(app, ["scan", "(01)09506000134353"]).output
