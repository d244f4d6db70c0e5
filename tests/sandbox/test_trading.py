"""What every sandbox supplier does, whatever it speaks: nothing lost between shipments, nothing begun twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from domain.identifiers import Sscc
from sandbox.partners.serving import chosen_by, serve
from sandbox.partners.trading import (
    Answer,
    Behaviour,
    Bill,
    Dock,
    Line,
    Order,
    Shipment,
    Trade,
    answer_of,
    bill_of,
    shipments_of,
)
from sandbox.ports import free_port
from tests.sandbox.trades import TODAY, NoDock, what_was_ordered

orders = st.lists(st.integers(1, 500), min_size=1, max_size=5).map(
    lambda quantities: Order(
        po_number="PO-000042",
        facility="NORTH",
        location="NORTH",
        currency="USD",
        lines=tuple(
            Line(number, f"I-{number}", f"S-{number}", Decimal(quantity), "BX", Decimal("1.10"))
            for number, quantity in enumerate(quantities, start=1)
        ),
    )
)
behaviours = st.builds(
    Behaviour,
    parts=st.integers(1, 6),
    backorder_item=st.sampled_from(["", "I-1"]),
    reject_item=st.sampled_from(["", "I-2"]),
    substitute_item=st.sampled_from(["", "I-3"]),
)


class Said:
    """A voice that only remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def acknowledge(self, answer: Answer) -> None:
        self.said.append(f"answer {answer.number}")

    def announce(self, shipment: Shipment) -> None:
        self.said.append(f"notice {shipment.number}")

    def bill(self, bill: Bill) -> None:
        self.said.append(f"invoice {bill.number}")

    def blunder(self, answer: Answer) -> None:
        self.said.append(f"blunder {answer.number}")


def a_trade(state: Path, voice: Said, **behaviour: Any) -> Trade:
    return Trade("HLIN", state, voice, NoDock(), Behaviour(**{"pace": 0.0, **behaviour}))


async def done(trade: Trade) -> None:
    async with asyncio.timeout(10):
        while True:
            if all(order["done"] for order in trade.orders.values()):
                return
            await asyncio.sleep(0.01)


@given(orders, behaviours)
def test_every_line_is_promised_whole_and_shipped_whole_or_not_at_all(order: Order, behaviour: Behaviour) -> None:
    answer = answer_of(order, behaviour, TODAY)
    for line, promises in answer.promises:
        assert sum(promise.quantity for promise in promises) == line.quantity
        assert all(promise.quantity > 0 for promise in promises)
    shipped = Counter[int]()
    for shipment in shipments_of(order, behaviour, TODAY):
        for goods in shipment.goods:
            shipped[goods.line.number] += int(goods.quantity)
    kept = {line.item for line in order.lines} - {behaviour.reject_item, behaviour.substitute_item}
    assert shipped == {line.number: line.quantity for line in order.lines if line.item in kept}
    assert [billed.line.number for billed in bill_of(order, behaviour, "X").lines] == sorted(shipped)


@given(orders, behaviours)
def test_no_two_lots_or_pallets_of_an_order_have_one_number(order: Order, behaviour: Behaviour) -> None:
    shipments = shipments_of(order, behaviour, TODAY)
    lots = [goods.lot for shipment in shipments for goods in shipment.goods]
    pallets = [shipment.sscc for shipment in shipments]
    assert (len(set(lots)), len(set(pallets))) == (len(lots), len(pallets))
    for pallet in pallets:
        TypeAdapter(Sscc).validate_python(pallet)


@given(orders)
def test_the_books_keep_an_order_as_it_was(order: Order) -> None:
    assert Order.from_json(order.as_json()) == order


class SlowDock(NoDock):
    """A dock that takes its time."""

    async def deliver(self, shipment: Shipment) -> None:
        await asyncio.sleep(0.02)
        await super().deliver(shipment)


async def test_a_supplier_answers_ships_and_bills_once_however_often_the_order_comes(tmp_path: Path) -> None:
    voice = Said()
    trade = Trade("HLIN", tmp_path, voice, SlowDock(), Behaviour(pace=0.0))
    for _ in range(3):
        trade.placed("order", what_was_ordered())
    await done(trade)
    assert voice.said == [
        "answer A-PO-000001", "notice ASN-PO-000001-1", "notice ASN-PO-000001-2", "invoice INV-HLIN-000001",
    ]  # fmt: skip
    assert trade.orders["PO-000001"]["messages"] == {"order": 3}


async def test_a_supplier_that_works_backwards_bills_first_and_answers_last(tmp_path: Path) -> None:
    voice = Said()
    trade = a_trade(tmp_path, voice, backwards=True)
    trade.placed("order", what_was_ordered())
    await done(trade)
    assert (voice.said[0], voice.said[-1]) == ("invoice INV-HLIN-000001", "answer A-PO-000001")


async def test_a_silent_supplier_keeps_the_order_and_says_nothing_not_even_after_a_restart(tmp_path: Path) -> None:
    voice = Said()
    a_trade(tmp_path, voice, silent=True).placed("order", what_was_ordered())
    again = a_trade(tmp_path, voice, silent=True)
    again.resume()
    await asyncio.sleep(0.05)
    assert voice.said == []
    assert list(again.orders) == ["PO-000001"]


async def test_a_late_supplier_answers_late(tmp_path: Path) -> None:
    voice = Said()
    trade = a_trade(tmp_path, voice, late=0.2)
    trade.placed("order", what_was_ordered())
    await asyncio.sleep(0.05)
    assert voice.said == []
    await done(trade)
    assert voice.said[0] == "answer A-PO-000001"


async def test_a_supplier_blunders_once_in_its_life(tmp_path: Path) -> None:
    voice = Said()
    trade = a_trade(tmp_path, voice, malformed_once=True)
    trade.placed("order", what_was_ordered())
    await done(trade)
    again = a_trade(tmp_path, voice, malformed_once=True)
    again.placed("another", Order("PO-000002", "NORTH", "NORTH", "USD", what_was_ordered().lines))
    await done(again)
    assert [said for said in voice.said if said.startswith("blunder")] == ["blunder A-PO-000001"]


class ClosedDock(NoDock):
    """A dock where the second lorry waits for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.is_waiting = asyncio.Event()

    async def deliver(self, shipment: Shipment) -> None:
        await super().deliver(shipment)
        if shipment.place == 2:
            self.is_waiting.set()
            await asyncio.Event().wait()


async def test_a_restart_goes_on_where_the_crash_was(tmp_path: Path) -> None:
    voice, dock = Said(), ClosedDock()
    trade = Trade("HLIN", tmp_path, voice, dock, Behaviour(pace=0.0))
    trade.placed("order", what_was_ordered())
    await asyncio.wait_for(dock.is_waiting.wait(), 10)
    again = a_trade(tmp_path, voice)
    again.resume()
    await done(again)
    assert [said.split()[0] for said in voice.said] == ["answer", "notice", "notice", "notice", "invoice"]


async def test_a_changed_order_is_billed_as_it_was_changed_before_the_restart(tmp_path: Path) -> None:
    a_trade(tmp_path, Said(), silent=True).placed("order", what_was_ordered())
    first, _ = what_was_ordered().lines
    a_trade(tmp_path, Said(), silent=True).changed("change", Order("PO-000001", "NORTH", "NORTH", "USD", (first,)))
    trade = a_trade(tmp_path, Said(), silent=True)
    assert [line["item"] for line in trade.orders["PO-000001"]["order"]["lines"]] == ["DRP-S"]


class Stockroom:
    """A dock that opens at the third knock."""

    def __init__(self) -> None:
        self.knocks: list[dict[str, Any]] = []

    async def knock(self, request: Request) -> Response:
        self.knocks.append(await request.json())
        return JSONResponse({}, status_code=200 if len(self.knocks) > 2 else 503)


@contextmanager
def serving(app: Starlette, port: int) -> Iterator[None]:
    task = asyncio.ensure_future(serve(app, port))
    try:
        yield
    finally:
        task.cancel()


async def test_a_lorry_knocks_until_the_dock_opens_and_brings_lots_and_expiry() -> None:
    stockroom, port = Stockroom(), free_port()
    (shipment,) = shipments_of(what_was_ordered(), Behaviour(parts=1), TODAY)
    app = Starlette(routes=[Route("/dock", stockroom.knock, methods=["POST"])])
    with serving(app, port):
        await Dock(f"http://127.0.0.1:{port}/dock", pause=0.01).deliver(shipment)
    assert len({str(knock) for knock in stockroom.knocks}) == 1
    load = stockroom.knocks[-1]
    assert (load["lorry"], load["po_number"], load["location"]) == ("ASN-PO-000001-1", "PO-000001", "NORTH")
    assert [(line["item"], line["quantity"], line["lot"], line["expires_on"]) for line in load["lines"]] == [
        (goods.line.item, str(goods.quantity), goods.lot, goods.expires_on.isoformat()) for goods in shipment.goods
    ]


def test_a_supplier_is_told_everything_on_its_command_line(tmp_path: Path) -> None:
    chosen = chosen_by([
        "--code", "HLIN", "--partner", "heartland", "--port", "9001", "--gateway", "http://us", "--dock", "http://dock",
        "--state", str(tmp_path / "state"), "--secrets", str(tmp_path), "--behaviour", '{"copies": 3}',
    ])  # fmt: skip
    assert (chosen.behaviour, chosen.partner, chosen.port) == (Behaviour(copies=3), "heartland", 9001)
    assert (tmp_path / "state").is_dir()


async def test_a_supplier_whose_work_fails_does_not_look_alive() -> None:
    async def failing() -> None:
        await asyncio.sleep(0.2)
        raise ValueError("an unreadable letter")

    with pytest.raises(ValueError, match="an unreadable letter"):
        await asyncio.wait_for(serve(Starlette(), free_port(), failing()), 10)
