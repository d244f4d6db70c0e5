"""A whole gateway in the test's own process: real store, real Temporal, a worker over twins, partners who sign."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import yaml
from fastapi import FastAPI
from pydantic import SecretBytes
from temporalio.testing import WorkflowEnvironment

from adapters.erp.in_memory import InMemoryErp
from adapters.inventory.in_memory import InMemoryInventory
from adapters.partners import PartnerProfile
from adapters.secrets import read_webhook_secret
from adapters.settings import Settings
from adapters.signatures import sign
from adapters.store.repository import Repository
from adapters.supplier.in_memory import InMemorySupplier
from sandbox.hospital import Addresses, token_of, write_configuration
from starter.dispatching import dispatcher_of
from starter.gateway.app import bounded, build_app
from starter.gateway.parts import Parts, opened
from starter.requisitions import Requisitions
from tests.builders import an_item
from worker import build_worker

Event = dict[str, Any]
SUPPLIER_TYPE = "application/json"
INVENTORY_TYPE = "application/cloudevents+json"


@dataclass
class Gateway:
    """The gateway, and everybody who talks to it."""

    app: FastAPI
    http: httpx.AsyncClient
    config_dir: Path
    task_queue: str

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    def swap(self, **others: object) -> None:
        """Give the gateway other parts."""
        self.app.state.parts = replace(self.parts, **others)  # type: ignore[arg-type]

    def secret(self, partner: str) -> SecretBytes:
        return read_webhook_secret(f"file:{self.config_dir / 'secrets' / partner}-inbound")

    async def report(
        self,
        event: Event | bytes,
        *,
        partner: str = "medl",
        event_id: str = "msg_1",
        content_type: str = SUPPLIER_TYPE,
        at: datetime | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send an event as a partner does, signed; `headers` change or add some."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        signature = sign(self.secret(partner), event_id, at or datetime.now(UTC), body)
        sent = {"content-type": content_type, **signature}
        sent |= headers or {}
        return await self.http.post(f"/v1/partners/{partner}/events", content=body, headers=sent)

    async def as_person(self, person: str, method: str, path: str, content: object = None) -> httpx.Response:
        """Use the API as one of the hospital's people."""
        headers = {"authorization": f"Bearer {token_of(self.config_dir, person)}"}
        return await self.http.request(method, path, json=content, headers=headers)

    async def work_off(self) -> None:
        """Dispatch everything that is due."""
        parts = self.parts
        dispatcher = dispatcher_of(
            partners=parts.partners,
            engine=parts.engine,
            client=parts.client,
            policy=parts.policy,
            task_queue=self.task_queue,
        )
        while await dispatcher.work_off():
            continue


@asynccontextmanager
async def a_gateway(
    database_url: str,
    temporal: WorkflowEnvironment,
    place: Path,
    *,
    task_queue: str,
    more_partners: Sequence[PartnerProfile] = (),
) -> AsyncIterator[Gateway]:
    """Open a gateway with its configuration in `place`, and a worker beside it."""
    config = place / "config"
    write_configuration(
        config, Addresses({"MEDL": "http://medl.example", "CARD": "http://card.example"}, "http://st.example")
    )
    for profile in more_partners:
        page = config / "partners" / f"{profile.code}.yaml"
        page.write_text(yaml.safe_dump(profile.model_dump(mode="json", exclude_unset=True)))
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "temporal_address": temporal.client.service_client.config.target_host,
            "config_dir": config,
            "erp_url": "http://erp.example",
            "erp_database": "erp",
            "erp_user": "user",
            "erp_password": "unused",
        }
    )
    async with opened(settings) as opened_parts:
        here = opened_parts
        requisitions = Requisitions(here.client, here.processes, here.policy, task_queue=task_queue)
        parts = replace(here, requisitions=requisitions)
        worker = build_worker(
            temporal.client,
            erp=InMemoryErp([an_item()]),
            supplier=InMemorySupplier(),
            inventory=InMemoryInventory(),
            store=Repository(parts.engine),
            task_queue=task_queue,
        )
        app = build_app(parts)
        transport = httpx.ASGITransport(bounded(app))
        async with worker, httpx.AsyncClient(transport=transport, base_url="http://gateway.example") as http:
            yield Gateway(app, http, config, task_queue)


def queue_of(test: str) -> str:
    """Return a task queue of a test's own."""
    return "gateway-" + hashlib.sha256(test.encode()).hexdigest()[:8]
