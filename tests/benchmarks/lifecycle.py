"""Lifecycles a second, ours against a bare workflow of the same calls: `python -m tests.benchmarks.lifecycle`.

Both run on one Temporal dev server with a file database and one worker in this process, everything else in memory. The
bare workflow makes ten trivial activity calls, hears four signals and starts one child, like a requisition does.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import GrpcCompression
from temporalio.worker import Worker

from adapters.erp.in_memory import InMemoryErp
from adapters.inventory.in_memory import InMemoryInventory
from adapters.supplier.in_memory import InMemorySupplier
from domain.invoice import CreditNote, SupplierInvoice
from domain.match import PriorInvoice
from domain.policy import Policy
from domain.purchase_order import PurchaseOrder
from domain.snapshot import OrderStatus
from sandbox.temporal_server import start_temporal
from tests.benchmarks.bare import SIGNALS_HEARD, BareOrder, BareRequisition, trivial
from tests.builders import a_requisition, an_item
from tests.workflows.documents import accepted, billed, received, shipped
from tests.workflows.world import SIGNALS, WatchedStore
from worker import build_worker
from workflows.messages import RequisitionStart
from workflows.names import TASK_QUEUE
from workflows.requisition import RequisitionWorkflow

ORDERS = 60
ROUNDS = 5


class Trusting(WatchedStore):
    """Suspects nothing: every order here is billed the same amount on the same day."""

    async def claim_invoice(
        self, order: PurchaseOrder, document: SupplierInvoice | CreditNote
    ) -> tuple[PriorInvoice, ...]:
        del order, document
        return ()


async def bare(client: Client, round_: int) -> None:
    """Run the bare ones, all at once."""
    names = [f"bare-{round_}-{number}" for number in range(ORDERS)]
    handles = [await client.start_workflow(BareRequisition.run, name, id=name, task_queue="bare") for name in names]

    async def tell(name: str) -> None:
        order = client.get_workflow_handle(f"{name}-order")
        await _until_started(order.describe)
        for number in range(SIGNALS_HEARD):
            await order.signal(BareOrder.heard, str(number))

    await asyncio.gather(*(tell(name) for name in names))
    await asyncio.gather(*(handle.result() for handle in handles))


async def ours(client: Client, round_: int, erp: InMemoryErp, store: WatchedStore) -> None:
    """Run ours, all at once, from the requisition to the posted invoice."""
    numbers = [f"B{round_}-{number}" for number in range(ORDERS)]
    policy = Policy(payment_check_every=timedelta(days=1))
    for number in numbers:
        start = RequisitionStart(requisition=a_requisition(number=number), policy=policy)
        await client.start_workflow(
            RequisitionWorkflow.run, start, id=f"requisition/NORTH/{number}", task_queue=TASK_QUEUE
        )

    async def tell(number: str) -> None:
        key = f"{number}-MEDL"
        await store.shows(
            lambda: key in store.orders and store.orders[key].status is OrderStatus.AWAITING_ACKNOWLEDGEMENT
        )
        order = client.get_workflow_handle(f"purchase-order/NORTH/{key}")
        for event in (accepted(), shipped(), received(), billed(number=f"INV-{number}")):
            await order.signal(SIGNALS[event.document.kind], event)
        await store.shows(lambda: store.orders[key].status is OrderStatus.AWAITING_PAYMENT)

    await asyncio.gather(*(tell(number) for number in numbers))
    del erp


async def _until_started(describe: Callable[[], Awaitable[object]]) -> None:
    from temporalio.service import RPCError  # noqa: PLC0415 - used here alone

    while True:
        try:
            await describe()
        except RPCError:
            await asyncio.sleep(0.02)
        else:
            return


async def main() -> None:
    """Alternate the two, and print lifecycles a second and their ratio."""
    with tempfile.TemporaryDirectory() as place:
        server = start_temporal(Path(place))
        client = await Client.connect(
            server.address, data_converter=pydantic_data_converter, grpc_compression=GrpcCompression.NONE
        )
        erp, store = InMemoryErp([an_item()]), Trusting()
        lean = Worker(
            client,
            task_queue="bare",
            workflows=[BareOrder, BareRequisition],
            activities=[trivial],
        )
        full = build_worker(client, erp=erp, supplier=InMemorySupplier(), inventory=InMemoryInventory(), store=store)
        rates: dict[str, list[float]] = {"bare": [], "ours": []}
        async with lean, full:
            for round_ in range(ROUNDS + 1):
                began = time.perf_counter()
                await bare(client, round_)
                between = time.perf_counter()
                await ours(client, round_, erp, store)
                ended = time.perf_counter()
                if round_:
                    rates["bare"].append(ORDERS / (between - began))
                    rates["ours"].append(ORDERS / (ended - between))
        server.process.stop()
    for name, found in rates.items():
        print(f"{name}: median {statistics.median(found):.1f} lifecycles/s [{min(found):.1f}-{max(found):.1f}]")
    ratios = [ours_ / bare_ for ours_, bare_ in zip(rates["ours"], rates["bare"], strict=True)]
    print(f"ratio: median {statistics.median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}]")


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
