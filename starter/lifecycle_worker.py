"""The worker of every lifecycle over whatever ports it is given: the same for production, rehearsals and tests."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.attempts import AttemptInterceptor
from activities.erp import ErpActivities
from activities.inventory import InventoryActivities
from activities.matching import MatchingActivities
from activities.store import StoreActivities
from activities.supplier import SupplierActivities
from domain.ports import Erp, Inventory, Store, Supplier
from workflows.names import TASK_QUEUE
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition import RequisitionWorkflow

WORKFLOW_RUNNER = SandboxedWorkflowRunner(
    restrictions=SandboxRestrictions.default.with_passthrough_modules(
        "biip"
    )  # it imports parts of itself when first used
)
WORKFLOWS = [RequisitionWorkflow, PurchaseOrderWorkflow]
POLLERS = 10


def build_worker(
    client: Client,
    *,
    erp: Erp,
    supplier: Supplier,
    inventory: Inventory,
    store: Store,
    task_queue: str = TASK_QUEUE,
    pollers: int = POLLERS,
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
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(pollers),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(pollers),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
