"""The worker: settings, adapters, activities, workflows, a dispatcher; the only file that sees all of it."""

import asyncio
import os
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.attempts import AttemptInterceptor
from activities.erp import ErpActivities
from activities.inventory import InventoryActivities
from activities.matching import MatchingActivities
from activities.store import StoreActivities
from activities.supplier import SupplierActivities
from adapters.channels import Channels, channels_of
from adapters.erp.tryton.client import TrytonClient
from adapters.erp.tryton.erp import TrytonErp
from adapters.inventory.directory import InventoryDirectory
from adapters.inventory.platform.client import PlatformInventory
from adapters.partners import Language, PartnerKind, PartnerProfile, Partners, load_partners
from adapters.policies import load_policy
from adapters.secrets import read_webhook_secret
from adapters.settings import Settings
from adapters.store.database import engine_for
from adapters.store.outbound import Outbound
from adapters.store.repository import Repository
from adapters.supplier.directory import SupplierDirectory
from adapters.supplier.posted import JudgedSender, PostedSupplier
from adapters.supplier.webhook.client import WebhookSupplier
from adapters.temporal import connect
from adapters.transports.opening import sender_of
from adapters.transports.parcel import Sender
from domain.identifiers import PartnerCode, SupplierCode
from domain.ports import Erp, Inventory, Store, Supplier
from starter.carrying import collector_of, courier_of
from starter.dispatching import dispatcher_of
from workflows.names import TASK_QUEUE
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition import RequisitionWorkflow

PARTNER_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
WORKFLOW_RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "biip"
    )  # it imports parts of itself when first used
)
WORKFLOWS = [RequisitionWorkflow, PurchaseOrderWorkflow]


def build_worker(
    client: Client, *, erp: Erp, supplier: Supplier, inventory: Inventory, store: Store, task_queue: str = TASK_QUEUE
) -> Worker:
    """Return a worker of every workflow and every activity, over these ports."""
    in_erp, to_supplier, to_inventory = ErpActivities(erp), SupplierActivities(supplier), InventoryActivities(inventory)
    matching, in_store = MatchingActivities(store), StoreActivities(store)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        workflow_runner=WORKFLOW_RUNNER,
        activities=[
            in_erp.source,
            in_erp.record_purchase_order,
            in_erp.amend_purchase_order,
            in_erp.cancel_purchase_order,
            in_erp.close_short,
            in_erp.record_goods_receipt,
            in_erp.post_supplier_invoice,
            in_erp.read_supplier_invoice,
            to_supplier.send_purchase_order,
            to_supplier.send_order_change,
            to_supplier.send_reminder,
            to_supplier.send_cancellation,
            to_supplier.send_invoice_rejection,
            to_supplier.send_remittance_advice,
            to_inventory.announce_delivery,
            to_inventory.withdraw_delivery,
            matching.match_invoice,
            in_store.register_order,
            in_store.publish_order,
            in_store.publish_requisition,
        ],
        interceptors=[AttemptInterceptor()],
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(10),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(10),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; activities under way get ten seconds to finish.

    Beside it run a dispatcher (whichever worker leads works the inbox off), a courier that sends what lies unsent, and
    a collector that fetches what partners leave in files. Should one of them ever end, so does the worker.
    """
    partners = load_partners(settings.config_dir)
    async with AsyncExitStack() as stack:
        erp_http = await stack.enter_async_context(
            httpx.AsyncClient(base_url=str(settings.erp_url), timeout=settings.erp_timeout_seconds)
        )
        tryton = TrytonClient(
            erp_http, database=settings.erp_database, user=settings.erp_user, password=settings.erp_password
        )
        engine = engine_for(settings.database_url)
        stack.push_async_callback(engine.dispose)
        client, policy = await connect(settings), load_policy(settings.config_dir)
        dispatcher = dispatcher_of(partners=partners, engine=engine, client=client, policy=policy)
        channels = channels_of(partners)
        senders = await senders_of(partners, channels, stack)
        courier = courier_of(partners, senders, engine, policy)
        collector = collector_of(partners, channels, stack, engine, policy)
        worker = build_worker(
            client,
            erp=TrytonErp(tryton),
            supplier=SupplierDirectory(
                await webhook_suppliers_of(partners, stack) | posted_suppliers_of(partners, channels, senders, engine)
            ),
            inventory=await inventories_of(partners, stack),
            store=Repository(engine),
        )
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        async with worker, asyncio.TaskGroup() as group:
            beside = [
                group.create_task(dispatcher.run(str(settings.database_url)), name="dispatcher"),
                group.create_task(courier.run(), name="courier"),
                group.create_task(collector.run(), name="collector"),
            ]
            structlog.get_logger().info("worker polling", task_queue=TASK_QUEUE)
            await stopping.wait()
            for task in beside:
                task.cancel()


async def webhook_suppliers_of(partners: Partners, stack: AsyncExitStack) -> dict[SupplierCode, Supplier]:
    """Return the suppliers that are told by webhook."""
    return {
        profile.supplier: WebhookSupplier(
            await _http(profile, stack), profile.code, read_webhook_secret(profile.signing_secret), _now
        )
        for profile in partners.of_kind(PartnerKind.SUPPLIER)
        if profile.supplier is not None and profile.language is Language.JSON
    }


async def senders_of(partners: Partners, channels: Channels, stack: AsyncExitStack) -> dict[PartnerCode, Sender]:
    """Return the ways documents go out."""
    return {
        profile.code: JudgedSender(
            await sender_of(profile.transport, stack, partner=profile.code, clock=_now), channels[profile.code]
        )
        for profile in partners.partners
        if profile.takes_documents
    }


def posted_suppliers_of(
    partners: Partners, channels: Channels, senders: Mapping[PartnerCode, Sender], engine: AsyncEngine
) -> dict[SupplierCode, Supplier]:
    """Return the suppliers that are sent documents."""
    return {
        profile.supplier: PostedSupplier(channels[profile.code], Outbound(engine), senders[profile.code])
        for profile in partners.of_kind(PartnerKind.SUPPLIER)
        if profile.supplier is not None and profile.code in senders
    }


async def inventories_of(partners: Partners, stack: AsyncExitStack) -> InventoryDirectory:
    """Return the inventory platforms by the facilities whose stock they keep."""
    platforms: dict[str, Inventory] = {}
    for profile in partners.of_kind(PartnerKind.INVENTORY):
        if profile.language is not Language.JSON:
            continue
        secret = read_webhook_secret(profile.signing_secret)
        platform = PlatformInventory(await _http(profile, stack), profile.code, secret, _now)
        platforms |= dict.fromkeys(profile.facilities, platform)
    return InventoryDirectory(platforms)


async def _http(profile: PartnerProfile, stack: AsyncExitStack) -> httpx.AsyncClient:
    return await stack.enter_async_context(httpx.AsyncClient(base_url=profile.url, timeout=PARTNER_TIMEOUT))


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    asyncio.run(run(Settings()))
    os._exit(0)  # Temporal's runtime may abort a normal exit (temporalio/sdk-python#300)
