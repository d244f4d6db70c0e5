"""A supplier that speaks in signed webhooks of JSON: takes orders over HTTP, answers, ships in parts, bills.

python -m sandbox.partners.supplier --code MEDL --partner medl --port 9001 --gateway URL --dock URL --state DIR
    --secrets DIR
"""

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners.serving import Choices, chosen_by, serve
from sandbox.partners.trading import Answer, Bill, BilledLine, Dock, Line, Order, Promise, Shipment, Trade
from sandbox.partners.webhooks import Outbox, Secret


class Webhooks:
    """Says everything in events of JSON."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def acknowledge(self, answer: Answer) -> None:
        """Send `order.acknowledged`, with the lines that do not come as ordered."""
        lines = [
            {"line": line.number, "parts": [_part(line, promise) for promise in promises]}
            for line, promises in answer.promises
            if any(promise.kind != "accepted" for promise in promises)
        ]
        po_number = answer.order.po_number
        data = {"acknowledgement": answer.number, "po_number": po_number, "answer": "accepted", "lines": lines}
        self._send(f"{po_number}-ack", "order.acknowledged", data)

    def announce(self, shipment: Shipment) -> None:
        """Send `order.shipped`."""
        data = {
            "ship_notice": shipment.number,
            "po_number": shipment.order.po_number,
            "expected_on": shipment.expected_on.isoformat(),
            "carrier": "Road",
            "lines": [
                {"line": goods.line.number, "quantity": str(goods.quantity), "unit": goods.line.unit}
                for goods in shipment.goods
            ],
        }
        self._send(f"{shipment.order.po_number}-asn-{shipment.place}", "order.shipped", data)

    def bill(self, bill: Bill) -> None:
        """Send `invoice.issued`."""
        data = {
            "invoice": bill.number,
            "po_number": bill.order.po_number,
            "issued_on": datetime.now(UTC).date().isoformat(),
            "currency": bill.order.currency,
            "lines": [_billed(line) for line in bill.lines],
            "total": str(bill.total),
        }
        self._send(f"{bill.order.po_number}-inv", "invoice.issued", data)

    def blunder(self, answer: Answer) -> None:
        """Send an answer that answers no order."""
        self._send(f"{answer.order.po_number}-blunder", "order.acknowledged", {"acknowledgement": answer.number})

    def _send(self, event_id: str, kind: str, data: dict[str, Any]) -> None:
        self._outbox.put(event_id, {"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": data})


def _part(line: Line, promise: Promise) -> dict[str, Any]:
    part = {"answer": promise.kind, "quantity": str(promise.quantity), "unit": line.unit}
    if promise.kind == "rejected":
        return {**part, "reason": "discontinued"}
    part["promised_on"] = promise.on.isoformat()
    return {**part, "item": promise.item} if promise.item else part


def _billed(billed: BilledLine) -> dict[str, Any]:
    line = billed.line
    return {
        "line": line.number,
        "order_line": line.number,
        "supplier_item": line.supplier_item,
        "quantity": str(line.quantity),
        "unit": line.unit,
        "unit_price": str(billed.price),
        "amount": str(billed.amount),
    }


def order_of(data: dict[str, Any]) -> Order:
    """Return the order an event is about."""
    lines = tuple(
        Line(
            number=line["line"],
            item=line["item"],
            supplier_item=line["supplier_item"],
            quantity=Decimal(line["quantity"]),
            unit=line["unit"],
            price=Decimal(line["unit_price"]),
        )
        for line in data["lines"]
    )
    return Order(data["po_number"], data["facility"], data["deliver_to"], data["currency"], lines)


def hear(trade: Trade, message_id: str, event: dict[str, Any]) -> None:
    """Act on an event."""
    data, kind = event["data"], event["type"]
    if kind == "order.placed":
        trade.placed(message_id, order_of(data))
    elif kind == "order.changed":
        trade.changed(message_id, order_of(data))
    elif kind == "order.cancelled":
        trade.cancelled(message_id, data["po_number"])
    elif kind == "order.reminder":
        trade.reminded(message_id, data["po_number"])


def app_of(trade: Trade, outbox: Outbox, secret: Secret) -> Starlette:
    """Return the supplier's HTTP service: events in, and its books for whoever tests it."""

    async def events(request: Request) -> Response:
        body = await request.body()
        if not secret.fits(request.headers, body):
            return JSONResponse({"error": "signature"}, status_code=401)
        hear(trade, request.headers["webhook-id"], json.loads(body))
        return JSONResponse({"taken": True}, status_code=202)

    async def books(_: Request) -> Response:
        return JSONResponse({"orders": trade.orders, "answers": outbox.answers})

    return Starlette(routes=[Route("/events", events, methods=["POST"]), Route("/books", books)])


async def run(chosen: Choices) -> None:
    """Run one supplier."""
    secrets, partner = chosen.secrets, chosen.partner
    outbox = Outbox(
        chosen.state / "outbox.json",
        f"{chosen.gateway}/v1/partners/{partner}/events",
        Secret(secrets / f"{partner}-inbound"),
        "application/json",
        copies=chosen.behaviour.copies,
    )
    trade = Trade(chosen.code, chosen.state, Webhooks(outbox), Dock(chosen.dock), chosen.behaviour)
    trade.resume()
    await serve(app_of(trade, outbox, Secret(secrets / f"{partner}-outbound")), chosen.port, outbox.send_for_ever())


if __name__ == "__main__":
    asyncio.run(run(chosen_by()))
