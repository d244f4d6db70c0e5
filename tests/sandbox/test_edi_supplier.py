"""The X12 supplier and its mailbox, visited over SFTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from adapters.documents.channel import OrderMessageKind
from adapters.documents.outbox import ControlNumbers
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from sandbox.partners import edi
from sandbox.partners.edi import Names
from sandbox.partners.edi_supplier import Clerk, Interchanges, verdicts
from sandbox.partners.mailbox import Ledger, Mailbox
from sandbox.partners.trading import Behaviour, Trade
from sandbox.ports import free_port
from tests.sandbox.trades import NOW, WHO, NoDock, a_message

CHANNEL = X12Channel("heartland", X12Options(their_id="HLIN"), WHO)
QUICK = Behaviour(pace=0.0)


class Office:
    """A supplier at work in this process; opened anew on the same state it is the same supplier after a crash."""

    def __init__(self, state: Path, behaviour: Behaviour = QUICK) -> None:
        self.mailbox = Mailbox(state / "mailbox")
        says = Interchanges(self.mailbox, Ledger(state / "written.json"), Names("HLIN", "SUPPLYLINE"), behaviour.copies)
        self.dock = NoDock()
        self.trade = Trade("HLIN", state, says, self.dock, behaviour)
        self.clerk = Clerk(self.trade, says)

    async def finish(self) -> None:
        """Work until there are orders, and every one of them is done."""
        async with asyncio.timeout(10):
            while True:
                orders = self.trade.orders.values()
                if orders and all(order["done"] for order in orders):
                    return
                await asyncio.sleep(0.01)

    def out(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.mailbox.root / "out").iterdir()}

    def sets(self) -> list[str]:
        return [edi.read(text)[0].code for _, text in sorted(self.out().items())]


def our(kind: OrderMessageKind = OrderMessageKind.ORDER, number: int = 41) -> str:
    numbers = ControlNumbers(interchange=number, group=number, transaction_set=1)
    return CHANNEL.draft(kind, a_message()).write(numbers, NOW).decode()


@asynccontextmanager
async def opened(mailbox: Mailbox, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Open a mailbox, and return how it is visited."""
    host_key, port = asyncssh.generate_private_key("ssh-ed25519"), free_port()
    host_key.write_private_key(tmp_path / "host-key")
    known = asyncssh.import_known_hosts(f"[127.0.0.1]:{port} {host_key.export_public_key().decode()}")
    async with await mailbox.open(port, tmp_path / "host-key", "supplyline", "open sesame"):
        yield partial(asyncssh.connect, "127.0.0.1", port, known_hosts=known, config=None)


@asynccontextmanager
async def visited(mailbox: Mailbox, tmp_path: Path) -> AsyncIterator[asyncssh.SFTPClient]:
    async with (
        opened(mailbox, tmp_path) as visit,
        visit(username="supplyline", password="open sesame") as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp


async def test_an_order_left_in_the_mailbox_is_confirmed_answered_shipped_and_billed(tmp_path: Path) -> None:
    office = Office(tmp_path)
    async with visited(office.mailbox, tmp_path) as sftp:
        async with sftp.open("/in/000000041.x12.part", "w") as letter:
            await letter.write(our())
        assert office.mailbox.letters() == []
        await sftp.rename("/in/000000041.x12.part", "/in/000000041.x12")
        reading = asyncio.create_task(office.mailbox.read_for_ever(office.clerk.read))
        await office.finish()
        reading.cancel()
        names = sorted(str(name) for name in await sftp.listdir("/out") if not str(name).startswith("."))
        documents = [(await (await sftp.open(f"/out/{name}")).read()) for name in names]
    assert [edi.read(str(document))[0].code for document in documents] == ["997", "855", "856", "856", "810"]
    assert office.dock.came == ["ASN-PO-000001-1", "ASN-PO-000001-2"]
    assert office.mailbox.letters() == []


async def test_a_visitor_sees_the_mailbox_and_nothing_above_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (tmp_path / "books.json").touch()
    async with visited(office.mailbox, tmp_path) as sftp:
        assert {str(name) for name in await sftp.listdir("/../..")} - {".", ".."} == {
            "in",
            "out",
            "read",
            "fetched",
            "refused",
        }


@pytest.mark.parametrize(("user", "password"), [("supplyline", "guess"), ("root", "open sesame")])
async def test_a_visitor_who_is_not_known_stays_outside(tmp_path: Path, user: str, password: str) -> None:
    async with opened(Office(tmp_path).mailbox, tmp_path) as visit:
        with pytest.raises(asyncssh.PermissionDenied):
            await visit(username=user, password=password)


async def test_an_order_that_comes_again_is_confirmed_again_in_the_same_bytes_and_begun_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.clerk.read(our())
    await office.finish()
    before = office.out()
    for name in before:
        (office.mailbox.root / "out" / name).unlink()
    office.clerk.read(our())
    assert office.sets() == ["997"]
    assert office.out().items() <= before.items()
    assert list(office.trade.orders["PO-000001"]["messages"].values()) == [2]


async def test_what_a_crash_interrupted_is_said_in_the_same_bytes(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.clerk.read(our())
    await office.finish()
    before = office.out()
    office.trade.orders["PO-000001"] |= {"step": 1, "done": False}
    office.trade.reminded("save", "PO-000001")
    after = Office(tmp_path)
    after.trade.resume()
    await after.finish()
    assert after.dock.came == ["ASN-PO-000001-1", "ASN-PO-000001-2"]
    assert after.out() == before


async def test_copies_are_the_same_bytes_under_other_names(tmp_path: Path) -> None:
    office = Office(tmp_path, Behaviour(pace=0.0, copies=3))
    office.clerk.read(our())
    await office.finish()
    assert len(office.out()) == 15
    assert len(set(office.out().values())) == 5


async def test_its_first_answer_is_broken_once_and_whole_under_another_number(tmp_path: Path) -> None:
    office = Office(tmp_path, Behaviour(pace=0.0, malformed_once=True))
    office.clerk.read(our())
    await office.finish()
    assert office.sets() == ["997", "855", "855", "856", "856", "810"]
    broken, whole = sorted(office.out().values(), key=lambda text: text[90:99])[1:3]
    findings = [
        [part.errors != () for envelope in CHANNEL.receive(text.encode()) for part in envelope.parts]
        for text in (broken, whole)
    ]
    assert findings == [[True], [False]]


async def test_a_cancelled_order_is_left_where_it_was(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.clerk.read(our())
    office.clerk.read(our(OrderMessageKind.CANCELLATION, 42))
    await office.finish()
    assert office.sets() == ["997", "997"]


async def test_what_our_997_said_of_its_groups_is_in_its_books(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.clerk.read(our())
    await office.finish()
    for place, text in enumerate(office.out().values(), start=1):
        for envelope in CHANNEL.receive(text.encode()):
            for answer in envelope.answers:
                letter = office.mailbox.root / "read" / f"{place}.x12"
                letter.write_bytes(answer.write(ControlNumbers(place, place, 1), NOW))
    assert verdicts(office.mailbox) == {str(number): ["A"] for number in (2, 3, 4, 5)}
