"""What a running lifecycle can be started with, told or asked, and how it ends."""

from typing import Annotated

from pydantic import Field, StringConstraints

from domain.document import Command, Document
from domain.exception_case import ExceptionCase, Resolution
from domain.identifiers import Code, OrderKey
from domain.policy import Policy
from domain.requisition import Requisition
from domain.snapshot import OrderStatus, RequisitionStatus

Reason = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class RequisitionStart(Document):
    """What a requisition's lifecycle begins with."""

    requisition: Requisition
    policy: Policy


class Approve(Command):
    """A person's yes to a requisition."""

    actor: Code
    reason: Reason = ""


class Reject(Command):
    """A person's no to a requisition; it says why."""

    actor: Code
    reason: Annotated[Reason, Field(min_length=1)]


class ResolveCase(Command):
    """A person's decision on an exception case."""

    case_id: Code
    resolution: Resolution
    actor: Code
    reason: Reason = ""


class CancelOrder(Command):
    """A person takes an order back; it says why."""

    actor: Code
    reason: Annotated[Reason, Field(min_length=1)]


class RequisitionOutcome(Document):
    """How a requisition ended."""

    status: RequisitionStatus
    orders: tuple[OrderKey, ...] = ()
    note: str = ""


class CaseClosed(Document):
    """A case as a decision left it."""

    case: ExceptionCase


class OrderOutcome(Document):
    """How a purchase order ended."""

    status: OrderStatus
    note: str = ""
