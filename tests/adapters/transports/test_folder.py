"""A watched folder: what appears in it is whole, what is picked up is whole, and nothing is lost by a crash."""

import asyncio
import os
import stat
from pathlib import Path, PurePosixPath

import pytest

from adapters.transports.folder import FolderSender, LocalDirectory
from adapters.transports.looks import Sight
from adapters.transports.options import FolderTransport
from adapters.transports.parcel import Letter, Parcel, Receipt
from adapters.transports.pickup import MOST_AT_ONCE, FileMailbox, is_plain
from adapters.transports.wholeness import is_whole
from domain.errors import RejectedError, UnavailableError
from tests.adapters.transports.test_wholeness import an_interchange

PARCEL = Parcel(key="purchase-order/PO-4711", name="PO-4711.edi", content_type="application/edi-x12", body=b"ISA*00~")


class Folders:
    """Four directories, the clock of their collector, and a partner's hand in the inbox."""

    def __init__(self, root: Path) -> None:
        for name in ("outbox", "inbox", "archive", "refused"):
            (root / name).mkdir()
        self.root = root
        self.inbox = root / "inbox"
        self.now = 0.0

    def options(self, **changes: object) -> FolderTransport:
        places = {name: self.root / name for name in ("outbox", "inbox", "archive", "refused")}
        return FolderTransport.model_validate({"pattern": "*.edi", "settle_seconds": 5, **places, **changes})

    def mailbox(self, *, largest: int = 10_000, **changes: object) -> FileMailbox:
        directory = LocalDirectory(PurePosixPath(self.inbox))
        return FileMailbox(
            directory, self.options(**changes), is_whole=is_whole, clock=lambda: self.now, largest=largest
        )

    def sender(self) -> FolderSender:
        return FolderSender(PurePosixPath(self.root / "outbox"), temporary_suffix=".part")

    def drop(self, content: bytes, name: str = "invoice.edi", *, modified: int = 1_000) -> None:
        (self.inbox / name).write_bytes(content)
        os.utime(self.inbox / name, ns=(modified, modified))

    def names(self, place: str) -> set[str]:
        return {path.name for path in (self.root / place).iterdir()}

    async def at_rest(self, mailbox: FileMailbox) -> tuple[Letter, ...]:
        """Look, wait, look again."""
        await mailbox.waiting()
        self.now += 10
        return await mailbox.waiting()


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


async def test_a_parcel_is_one_file_however_often_it_is_sent(folders: Folders) -> None:
    assert await folders.sender().send(PARCEL) == Receipt()
    written = (folders.root / "outbox" / "PO-4711.edi").stat()
    await folders.sender().send(PARCEL)

    assert folders.names("outbox") == {"PO-4711.edi"}
    assert (folders.root / "outbox" / "PO-4711.edi").read_bytes() == PARCEL.body
    assert (folders.root / "outbox" / "PO-4711.edi").stat().st_ino == written.st_ino
    assert stat.S_IMODE(written.st_mode) == 0o640


async def test_nobody_ever_sees_half_a_parcel(folders: Folders) -> None:
    parcel = Parcel(key="k", name="large.edi", content_type="application/edi-x12", body=b"x" * 30_000_000)
    target = folders.root / "outbox" / "large.edi"
    sending = asyncio.create_task(folders.sender().send(parcel))
    sizes = set()
    while not sending.done():
        if target.exists():
            sizes.add(target.stat().st_size)
        await asyncio.sleep(0)
    await sending

    assert sizes <= {len(parcel.body)}
    assert folders.names("outbox") == {"large.edi"}


async def test_two_tries_at_once_are_one_file(folders: Folders) -> None:
    await asyncio.gather(*[folders.sender().send(PARCEL) for _ in range(8)])

    assert folders.names("outbox") == {"PO-4711.edi"}
    assert (folders.root / "outbox" / "PO-4711.edi").read_bytes() == PARCEL.body


async def test_other_bytes_under_the_same_name_are_refused_and_those_there_are_kept(folders: Folders) -> None:
    (folders.root / "outbox" / "PO-4711.edi").write_bytes(b"ISA*01~")

    with pytest.raises(RejectedError, match="other content"):
        await folders.sender().send(PARCEL)
    assert (folders.root / "outbox" / "PO-4711.edi").read_bytes() == b"ISA*01~"


async def test_a_link_lying_in_wait_is_not_followed(folders: Folders) -> None:
    (folders.root / "outbox" / "PO-4711.edi").symlink_to(folders.root / "elsewhere")

    with pytest.raises(UnavailableError):
        await folders.sender().send(PARCEL)
    assert not (folders.root / "elsewhere").exists()


async def test_a_missing_outbox_may_come_back(folders: Folders) -> None:
    (folders.root / "outbox").rmdir()

    with pytest.raises(UnavailableError, match="No such file"):
        await folders.sender().send(PARCEL)


async def test_a_file_is_a_letter_after_two_looks_and_a_while(folders: Folders) -> None:
    mailbox = folders.mailbox()
    folders.drop(an_interchange())

    assert await mailbox.waiting() == ()
    folders.now += 1
    assert await mailbox.waiting() == ()
    folders.now += 5
    (letter,) = await mailbox.waiting()
    assert await mailbox.read(letter) == an_interchange()


async def test_a_growing_file_is_no_letter_until_it_rests(folders: Folders) -> None:
    mailbox, document = folders.mailbox(), an_interchange()
    for end in (50, 200, len(document)):
        folders.drop(document[:end], modified=end)
        assert await mailbox.waiting() == ()
        folders.now += 10
    assert len(await mailbox.waiting()) == 1


async def test_half_a_document_waits_however_still_it_lies(folders: Folders) -> None:
    mailbox, document = folders.mailbox(), an_interchange()
    folders.drop(document[:-20])
    assert await folders.at_rest(mailbox) == ()
    folders.now += 600
    assert await mailbox.waiting() == ()

    folders.drop(document, modified=2_000)
    assert len(await folders.at_rest(mailbox)) == 1


async def test_half_a_document_is_offered_in_the_end_so_that_it_is_refused_aloud(folders: Folders) -> None:
    mailbox = folders.mailbox(patience_seconds=3600)
    folders.drop(an_interchange()[:-20])
    await folders.at_rest(mailbox)
    folders.now += 3600

    (letter,) = await mailbox.waiting()
    await mailbox.refused(letter, "not-whole")

    assert folders.names("inbox") == set()
    assert folders.names("refused") == {"invoice.edi.not-whole"}


async def test_a_crash_before_taken_only_offers_the_same_bytes_again(folders: Folders) -> None:
    folders.drop(an_interchange())
    before = folders.mailbox()
    (letter,) = await folders.at_rest(before)
    stored = await before.read(letter)

    after = folders.mailbox()
    (again,) = await folders.at_rest(after)

    assert (again, await after.read(again)) == (letter, stored)


async def test_taken_archives_once_and_again_is_fine(folders: Folders) -> None:
    mailbox = folders.mailbox()
    folders.drop(an_interchange())
    (letter,) = await folders.at_rest(mailbox)

    await mailbox.taken(letter)
    await mailbox.taken(letter)
    await mailbox.refused(letter, "too-late")

    assert (folders.names("inbox"), folders.names("archive")) == (set(), {"invoice.edi"})
    assert folders.names("refused") == set()


async def test_taken_deletes_where_that_is_configured(folders: Folders) -> None:
    mailbox = folders.mailbox(after="delete")
    folders.drop(an_interchange())
    (letter,) = await folders.at_rest(mailbox)

    await mailbox.taken(letter)
    await mailbox.taken(letter)

    assert (folders.names("inbox"), folders.names("archive")) == (set(), set())


async def test_files_of_one_name_are_all_kept(folders: Folders) -> None:
    mailbox = folders.mailbox()
    for number in range(4):
        folders.drop(an_interchange(f"00000000{number}"), modified=max(number, 1))
        (letter,) = await folders.at_rest(mailbox)
        await mailbox.taken(letter)

    archived = {path.read_bytes() for path in (folders.root / "archive").iterdir()}
    assert archived == {an_interchange(f"00000000{number}") for number in range(4)}


async def test_a_file_replaced_after_it_was_read_is_neither_archived_nor_read_as_the_old_one(folders: Folders) -> None:
    mailbox = folders.mailbox()
    folders.drop(an_interchange("000000001"))
    (letter,) = await folders.at_rest(mailbox)
    await mailbox.read(letter)
    folders.drop(an_interchange("000000002"), modified=2_000)

    with pytest.raises(UnavailableError, match="changed"):
        await mailbox.read(letter)
    await mailbox.taken(letter)

    assert (folders.names("inbox"), folders.names("archive")) == ({"invoice.edi"}, set())


async def test_a_letter_that_is_gone_is_unavailable(folders: Folders) -> None:
    mailbox = folders.mailbox()
    folders.drop(an_interchange())
    (letter,) = await folders.at_rest(mailbox)
    (folders.inbox / "invoice.edi").unlink()

    with pytest.raises(UnavailableError):
        await mailbox.read(letter)


async def test_a_huge_file_is_offered_unread_and_reading_it_is_refused(folders: Folders) -> None:
    mailbox = folders.mailbox(largest=100)
    folders.drop(b"ISA" + b"*" * 98)
    (letter,) = await folders.at_rest(mailbox)

    with pytest.raises(RejectedError, match="100 bytes"):
        await mailbox.read(letter)


async def test_what_is_not_a_file_of_the_partner_is_left_alone(folders: Folders) -> None:
    (folders.root / "secret.edi").write_bytes(an_interchange())
    (folders.inbox / "linked.edi").symlink_to(folders.root / "secret.edi")
    (folders.inbox / "directory.edi").mkdir()
    os.mkfifo(folders.inbox / "pipe.edi")
    for name in ("upload.edi.part", ".hidden.edi", "notes.txt", "new\nline.edi", "x" * 150 + ".edi"):
        folders.drop(an_interchange(), name)

    assert await folders.at_rest(folders.mailbox(patience_seconds=0)) == ()
    assert await folders.at_rest(folders.mailbox(pattern="upload*")) == ()


async def test_a_letter_made_up_of_a_pipe_or_a_link_is_not_read(folders: Folders) -> None:
    os.mkfifo(folders.inbox / "pipe.edi")
    (folders.root / "secret.edi").write_bytes(b"secret")
    (folders.inbox / "linked.edi").symlink_to(folders.root / "secret.edi")

    for name in ("pipe.edi", "linked.edi"):
        with pytest.raises(UnavailableError):
            await folders.mailbox().read(Letter(name, 6, 0))


class Thievish(LocalDirectory):
    """Loses a file between the look and the reading."""

    async def read(self, name: str, most: int) -> tuple[bytes, Sight]:
        if name == "vanishing.edi":
            await self.remove(name)
        return await super().read(name, most)


async def test_a_file_that_vanishes_under_the_look_does_not_hide_the_others(folders: Folders) -> None:
    directory = Thievish(PurePosixPath(folders.inbox))
    mailbox = FileMailbox(directory, folders.options(), is_whole=is_whole, clock=lambda: folders.now)
    folders.drop(an_interchange(), "vanishing.edi")
    folders.drop(an_interchange(), modified=2_000)

    assert [letter.name for letter in await folders.at_rest(mailbox)] == ["invoice.edi"]


async def test_the_oldest_come_first_and_not_too_many_at_once(folders: Folders) -> None:
    mailbox = folders.mailbox()
    for number in range(MOST_AT_ONCE + 5):
        folders.drop(an_interchange(), f"{number:03}.edi", modified=10_000 - number)

    letters = await folders.at_rest(mailbox)

    assert len(letters) == MOST_AT_ONCE
    assert letters[0].name == f"{MOST_AT_ONCE + 4:03}.edi"


@pytest.mark.parametrize(
    "name", ["../x.edi", "/etc/passwd", "a\\b.edi", "..", ".x", "", "a\x00.edi", "\udcff.edi", "x" * 151]
)
def test_a_server_cannot_name_a_file_elsewhere(name: str) -> None:
    assert not is_plain(name)


async def test_a_missing_inbox_is_unavailable_not_empty(folders: Folders) -> None:
    folders.inbox.rmdir()

    with pytest.raises(UnavailableError):
        await folders.mailbox().waiting()


async def test_a_reason_cannot_lead_elsewhere(folders: Folders) -> None:
    with pytest.raises(ValueError, match="short code"):
        await folders.mailbox().refused(Letter("invoice.edi", 1, 1), "../../etc")
