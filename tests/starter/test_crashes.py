"""Killed at any line, a gateway leaves nothing undone that another cannot do, and nothing done twice to any effect."""

import asyncio
import signal
import sys

import pytest

from adapters.store.inbox import Acceptance
from tests.builders import an_invoice, an_order
from tests.events import an_event
from tests.starter.conftest import Office

pytestmark = pytest.mark.servers

ORDER = "purchase-order/NORTH/RQ-1-MEDL"


async def killed(database_url: str, where: str) -> list[str]:
    """Return what a gateway said before it was killed there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.starter.dying", database_url, where, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    return output.decode().splitlines()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("after the answer", ["answered new"]),
        ("before the signal", ["answered new"]),
        ("after the signal", ["answered new", f"told {ORDER} medline/e1"]),
    ],
)
async def test_what_was_acknowledged_is_told_by_the_next_gateway(
    office: Office, database_url: str, where: str, said: list[str]
) -> None:
    await office.store.register_order(an_order(), ORDER)
    assert await killed(database_url, where) == said
    assert await office.ending("medline/e1") == ("received", None)

    await office.dispatcher().work_off()
    assert office.orders.told == [(ORDER, "medline/e1")]
    assert await office.ending("medline/e1") == ("delivered", None)
    body = an_invoice().model_dump_json().encode()
    assert await office.inbox.accept(an_event(body=body)) is Acceptance.SAME, "its sender may send it again"
