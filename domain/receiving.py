"""Stub until the rules land."""

from domain.delivery import GoodsReceipt
from domain.exception_case import Discrepancy
from domain.policy import Tolerance
from domain.purchase_order import PurchaseOrder


def receipt_discrepancies(
    order: PurchaseOrder, booked: tuple[GoodsReceipt, ...], receipt: GoodsReceipt, tolerance: Tolerance
) -> tuple[Discrepancy, ...]:
    """Stub."""
    return ()
