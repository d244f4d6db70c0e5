"""What every supplier and inventory adapter promises, asked of the twins and of clients on the sandbox's partners."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretBytes
from starlette.applications import Starlette

from adapters.inventory.directory import InventoryDirectory
from adapters.inventory.in_memory import InMemoryInventory
from adapters.inventory.platform.client import PlatformInventory
from adapters.secrets import read_webhook_secret
from adapters.supplier.directory import SupplierDirectory
from adapters.supplier.in_memory import InMemorySupplier
from adapters.supplier.webhook.client import WebhookSupplier
from domain.errors import RejectedError, UnavailableError
from domain.ports import ExpectedDelivery, Inventory, OrderMessage, RemittanceAdvice, Supplier
from domain.quantities import Money
from sandbox.hospital import STOCK, Addresses, write_configuration
from sandbox.partners import inventory as stockroom
from sandbox.partners import supplier as trader
from sandbox.partners.trading import Behaviour, Dock, Trade
from sandbox.partners.webhooks import Outbox, Secret
from tests.builders import an_order, quantity

SECRET = SecretBytes(b"s" * 32)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    write_configuration(tmp_path / "config", Addresses({}, "http://unused.example"))
    return tmp_path / "config" / "secrets"


@pytest.fixture
def outbox(tmp_path: Path, secrets: Path) -> Outbox:
    return Outbox(
        tmp_path / "outbox.json", "http://unused.example", Secret(secrets / "medl-inbound"), "application/json"
    )


@pytest.fixture
def trade(tmp_path: Path, outbox: Outbox) -> Trade:
    return Trade("MEDL", tmp_path, trader.Webhooks(outbox), Dock("http://unused.example"), Behaviour(silent=True))


@pytest.fixture
def supplier_app(trade: Trade, outbox: Outbox, secrets: Path) -> Starlette:
    return trader.app_of(trade, outbox, Secret(secrets / "medl-outbound"))


@pytest.fixture(params=["twin", "webhook"])
async def supplier(request: pytest.FixtureRequest, supplier_app: Starlette, secrets: Path) -> AsyncIterator[Supplier]:
    if request.param == "twin":
        yield InMemorySupplier()
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(supplier_app), base_url="http://medl.example") as http:
        yield WebhookSupplier(http, "medl", read_webhook_secret(f"file:{secrets / 'medl-outbound'}"), now)


def a_message(step: str = "placed", reason: str = "") -> OrderMessage:
    return OrderMessage(key=f"RQ-1-MEDL/{step}", order=an_order(), reason=reason)


def paid() -> RemittanceAdvice:
    amount = Money(amount=Decimal("22.00"), currency="USD")
    return RemittanceAdvice(
        message=a_message("paid/INV-1"), invoice_number="INV-1", amount=amount, paid_on=date(2026, 11, 26)
    )


async def test_every_message_is_taken_however_often_it_is_sent(supplier: Supplier) -> None:
    for _ in range(2):
        await supplier.send_purchase_order(a_message())
        await supplier.send_order_change(a_message("changed/1"))
        await supplier.send_reminder(a_message("reminder/answer/1", "We are waiting"))
        await supplier.send_invoice_rejection(a_message("invoice-rejected/INV-1", "too dear"), "INV-1")
        await supplier.send_remittance_advice(paid())
        await supplier.send_cancellation(a_message("cancelled", "not needed"))


async def test_a_supplier_tells_repeated_messages_by_their_key(
    trade: Trade, supplier_app: Starlette, secrets: Path
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(supplier_app), base_url="http://medl.example") as http:
        supplier = WebhookSupplier(http, "medl", read_webhook_secret(f"file:{secrets / 'medl-outbound'}"), now)
        await supplier.send_purchase_order(a_message())
        await supplier.send_purchase_order(a_message())
    order = trade.orders["PO-000001"]
    assert list(order["messages"].values()) == [2]
    assert [(line["item"], line["quantity"], line["price"]) for line in order["order"]["lines"]] == [
        ("GLV-M", "20", "1.1")
    ]


def recording(answers: list[httpx.Response]) -> tuple[list[httpx.Request], httpx.MockTransport]:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers[len(seen) - 1]

    return seen, httpx.MockTransport(answer)


async def test_the_same_message_is_the_same_bytes_under_the_same_id() -> None:
    seen, transport = recording([httpx.Response(202)] * 2)
    async with httpx.AsyncClient(transport=transport, base_url="http://medl.example") as http:
        supplier = WebhookSupplier(http, "medl", SECRET, now)
        await supplier.send_purchase_order(a_message())
        await supplier.send_purchase_order(a_message())
    assert seen[0].content == seen[1].content
    assert seen[0].headers["webhook-id"] == seen[1].headers["webhook-id"]
    assert json.loads(seen[0].content)["type"] == "order.placed"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_a_supplier_that_is_away_may_be_asked_again(status: int) -> None:
    _, transport = recording([httpx.Response(status, headers={"retry-after": "7"})])
    async with httpx.AsyncClient(transport=transport, base_url="http://medl.example") as http:
        with pytest.raises(UnavailableError) as away:
            await WebhookSupplier(http, "medl", SECRET, now).send_purchase_order(a_message())
    assert away.value.retry_after == 7


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410, 422])
async def test_a_supplier_that_says_no_is_not_asked_again_and_not_followed(status: int) -> None:
    seen, transport = recording(
        [httpx.Response(status, headers={"location": "http://169.254.169.254/"}, text="secret")]
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://medl.example") as http:
        with pytest.raises(RejectedError) as no:
            await WebhookSupplier(http, "medl", SECRET, now).send_purchase_order(a_message())
    assert (str(no.value), len(seen)) == (f"medl answered {status}", 1)


async def test_a_supplier_that_hangs_up_may_be_asked_again() -> None:
    def hang_up(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang_up), base_url="http://medl.example") as http:
        with pytest.raises(UnavailableError):
            await WebhookSupplier(http, "medl", SECRET, now).send_purchase_order(a_message())


@pytest.fixture(params=["twin", "platform"])
async def inventory(request: pytest.FixtureRequest, tmp_path: Path, secrets: Path) -> AsyncIterator[Inventory]:
    if request.param == "twin":
        yield InMemoryInventory({("NORTH", "GLV-M"): quantity(420, "EA")})
        return
    outbox = Outbox(
        tmp_path / "o.json", "http://unused.example", Secret(secrets / "stockroom-inbound"), "application/json"
    )
    stock: dict[str, Any] = json.loads(json.dumps(STOCK))
    app = stockroom.app_of(stockroom.Stockroom(tmp_path, stock, outbox, 0), Secret(secrets / "stockroom-outbound"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://st.example") as http:
        yield PlatformInventory(http, "stockroom", read_webhook_secret(f"file:{secrets / 'stockroom-outbound'}"), now)


async def test_deliveries_are_announced_and_withdrawn_however_often(inventory: Inventory) -> None:
    for _ in range(2):
        await inventory.announce_delivery(ExpectedDelivery(order=an_order()))
    for _ in range(2):
        await inventory.withdraw_delivery(an_order())


async def test_on_hand_is_read_in_the_stock_unit(inventory: Inventory) -> None:
    assert await inventory.on_hand("GLV-M", "NORTH") == quantity(420, "EA")
    with pytest.raises(RejectedError):
        await inventory.on_hand("NOPE", "NORTH")


async def test_an_order_for_a_supplier_without_a_profile_is_refused_by_name() -> None:
    with pytest.raises(RejectedError, match=r"there is no partner page for supplier MEDL"):
        await SupplierDirectory({}).send_purchase_order(a_message())


async def test_a_facility_without_a_platform_is_refused_by_name() -> None:
    with pytest.raises(RejectedError, match=r"there is no page of an inventory partner for facility NORTH"):
        await InventoryDirectory({}).withdraw_delivery(an_order())


PROMISES: list[tuple[str, Callable[[Supplier], Any]]] = [
    ("order.placed", lambda supplier: supplier.send_purchase_order(a_message())),
    ("order.cancelled", lambda supplier: supplier.send_cancellation(a_message("cancelled", "x"))),
]


@pytest.mark.parametrize(("kind", "send"), PROMISES)
async def test_the_directory_passes_messages_on_to_the_orders_supplier(
    kind: str, send: Callable[[Supplier], Any]
) -> None:
    medl, card = InMemorySupplier(), InMemorySupplier()
    await send(SupplierDirectory({"MEDL": medl, "CARD": card}))
    assert ([name for name, _ in medl.sent], card.sent) == ([kind], [])
