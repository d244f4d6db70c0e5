"""Run the gateway: `python -m starter.gateway`."""

import asyncio
import gc
import os
import signal

import structlog
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from adapters.settings import Settings
from starter.gateway.app import bounded, build_app
from starter.gateway.parts import opened

LARGEST_HEADERS = 32 * 1024
HEADERS_WITHIN_MILLISECONDS = 10_000

log = structlog.get_logger()


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what was begun, write what waits, and leave."""
    async with opened(settings) as parts:
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
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.stop)
        log.info("gateway listening", host=settings.gateway_host, port=settings.gateway_port)
        gc.collect()
        gc.freeze()  # what was loaded stays: collecting it again and again made answers wait up to 100 ms
        await server.serve()


if __name__ == "__main__":
    asyncio.run(serve(Settings()))
    os._exit(0)  # Temporal's runtime may abort a normal exit (temporalio/sdk-python#300)
