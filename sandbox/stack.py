"""The whole deployment as real processes on this machine: servers, product, partners."""

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from adapters.store.migrate import migrate
from sandbox.hospital import Addresses, token_of, write_configuration
from sandbox.postgres import Postgres, start_postgres
from sandbox.processes import CHECKOUT, Process, Supervisor, answers, free_port
from sandbox.suppliers import TRADERS, Trader
from sandbox.temporal_server import TemporalServer, start_temporal
from sandbox.tryton.server import USER, TrytonServer, restore, start_tryton, template

CACHE = CHECKOUT / ".cache"
TRYTON_ENVIRONMENT = CACHE / "tryton-env"

Progress = Callable[[str], None]
Behaviours = dict[str, dict[str, Any]]

THE_STORY: Behaviours = {
    "CARD": {"over_price_item": "SUT-30", "over_price_percent": 6},
    "HLIN": {"backorder_item": "DRP-S"},
}
"""How the demo's suppliers trade: one charges more than was ordered, one ships a part of a line later."""


@dataclass
class Stack:
    """Everything running, by process; every one of them can be killed and started again."""

    run_dir: Path
    processes: Supervisor = field(default_factory=Supervisor)
    postgres: Postgres = field(init=False)
    temporal: TemporalServer = field(init=False)
    tryton: TrytonServer = field(init=False)
    gateway_url: str = field(init=False)
    inventory_url: str = field(init=False)
    supplier_urls: dict[str, str] = field(init=False)
    environment: dict[str, str] = field(init=False)

    @property
    def config_dir(self) -> Path:
        """Where the deployment's configuration is."""
        return self.run_dir / "config"

    def start(self, progress: Progress, behaviours: Behaviours | None = None) -> None:
        """Start everything afresh, servers first. Raises ProcessError, also when another run is under way here."""
        self.processes = Supervisor(self.run_dir.with_name(f"{self.run_dir.name}-processes"))
        shutil.rmtree(self.run_dir, ignore_errors=True)
        self.run_dir.mkdir(parents=True)
        tryton_template = template(CACHE, TRYTON_ENVIRONMENT, progress)
        progress("Starting PostgreSQL")
        self.postgres = start_postgres(self.run_dir / "postgres", log=self.run_dir / "logs" / "postgres.log")
        self.processes.add(self.postgres.process)
        progress("Starting Temporal and its UI")
        self.temporal = start_temporal(self.run_dir / "temporal")
        self.processes.add(self.temporal.process)
        progress("Starting Tryton, the hospital's ERP")
        for database in ("tryton", "supplyline"):
            self.postgres.drop_database(database)
        restore(tryton_template, self.postgres, "tryton")
        self.postgres.create_database("supplyline")
        asyncio.run(migrate(self.postgres.url("supplyline")))
        self.tryton = start_tryton(
            tryton_template,
            self.postgres,
            "tryton",
            environment=TRYTON_ENVIRONMENT,
            run_dir=self.run_dir / "tryton",
        )
        self.processes.add(self.tryton.process)
        progress(f"Starting the gateway, a worker, {len(TRADERS)} suppliers and the stockrooms")
        self._start_product(behaviours or {})

    def stop(self) -> None:
        """Stop everything."""
        self.processes.stop()

    def api(self, person: str) -> httpx.Client:
        """Return the API as one of the hospital's people uses it."""
        token = token_of(self.config_dir, person)
        return httpx.Client(base_url=self.gateway_url, headers={"authorization": f"Bearer {token}"}, timeout=30)

    def _start_product(self, behaviours: Behaviours) -> None:
        gateway_port, inventory_port = free_port(), free_port()
        ports = {trader.code: free_port() for trader in TRADERS}
        mailboxes = {trader.code: free_port() for trader in TRADERS if trader.module == "edi_supplier"}
        self.gateway_url = f"http://127.0.0.1:{gateway_port}"
        self.inventory_url = f"http://127.0.0.1:{inventory_port}"
        self.supplier_urls = {code: f"http://127.0.0.1:{port}" for code, port in ports.items()}
        write_configuration(self.config_dir, Addresses(self.supplier_urls, self.inventory_url, mailboxes))
        self.environment = {
            "SUPPLYLINE_DATABASE_URL": self.postgres.url("supplyline"),
            "SUPPLYLINE_TEMPORAL_ADDRESS": self.temporal.address,
            "SUPPLYLINE_CONFIG_DIR": str(self.config_dir),
            "SUPPLYLINE_ERP_URL": self.tryton.url,
            "SUPPLYLINE_ERP_DATABASE": "tryton",
            "SUPPLYLINE_ERP_USER": USER,
            "SUPPLYLINE_ERP_PASSWORD": self.tryton.password,
            "SUPPLYLINE_GATEWAY_PORT": str(gateway_port),
        }
        ready = f"{self.gateway_url}/v1/health/ready"
        coming = [
            self._launch("worker", ["worker.py"], healthy=lambda process: process.said("worker polling")),
            self._launch("gateway", ["-m", "starter.gateway"], healthy=lambda _: _is_ready(ready)),
            self._launch("stockroom", self._inventory_command(inventory_port), healthy=_answering(self.inventory_url)),
        ]
        for trader in TRADERS:
            command = self._supplier_command(trader, mailboxes.get(trader.code, 0), behaviours.get(trader.code, {}))
            coming.append(self._launch(trader.partner, command, healthy=_answering(self.supplier_urls[trader.code])))
        for process in coming:
            process.wait_until_healthy()

    def _inventory_command(self, port: int) -> list[str]:
        return [
            "-m", "sandbox.partners.inventory", "--port", str(port), "--gateway", self.gateway_url,
            "--state", str(self.run_dir / "stockroom"), "--secrets", str(self.config_dir / "secrets"),
            "--stock", str(self.config_dir / "stock.json"),
        ]  # fmt: skip

    def _supplier_command(self, trader: Trader, mailbox_port: int, behaviour: dict[str, Any]) -> list[str]:
        return [
            "-m", f"sandbox.partners.{trader.module}", "--code", trader.code, "--partner", trader.partner,
            "--port", self.supplier_urls[trader.code].rpartition(":")[2], "--gateway", self.gateway_url,
            "--dock", f"{self.inventory_url}/dock", "--state", str(self.run_dir / trader.partner),
            "--secrets", str(self.config_dir / "secrets"), "--identity", trader.identity, "--buyer", trader.buyer,
            "--mailbox-port", str(mailbox_port), "--behaviour", json.dumps(behaviour),
        ]  # fmt: skip

    def _launch(self, name: str, command: list[str], *, healthy: Callable[[Process], bool]) -> Process:
        """Start a process and take charge of it; whether it came up is asked later, so that all come up together."""
        log = self.run_dir / "logs" / f"{name}.log"
        process = Process(
            name=name,
            command=[sys.executable, *command],
            log=log,
            healthy=healthy,
            environment=self.environment,
        )
        self.processes.add(process)
        process.launch()
        return process


def _answering(url: str) -> Callable[[Process], bool]:
    return lambda _: answers(f"{url}/books")


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False
