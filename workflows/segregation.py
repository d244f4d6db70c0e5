"""Segregation of duties: who asked for goods, or approved them, does not release the money for them."""

from temporalio.exceptions import ApplicationError

from domain.exception_case import ExceptionCase, Resolution
from domain.identifiers import Code
from domain.policy import CaseKind
from workflows.messages import ResolveCase

SEGREGATION_OF_DUTIES = "SegregationOfDuties"
"""The failure type of a decision refused to this person, whatever it says."""


COSTS_MONEY = frozenset({CaseKind.INVOICE_MATCH, CaseKind.ACKNOWLEDGEMENT, CaseKind.OVER_RECEIPT})
NOT_POSSIBLE = "NotPossible"
"""The failure type of a decision that does not fit where the lifecycle is."""


def refuse_too_late(why: str) -> None:
    """Raise ApplicationError: the decision does not fit where the lifecycle is."""
    raise ApplicationError(why, type=NOT_POSSIBLE)


def refuse_self_approval(actor: Code, requester: Code) -> None:
    """Raise ApplicationError when people approve what they asked for."""
    if actor == requester:
        raise ApplicationError("The requester may not approve the requisition", type=SEGREGATION_OF_DUTIES)


def refuse_self_release(case: ExceptionCase, command: ResolveCase, *, requester: Code, approver: Code | None) -> None:
    """Raise ApplicationError when people accept another price, more goods or an invoice for what they asked for."""
    costs = case.kind in COSTS_MONEY and command.resolution is Resolution.ACCEPT
    if costs and command.actor in {requester, approver}:
        raise ApplicationError(
            "Who requested or approved the order may not release its invoices, nor accept what makes it dearer",
            type=SEGREGATION_OF_DUTIES,
        )
