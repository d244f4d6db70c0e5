"""Serves a partner's small HTTP app in one process, until it is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette


async def serve(app: Starlette, port: int, *background: Coroutine[Any, Any, None]) -> None:
    """Serve on the loopback with these tasks beside it."""
    tasks = [asyncio.create_task(task) for task in background]
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    await server.serve()
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
