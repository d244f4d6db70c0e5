"""The worker: settings, adapters, activities, workflows; the only file that sees all of it."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, Worker

from activities.erp import ErpActivities
from activities.inventory import InventoryActivities
from activities.matching import MatchingActivities
from activities.retry_after import RetryAfterInterceptor
from activities.store import StoreActivities
from activities.supplier import SupplierActivities
from domain.ports import Erp, Inventory, Store, Supplier
from workflows.names import TASK_QUEUE
from workflows.purchase_order import PurchaseOrderWorkflow
from workflows.requisition import RequisitionWorkflow

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
            to_inventory.announce_delivery,
            to_inventory.withdraw_delivery,
            matching.match_invoice,
            in_store.register_order,
            in_store.publish_order,
            in_store.publish_requisition,
        ],
        interceptors=[RetryAfterInterceptor()],
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(10),
        activity_task_poller_behavior=PollerBehaviorSimpleMaximum(10),
        graceful_shutdown_timeout=timedelta(seconds=10),
    )
