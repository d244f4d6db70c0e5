"""p2p partner rehearse: its report, its files and its exit codes."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from starter.cli.app import app
from tests.starter.rehearsal.partners import HTTPS, X12_SAMPLES, x12_invoice

PAGE = {
    "code": "heartland",
    "kind": "supplier",
    "supplier": "HLIN",
    "name": "Heartland [Supply]",
    "language": "x12",
    "x12": {"their_id": "HEARTLAND"},
    "transport": HTTPS,
}

SIGNED = {
    "kind": "https",
    "url": "https://partner.example/events",
    "outbound": {"kind": "signature", "secret": "env:OURS"},
    "inbound": {"kind": "signature", "secrets": ["env:THEIRS"]},
}


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["partner", "rehearse", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "heartland.yaml"
    path.write_text(yaml.safe_dump(PAGE))
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, body in X12_SAMPLES:
        (tmp_path / name).write_bytes(body)
    return [str(tmp_path / name) for name, _ in X12_SAMPLES]


@pytest.mark.servers
def test_the_report_comes_as_json_and_as_a_page(page: Path, files: list[str], tmp_path: Path) -> None:
    html = tmp_path / "report.html"
    code, out, _ = run(str(page), *files, "--json", "--html", str(html), "--scenario", "accept", "--scenario", "late")
    report = json.loads(out)
    assert code == 0
    assert (report["format"], report["partner"], report["verdict"]) == (1, "heartland", "ready")
    assert [scenario["name"] for scenario in report["scenarios"]] == ["accept", "late"]
    assert report["origins"]["ship notice"] == "notice.x12"
    assert all(document["body"] for document in report["scenarios"][0]["outgoing"])
    assert "Heartland [Supply]" in html.read_text()


@pytest.mark.servers
def test_a_scenario_that_fails_ends_with_1_and_says_why(page: Path, files: list[str], tmp_path: Path) -> None:
    explicit = {**PAGE, "x12": {"their_id": "HEARTLAND", "implied_decimals": "explicit"}}
    page.write_text(yaml.safe_dump(explicit))
    (tmp_path / "invoice.x12").write_bytes(x12_invoice())
    code, out, _ = run(str(page), *files, "--scenario", "accept", "--documents")
    assert code == 1
    assert "not ready: 0 of 1 scenarios passed" in out
    assert "x12.implied_decimals" in out
    assert "ST*850*0001~" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code: [", "is not YAML"),
        (yaml.safe_dump({**PAGE, "language": "klingon"}), "language"),
        (yaml.safe_dump({**PAGE, "language": "json", "x12": None, "transport": SIGNED}), "sends events"),
    ],
)
def test_a_page_that_is_wrong_ends_with_2(page: Path, content: str, said: str) -> None:
    page.write_text(content)
    code, _, err = run(str(page))
    assert code == 2
    assert said in err


def test_no_temporal_no_page_and_no_such_scenario_end_with_2(page: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing")
    for arguments, said in (
        ((str(page), "--temporal", missing), "is no program"),
        ((missing,), "cannot be read"),
        ((str(page), missing), "nothing"),
        ((str(page), "--scenario", "gold-rush"), "no scenario gold-rush"),
    ):
        code, _, err = run(*arguments)
        assert code == 2
        assert said in err
    assert json.loads(run(missing, "--json")[2])["title"] == "Wrong configuration"
