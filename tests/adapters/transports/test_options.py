"""Configuration says how a partner is reached, and what is unsafe cannot be said."""

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.transports.options import As2Transport, FolderTransport, HttpsTransport, SftpTransport, Transport

TRANSPORT: TypeAdapter[Transport] = TypeAdapter(Transport)

HTTPS: dict[str, object] = {
    "kind": "https",
    "url": "https://edi.north.example/orders",
    "outbound": {"kind": "basic", "user": "hospital", "password": "env:NORTH_PASSWORD"},
    "inbound": {"kind": "in_document", "secrets": ["env:NORTH_SHARED", "env:NORTH_SHARED_NEXT"]},
}
AS2: dict[str, object] = {
    "kind": "as2",
    "url": "https://as2.north.example/as2",
    "our_name": "HOSPITAL",
    "their_name": "North Medical",
    "key": "file:/run/secrets/as2.key",
    "certificate": "file:/run/secrets/as2.crt",
    "their_certificates": ["file:/run/secrets/north.crt"],
}
SFTP: dict[str, object] = {
    "kind": "sftp",
    "host": "sftp.north.example",
    "user": "hospital",
    "password": "env:NORTH_PASSWORD",
    "host_keys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPQ"],
    "outbox": "in",
    "inbox": "out",
    "archive": "out/archive",
    "refused": "out/refused",
}
FOLDER: dict[str, object] = {
    "kind": "folder",
    "outbox": "/edi/out",
    "inbox": "/edi/in",
    "archive": "/edi/archive",
    "refused": "/edi/bad",
}
WITHOUT = object()


@pytest.mark.parametrize(
    ("said", "model"), [(HTTPS, HttpsTransport), (AS2, As2Transport), (SFTP, SftpTransport), (FOLDER, FolderTransport)]
)
def test_each_kind_has_its_own_model(said: dict[str, object], model: type) -> None:
    assert isinstance(TRANSPORT.validate_python(said), model)


@pytest.mark.parametrize(
    ("said", "changes", "rule"),
    [
        (HTTPS, {"kind": "ftp"}, "does not match any of the expected tags"),
        (HTTPS, {"url": "http://edi.north.example/orders"}, "https"),
        (HTTPS, {"url": "https://me:pass@edi.north.example/"}, "user or password"),
        (HTTPS, {"url": WITHOUT, "inbound": WITHOUT}, "url to post to"),
        (HTTPS, {"outbound": {"kind": "basic", "user": "hospital", "password": "hunter2"}}, "pattern"),
        (HTTPS, {"inbound": {"kind": "signature", "secrets": ["env:A", "env:B", "env:C"]}}, "at most 2"),
        (HTTPS, {"surprise": 1}, "Extra inputs"),
        (AS2, {"url": "http://as2.north.example/as2"}, "https"),
        (AS2, {"mdn": "async"}, "mdn_url"),
        (AS2, {"our_name": 'HOS"PITAL'}, "pattern"),
        (AS2, {"our_name": "HOS\r\nPITAL"}, "pattern"),
        (AS2, {"sign": "md5"}, "sha256"),
        (AS2, {"their_certificates": []}, "at least 1"),
        (AS2, {"former_key": "env:FORMER"}, "go together"),
        (SFTP, {"host_keys": WITHOUT}, "required"),
        (SFTP, {"host_keys": []}, "at least 1"),
        (SFTP, {"password": WITHOUT}, "password or a key"),
        (SFTP, {"inbox": "../elsewhere"}, "'..'"),
        (SFTP, {"outbox": WITHOUT, "inbox": WITHOUT}, "outbox, an inbox"),
        (FOLDER, {"inbox": "edi/in"}, "absolute"),
        (FOLDER, {"refused": WITHOUT}, "refused"),
        (FOLDER, {"archive": WITHOUT}, "archive"),
        (FOLDER, {"archive": "/edi/in"}, "different"),
        (FOLDER, {"pattern": "../*"}, "pattern"),
    ],
)
def test_what_is_unsafe_or_half_said_is_refused(said: dict[str, object], changes: dict[str, object], rule: str) -> None:
    changed = {name: value for name, value in {**said, **changes}.items() if value is not WITHOUT}

    with pytest.raises(ValidationError, match=rule):
        TRANSPORT.validate_python(changed)


def test_a_folder_that_deletes_needs_no_archive() -> None:
    said = {name: value for name, value in FOLDER.items() if name != "archive"}

    assert isinstance(TRANSPORT.validate_python({**said, "after": "delete"}), FolderTransport)


def test_http_in_the_clear_has_to_be_said() -> None:
    assert isinstance(
        TRANSPORT.validate_python({**AS2, "url": "http://10.0.0.7:4080", "allow_http": True}), As2Transport
    )
