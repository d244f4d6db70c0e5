"""Run the gateway, with a dispatcher beside it: `python -m starter.gateway`."""

import asyncio
import os
import signal
from contextlib import suppress

import structlog
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from adapters.inbound import NotYoursError, read_document
from adapters.settings import Settings
from adapters.store.events import StoredEvent
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from starter.dispatcher import Dispatcher
from starter.gateway.app import bounded, build_app
from starter.gateway.parts import Parts, opened
from starter.order_signals import TemporalOrderSignals
from starter.replenishment import Replenishment

LARGEST_HEADERS = 32 * 1024
HEADERS_WITHIN_MILLISECONDS = 10_000

log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was begun, write what waits, and leave."""
    async with opened(settings) as parts:
        dispatching = asyncio.create_task(dispatcher_of(parts).run(str(settings.database_url)), name="dispatcher")
        server = Server(
            bounded(build_app(parts)),
            address=settings.gateway_host,
            port=settings.gateway_port,
            interface=Interfaces.ASGI,
            http1_settings=HTTP1Settings(
                header_read_timeout=HEADERS_WITHIN_MILLISECONDS, max_buffer_size=LARGEST_HEADERS
            ),
            log_enabled=False,
        )
        # It never ends by itself: a gateway whose dispatcher died is better restarted than left idle.
        dispatching.add_done_callback(lambda _: server.stop())  # type: ignore[no-untyped-call]
        stopping = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            stopping.add_signal_handler(number, server.stop)
        log.info("gateway listening", host=settings.gateway_host, port=settings.gateway_port)
        try:
            await server.serve()
        finally:
            dispatching.cancel()
            with suppress(asyncio.CancelledError):
                await dispatching


def dispatcher_of(parts: Parts) -> Dispatcher:
    """Return a dispatcher over the gateway's parts."""

    def read(event: StoredEvent) -> PartnerDocument | ParBreach:
        partner = parts.partners.named(event.partner)
        if partner is None:
            raise NotYoursError
        return read_document(partner, event.body).document

    return Dispatcher(
        events=parts.events,
        read=read,
        orders=TemporalOrderSignals(parts.client),
        replenishment=Replenishment(parts.processes, parts.requisitions),
        requisitions=parts.requisitions,
        policy=parts.policy,
    )


if __name__ == "__main__":
    asyncio.run(serve(Settings()))
    os._exit(0)  # Temporal's runtime may abort a normal exit (temporalio/sdk-python#300)
