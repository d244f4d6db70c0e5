"""What Temporal really answers when an order is told something."""

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from domain.order_state import OrderEvent, PartnerDocument
from domain.policy import Policy
from sandbox.temporal_server import temporal_binary
from starter.order_signals import SIGNALS, OrderClosedError, OrderMissingError, SignalError, TemporalOrderSignals
from tests.builders import MORNING, a_credit_note, a_goods_receipt, an_invoice, an_order
from tests.starter.conftest import Office
from workflows.order_file import PurchaseOrderStart
from workflows.purchase_order import PurchaseOrderWorkflow

pytestmark = pytest.mark.servers


def heard(document: PartnerDocument, key: str = "medline/e1") -> OrderEvent:
    return OrderEvent(key=key, received_at=MORNING, document=document)


async def started(office: Office) -> str:
    workflow_id = f"purchase-order/{office.facility}/RQ-1-MEDL"
    start = PurchaseOrderStart(order=an_order(), policy=Policy())
    await office.client.start_workflow(PurchaseOrderWorkflow.run, start, id=workflow_id, task_queue="nobody-listens")
    return workflow_id


async def test_an_order_is_told_by_the_signal_of_the_documents_kind_while_no_worker_runs(office: Office) -> None:
    workflow_id = await started(office)
    signals = TemporalOrderSignals(office.client)
    for document in (an_invoice(), a_goods_receipt(), a_credit_note()):
        await signals.tell(workflow_id, heard(document))

    history = await office.client.get_workflow_handle(workflow_id).fetch_history()
    names = [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    ]
    assert names == ["invoice_received", "goods_received", "credit_note_received"]


def test_every_kind_of_document_has_its_signal() -> None:
    kinds = {"order acknowledgement", "ship notice", "goods receipt", "supplier invoice", "credit note"}
    assert set(SIGNALS) == kinds


async def test_an_order_that_is_over_says_so(office: Office) -> None:
    workflow_id = await started(office)
    await office.client.get_workflow_handle(workflow_id).terminate()
    with pytest.raises(OrderClosedError):
        await TemporalOrderSignals(office.client).tell(workflow_id, heard(an_invoice()))


async def test_an_order_temporal_never_heard_of_is_missing_and_not_begun(office: Office) -> None:
    workflow_id = f"purchase-order/{office.facility}/never"
    with pytest.raises(OrderMissingError):
        await TemporalOrderSignals(office.client).tell(workflow_id, heard(an_invoice()))
    with pytest.raises(OrderMissingError):
        await TemporalOrderSignals(office.client).tell(workflow_id, heard(an_invoice()))


async def test_a_namespace_that_is_not_there_yet_is_asked_again_later(office: Office) -> None:
    config = office.client.config()
    config["namespace"] = "not-yet-registered"
    with pytest.raises(SignalError):
        await TemporalOrderSignals(Client(**config)).tell("purchase-order/X/Y", heard(an_invoice()))


async def test_a_server_that_went_away_is_asked_again_later() -> None:
    server = await WorkflowEnvironment.start_local(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
    )
    signals = TemporalOrderSignals(server.client, answer_within=timedelta(milliseconds=300))
    await server.shutdown()
    with pytest.raises(SignalError):
        await signals.tell("purchase-order/X/Y", heard(an_invoice()))
