"""Names the parts agree on: the task queue, workflow ids, search attributes."""

from temporalio.common import SearchAttributeKey

from domain.identifiers import FacilityCode, OrderKey, RequisitionNumber
from domain.requisition import Criticality

TASK_QUEUE = "supplyline"

ORDER_NUMBER = SearchAttributeKey.for_keyword("OrderNumber")
FACILITY = SearchAttributeKey.for_keyword("Facility")
SUPPLIER = SearchAttributeKey.for_keyword("Supplier")
STATUS = SearchAttributeKey.for_keyword("Status")
CRITICALITY = SearchAttributeKey.for_keyword("Criticality")
WAITING_FOR = SearchAttributeKey.for_keyword("WaitingFor")

SEARCH_ATTRIBUTES = (ORDER_NUMBER, FACILITY, SUPPLIER, STATUS, CRITICALITY, WAITING_FOR)


PRIORITIES = {Criticality.CRITICAL: 1, Criticality.URGENT: 2, Criticality.ROUTINE: 3}


def priority_of(criticality: Criticality) -> int:
    """Return Temporal's priority key: 1 goes first."""
    return PRIORITIES[criticality]


def requisition_workflow_id(facility: FacilityCode, number: RequisitionNumber) -> str:
    """Return the id of the one lifecycle of a requisition."""
    return f"requisition/{facility}/{number}"


def purchase_order_workflow_id(facility: FacilityCode, key: OrderKey) -> str:
    """Return the id of the one lifecycle of a purchase order."""
    return f"purchase-order/{facility}/{key}"
