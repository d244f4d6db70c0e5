"""What every supplier does whatever it speaks: takes orders, answers, ships in parts, bills, and misbehaves as told.

Its books are a file: a restart goes on where it stopped. What it says goes through a `Voice`, one for each language.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import httpx

CENT = Decimal("0.01")
SHELF_LIFE = timedelta(days=730)
UNDERWAY = timedelta(days=1)
BACKORDERED_FOR = timedelta(days=5)
COMPANY_PREFIX = "0614141"
"""Of GS1's examples: no company has it."""

Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Behaviour:
    """How this supplier trades. `pace` is the seconds between its steps."""

    pace: float = 0.5
    parts: int = 2
    copies: int = 1
    over_price_item: str = ""
    over_price_percent: int = 0
    backorder_item: str = ""
    """Only what the first shipments bring is accepted; the last shipment's share is backordered."""
    substitute_item: str = ""
    """Another item is offered, and nothing shipped of the line."""
    reject_item: str = ""
    backwards: bool = False
    silent: bool = False
    late: float = 0.0
    """Seconds before the answer."""
    malformed_once: bool = False
    """The first thing it ever says is broken; the same, whole, follows under a number of its own."""


@dataclass(frozen=True)
class Line:
    """What was ordered in one line; `item` is the buyer's number."""

    number: int
    item: str
    supplier_item: str
    quantity: Decimal
    unit: str
    price: Decimal


@dataclass(frozen=True)
class Order:
    """An order as the supplier understood it. `reference` is what its language names the order's message by."""

    po_number: str
    facility: str
    location: str
    currency: str
    lines: tuple[Line, ...]
    reference: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as the books keep it."""
        lines = [{**asdict(line), "quantity": str(line.quantity), "price": str(line.price)} for line in self.lines]
        return {**asdict(self), "lines": lines}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Order":
        """Return what the books kept."""
        lines = [
            Line(**{**line, "quantity": Decimal(line["quantity"]), "price": Decimal(line["price"])})
            for line in kept["lines"]
        ]
        return cls(**{**kept, "lines": tuple(lines)})


@dataclass(frozen=True)
class Promise:
    """What becomes of a part of a line: `accepted`, `backordered`, `substituted` (with `item`) or `rejected`."""

    kind: str
    quantity: Decimal
    on: date
    item: str = ""


@dataclass(frozen=True)
class Answer:
    """What becomes of every line of an order."""

    order: Order
    promises: tuple[tuple[Line, tuple[Promise, ...]], ...]

    @property
    def number(self) -> str:
        """The answer's own number."""
        return f"A-{self.order.po_number}"

    @property
    def is_plain(self) -> bool:
        """True when everything comes as ordered."""
        return all(promise.kind == "accepted" for _, promises in self.promises for promise in promises)


@dataclass(frozen=True)
class Goods:
    """So much of a line, of one lot."""

    line: Line
    quantity: Decimal
    lot: str
    expires_on: date


@dataclass(frozen=True)
class Shipment:
    """One lorry's load for an order."""

    order: Order
    place: int
    expected_on: date
    goods: tuple[Goods, ...]

    @property
    def number(self) -> str:
        """The ship notice's number."""
        return f"ASN-{self.order.po_number}-{self.place}"

    @property
    def sscc(self) -> str:
        """The 18 digits on its pallet."""
        serial = "".join(mark for mark in self.order.po_number if mark.isdigit())[-7:]
        digits = f"3{COMPANY_PREFIX}{serial:0>7}{self.place % 100:02d}"
        weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
        return f"{digits}{-weighted % 10}"


@dataclass(frozen=True)
class BilledLine:
    """A line as it is billed."""

    line: Line
    price: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Bill:
    """An invoice for a whole order."""

    order: Order
    number: str
    lines: tuple[BilledLine, ...]

    @property
    def total(self) -> Decimal:
        """What it adds up to."""
        return sum((line.amount for line in self.lines), start=Decimal(0))


class Voice(Protocol):
    """How a supplier says what it does. What it says twice after a restart goes out as the same bytes."""

    def acknowledge(self, answer: Answer) -> None:
        """Answer an order."""

    def announce(self, shipment: Shipment) -> None:
        """Tell what is on its way."""

    def bill(self, bill: Bill) -> None:
        """Send an invoice."""

    def blunder(self, answer: Answer) -> None:
        """Answer in a document that is broken."""


class Dock:
    """The goods themselves: a lorry at the stockroom's dock, knocking until somebody opens."""

    def __init__(self, url: str, pause: float = 0.5) -> None:
        self._url = url
        self._pause = pause

    async def deliver(self, shipment: Shipment) -> None:
        """Bring a shipment."""
        order = shipment.order
        lines = [
            {
                "line": goods.line.number,
                "item": goods.line.item,
                "quantity": str(goods.quantity),
                "unit": goods.line.unit,
                "lot": goods.lot,
                "expires_on": goods.expires_on.isoformat(),
            }
            for goods in shipment.goods
        ]
        load = {"po_number": order.po_number, "facility": order.facility, "location": order.location, "lines": lines}
        async with httpx.AsyncClient(timeout=5) as http:
            while True:
                if await self._opens(http, {"lorry": shipment.number, **load}):
                    return
                await asyncio.sleep(self._pause)

    async def _opens(self, http: httpx.AsyncClient, load: dict[str, Any]) -> bool:
        try:
            return (await http.post(self._url, json=load)).is_success
        except httpx.HTTPError:
            return False


class Trade:
    """The supplier's own books: orders by PO number, and what is still to be done about each."""

    def __init__(self, code: str, state: Path, voice: Voice, dock: Dock, behaviour: Behaviour) -> None:
        self._code = code
        self._file = state / "books.json"
        self._voice = voice
        self._dock = dock
        self._behaviour = behaviour
        self._books: dict[str, Any] = (
            json.loads(self._file.read_text()) if self._file.exists() else {"orders": {}, "blundered": False}
        )
        self._working: set[asyncio.Task[None]] = set()

    @property
    def orders(self) -> dict[str, Any]:
        """What has been ordered, and how often each message came."""
        known: dict[str, Any] = self._books["orders"]
        return known

    def resume(self) -> None:
        """Go on with what a crash interrupted."""
        for po_number, kept in self.orders.items():
            if kept["order"] and not kept["done"] and not kept["cancelled"] and not self._behaviour.silent:
                self._begin(po_number)

    def placed(self, message: str, order: Order) -> None:
        """Take an order, once."""
        if self._is_new(message, order.po_number):
            self.orders[order.po_number]["order"] = order.as_json()
            if not self._behaviour.silent:
                self._begin(order.po_number)
        self._save()

    def changed(self, message: str, order: Order) -> None:
        """Take what an order has been changed to."""
        if self._is_new(message, order.po_number):
            self.orders[order.po_number]["order"] = order.as_json()
        self._save()

    def cancelled(self, message: str, po_number: str) -> None:
        """Do nothing more about an order."""
        if self._is_new(message, po_number):
            self.orders[po_number]["cancelled"] = True
        self._save()

    def reminded(self, message: str, po_number: str) -> None:
        """Count a reminder."""
        if self._is_new(message, po_number):
            self.orders[po_number]["reminders"] += 1
        self._save()

    def _is_new(self, message: str, po_number: str) -> bool:
        fresh: dict[str, Any] = {
            "messages": {},
            "order": None,
            "step": 0,
            "done": False,
            "cancelled": False,
            "reminders": 0,
        }
        messages = self.orders.setdefault(po_number, fresh)["messages"]
        messages[message] = messages.get(message, 0) + 1
        return bool(messages[message] == 1)

    def _begin(self, po_number: str) -> None:
        task = asyncio.create_task(self._work(po_number))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, po_number: str) -> None:
        """Answer, ship, bill: one step at a time, each remembered, so that a restart goes on where it stopped."""
        kept = self.orders[po_number]
        steps = self._steps(Order.from_json(kept["order"]))
        await asyncio.sleep(self._behaviour.late)
        while kept["step"] < len(steps) and not kept["cancelled"]:
            await asyncio.sleep(self._behaviour.pace)
            await steps[kept["step"]]()
            kept["step"] += 1
            self._save()
        kept["done"] = True
        self._save()

    def _steps(self, order: Order) -> list[Step]:
        shipments = shipments_of(order, self._behaviour, datetime.now(UTC).date())
        ships = [partial(self._ship, shipment) for shipment in shipments]
        answers, bills = partial(self._answer, order), partial(self._bill, order)
        return [bills, *ships, answers] if self._behaviour.backwards else [answers, *ships, bills]

    async def _answer(self, order: Order) -> None:
        answer = answer_of(order, self._behaviour, datetime.now(UTC).date())
        if self._behaviour.malformed_once and not self._books["blundered"]:
            self._voice.blunder(answer)
            self._books["blundered"] = True
        self._voice.acknowledge(answer)

    async def _ship(self, shipment: Shipment) -> None:
        self._voice.announce(shipment)
        await self._dock.deliver(shipment)

    async def _bill(self, order: Order) -> None:
        self._voice.bill(bill_of(order, self._behaviour, self._code))

    def _save(self) -> None:
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(self._books))
        aside.replace(self._file)


def answer_of(order: Order, behaviour: Behaviour, today: date) -> Answer:
    """Return what the supplier promises of every line."""
    return Answer(order, tuple((line, tuple(_promises(line, behaviour, today))) for line in order.lines))


def _promises(line: Line, behaviour: Behaviour, today: date) -> list[Promise]:
    soon, later = today + UNDERWAY, today + BACKORDERED_FOR
    if line.item == behaviour.reject_item:
        return [Promise("rejected", line.quantity, soon)]
    if line.item == behaviour.substitute_item:
        return [Promise("substituted", line.quantity, soon, f"{line.supplier_item}-ALT")]
    if line.item != behaviour.backorder_item:
        return [Promise("accepted", line.quantity, soon)]
    *first, last = _shares(line, behaviour.parts)
    split = [Promise("accepted", sum(first, start=Decimal(0)), soon), Promise("backordered", last, later)]
    return [promise for promise in split if promise.quantity]


def shipments_of(order: Order, behaviour: Behaviour, today: date) -> tuple[Shipment, ...]:
    """Share every line that comes out over the shipments; the last takes what is left."""
    loads: list[list[Goods]] = [[] for _ in range(behaviour.parts)]
    digits = "".join(mark for mark in order.po_number if mark.isdigit())
    for line in coming(order, behaviour):
        for place, share in enumerate(_shares(line, behaviour.parts), start=1):
            if share:
                lot = f"L{digits}-{line.number}{chr(ord('A') + place - 1)}"
                loads[place - 1].append(Goods(line, share, lot, today + SHELF_LIFE))
    loaded = [tuple(load) for load in loads if load]
    return tuple(Shipment(order, place, today + UNDERWAY, load) for place, load in enumerate(loaded, start=1))


def bill_of(order: Order, behaviour: Behaviour, code: str) -> Bill:
    """Return the invoice for what comes of an order."""
    number = f"INV-{code}-{order.po_number.removeprefix('PO-')}"
    return Bill(order, number, tuple(_billed(line, behaviour) for line in coming(order, behaviour)))


def coming(order: Order, behaviour: Behaviour) -> tuple[Line, ...]:
    """Return the lines of which goods come."""
    return tuple(line for line in order.lines if line.item not in {behaviour.reject_item, behaviour.substitute_item})


def _shares(line: Line, parts: int) -> list[Decimal]:
    share = line.quantity // parts
    return [*[share] * (parts - 1), line.quantity - share * (parts - 1)]


def _billed(line: Line, behaviour: Behaviour) -> BilledLine:
    price = line.price
    if line.item == behaviour.over_price_item:
        price = (price * (100 + behaviour.over_price_percent) / 100).quantize(CENT)
    return BilledLine(line, price, (price * line.quantity).quantize(CENT, rounding=ROUND_HALF_UP))
