"""A supplier that speaks cXML: every message carries the shared secret, and is answered by a Response at once.

python -m sandbox.partners.cxml_supplier --code OPUS --partner opus --port 9006 --gateway URL --dock URL
    --state DIR --secrets DIR --identity OPUS --buyer SUPPLYLINE
"""

import asyncio
from datetime import UTC, datetime

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.partners import cxml
from sandbox.partners.posting import Posted
from sandbox.partners.serving import Choices, chosen_by, serve
from sandbox.partners.trading import Dock, Trade
from sandbox.partners.webhooks import Nothing, Outbox

CONTENT_TYPE = "text/xml; charset=UTF-8"


def is_heard(answer: httpx.Response) -> bool:
    """True when a cXML Response says that it was taken or refused for good, or it was not let in at all."""
    code = cxml.status_in(answer.content)
    if code is None:
        return answer.status_code == httpx.codes.UNAUTHORIZED
    return code < httpx.codes.INTERNAL_SERVER_ERROR


def hear(trade: Trade, received: cxml.Received) -> None:
    """Act on an OrderRequest."""
    if received.kind == "new":
        trade.placed(received.name, cxml.order_of(received))
    elif received.kind == "update":
        trade.changed(received.name, cxml.order_of(received))
    elif received.kind == "delete":
        trade.cancelled(received.name, received.po_number)


def app_of(trade: Trade, outbox: Outbox, identity: str, secret: str) -> Starlette:
    """Return the supplier's HTTP service: messages in, and its books for whoever tests it."""

    async def messages(request: Request) -> Response:
        received = cxml.read(await request.body())
        is_known = received.proves(identity, secret)
        if is_known:
            hear(trade, received)
        code, text = (200, "OK") if is_known else (401, "Unauthorized")
        answer = cxml.response(received.name, code, text, datetime.now(UTC))
        return Response(answer, media_type=CONTENT_TYPE)

    async def books(_: Request) -> Response:
        return JSONResponse({"orders": trade.orders, "answers": outbox.answers})

    return Starlette(routes=[Route("/cxml", messages, methods=["POST"]), Route("/books", books)])


async def run(chosen: Choices) -> None:
    """Run one supplier."""
    partner = chosen.partner
    outbox = Outbox(
        chosen.state / "outbox.json",
        f"{chosen.gateway}/v1/partners/{partner}/documents",
        Nothing(),
        CONTENT_TYPE,
        copies=chosen.behaviour.copies,
        heard=is_heard,
    )
    secret = (chosen.secrets / f"{partner}-shared").read_text().strip()
    letters = cxml.Letters(chosen.identity, chosen.buyer, secret)
    trade = Trade(chosen.code, chosen.state, Posted(outbox, letters), Dock(chosen.dock), chosen.behaviour)
    trade.resume()
    app = app_of(trade, outbox, chosen.buyer, secret)
    await serve(app, chosen.port, outbox.send_for_ever())


if __name__ == "__main__":
    asyncio.run(run(chosen_by()))
