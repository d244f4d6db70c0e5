"""Secrets are read where they are, and no failure quotes one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.secrets import read_secret_bytes, read_text_secret, read_webhook_secret
from adapters.yaml_files import ConfigurationError

SecretFile = Callable[[bytes], str]


@pytest.fixture
def secret_file(tmp_path: Path) -> SecretFile:
    def write(content: bytes) -> str:
        (tmp_path / "secret").write_bytes(content)
        return f"file:{tmp_path / 'secret'}"

    return write


def test_a_text_secret_loses_the_line_end_its_editor_left(secret_file: SecretFile) -> None:
    assert read_text_secret(secret_file(b"hunter2\r\n")).get_secret_value() == "hunter2"


def test_bytes_are_taken_as_they_are(secret_file: SecretFile) -> None:
    assert read_secret_bytes(secret_file(b"\x00\xff\n")).get_secret_value() == b"\x00\xff\n"


def test_a_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORTH_PASSWORD", "hunter2")

    assert read_text_secret("env:NORTH_PASSWORD").get_secret_value() == "hunter2"


@pytest.mark.parametrize(("content", "rule"), [(b"\xffhunter2", "not UTF-8"), (b" \n", "is empty")])
def test_what_is_no_text_is_refused_without_quoting_it(secret_file: SecretFile, content: bytes, rule: str) -> None:
    with pytest.raises(ConfigurationError, match=rule) as failure:
        read_text_secret(secret_file(content))

    assert "hunter2" not in str(failure.value)


def test_a_missing_secret_is_named() -> None:
    with pytest.raises(ConfigurationError, match="env:NOWHERE is not set"):
        read_text_secret("env:NOWHERE")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_text_secret("file:/nowhere/at/all")


@pytest.mark.parametrize("content", [b"whsec_***", b"whsec_c2hvcnQ=", b"\xff"])
def test_a_webhook_secret_that_is_none_is_refused(secret_file: SecretFile, content: bytes) -> None:
    with pytest.raises(ConfigurationError):
        read_webhook_secret(secret_file(content))
