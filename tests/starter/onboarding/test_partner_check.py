"""`p2p partner check` as a person and as a program uses it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from starter.cli.app import app
from tests.builders import an_order
from tests.starter.onboarding.documents import (
    BROKEN,
    REFUSED_LINE,
    SPLIT,
    a_page_file,
    an_answer,
    an_invoice,
    interchange,
)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "answer.edi").write_bytes(interchange(an_answer(*SPLIT)))
    (folder / "invoice.edi").write_bytes(interchange(an_invoice(), control=2))
    (folder / ".hidden").write_bytes(b"not a sample")
    return folder


def p2p(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["partner", "check", *map(str, arguments)])


def test_a_folder_of_good_samples_ends_with_zero(tmp_path: Path, samples: Path) -> None:
    ended = p2p(a_page_file(tmp_path), samples)
    assert ended.exit_code == 0, ended.output
    assert "files: 2, documents: 2, can be acted on: 2" in ended.stdout
    assert "remainder 0 of 20 BX ordered" in ended.stdout


def test_one_bad_sample_ends_with_one_and_the_others_are_told(tmp_path: Path, samples: Path) -> None:
    (samples / "broken.edi").write_bytes(interchange(BROKEN, control=3))
    ended = p2p(a_page_file(tmp_path), samples / "*.edi", tmp_path / "nowhere.edi")
    assert ended.exit_code == 1
    assert "files: 4, documents: 3, can be acted on: 2" in ended.stdout
    assert "SE02 must repeat ST02" in ended.stdout
    assert "nowhere.edi" in ended.stdout


def test_programs_get_the_whole_reading(tmp_path: Path, samples: Path) -> None:
    ended = p2p(a_page_file(tmp_path), samples / "answer.edi", "--json")
    assert ended.exit_code == 0
    found = json.loads(ended.stdout)
    [document] = found["files"][0]["transmissions"][0]["documents"]
    assert [part["kind"] for part in document["reading"]["lines"][0]["dispositions"]] == ["accepted", "backordered"]
    assert document["reading"]["details"]["interchange"] == "000000001"
    assert (document["verdicts"][0]["outcome"], found["is_acted_on"]) == ("applied", True)


def test_an_order_may_be_given_as_the_command_line_shows_it(tmp_path: Path, samples: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text(json.dumps({"order": an_order().model_dump(mode="json"), "status": "awaiting goods"}))
    ended = p2p(a_page_file(tmp_path), samples / "answer.edi", "--against", order)
    assert ended.exit_code == 0
    assert "beside the order given" in ended.stdout


def test_the_hospitals_own_policy_decides_where_it_is_given(tmp_path: Path, samples: Path) -> None:
    version = {"version": "ours", "default_owner": "amara.singh"}
    (tmp_path / "policy.yaml").write_text(json.dumps({"current": "ours", "versions": [version]}))
    (samples / "refused.edi").write_bytes(interchange(an_answer(*SPLIT, *REFUSED_LINE), control=3))
    ended = p2p(a_page_file(tmp_path), samples / "refused.edi", "--config", tmp_path)
    assert "amara.singh decides line 2 (rejected)" in " ".join(ended.stdout.split())
    assert p2p(a_page_file(tmp_path), samples, "--config", tmp_path / "nowhere").exit_code == 2


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_bad_page_ends_with_two_and_names_the_field_and_the_rule(
    tmp_path: Path, samples: Path, more: tuple[str, ...]
) -> None:
    ended = p2p(a_page_file(tmp_path, time_zone="Middle of nowhere"), samples, *more)
    assert ended.exit_code == 2
    assert "midland.yaml: time_zone: " in ended.stderr
    assert "IANA" in ended.stderr
    assert not ended.stdout


def test_a_page_that_is_no_text_ends_with_two(tmp_path: Path, samples: Path) -> None:
    (tmp_path / "midland.yaml").write_bytes(b"code: \xff")
    ended = p2p(tmp_path / "midland.yaml", samples)
    assert ended.exit_code == 2
    assert "midland.yaml is not YAML" in ended.stderr


def test_a_bad_order_ends_with_two(tmp_path: Path, samples: Path) -> None:
    order = tmp_path / "order.json"
    order.write_text('{"key": "RQ-1-MEDL"}')
    ended = p2p(a_page_file(tmp_path), samples, "--against", order)
    assert ended.exit_code == 2
    assert "order.json: requisition: " in ended.stderr


def test_what_a_sender_wrote_does_not_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "loud.edi"
    path.write_bytes(interchange(an_answer(*SPLIT, "MSG*\x1b[2Jgone")))
    ended = p2p(a_page_file(tmp_path), path)
    assert "?[2Jgone" in ended.stdout
    assert "\x1b" not in ended.stdout


def test_a_report_is_a_hundred_columns_wide(tmp_path: Path, samples: Path) -> None:
    (samples / "long.edi").write_bytes(interchange(an_answer(*SPLIT, f"MSG*{'lengthy ' * 40}"), control=9))
    ended = p2p(a_page_file(tmp_path), samples)
    assert max(map(len, ended.stdout.splitlines())) <= 100
    assert ended.stdout.count("lengthy") == 40


def test_codes_nobody_knows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.edi"
    odd = ("DTM*9ZZ*20261201", "REF*9YY*77", "PO1*1*20*QQ*1.1**VP*M-GLV-M*7X*42", "ACK*IA*20*QQ")
    path.write_bytes(interchange(an_answer(*odd)))
    ended = p2p(a_page_file(tmp_path), path)
    assert ended.exit_code == 1
    assert "sender's own code: date 9ZZ, reference 9YY, item number 7X, unit QQ" in ended.stdout
