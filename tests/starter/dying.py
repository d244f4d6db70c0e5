"""A gateway that is killed at a chosen line: `python -m tests.starter.dying <database> <where>`."""

import asyncio
import os
import signal
import sys
from typing import NoReturn, cast

from temporalio.client import Client

from adapters.store.database import engine_for, pool_for
from adapters.store.events import Events
from adapters.store.inbox import Inbox
from adapters.store.outbound import Outbound
from adapters.store.processes import Processes
from adapters.store.usages import Usages
from domain.order_state import OrderEvent
from domain.policy import Policy
from starter.acknowledgements import Acknowledgements
from starter.dispatcher import Dispatcher
from starter.hearing import Hearing
from starter.replenishment import Replenishment
from starter.requisitions import Requisitions
from tests.builders import an_invoice
from tests.events import an_event
from tests.starter.reading import reading_of_tests


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still here")


class DyingOrders:
    """Dies before or after the order has been told; what was told is written to standard output."""

    def __init__(self, where: str) -> None:
        self._where = where

    async def tell(self, workflow_id: str, event: OrderEvent) -> None:
        if self._where == "before the signal":
            die()
        os.write(1, f"told {workflow_id} {event.key}\n".encode())
        die()


async def main(database: str, where: str) -> None:
    engine, pool = engine_for(database), await pool_for(database)
    inbox = Inbox(pool, Policy())
    inbox.start()
    message = an_event(body=an_invoice().model_dump_json().encode())
    os.write(1, f"answered {(await inbox.accept(message)).value}\n".encode())
    if where == "after the answer":
        die()
    processes = Processes(engine)
    requisitions = Requisitions(cast("Client", None), processes, Policy())
    hearing = Hearing(
        events=Events(engine),
        read=reading_of_tests,
        orders=DyingOrders(where),
        replenishment=Replenishment(processes, requisitions, Usages(engine)),
        acknowledgements=Acknowledgements(Outbound(engine), Policy()),
        policy=Policy(),
    )
    await Dispatcher(hearing, requisitions).work_off()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
