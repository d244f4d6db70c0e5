"""What configuration says is what is opened, and what cannot work is said before anything is sent."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import HttpUrl

from adapters.transports.as2.sender import As2Sender
from adapters.transports.https import HttpsSender
from adapters.transports.opening import mailbox_of, sender_of
from adapters.transports.options import As2Transport, FolderTransport, HttpsTransport, SftpTransport
from adapters.transports.parcel import Parcel
from adapters.yaml_files import ConfigurationError
from tests.adapters.transports.as2_identities import written
from tests.adapters.transports.sftp_server import PASSWORD, host_key, serving
from tests.adapters.transports.test_wholeness import an_interchange

PARCEL = Parcel(key="order/PO-4711", name="PO-4711.edi", content_type="application/edi-x12", body=an_interchange())


def now() -> datetime:
    return datetime(2026, 3, 14, 9, 15, tzinfo=UTC)


async def test_a_folder_carries_both_ways(tmp_path: Path) -> None:
    for name in ("mail", "archive", "refused"):
        (tmp_path / name).mkdir()
    ours = FolderTransport.model_validate({"outbox": tmp_path / "mail"})
    theirs = FolderTransport.model_validate(
        {
            "inbox": tmp_path / "mail",
            "archive": tmp_path / "archive",
            "refused": tmp_path / "refused",
            "settle_seconds": 0,
        }
    )
    async with AsyncExitStack() as stack:
        await (await sender_of(ours, stack, partner="north", clock=now)).send(PARCEL)
        mailbox = mailbox_of(theirs, stack, partner="north")
        await mailbox.waiting()
        (letter,) = await mailbox.waiting()

        assert await mailbox.read(letter) == PARCEL.body


async def test_an_sftp_server_carries_both_ways_with_a_password_or_a_key(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "password").write_text(PASSWORD)
    host_key("hospital").write_private_key(tmp_path / "key")
    async with serving(tmp_path / "root") as server, AsyncExitStack() as stack:
        said = {
            "host": "127.0.0.1",
            "port": server.port,
            "user": "hospital",
            "host_keys": (host_key("north").export_public_key().decode(),),
            "outbox": "out",
        }
        sending = SftpTransport.model_validate({**said, "password": f"file:{tmp_path}/password"})
        collecting = SftpTransport.model_validate(
            {
                **said,
                "key": f"file:{tmp_path}/key",
                "outbox": "in",
                "inbox": "out",
                "archive": "out/archive",
                "refused": "out/refused",
                "settle_seconds": 0,
            }
        )
        await (await sender_of(sending, stack, partner="north", clock=now)).send(PARCEL)
        mailbox = mailbox_of(collecting, stack, partner="north")
        await mailbox.waiting()
        (letter,) = await mailbox.waiting()
        assert await mailbox.read(letter) == PARCEL.body
        await mailbox.taken(letter)

        assert server.names("out/archive") == {"PO-4711.edi"}


async def test_as2_and_https_are_opened_with_their_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = written(tmp_path, "hospital")
    _, theirs = written(tmp_path, "north")
    monkeypatch.setenv("TOKEN", "t0ken")
    monkeypatch.setenv("SECRET", "whsec_" + "c2VjcmV0" * 6)
    https = {"url": "https://edi.north.example/orders"}
    as2 = As2Transport(
        url=HttpUrl("https://as2.north.example/as2"),
        our_name="HOSPITAL",
        their_name="North Medical",
        key=key,
        certificate=certificate,
        their_certificates=(theirs,),
    )
    async with AsyncExitStack() as stack:
        assert isinstance(await sender_of(as2, stack, partner="north", clock=now), As2Sender)
        for credentials in (
            {"kind": "none"},
            {"kind": "signature", "secret": "env:SECRET"},
            {"kind": "basic", "user": "hospital", "password": "env:TOKEN"},
            {"kind": "bearer", "token": "env:TOKEN"},
        ):
            transport = HttpsTransport.model_validate({**https, "outbound": credentials})
            assert isinstance(await sender_of(transport, stack, partner="north", clock=now), HttpsSender)


async def test_a_way_that_is_not_there_is_not_opened(tmp_path: Path) -> None:
    inbound = HttpsTransport.model_validate({"inbound": {"kind": "in_document", "secrets": ["env:SHARED"]}})
    collecting = FolderTransport.model_validate(
        {"inbox": tmp_path / "in", "after": "delete", "refused": tmp_path / "bad"}
    )
    sending = FolderTransport.model_validate({"outbox": tmp_path / "out"})

    async with AsyncExitStack() as stack:
        with pytest.raises(ConfigurationError, match="north has no url"):
            await sender_of(inbound, stack, partner="north", clock=now)
        with pytest.raises(ConfigurationError, match="north has no outbox"):
            await sender_of(collecting, stack, partner="north", clock=now)
        with pytest.raises(ConfigurationError, match="north has no inbox"):
            mailbox_of(sending, stack, partner="north")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"host_keys": ("ssh-ed25519 nonsense",)}, "host key"),
        ({"password": None, "key": "env:GARBAGE"}, "not a private key"),
        ({"password": None, "key": "env:LOCKED"}, "not a private key"),
        ({"password": "env:MISSING"}, "is not set"),
    ],
)
async def test_keys_that_cannot_be_read_stop_the_start(
    changes: dict[str, object], rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARBAGE", "hunter2")
    monkeypatch.setenv("PASSWORD", "hunter2")
    locked = host_key("hospital").export_private_key("pkcs8-pem", passphrase="closed").decode()
    monkeypatch.setenv("LOCKED", locked)
    said = {
        "host": "sftp.north.example",
        "user": "hospital",
        "password": "env:PASSWORD",
        "host_keys": (host_key("north").export_public_key().decode(),),
        "outbox": "in",
    }

    async with AsyncExitStack() as stack:
        with pytest.raises(ConfigurationError, match=rule) as failure:
            await sender_of(SftpTransport.model_validate({**said, **changes}), stack, partner="north", clock=now)
    assert "hunter2" not in str(failure.value)


async def test_a_token_that_cannot_be_a_header_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "t0\nken")
    said = {"url": "https://edi.north.example/", "outbound": {"kind": "bearer", "token": "env:TOKEN"}}

    async with AsyncExitStack() as stack:
        with pytest.raises(ConfigurationError, match="printable"):
            await sender_of(HttpsTransport.model_validate(said), stack, partner="north", clock=now)
