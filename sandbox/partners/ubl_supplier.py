"""A supplier that speaks UBL: orders are posted to it with a password, its answers posted back with another.

python -m sandbox.partners.ubl_supplier --code NORD --partner nordic --port 9005 --gateway URL --dock URL
    --state DIR --secrets DIR --identity 0088:0614141000029 --buyer 0088:0614141000012
"""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners import ubl
from sandbox.partners.posting import Posted
from sandbox.partners.serving import Choices, chosen_by, serve
from sandbox.partners.trading import Dock, Trade
from sandbox.partners.webhooks import Outbox, Password

CONTENT_TYPE = "application/xml"


def hear(trade: Trade, received: ubl.Received) -> None:
    """Act on a document."""
    if received.kind == "Order":
        trade.placed(received.name, ubl.order_of(received))
    elif received.kind == "OrderChange":
        trade.changed(received.name, ubl.order_of(received))
    elif received.kind == "OrderCancellation":
        trade.cancelled(received.name, received.po_number)


def app_of(trade: Trade, outbox: Outbox, password: Password) -> Starlette:
    """Return the supplier's HTTP service: documents in, and its books for whoever tests it."""

    async def documents(request: Request) -> Response:
        if not password.fits(request.headers):
            return JSONResponse({"error": "password"}, status_code=401)
        hear(trade, ubl.read(await request.body()))
        return Response(status_code=202)

    async def books(_: Request) -> Response:
        return JSONResponse({"orders": trade.orders, "answers": outbox.answers})

    return Starlette(routes=[Route("/documents", documents, methods=["POST"]), Route("/books", books)])


async def run(chosen: Choices) -> None:
    """Run one supplier."""
    partner = chosen.partner
    outbox = Outbox(
        chosen.state / "outbox.json",
        f"{chosen.gateway}/v1/partners/{partner}/documents",
        Password(partner, chosen.secrets / f"{partner}-inbound"),
        CONTENT_TYPE,
        copies=chosen.behaviour.copies,
    )
    letters = ubl.Letters(chosen.identity, chosen.buyer)
    trade = Trade(chosen.code, chosen.state, Posted(outbox, letters), Dock(chosen.dock), chosen.behaviour)
    trade.resume()
    password = Password("supplyline", chosen.secrets / f"{partner}-outbound")
    await serve(app_of(trade, outbox, password), chosen.port, outbox.send_for_ever())


if __name__ == "__main__":
    asyncio.run(run(chosen_by()))
