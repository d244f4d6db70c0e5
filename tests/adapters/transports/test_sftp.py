"""SFTP with a real server: nothing half written is seen, by them or by us, and only the known server is spoken to."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath

import asyncssh
import pytest
from pydantic import SecretStr

from adapters.transports.options import SftpTransport
from adapters.transports.parcel import Letter, Parcel, Receipt
from adapters.transports.pickup import FileMailbox
from adapters.transports.sftp import Login, RemoteDirectory, SftpConnection, SftpSender
from adapters.transports.wholeness import is_whole
from domain.errors import RejectedError, UnavailableError
from tests.adapters.transports.sftp_server import PASSWORD, Server, host_key, serving
from tests.adapters.transports.test_wholeness import an_interchange

PARCEL = Parcel(key="order/PO-4711", name="PO-4711.edi", content_type="application/edi-x12", body=b"ISA*" * 20_000)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(tmp_path) as one:
        yield one


@asynccontextmanager
async def connected(
    server: Server, *, known: str = "north", password: str | None = PASSWORD, key: str | None = None
) -> AsyncIterator[SftpConnection]:
    login = Login(
        host="127.0.0.1",
        port=server.port,
        user="hospital",
        host_keys=(host_key(known).convert_to_public(),),
        password=SecretStr(password) if password else None,
        key=host_key(key) if key else None,
    )
    connection = SftpConnection(login)
    try:
        yield connection
    finally:
        await connection.close()


def sender(connection: SftpConnection) -> SftpSender:
    return SftpSender(connection, PurePosixPath("in"), temporary_suffix=".part")


class Hands:
    """The partner's hand in our inbox, and our collector's clock."""

    def __init__(self, server: Server, connection: SftpConnection) -> None:
        self.server = server
        self.connection = connection
        self.now = 0.0

    def mailbox(self, **changes: object) -> FileMailbox:
        said = {
            "host": "127.0.0.1",
            "user": "hospital",
            "password": "env:NORTH",
            "host_keys": ("ssh-ed25519 AAAA",),
            "inbox": "out",
            "archive": "out/archive",
            "refused": "out/refused",
            "pattern": "*.edi",
            **changes,
        }
        directory = RemoteDirectory(self.connection, PurePosixPath("out"))
        transport = SftpTransport.model_validate(said)
        return FileMailbox(directory, transport, is_whole=is_whole, clock=lambda: self.now)

    def drop(self, content: bytes, name: str = "invoice.edi", *, modified: int = 1_000) -> None:
        path = self.server.root / "out" / name
        path.write_bytes(content)
        os.utime(path, (modified, modified))

    async def at_rest(self, mailbox: FileMailbox) -> tuple[Letter, ...]:
        await mailbox.waiting()
        self.now += 10
        return await mailbox.waiting()


@pytest.fixture
async def hands(server: Server) -> AsyncIterator[Hands]:
    async with connected(server) as connection:
        yield Hands(server, connection)


async def test_a_parcel_is_one_file_however_often_it_is_sent(server: Server) -> None:
    async with connected(server) as connection:
        await sender(connection).send(PARCEL)
        await sender(connection).send(PARCEL)

    assert server.names("in") == {"PO-4711.edi"}
    assert (server.root / "in" / "PO-4711.edi").read_bytes() == PARCEL.body
    assert server.sessions == 1


async def test_two_tries_at_once_are_one_file(server: Server) -> None:
    async with connected(server) as connection:
        answers = await asyncio.gather(*[sender(connection).send(PARCEL) for _ in range(4)], return_exceptions=True)

    assert {type(answer) for answer in answers} <= {Receipt, UnavailableError}
    assert Receipt() in answers
    assert server.names("in") == {"PO-4711.edi"}
    assert (server.root / "in" / "PO-4711.edi").read_bytes() == PARCEL.body


async def test_other_bytes_under_the_same_name_are_refused(server: Server) -> None:
    (server.root / "in" / "PO-4711.edi").write_bytes(b"ISA")

    async with connected(server) as connection:
        with pytest.raises(RejectedError, match="other content"):
            await sender(connection).send(PARCEL)
    assert (server.root / "in" / "PO-4711.edi").read_bytes() == b"ISA"


async def test_a_connection_killed_while_writing_leaves_no_file_and_the_next_try_does(server: Server) -> None:
    def kill(connection: asyncssh.SSHServerConnection | None, what: str) -> None:
        if what == "write" and connection is not None:
            server.fault = lambda *_: None
            connection.abort()

    server.fault = kill
    async with connected(server) as connection:
        with pytest.raises(UnavailableError):
            await sender(connection).send(PARCEL)
        assert {name for name in server.names("in") if not name.endswith(".part")} == set()

        await sender(connection).send(PARCEL)
    assert (server.root / "in" / "PO-4711.edi").read_bytes() == PARCEL.body


async def test_a_full_disk_may_be_emptied_and_leaves_nothing_behind(server: Server) -> None:
    def fail(_: object, what: str) -> None:
        if what == "write":
            raise asyncssh.SFTPFailure("no space")

    server.fault = fail
    async with connected(server) as connection:
        with pytest.raises(UnavailableError, match="SFTPFailure"):
            await sender(connection).send(PARCEL)

    assert server.names("in") == set()


async def test_a_server_with_another_host_key_is_not_spoken_to(server: Server) -> None:
    async with connected(server, known="somebody") as connection:
        with pytest.raises(UnavailableError, match="host key"):
            await sender(connection).send(PARCEL)

    assert server.sessions == 0


async def test_a_wrong_password_is_said_to_be_one_without_quoting_it(server: Server) -> None:
    async with connected(server, password="hunter3") as connection:
        with pytest.raises(UnavailableError, match="password or key") as failure:
            await sender(connection).send(PARCEL)

    assert "hunter3" not in str(failure.value)


async def test_a_key_will_do_instead_of_a_password(server: Server) -> None:
    async with connected(server, password=None, key="hospital") as connection:
        await sender(connection).send(PARCEL)

    assert server.names("in") == {"PO-4711.edi"}


async def test_nobody_listening_is_unavailable(server: Server) -> None:
    server.port = 1
    async with connected(server) as connection:
        with pytest.raises(UnavailableError, match="cannot be reached"):
            await sender(connection).send(PARCEL)


async def test_a_half_uploaded_file_waits_until_it_is_whole(hands: Hands) -> None:
    mailbox, document = hands.mailbox(), an_interchange()
    hands.drop(document[:-30])
    assert await hands.at_rest(mailbox) == ()

    hands.drop(document, modified=2_000)
    (letter,) = await hands.at_rest(mailbox)
    assert await mailbox.read(letter) == document


async def test_a_growing_file_and_one_under_its_temporary_name_wait(hands: Hands) -> None:
    mailbox, document = hands.mailbox(), an_interchange()
    hands.drop(document, "upload.edi.part")
    for end in (50, 100, len(document)):
        hands.drop(document[:end], modified=end)
        assert await mailbox.waiting() == ()
        hands.now += 10
    (hands.server.root / "out" / "upload.edi.part").rename(hands.server.root / "out" / "upload.edi")

    assert [letter.name for letter in await mailbox.waiting()] == ["invoice.edi"]
    hands.now += 10
    assert {letter.name for letter in await mailbox.waiting()} == {"invoice.edi", "upload.edi"}


async def test_taken_archives_once_and_refused_says_why(hands: Hands) -> None:
    mailbox = hands.mailbox()
    hands.drop(an_interchange())
    hands.drop(an_interchange(), "bad.edi", modified=2_000)
    good, bad = await hands.at_rest(mailbox)

    for _ in range(2):
        await mailbox.taken(good)
        await mailbox.refused(bad, "not-x12")

    assert hands.server.names("out") == {"archive", "refused"}
    assert hands.server.names("out/archive") == {"invoice.edi"}
    assert hands.server.names("out/refused") == {"bad.edi.not-x12"}


async def test_taken_deletes_where_that_is_configured(hands: Hands) -> None:
    mailbox = hands.mailbox(after="delete")
    hands.drop(an_interchange())
    (letter,) = await hands.at_rest(mailbox)

    await mailbox.taken(letter)
    await mailbox.taken(letter)

    assert (hands.server.names("out"), hands.server.names("out/archive")) == ({"archive", "refused"}, set())


async def test_files_of_one_name_are_all_kept(hands: Hands) -> None:
    mailbox = hands.mailbox()
    for number in range(1, 4):
        hands.drop(an_interchange(f"00000000{number}"), modified=number)
        (letter,) = await hands.at_rest(mailbox)
        await mailbox.taken(letter)

    assert len(hands.server.names("out/archive")) == 3


async def test_a_missing_archive_keeps_the_letter_where_it_is(hands: Hands) -> None:
    mailbox = hands.mailbox(archive="out/nowhere")
    hands.drop(an_interchange())
    (letter,) = await hands.at_rest(mailbox)

    with pytest.raises(UnavailableError):
        await mailbox.taken(letter)
    assert "invoice.edi" in hands.server.names("out")


async def test_a_file_replaced_after_it_was_offered_is_left_and_not_read_as_the_old_one(hands: Hands) -> None:
    mailbox = hands.mailbox()
    hands.drop(an_interchange("000000001"))
    (letter,) = await hands.at_rest(mailbox)
    hands.drop(an_interchange("000000002"), modified=2_000)

    with pytest.raises(UnavailableError):
        await mailbox.read(letter)
    await mailbox.taken(letter)

    assert "invoice.edi" in hands.server.names("out")


async def test_a_connection_that_breaks_while_reading_is_made_again(hands: Hands) -> None:
    mailbox = hands.mailbox()
    hands.drop(an_interchange())
    (letter,) = await hands.at_rest(mailbox)

    def kill(connection: asyncssh.SSHServerConnection | None, what: str) -> None:
        if what == "read" and connection is not None:
            hands.server.fault = lambda *_: None
            connection.abort()

    hands.server.fault = kill
    with pytest.raises(UnavailableError):
        await mailbox.read(letter)
    assert await mailbox.read(letter) == an_interchange()


async def test_what_is_not_a_file_is_not_followed(hands: Hands) -> None:
    (hands.server.root / "secret.edi").write_bytes(an_interchange())
    (hands.server.root / "out" / "linked.edi").symlink_to(hands.server.root / "secret.edi")
    (hands.server.root / "out" / "directory.edi").mkdir()
    os.utime(hands.server.root / "secret.edi", (1_000, 1_000))
    mailbox = hands.mailbox(patience_seconds=0)

    assert await hands.at_rest(mailbox) == ()
    with pytest.raises(UnavailableError):
        await mailbox.read(Letter("linked.edi", len(an_interchange()), 1_000))


async def test_a_name_that_is_no_text_does_not_hide_the_others(hands: Hands) -> None:
    mailbox = hands.mailbox()
    (hands.server.root / "out" / os.fsdecode(b"\xff\xfe.edi")).write_bytes(an_interchange())
    hands.drop(an_interchange(), "Änderung 1.edi")

    assert [letter.name for letter in await hands.at_rest(mailbox)] == ["Änderung 1.edi"]


async def test_a_file_nobody_may_read_does_not_hide_the_others(hands: Hands) -> None:
    mailbox = hands.mailbox()
    hands.drop(an_interchange(), "a.edi")
    hands.drop(an_interchange(), "b.edi", modified=2_000)
    reads = iter([True])

    def fail(_: object, what: str) -> None:
        if what == "read" and next(reads, False):
            raise asyncssh.SFTPPermissionDenied("no")

    hands.server.fault = fail

    assert [letter.name for letter in await hands.at_rest(mailbox)] == ["b.edi"]


async def test_a_missing_inbox_is_unavailable_not_empty(hands: Hands) -> None:
    directory = RemoteDirectory(hands.connection, PurePosixPath("nowhere"))

    with pytest.raises(UnavailableError):
        await directory.look()
