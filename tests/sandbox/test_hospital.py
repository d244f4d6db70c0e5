"""The demo's configuration is one a deployment could have: every page is read, every transport opens."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.channels import channels_of
from adapters.partners import Language, load_partners
from adapters.transports.opening import mailbox_of, sender_of
from adapters.transports.options import SftpTransport
from adapters.transports.parcel import Letter, Mailbox, Parcel
from sandbox.hospital import A_BUSY_MORNING, STOCK, Addresses, write_configuration
from sandbox.partners.mailbox import Mailbox as TheirMailbox
from sandbox.ports import free_port
from sandbox.suppliers import TRADERS
from sandbox.tryton.catalogue import ITEMS, SUPPLIERS, UNITS


@pytest.fixture
def config(tmp_path: Path) -> Path:
    suppliers = {trader.code: f"http://127.0.0.1:{port}" for port, trader in enumerate(TRADERS, start=9001)}
    write_configuration(tmp_path / "config", Addresses(suppliers, "http://127.0.0.1:9000", {"HLIN": free_port()}))
    return tmp_path / "config"


def test_there_is_a_page_for_each_supplier_in_its_language(config: Path) -> None:
    partners = load_partners(config)
    assert {page.supplier: page.language for page in partners.partners if page.supplier} == {
        "MEDL": Language.JSON,
        "CARD": Language.JSON,
        "HLIN": Language.X12,
        "NORD": Language.UBL,
        "OPUS": Language.CXML,
    }
    assert set(channels_of(partners)) == {"heartland", "nordic", "opus"}


def test_secrets_stay_what_they_were_when_the_configuration_is_written_again(config: Path) -> None:
    before = {path.name: path.read_bytes() for path in (config / "secrets").iterdir()}
    write_configuration(config, Addresses({}, "http://unused.example"))
    assert {path.name: path.read_bytes() for path in (config / "secrets").iterdir()} == before


def test_nobody_else_may_read_a_secret(config: Path) -> None:
    kept = [path for path in (config / "secrets").iterdir() if path.suffix != ".pub"]
    assert {oct(path.stat().st_mode & 0o777) for path in kept} == {"0o600"}


def test_what_the_morning_uses_is_in_stock_and_in_the_catalogue() -> None:
    known = {item.code: item for item in ITEMS}
    for place, used in A_BUSY_MORNING.items():
        for item, quantity in used.items():
            shelf = STOCK[place]["items"][item]
            assert shelf["on_hand"] >= quantity
            assert shelf["on_hand"] - quantity < shelf["par"] <= shelf["on_hand"]
            assert shelf["pack"] == UNITS[known[item].purchase_unit][1]
            assert shelf.get("lots", False) == known[item].lots
    assert {known[item].supplier for used in A_BUSY_MORNING.values() for item in used} == set(SUPPLIERS)
    assert set(SUPPLIERS) == {trader.code for trader in TRADERS}


async def whole(mailbox: Mailbox) -> tuple[Letter, ...]:
    """Look until something is whole."""
    async with asyncio.timeout(10):
        while True:
            letters = await mailbox.waiting()
            if letters:
                return tuple(letters)
            await asyncio.sleep(0.1)


async def test_our_transport_leaves_and_fetches_letters_in_the_suppliers_mailbox(config: Path, tmp_path: Path) -> None:
    page = load_partners(config).named("heartland")
    assert page is not None
    assert isinstance(page.transport, SftpTransport)
    theirs, secrets = TheirMailbox(tmp_path / "mailbox"), config / "secrets"
    password = (secrets / "heartland-mailbox").read_text()
    async with (
        await theirs.open(page.transport.port, secrets / "heartland-host-key", "supplyline", password),
        AsyncExitStack() as stack,
    ):
        sender = await sender_of(page.transport, stack, partner=page.code, clock=lambda: datetime.now(UTC))
        for _ in range(2):
            await sender.send(Parcel(key="a", name="850.x12", content_type="application/edi-x12", body=b"ISA*an order"))
        assert [(letter.name, letter.read_text()) for letter in theirs.letters()] == [("850.x12", "ISA*an order")]
        theirs.leave("1.x12", "an answer, whatever it says")
        mailbox = mailbox_of(page.transport, stack, partner=page.code)
        (letter,) = await whole(mailbox)
        assert await mailbox.read(letter) == b"an answer, whatever it says"
        await mailbox.taken(letter)
        assert [path.name for path in (tmp_path / "mailbox" / "fetched").iterdir()] == ["1.x12"]
        assert list((tmp_path / "mailbox" / "out").iterdir()) == []
