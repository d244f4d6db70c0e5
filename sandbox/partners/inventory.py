"""An inventory platform: keeps stock, tells of items under par, receives what lorries bring, with lots and expiry.

python -m sandbox.partners.inventory --port 9003 --gateway URL --state DIR --secrets DIR --stock FILE
"""

import argparse
import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners.serving import serve
from sandbox.partners.webhooks import Outbox, Secret


class Stockroom:
    """Stock by location and item, in single units; every change is on disk before anybody hears of it."""

    def __init__(self, state: Path, stock: dict[str, Any], outbox: Outbox, pace: float) -> None:
        self._file = state / "stock.json"
        self._books: dict[str, Any] = (
            json.loads(self._file.read_text())
            if self._file.exists()
            else {"stock": stock, "expected": {}, "lorries": {}, "breaches": 0}
        )
        self._outbox = outbox
        self._pace = pace

    @property
    def books(self) -> dict[str, Any]:
        """Everything it knows."""
        return self._books

    def use(self, location: str, used: dict[str, int]) -> str | None:
        """Take goods out; tell of what falls under par. Returns the id of the event, if there is one."""
        shelves = self._books["stock"][location]
        for item, quantity in used.items():
            shelves["items"][item]["on_hand"] -= quantity
        under = {
            item: shelf for item, shelf in shelves["items"].items() if item in used and shelf["on_hand"] < shelf["par"]
        }
        event_id = self._tell_of_breach(location, shelves["facility"], under) if under else None
        self._save()
        return event_id

    async def receive(self, lorry: dict[str, Any]) -> None:
        """Count what a lorry brought, put it on the shelves, report it; a lorry that knocks twice is counted once."""
        number = lorry["lorry"]
        if number in self._books["lorries"]:
            return
        await asyncio.sleep(self._pace)
        if number in self._books["lorries"]:
            return
        self._books["lorries"][number] = lorry
        for line in lorry["lines"]:
            shelf = self._books["stock"][lorry["location"]]["items"].get(line["item"])
            if shelf is not None:
                shelf["on_hand"] += int(Decimal(line["quantity"])) * shelf["pack"]
        self._report(lorry)
        self._save()

    def expect(self, order: str, notice: str, delivery: dict[str, Any]) -> None:
        """Expect a delivery."""
        self._books["expected"].setdefault(order, {})[notice] = delivery
        self._save()

    def withdraw(self, order: str) -> None:
        """Expect nothing more of an order."""
        self._books["expected"].pop(order, None)
        self._save()

    def _tell_of_breach(self, location: str, facility: str, under: dict[str, Any]) -> str:
        self._books["breaches"] += 1
        event_id = f"breach-{location}-{self._books['breaches']}"
        items = [
            {"item": item, "unit": "EA", "par_level": str(shelf["par"]), "on_hand": str(max(shelf["on_hand"], 0))}
            for item, shelf in under.items()
        ]
        data = {"facility": facility, "location": location, "criticality": "urgent", "items": items}
        self._send(event_id, "supplyline.inventory.par-breached", data)
        return event_id

    def _report(self, lorry: dict[str, Any]) -> None:
        receipt = lorry["lorry"].replace("ASN", "GR")
        data = {
            "goods_receipt": receipt,
            "po_number": lorry["po_number"],
            "facility": lorry["facility"],
            "location": lorry["location"],
            "receiver": "dock-clerk",
            "ship_notice": lorry["lorry"],
            "lines": [self._received(lorry, line) for line in lorry["lines"]],
        }
        self._send(f"received-{receipt}", "supplyline.inventory.goods-received", data)

    def _received(self, lorry: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
        received = {"line": line["line"], "item": line["item"], "unit": line["unit"], "accepted": line["quantity"]}
        shelf = self._books["stock"][lorry["location"]]["items"].get(line["item"], {})
        if shelf.get("lots"):
            lot = {"lot": line["lot"], "quantity": line["quantity"], "expires_on": line["expires_on"]}
            received["lots"] = [lot]
        return received

    def _send(self, event_id: str, kind: str, data: dict[str, Any]) -> None:
        event = {"specversion": "1.0", "id": event_id, "source": "/stockroom", "type": kind, "data": data}
        self._outbox.put(event_id, {**event, "time": datetime.now(UTC).isoformat()})

    def _save(self) -> None:
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(self._books))
        aside.replace(self._file)


def app_of(stockroom: Stockroom, secret: Secret) -> Starlette:
    """Return the platform's HTTP service."""

    async def expect(request: Request) -> Response:
        body = await request.body()
        if not secret.fits(request.headers, body):
            return JSONResponse({"error": "signature"}, status_code=401)
        stockroom.expect(request.path_params["order"], request.path_params["notice"], json.loads(body))
        return Response(status_code=204)

    async def withdraw(request: Request) -> Response:
        if not secret.fits(request.headers, await request.body()):
            return JSONResponse({"error": "signature"}, status_code=401)
        stockroom.withdraw(request.path_params["order"])
        return Response(status_code=204)

    async def on_hand(request: Request) -> Response:
        shelves = stockroom.books["stock"].get(request.path_params["location"], {"items": {}})["items"]
        shelf = shelves.get(request.path_params["item"])
        if shelf is None:
            return JSONResponse({"error": "unknown"}, status_code=404)
        return JSONResponse({"quantity": str(shelf["on_hand"]), "unit": "EA"})

    async def dock(request: Request) -> Response:
        await stockroom.receive(await request.json())
        return JSONResponse({"received": True})

    async def use(request: Request) -> Response:
        content = await request.json()
        return JSONResponse({"event": stockroom.use(content["location"], content["used"])})

    async def books(_: Request) -> Response:
        return JSONResponse(stockroom.books)

    return Starlette(
        routes=[
            Route("/expected/{order}/{notice}", expect, methods=["PUT"]),
            Route("/expected/{order}", withdraw, methods=["DELETE"]),
            Route("/on-hand/{location}/{item}", on_hand),
            Route("/dock", dock, methods=["POST"]),
            Route("/use", use, methods=["POST"]),
            Route("/books", books),
        ]
    )


def main() -> None:
    """Run one inventory platform."""
    options = argparse.ArgumentParser()
    for name in ("port", "gateway", "state", "secrets", "stock"):
        options.add_argument(f"--{name}", required=True)
    options.add_argument("--pace", type=float, default=0.3)
    asyncio.run(_run(options.parse_args()))


async def _run(chosen: argparse.Namespace) -> None:
    state = Path(chosen.state)
    state.mkdir(parents=True, exist_ok=True)
    outbox = Outbox(
        state / "outbox.json",
        f"{chosen.gateway}/v1/partners/stockroom/events",
        Secret(Path(chosen.secrets) / "stockroom-inbound"),
        "application/cloudevents+json",
    )
    stockroom = Stockroom(state, json.loads(Path(chosen.stock).read_text()), outbox, chosen.pace)
    app = app_of(stockroom, Secret(Path(chosen.secrets) / "stockroom-outbound"))
    await serve(app, int(chosen.port), outbox.send_for_ever())


if __name__ == "__main__":
    main()
