"""What a partner's process is told on its command line, and how it serves until it is told to stop."""

import argparse
import asyncio
import json
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette

from sandbox.partners.trading import Behaviour


@dataclass(frozen=True)
class Choices:
    """What a supplier is told: who it is, where everybody is, how it trades."""

    code: str
    """The hospital's ERP knows it by this."""
    partner: str
    """The hospital's page about it, and its secrets, go by this."""
    port: int
    gateway: str
    dock: str
    state: Path
    secrets: Path
    behaviour: Behaviour
    identity: str = ""
    """What it is known by in its language."""
    buyer: str = ""
    """What the hospital is known by in that language."""
    mailbox_port: int = 0
    """Where its SFTP server listens, if it has one."""


def chosen_by(arguments: list[str] | None = None) -> Choices:
    """Return what the command line says; the state directory is there after."""
    options = argparse.ArgumentParser()
    for name in ("code", "partner", "gateway", "dock"):
        options.add_argument(f"--{name}", required=True)
    for name in ("state", "secrets"):
        options.add_argument(f"--{name}", required=True, type=Path)
    options.add_argument("--port", required=True, type=int)
    for name in ("identity", "buyer"):
        options.add_argument(f"--{name}", default="")
    options.add_argument("--mailbox-port", default=0, type=int)
    options.add_argument("--behaviour", default="{}", help="JSON of Behaviour's fields")
    chosen = vars(options.parse_args(arguments))
    chosen["state"].mkdir(parents=True, exist_ok=True)
    return Choices(**{**chosen, "behaviour": Behaviour(**json.loads(chosen["behaviour"]))})


async def serve(app: Starlette, port: int, *background: Coroutine[Any, Any, None]) -> None:
    """Serve on the loopback with these tasks beside it; one that fails ends the process, and its log says why."""
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    stop: Callable[[], None] = server.stop
    tasks = [asyncio.create_task(task) for task in background]
    for task in tasks:
        task.add_done_callback(lambda _: stop())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await server.serve()
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
