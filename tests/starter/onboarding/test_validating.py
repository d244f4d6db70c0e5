"""`p2p partner validate`: every problem by file, field and rule."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from starter.cli.app import app
from tests.starter.onboarding.documents import a_page_file


def p2p(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["partner", "validate", *map(str, arguments)])


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    folder.mkdir()
    a_page_file(folder)
    return folder


def test_good_pages_end_with_zero(tmp_path: Path, partners: Path) -> None:
    for place in (tmp_path, partners, partners / "midland.yaml"):
        ended = p2p(place)
        assert (ended.exit_code, ended.stdout) == (0, "pages: 1, problems: 0\n")


def test_every_problem_of_a_page_is_named(partners: Path) -> None:
    a_page_file(partners, time_zone="Nowhere", colour="blue", x12={"our_qualifier": "long"})
    ended = p2p(partners)
    assert ended.exit_code == 1
    lines = ended.stdout.splitlines()
    assert [line.split(": ")[1] for line in lines[:-1]] == ["x12.our_qualifier", "time_zone", "colour"]
    assert all("midland.yaml: " in line for line in lines[:-1])


def test_two_pages_of_one_partner_are_one_too_many(partners: Path) -> None:
    (partners / "other.yaml").write_text((partners / "midland.yaml").read_text())
    ended = p2p(partners, "--json")
    assert ended.exit_code == 1
    [problem] = json.loads(ended.stdout)["problems"]
    assert (problem["field"], problem["rule"]) == ("code", "is used by midland.yaml already")


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"code: [", "is not YAML"), (b"\xff\xfe", "must be YAML in UTF-8"), (b"", "Input should be")],
)
def test_what_is_no_page_is_said_to_be_none(partners: Path, content: bytes, rule: str) -> None:
    (partners / "midland.yaml").write_bytes(content)
    ended = p2p(partners)
    assert ended.exit_code == 1
    assert rule in ended.stdout


def test_a_page_that_is_not_there_is_a_problem_and_none_at_all_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert p2p(tmp_path / "nowhere.yaml").exit_code == 1
    monkeypatch.delenv("SUPPLYLINE_CONFIG_DIR", raising=False)
    assert p2p().exit_code == 2


def test_the_configured_folder_is_the_usual_one(
    tmp_path: Path, partners: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPLYLINE_CONFIG_DIR", str(tmp_path))
    assert p2p().stdout == "pages: 1, problems: 0\n"
    (partners / "midland.yaml").unlink()
    assert p2p().exit_code == 2
