"""The main job on real servers, with processes killed at any moment and suppliers that misbehave."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from sandbox.hospital import A_BUSY_MORNING
from sandbox.stack import THE_STORY, Behaviours, Stack
from sandbox.tryton import treasury

pytestmark = [pytest.mark.e2e, pytest.mark.servers, pytest.mark.timeout(300)]

MISBEHAVING: Behaviours = {
    "CARD": {**THE_STORY["CARD"], "copies": 3, "pace": 0.2},
    "MEDL": {"backwards": True, "copies": 2, "pace": 0.2},
    "HLIN": {**THE_STORY["HLIN"], "pace": 0.2},
}
VICTIMS = (
    "worker", "gateway", "tryton", "temporal", "heartland", "postgres", "worker", "opus", "gateway", "card", "nordic",
    "stockroom", "temporal",
)  # fmt: skip
ITEMS = ["CATH-16", "CATH-16", "DRP-L", "DRP-S", "GLV-M", "GLV-M", "INF-20", "SUT-30", "WND-10"]

IN_OTHER_LANGUAGES: Behaviours = {
    code: {"backwards": True, "copies": 2, "malformed_once": True, "pace": 0.3} for code in ("HLIN", "NORD", "OPUS")
}
THEIR_GOODS = {"NORTH": {"DRP-S": 44, "DRP-L": 22, "INF-20": 200}, "SOUTH": {"WND-10": 55}}
PATIENCE_SECONDS = 180


@pytest.fixture
def stack(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    here = Stack(tmp_path / "stack")
    try:
        here.start(lambda _: None, getattr(request, "param", MISBEHAVING))
        yield here
    finally:
        here.stop()


class People:
    """The hospital's people, as patient as people are with a system that comes and goes."""

    def __init__(self, stack: Stack) -> None:
        self._clients = {person: stack.api(person) for person in ("tom.reyes", "nadia.okafor", "amara.singh")}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()

    def read(self, path: str) -> list[dict[str, Any]]:
        try:
            items: list[dict[str, Any]] = (
                self._clients["tom.reyes"].get(path, timeout=5).raise_for_status().json()["items"]
            )
        except httpx.HTTPError:
            return []
        return items

    def decide(self) -> None:
        """Approve and accept whatever waits for it."""
        for shown in self.read("/v1/requisitions"):
            if shown["status"] == "awaiting approval":
                self._post("nadia.okafor", f"/v1/requisitions/{shown['requisition']['number']}/approve", {})
        for case in self.read("/v1/exceptions"):
            if case["kind"] == "invoice match":
                self._post("amara.singh", f"/v1/exceptions/{case['id']}/resolve", {"resolution": "accept"})

    def statuses(self) -> list[str]:
        return [order["status"] for order in self.read("/v1/orders")]

    def _post(self, person: str, path: str, content: dict[str, str]) -> None:
        try:
            self._clients[person].post(path, json=content, timeout=5)
        except httpx.HTTPError:
            return  # asked again at the next look


def use_goods(stack: Stack, used_in: dict[str, dict[str, int]]) -> None:
    for place, used in used_in.items():
        httpx.post(f"{stack.inventory_url}/use", json={"location": place, "used": used}, timeout=10).raise_for_status()


@pytest.fixture
def people(stack: Stack) -> Iterator[People]:
    with People(stack) as everybody:
        yield everybody


def live_through(stack: Stack, people: People, victims: tuple[str, ...], *, orders: int) -> None:
    """Kill one after the other and start it again, until so many orders wait for payment and nothing else."""
    left, end = list(victims), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        people.decide()
        if left:
            victim = stack.processes[left.pop(0)]
            victim.kill()
            victim.start()
        elif people.statuses() == ["awaiting payment"] * orders:
            return
        time.sleep(0.3)
    pytest.fail(str(people.read("/v1/orders")))


def check_books(stack: Stack, people: People, *, orders: int) -> None:
    """Tryton and the store agree: everything once."""
    lines, bills = treasury.ledger(stack.postgres), treasury.invoices(stack.postgres)
    assert len({line.order_key for line in lines}) == orders
    assert len({line.po_number for line in lines}) == len(people.read("/v1/orders")) == orders
    assert all(line.ordered == line.received == line.invoiced for line in lines)
    posted = [bill for bill in bills if bill.number]
    assert sorted((bill.po_number, bill.state) for bill in posted) == sorted(
        (po_number, "posted") for po_number in {line.po_number for line in lines}
    )
    assert sum(bill.amount for bill in posted) == sum(
        Decimal(invoice["total"]["amount"]) for order in people.read("/v1/orders") for invoice in order["invoices"]
    )


def outcomes(people: People) -> Counter[str]:
    """Return what became of everything partners told us."""
    return Counter(event["outcome"] for event in people.read("/v1/events?limit=200"))


def test_orders_finish_once_each_whatever_is_killed_and_however_suppliers_misbehave(
    stack: Stack, people: People
) -> None:
    use_goods(stack, A_BUSY_MORNING)
    live_through(stack, people, VICTIMS, orders=7)
    check_books(stack, people, orders=7)
    lines = treasury.ledger(stack.postgres)
    assert sorted(line.item for line in lines) == ITEMS
    assert Counter(line.order_key.rpartition("-")[0] for line in lines).keys() == {
        shown["requisition"]["number"] for shown in people.read("/v1/requisitions")
    }
    assert outcomes(people).keys() == {"applied"}


@pytest.mark.parametrize("stack", [IN_OTHER_LANGUAGES], indirect=True, ids=["x12, ubl, cxml"])
def test_documents_in_any_language_count_once_and_a_broken_one_is_put_to_a_person(stack: Stack, people: People) -> None:
    use_goods(stack, THEIR_GOODS)
    live_through(stack, people, ("worker", "gateway") * 3, orders=3)
    check_books(stack, people, orders=3)
    books = {code: httpx.get(f"{stack.supplier_urls[code]}/books").json() for code in IN_OTHER_LANGUAGES}
    for kept in books.values():
        (order,) = kept["orders"].values()
        assert len(order["messages"]) == 1
    cases = people.read("/v1/exceptions")
    assert sorted((case["kind"], case["supplier"]) for case in cases) == [
        ("unreadable document", code) for code in sorted(IN_OTHER_LANGUAGES)
    ]
    # 4 documents and 2 receipts of each order, 2 rooms under par, the 997 of our 850; of the broken only the 855 is
    # an event, because its interchange was whole
    assert outcomes(people) == {"applied": 3 * (4 + 2) + 2 + 1, "exception": 1}
    verdicts = Counter(chain.from_iterable(books["HLIN"]["verdicts"].values()))
    assert verdicts == {"A": len(["855", "856", "856", "810"]), "R": 1}
    for code in ("NORD", "OPUS"):
        refused = {name for name, status in books[code]["answers"] if status == httpx.codes.UNPROCESSABLE_ENTITY}
        assert [name.partition("-")[0] for name in refused] == ["blunder"]


def test_the_gateway_refuses_slow_and_oversized_headers(stack: Stack) -> None:
    address = ("127.0.0.1", int(stack.gateway_url.rpartition(":")[2]))
    oversized = b"GET /v1/health/live HTTP/1.1\r\nhost: x\r\nx-filler: " + b"x" * 100_000
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(oversized)
        assert b" 431 " in connection.recv(200)
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(b"GET /v1/health/live HTTP/1.1\r\nx-slow: ")
        began = time.monotonic()
        connection.recv(200)
        assert time.monotonic() - began < 15
    assert httpx.get(f"{stack.gateway_url}/v1/health/live").status_code == 200
