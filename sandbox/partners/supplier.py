"""A supplier: takes orders over HTTP, answers, ships in parts, bills; with switches for how it misbehaves.

python -m sandbox.partners.supplier --code MEDL --port 9001 --gateway URL --dock URL --state DIR --secrets DIR
"""

import argparse
import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners.serving import serve
from sandbox.partners.webhooks import Outbox, Secret

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Behaviour:
    """How this supplier trades. `pace` is the seconds between its steps."""

    pace: float = 0.5
    parts: int = 2
    copies: int = 1
    over_price_item: str = ""
    over_price_percent: int = 0
    backwards: bool = False
    silent: bool = False
    reject_item: str = ""


class Supplier:
    """The supplier's own books: orders by PO number, and what is still to be done about each."""

    def __init__(self, code: str, state: Path, outbox: Outbox, dock: str, behaviour: Behaviour) -> None:
        self.code = code
        self.outbox = outbox
        self._books = state / "books.json"
        self._dock = dock
        self._behaviour = behaviour
        self._known: dict[str, Any] = json.loads(self._books.read_text()) if self._books.exists() else {}
        self._working: set[asyncio.Task[None]] = set()

    @property
    def orders(self) -> dict[str, Any]:
        """What has been ordered, and how often each message came."""
        return self._known

    def resume(self) -> None:
        """Go on with what a crash interrupted."""
        for po_number, order in self._known.items():
            if not order["done"] and not order["cancelled"]:
                self._begin(po_number)

    def take(self, message_id: str, event: dict[str, Any]) -> None:
        """Take a message, once."""
        data = event["data"]
        order = self._known.setdefault(
            data["po_number"], {"messages": {}, "step": 0, "done": False, "cancelled": False, "reminders": 0}
        )
        order["messages"][message_id] = order["messages"].get(message_id, 0) + 1
        if order["messages"][message_id] == 1:
            self._act(event["type"], data, order)
        self._save()

    def _act(self, kind: str, data: dict[str, Any], order: dict[str, Any]) -> None:
        if kind in {"order.placed", "order.changed"}:
            order["data"] = data
        if kind == "order.placed" and not self._behaviour.silent:
            self._begin(data["po_number"])
        if kind == "order.cancelled":
            order["cancelled"] = True
        if kind == "order.reminder":
            order["reminders"] += 1

    def _begin(self, po_number: str) -> None:
        task = asyncio.create_task(self._work(po_number))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, po_number: str) -> None:
        """Answer, ship, bill: one step at a time, each remembered, so that a restart goes on where it stopped."""
        order = self._known[po_number]
        steps = self._steps(po_number, order["data"])
        if self._behaviour.backwards:
            steps = [steps[-1], *steps[1:-1], steps[0]]
        while order["step"] < len(steps) and not order["cancelled"]:
            await asyncio.sleep(self._behaviour.pace)
            await steps[order["step"]]()
            order["step"] += 1
            self._save()
        order["done"] = True
        self._save()

    def _steps(self, po_number: str, data: dict[str, Any]) -> list[Any]:
        parts = self._split(data["lines"])

        async def acknowledge() -> None:
            self._send(f"{po_number}-ack", "order.acknowledged", self._answer(po_number, data))

        def ship(number: int, lines: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - a coroutine function
            async def shipped() -> None:
                await self._ship(po_number, data, number, lines)

            return shipped

        async def bill() -> None:
            self._send(f"{po_number}-inv", "invoice.issued", self._invoice(po_number, data))

        return [acknowledge, *(ship(number, lines) for number, lines in enumerate(parts, start=1)), bill]

    def _split(self, lines: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """Share every line out over the shipments; the last takes what is left."""
        shipments: list[list[dict[str, Any]]] = [[] for _ in range(self._behaviour.parts)]
        for line in self._accepted(lines):
            left = int(Decimal(line["quantity"]))
            share = left // self._behaviour.parts
            for shipment in shipments[:-1]:
                if share:
                    shipment.append({**line, "quantity": str(share)})
                    left -= share
            shipments[-1].append({**line, "quantity": str(left)})
        return [shipment for shipment in shipments if shipment]

    def _accepted(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [line for line in lines if line["item"] != self._behaviour.reject_item]

    def _answer(self, po_number: str, data: dict[str, Any]) -> dict[str, Any]:
        rejected = [line for line in data["lines"] if line["item"] == self._behaviour.reject_item]
        parts = [
            {
                "line": line["line"],
                "parts": [
                    {"answer": "rejected", "quantity": line["quantity"], "unit": line["unit"], "reason": "discontinued"}
                ],
            }
            for line in rejected
        ]
        return {"acknowledgement": f"A-{po_number}", "po_number": po_number, "answer": "accepted", "lines": parts}

    async def _ship(self, po_number: str, data: dict[str, Any], number: int, lines: list[dict[str, Any]]) -> None:
        notice = f"ASN-{po_number}-{number}"
        shipped = [{"line": line["line"], "quantity": line["quantity"], "unit": line["unit"]} for line in lines]
        expected = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
        event = {
            "ship_notice": notice,
            "po_number": po_number,
            "expected_on": expected,
            "carrier": "Road",
            "lines": shipped,
        }
        self._send(f"{po_number}-asn-{number}", "order.shipped", event)
        await self._drive_to_the_dock(po_number, data, notice, lines)

    async def _drive_to_the_dock(
        self, po_number: str, data: dict[str, Any], notice: str, lines: list[dict[str, Any]]
    ) -> None:
        """The goods themselves: a lorry at the stockroom's dock, knocking until somebody opens."""
        load = {
            "lorry": notice,
            "po_number": po_number,
            "facility": data["facility"],
            "location": data["deliver_to"],
            "lines": [{key: line[key] for key in ("line", "item", "quantity", "unit")} for line in lines],
        }
        async with httpx.AsyncClient(timeout=5) as http:
            while True:
                try:
                    (await http.post(self._dock, json=load)).raise_for_status()
                except httpx.HTTPError:
                    await asyncio.sleep(0.5)
                else:
                    return

    def _invoice(self, po_number: str, data: dict[str, Any]) -> dict[str, Any]:
        lines = [self._billed(line) for line in self._accepted(data["lines"])]
        return {
            "invoice": f"INV-{self.code}-{po_number.removeprefix('PO-')}",
            "po_number": po_number,
            "issued_on": datetime.now(UTC).date().isoformat(),
            "currency": data["currency"],
            "lines": lines,
            "total": str(sum((Decimal(line["amount"]) for line in lines), Decimal(0))),
        }

    def _billed(self, line: dict[str, Any]) -> dict[str, Any]:
        price, quantity = Decimal(line["unit_price"]), Decimal(line["quantity"])
        if line["item"] == self._behaviour.over_price_item:
            price = (price * (100 + self._behaviour.over_price_percent) / 100).quantize(CENT)
        return {
            "line": line["line"],
            "order_line": line["line"],
            "supplier_item": line["supplier_item"],
            "quantity": line["quantity"],
            "unit": line["unit"],
            "unit_price": str(price),
            "amount": str((price * quantity).quantize(CENT, rounding=ROUND_HALF_UP)),
        }

    def _send(self, event_id: str, kind: str, data: dict[str, Any]) -> None:
        self.outbox.put(event_id, {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": data})

    def _save(self) -> None:
        aside = self._books.with_suffix(".new")
        aside.write_text(json.dumps(self._known))
        aside.replace(self._books)


def app_of(supplier: Supplier, secret: Secret) -> Starlette:
    """Return the supplier's HTTP service: events in, and its books for whoever tests it."""

    async def events(request: Request) -> Response:
        body = await request.body()
        if not secret.fits(request.headers, body):
            return JSONResponse({"error": "signature"}, status_code=401)
        supplier.take(request.headers["webhook-id"], json.loads(body))
        return JSONResponse({"taken": True}, status_code=202)

    async def books(_: Request) -> Response:
        return JSONResponse({"orders": supplier.orders, "answers": supplier.outbox.answers})

    return Starlette(routes=[Route("/events", events, methods=["POST"]), Route("/books", books)])


def main() -> None:
    """Run one supplier."""
    options = argparse.ArgumentParser()
    for name in ("code", "port", "gateway", "dock", "state", "secrets"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--behaviour", default="{}", help="JSON of Behaviour's fields")
    chosen = options.parse_args()
    asyncio.run(_run(chosen))


async def _run(chosen: argparse.Namespace) -> None:
    state, behaviour = Path(chosen.state), Behaviour(**json.loads(chosen.behaviour))
    state.mkdir(parents=True, exist_ok=True)
    code = chosen.code.lower()
    outbox = Outbox(
        state / "outbox.json",
        f"{chosen.gateway}/v1/partners/{code}/events",
        Secret(Path(chosen.secrets) / f"{code}-inbound"),
        "application/json",
        copies=behaviour.copies,
    )
    supplier = Supplier(chosen.code, state, outbox, chosen.dock, behaviour)
    supplier.resume()
    app = app_of(supplier, Secret(Path(chosen.secrets) / f"{code}-outbound"))
    await serve(app, int(chosen.port), outbox.send_for_ever())


if __name__ == "__main__":
    main()
