"""Durable ingest through HTTP, open loop: `python -m tests.benchmarks.ingest [EVENTS_PER_SECOND] [SECONDS]`.

A real gateway process on real servers (fsync on); the sender is this process, over keep-alive connections, each event
sent at its own moment and its latency counted from then, so that a stall is not hidden by waiting.
"""

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import yaml

from adapters.secrets import read_webhook_secret
from adapters.signatures import sign
from adapters.store.migrate import migrate
from sandbox.hospital import Addresses, write_configuration
from sandbox.postgres import start_postgres
from sandbox.processes import answers, free_port, start
from sandbox.temporal_server import start_temporal
from tests.adapters import events

CONNECTIONS = 64


class Sender:
    """Sends prepared requests over its connections and notes how long each took."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self.latencies: list[float] = []
        self.statuses: Counter[str] = Counter()

    async def connect(self) -> None:
        for _ in range(CONNECTIONS):
            await self._free.put(await asyncio.open_connection("127.0.0.1", self._port))

    async def send(self, request: bytes, due: float) -> None:
        connection = await self._free.get()
        reader, writer = connection
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        self.latencies.append(time.perf_counter() - due)
        self.statuses[head[9:12].decode()] += 1
        await self._free.put(connection)


def prepared(config: Path, number: int) -> bytes:
    """Return one signed request, as bytes."""
    body = json.dumps(events.shipped(f"PO-{number:06}")).encode()
    secret = read_webhook_secret(f"file:{config / 'secrets' / 'medl-inbound'}")
    headers = {"host": "gateway", "content-type": "application/json", "content-length": str(len(body))}
    headers |= sign(secret, f"msg_{number}", datetime.now(UTC), body)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /v1/partners/medl/events HTTP/1.1\r\n{head}\r\n".encode() + body


async def load(port: int, config: Path, per_second: int, seconds: int) -> Sender:
    """Send at the rate asked for, whatever the answers take."""
    sender = Sender(port)
    await sender.connect()
    requests = [prepared(config, number) for number in range(per_second * seconds)]
    gc.disable()  # the sender's own pauses are not the gateway's
    began, sending = time.perf_counter(), []
    for number, request in enumerate(requests):
        due = began + number / per_second
        if (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        sending.append(asyncio.create_task(sender.send(request, due)))
    await asyncio.gather(*sending)
    return sender


def main() -> None:
    """Start everything, load it, print what was seen."""
    per_second = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        postgres, temporal = start_postgres(place / "postgres"), start_temporal(place / "temporal")
        postgres.create_database("supplyline")
        asyncio.run(migrate(postgres.url("supplyline")))
        config, port = place / "config", free_port()
        write_configuration(config, Addresses({"MEDL": "http://medl.example"}, "http://st.example"))
        _lift_rate_limits(config)
        gateway = start(
            "gateway",
            [sys.executable, "-m", "starter.gateway"],
            log=place / "gateway.log",
            healthy=lambda _: answers(f"http://127.0.0.1:{port}/v1/health/ready"),
            environment={
                "SUPPLYLINE_DATABASE_URL": postgres.url("supplyline"),
                "SUPPLYLINE_TEMPORAL_ADDRESS": temporal.address,
                "SUPPLYLINE_CONFIG_DIR": str(config),
                "SUPPLYLINE_ERP_URL": "http://erp.example",
                "SUPPLYLINE_ERP_DATABASE": "erp",
                "SUPPLYLINE_ERP_USER": "user",
                "SUPPLYLINE_ERP_PASSWORD": "unused",
                "SUPPLYLINE_GATEWAY_PORT": str(port),
            },
        )
        began = time.perf_counter()
        sender = asyncio.run(load(port, config, per_second, seconds))
        took = time.perf_counter() - began
        kept = postgres.sql("SELECT count(*) FROM inbox", "supplyline")
        gateway.stop()
        temporal.process.stop()
        postgres.stop()
    found = sorted(sender.latencies)
    p50, p99 = found[len(found) // 2] * 1000, found[int(len(found) * 0.99)] * 1000
    print(f"asked {per_second}/s for {seconds} s; answered {len(found) / took:.0f}/s (preparing included)")
    print(
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {found[-1] * 1000:.1f} ms; {dict(sender.statuses)}; {kept} rows kept"
    )


def _lift_rate_limits(config: Path) -> None:
    for page in (config / "partners").glob("*.yaml"):
        unlimited = {"rate_limit": {"per_second": 1e6, "burst": 1_000_000}}
        page.write_text(yaml.safe_dump({**yaml.safe_load(page.read_text()), **unlimited}))


if __name__ == "__main__":
    main()
    os._exit(0)
