"""Tells a running order what was reported about it."""

from datetime import timedelta
from typing import Protocol

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.order_state import OrderEvent
from workflows.purchase_order import PurchaseOrderWorkflow

ANSWER_WITHIN = timedelta(seconds=10)

SIGNALS = {
    "order acknowledgement": PurchaseOrderWorkflow.acknowledgement_received,
    "ship notice": PurchaseOrderWorkflow.ship_notice_received,
    "goods receipt": PurchaseOrderWorkflow.goods_received,
    "supplier invoice": PurchaseOrderWorkflow.invoice_received,
    "credit note": PurchaseOrderWorkflow.credit_note_received,
}


class OrderClosedError(Exception):
    """The order's lifecycle is over."""


class OrderMissingError(Exception):
    """Temporal knows no such lifecycle, although the registry does: forgotten after its end, or lost."""


class SignalError(Exception):
    """Temporal did not take the signal; it is sent again."""


class OrderSignals(Protocol):
    """What the dispatcher needs of Temporal."""

    async def tell(self, workflow_id: str, event: OrderEvent) -> None:
        """Tell an order. Raises OrderClosedError, OrderMissingError and SignalError."""


class TemporalOrderSignals:
    """Signals over Temporal's client. Repeating one is harmless: the workflow knows events by their keys."""

    def __init__(self, client: Client, *, answer_within: timedelta = ANSWER_WITHIN) -> None:
        self._client = client
        self._answer_within = answer_within

    async def tell(self, workflow_id: str, event: OrderEvent) -> None:
        """Tell an order. Raises OrderClosedError, OrderMissingError and SignalError."""
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            await handle.signal(SIGNALS[event.document.kind], event, rpc_timeout=self._answer_within)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and "already completed" in error.message:
                raise OrderClosedError from error
            if error.status is RPCStatusCode.NOT_FOUND and "workflow not found" in error.message:
                raise OrderMissingError(workflow_id) from error
            raise SignalError(f"Temporal: {error.status.name}") from error
