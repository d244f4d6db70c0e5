"""How many events a second the inbox takes, and how long a sender waits: `python -m tests.benchmarks.inbox`.

PostgreSQL runs as in production (fsync and synchronous_commit on), in a process of its own; the load comes from this
process, which is also the gateway's part: the figures are for the inbox alone, without HTTP. Open loop: events are
due at Poisson times whatever happens, and latency counts from when an event was due, so a stall is not hidden by
senders that wait politely. Closed loop: so many senders, each sending its next event when the last is answered.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from adapters.store.database import pool_for
from adapters.store.inbox import Acceptance, InboundMessage, Inbox
from adapters.store.migrate import migrate
from domain.policy import Policy
from sandbox.postgres import start_postgres

BODY = b'{"type": "invoice", "data": "' + b"x" * 920 + b'"}'
SEED = 7


def an_event(run: str, number: int) -> InboundMessage:
    return InboundMessage(
        partner="medline",
        event_id=f"{run}-{number}",
        kind="supplier invoice",
        content_type="application/json",
        body=BODY,
        received_at=datetime.now(UTC),
        supplier="MEDL",
        po_number=f"PO-{number % 1000:06}",
    )


async def closed_loop(inbox: Inbox, run: str, senders: int, seconds: float) -> list[float]:
    waits: list[float] = []
    end = time.perf_counter() + seconds

    async def send(sender: int) -> None:
        number = 0
        while (begun := time.perf_counter()) < end:
            assert await inbox.accept(an_event(f"{run}-{sender}", number)) is Acceptance.NEW
            waits.append(time.perf_counter() - begun)
            number += 1

    await asyncio.gather(*(send(sender) for sender in range(senders)))
    return waits


async def open_loop(inbox: Inbox, run: str, rate: int, seconds: float) -> tuple[list[float], float]:
    """Return the waits, and by how much the load itself was late at worst (then the machine was busy elsewhere)."""
    chance, waits, latest = random.Random(SEED), [], 0.0  # noqa: S311 - a load, not a secret
    sending: set[asyncio.Task[None]] = set()

    async def send(number: int, due: float) -> None:
        await inbox.accept(an_event(run, number))
        waits.append(time.perf_counter() - due)

    due, number, end = time.perf_counter(), 0, time.perf_counter() + seconds
    while due < end:
        due += chance.expovariate(rate)
        pause = due - time.perf_counter()
        if pause > 0.0005:
            await asyncio.sleep(pause)
        latest = max(latest, time.perf_counter() - due)
        task = asyncio.create_task(send(number, due))
        sending.add(task)
        task.add_done_callback(sending.discard)
        number += 1
        if number % 20 == 0:
            await asyncio.sleep(0)
    await asyncio.gather(*sending)
    return waits, latest


def told(title: str, waits: Sequence[float], seconds: float, note: str = "") -> None:
    ordered = sorted(waits)
    p50, p99, worst = (1000 * ordered[int(part * (len(ordered) - 1))] for part in (0.5, 0.99, 1))
    rate = len(waits) / seconds
    print(f"{title:24} {rate:8.0f}/s   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   worst {worst:7.1f} ms  {note}")


async def measure(url: str, seconds: float) -> None:
    await migrate(url)
    pool = await pool_for(url)
    inbox = Inbox(pool, Policy())
    inbox.start()
    await closed_loop(inbox, "warm-up", 32, 1)
    for rate in (500, 1000, 2000, 3000, 5000):
        waits, late = await open_loop(inbox, f"o{rate}", rate, seconds)
        told(f"open, {rate}/s", waits, seconds, f"(load late by at most {1000 * late:.0f} ms)")
    for senders in (1, 32, 128, 256):
        told(f"closed, {senders} senders", await closed_loop(inbox, f"c{senders}", senders, seconds), seconds)
    rows = await pool.fetchval("SELECT count(*) FROM inbox")
    print(f"{rows} rows; synchronous_commit {await pool.fetchval('SHOW synchronous_commit')},"
          f" fsync {await pool.fetchval('SHOW fsync')}")  # fmt: skip
    await inbox.close()
    await pool.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run")
    seconds: float = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as place:
        postgres = start_postgres(Path(place) / "data")
        try:
            postgres.create_database("benchmark")
            asyncio.run(measure(postgres.url("benchmark"), seconds))
        finally:
            postgres.discard()


if __name__ == "__main__":
    main()
