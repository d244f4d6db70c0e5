"""Stub until the rules land."""

from domain.acknowledgement import LineAnswer
from domain.exception_case import Discrepancy
from domain.purchase_order import PurchaseOrder


def answer_discrepancies(order: PurchaseOrder, answers: dict[int, LineAnswer]) -> tuple[Discrepancy, ...]:
    """Stub."""
    return ()


def agreed_order(order: PurchaseOrder, answers: dict[int, LineAnswer]) -> PurchaseOrder:
    """Stub."""
    return order
