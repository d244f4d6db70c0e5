"""The story of one order: what it does, whom it waits for, how it ends."""

from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.acknowledgement import AnswerKind
from domain.exception_case import Resolution
from domain.policy import CaseKind, Policy
from domain.snapshot import EventOutcome, OrderStatus
from tests.workflows.documents import ORDER_KEY, PO_NUMBER, a_requisition, accepted, answered, billed, received, shipped
from tests.workflows.world import World
from workflows.messages import CancelOrder
from workflows.purchase_order import PurchaseOrderWorkflow


@pytest.mark.ending
async def test_an_order_answered_delivered_billed_and_paid_is_closed(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), shipped(), received(), billed())
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    shown = world.store.orders[ORDER_KEY]
    assert [(str(line.ordered), str(line.received), str(line.invoiced)) for line in shown.lines] == [
        ("20 BX", "20 BX", "20 BX")
    ]
    assert [(invoice.number, invoice.verdict, invoice.erp_state) for invoice in shown.invoices] == [
        ("INV-1", "matched", "paid")
    ]
    assert {disposition.outcome for disposition in world.store.dispositions.values()} == {EventOutcome.APPLIED}
    assert len(world.store.dispositions) == 4


@pytest.mark.ending
async def test_a_supplier_is_told_once_that_its_invoice_is_paid(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), shipped(), received(), billed())
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    assert [key for name, key in world.supplier.sent if name == "invoice.paid"] == [f"{ORDER_KEY}/paid/INV-1"]


async def test_the_supplier_and_the_stockroom_are_told_once_each(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), shipped())
    await world.order_is(OrderStatus.AWAITING_GOODS)
    await world.store.shows(lambda: "Shipment ASN-1 is on its way; the stockroom knows" in world.texts())
    assert [name for name, _ in world.supplier.sent] == ["order.placed"]
    assert [name for name, _ in world.inventory.told] == ["announced", "announced"]


@pytest.mark.parametrize("sequence", list(permutations(range(4)))[::5])
async def test_documents_in_any_sequence_and_twice_over_end_the_same_way(
    world: World, sequence: tuple[int, ...]
) -> None:
    order = await world.placed()
    documents = [accepted(), shipped(), received(), billed()]
    for position in sequence:
        await world.hears(documents[position], documents[position])
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    assert [name for name, _ in world.erp.calls] == [
        "source",
        "record_purchase_order",
        "record_goods_receipt",
        "post_supplier_invoice",
    ]


async def test_a_document_repeated_under_another_event_id_is_a_duplicate(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), received(), received(key="zzz/again"))
    await world.store.shows(lambda: "zzz/again" in world.store.dispositions)
    assert world.store.dispositions["zzz/again"].outcome is EventOutcome.DUPLICATE
    assert [key for name, key in world.erp.calls if name == "record_goods_receipt"] == ["GR-1"]


@pytest.mark.ending
async def test_one_number_with_two_contents_becomes_a_case_and_the_first_stands(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(), billed(), billed(price="9.99", key="medl/zzz"))
    case = await world.case(CaseKind.CONFLICTING_EVENT)
    assert world.store.dispositions["medl/zzz"].outcome is EventOutcome.CONFLICT
    await world.decides(case, Resolution.DISMISS)
    await world.is_paid()
    await order.result()
    assert [str(invoice.total) for invoice in world.store.orders[ORDER_KEY].invoices] == ["USD 22.00"]


@pytest.mark.ending
async def test_a_silent_supplier_is_reminded_twice_and_then_somebody_decides(world: World) -> None:
    order = await world.placed()
    for day in (2, 4):
        await world.passes(timedelta(days=2, minutes=1))
        await world.store.shows(partial(_has_reminded, world, day // 2))
    await world.passes(timedelta(days=2, minutes=1))
    case = await world.case(CaseKind.SILENT_SUPPLIER)
    assert _reminders(world) == [f"{ORDER_KEY}/reminder/answer/1", f"{ORDER_KEY}/reminder/answer/2"]
    await world.decides(case, Resolution.CANCEL_ORDER)
    assert (await order.result()).status is OrderStatus.CANCELLED
    assert ("order.cancelled", f"{ORDER_KEY}/cancelled") in world.supplier.sent
    assert ("withdrawn", ORDER_KEY) in world.inventory.told


async def test_an_answer_settles_the_question_of_silence_by_itself(world: World) -> None:
    await world.placed(policy=Policy(answer_reminders=0))
    await world.passes(timedelta(days=2, minutes=1))
    await world.case(CaseKind.SILENT_SUPPLIER)
    await world.hears(accepted())
    await world.no_case()
    assert world.store.orders[ORDER_KEY].cases[0].cured_at is not None


async def test_an_overdue_case_goes_to_the_next_owner(world: World) -> None:
    await world.placed(policy=Policy(answer_reminders=0))
    await world.passes(timedelta(days=2, minutes=1))
    await world.case(CaseKind.SILENT_SUPPLIER)
    await world.passes(timedelta(days=2, minutes=1))
    await world.store.shows(lambda: world.store.open_cases()[0].owner == "supply-chain-manager")


async def test_a_higher_price_is_put_to_a_person_and_then_recorded_in_the_erp(world: World) -> None:
    await world.placed()
    await world.hears(answered(AnswerKind.CHANGED, price="1.30"))
    case = await world.case(CaseKind.ACKNOWLEDGEMENT)
    assert case.discrepancies
    await world.decides(case, Resolution.ACCEPT)
    shown = await world.order_is(OrderStatus.AWAITING_GOODS)
    assert str(shown.order.lines[0].unit_price) == "1.30"
    assert ("amend_purchase_order", ORDER_KEY) in world.erp.calls


@pytest.mark.ending
async def test_an_order_whose_every_line_is_rejected_is_cancelled_once_a_person_agrees(world: World) -> None:
    order = await world.placed()
    await world.hears(answered(AnswerKind.REJECTED))
    await world.decides(await world.case(CaseKind.ACKNOWLEDGEMENT), Resolution.ACCEPT)
    assert (await order.result()).status is OrderStatus.CANCELLED


@pytest.mark.ending
async def test_an_invoice_before_its_goods_waits_and_posts_by_itself_at_the_receipt(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), billed())
    await world.store.shows(lambda: "Invoice INV-1 over USD 22.00: waiting" in world.texts())
    await world.hears(received(12))
    await world.store.shows(lambda: "Goods receipt GR-1 booked" in world.texts())
    assert not world.posted()
    await world.hears(received(8, number="GR-2"))
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    assert not world.store.orders[ORDER_KEY].cases


async def test_an_invoice_that_waits_too_long_becomes_somebodys_work(world: World) -> None:
    await world.placed(policy=Policy(deliver_within=timedelta(days=60)))
    await world.hears(accepted(), billed())
    await world.store.shows(lambda: "Invoice INV-1 over USD 22.00: waiting" in world.texts())
    await world.passes(timedelta(days=30, minutes=1))
    case = await world.case(CaseKind.INVOICE_MATCH)
    await world.decides(case, Resolution.REJECT)
    await world.store.shows(lambda: world.store.orders[ORDER_KEY].invoices[0].verdict == "rejected")


@pytest.mark.ending
async def test_an_invoice_over_price_is_held_until_accounts_payable_accepts_it(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(), billed(price="1.30"))
    case = await world.case(CaseKind.INVOICE_MATCH)
    assert not world.posted()
    assert "1.3" in case.discrepancies[0].explanation
    await world.decides(case, Resolution.ACCEPT)
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED


async def test_who_requested_the_goods_may_not_release_their_invoice(world: World) -> None:
    await world.placed(a_requisition(requester="nurse"))
    await world.hears(accepted(), received(), billed(price="1.30"))
    case = await world.case(CaseKind.INVOICE_MATCH)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.decides(case, Resolution.ACCEPT, actor="nurse")
    assert "may not release" in str(refused.value.cause)
    assert not world.posted()


@pytest.mark.ending
async def test_a_rejected_invoice_is_sent_back_and_a_correct_one_posts(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(), billed(price="1.30"))
    await world.decides(await world.case(CaseKind.INVOICE_MATCH), Resolution.REJECT)
    await world.store.shows(lambda: world.store.orders[ORDER_KEY].invoices[0].verdict == "rejected")
    await world.hears(billed(number="INV-2", day=23))
    await world.is_paid("INV-2")
    await order.result()
    assert world.posted() == ["INV-2"]
    assert ("invoice.rejected", f"{ORDER_KEY}/invoice-rejected/INV-1") in world.supplier.sent


async def test_the_same_invoice_under_a_look_alike_number_is_rejected_and_nobody_is_asked(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(), billed())
    await world.order_is(OrderStatus.AWAITING_PAYMENT)
    await world.hears(billed(number="inv 001"))
    await world.store.shows(lambda: len(world.store.orders[ORDER_KEY].invoices) == 2)
    await world.store.shows(lambda: any("rejected" in text for text in world.texts()))
    await world.is_paid()
    await order.result()
    assert world.posted() == ["INV-1"]


@pytest.mark.ending
async def test_goods_that_do_not_come_can_be_given_up(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(12), billed(12))
    await world.order_is(OrderStatus.AWAITING_GOODS)
    await world.passes(timedelta(days=14, minutes=1))
    await world.decides(await world.case(CaseKind.OVERDUE_DELIVERY), Resolution.SHORT_CLOSE)
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    assert ("close_short", ORDER_KEY) in world.erp.calls
    assert str(world.store.orders[ORDER_KEY].lines[0].ordered) == "12 BX"


async def test_more_goods_than_ordered_are_booked_only_when_a_person_says_so(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), received(25))
    case = await world.case(CaseKind.OVER_RECEIPT)
    assert not world.erp.receipts
    await world.decides(case, Resolution.ACCEPT)
    await world.order_is(OrderStatus.AWAITING_INVOICE)
    assert list(world.erp.receipts) == [(ORDER_KEY, "GR-1")]


async def test_refused_goods_are_neither_booked_nor_payable(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), received(25))
    await world.decides(await world.case(CaseKind.OVER_RECEIPT), Resolution.REJECT)
    await world.order_is(OrderStatus.AWAITING_GOODS)
    assert not world.erp.receipts
    assert str(world.store.orders[ORDER_KEY].lines[0].received) == "0 BX"


@pytest.mark.ending
async def test_goods_nobody_bills_become_somebodys_work(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received())
    await world.order_is(OrderStatus.AWAITING_INVOICE)
    await world.passes(timedelta(days=30, minutes=1))
    await world.decides(await world.case(CaseKind.OVERDUE_INVOICE), Resolution.DISMISS)
    assert (await order.result()).status is OrderStatus.CLOSED


@pytest.mark.ending
async def test_an_invoice_nobody_pays_becomes_somebodys_work(world: World) -> None:
    policy = Policy(pay_within=timedelta(days=5), payment_check_every=timedelta(days=2))
    order = await world.placed(policy=policy)
    await world.hears(accepted(), received(), billed())
    await world.order_is(OrderStatus.AWAITING_PAYMENT)
    await world.passes(timedelta(days=6, minutes=1))
    await world.decides(await world.case(CaseKind.UNPAID_INVOICE), Resolution.DISMISS)
    assert (await order.result()).status is OrderStatus.CLOSED


@pytest.mark.ending
async def test_a_cancelled_order_is_taken_back_everywhere(world: World) -> None:
    order = await world.placed()
    await order.execute_update(PurchaseOrderWorkflow.cancel, CancelOrder(actor="buyer", reason="not needed"))
    outcome = await order.result()
    assert (outcome.status, outcome.note) == (OrderStatus.CANCELLED, "not needed")
    assert ("cancel_purchase_order", ORDER_KEY) in world.erp.calls
    assert ("order.cancelled", f"{ORDER_KEY}/cancelled") in world.supplier.sent
    assert ("withdrawn", ORDER_KEY) in world.inventory.told


async def test_an_invoice_for_a_cancelled_order_is_sent_back(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), billed())
    await world.store.shows(lambda: "Invoice INV-1 over USD 22.00: waiting" in world.texts())
    await world.cancels()
    assert (await order.result()).status is OrderStatus.CANCELLED
    assert ("invoice.rejected", f"{ORDER_KEY}/invoice-rejected/INV-1") in world.supplier.sent
    assert not world.posted()


@pytest.mark.ending
async def test_what_had_arrived_before_a_cancellation_is_still_billed_and_paid(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received(5))
    await world.store.shows(lambda: "Goods receipt GR-1 booked" in world.texts())
    await order.execute_update(PurchaseOrderWorkflow.cancel, CancelOrder(actor="buyer", reason="enough"))
    await world.order_is(OrderStatus.AWAITING_INVOICE)
    await world.hears(billed(5))
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED


async def test_an_order_that_has_arrived_in_full_cannot_be_cancelled(world: World) -> None:
    order = await world.placed()
    await world.hears(accepted(), received())
    await world.order_is(OrderStatus.AWAITING_INVOICE)
    with pytest.raises(WorkflowUpdateFailedError):
        await order.execute_update(PurchaseOrderWorkflow.cancel, CancelOrder(actor="buyer", reason="too late"))


@pytest.mark.ending
async def test_what_the_erp_refuses_is_tried_again_when_a_person_says_so(world: World) -> None:
    world.erp.refusals = {"record_purchase_order": 1}
    await world.submit()
    case = await world.case(CaseKind.PARTNER_REJECTION)
    assert "refused" in case.summary
    await world.decides(case, Resolution.RETRY)
    shown = await world.order_is(OrderStatus.AWAITING_ACKNOWLEDGEMENT)
    assert shown.order.po_number == PO_NUMBER


async def test_a_case_is_decided_once_and_only_as_it_offers(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), received(), billed(price="1.30"))
    case = await world.case(CaseKind.INVOICE_MATCH)
    with pytest.raises(WorkflowUpdateFailedError) as unfit:
        await world.decides(case, Resolution.SHORT_CLOSE)
    assert "can be decided by" in str(unfit.value.cause)
    await world.decides(case, Resolution.ACCEPT)
    with pytest.raises(WorkflowUpdateFailedError) as closed:
        await world.decides(case, Resolution.ACCEPT)
    assert "closed already" in str(closed.value.cause)


def _has_reminded(world: World, times: int) -> bool:
    return len(_reminders(world)) == times


def _reminders(world: World) -> list[str]:
    return [key for name, key in world.supplier.sent if name == "order.reminder"]


async def test_goods_all_rejected_at_the_dock_need_no_booking_and_are_still_awaited(world: World) -> None:
    await world.placed()
    await world.hears(accepted(), received(0))
    shown = await world.order_is(OrderStatus.AWAITING_GOODS)
    await world.store.shows(lambda: "Goods receipt GR-1 booked" in world.texts())
    assert (str(shown.lines[0].received), world.erp.receipts) == ("0 BX", {})


async def test_a_receipt_the_erp_refuses_can_be_set_aside_without_cancelling_the_order(world: World) -> None:
    world.erp.refusals = {"record_goods_receipt": 1}
    order = await world.placed()
    await world.hears(accepted(), received())
    await world.decides(await world.case(CaseKind.PARTNER_REJECTION), Resolution.REJECT)
    await world.hears(received(number="GR-2"), billed())
    await world.is_paid()
    assert (await order.result()).status is OrderStatus.CLOSED
    assert list(world.erp.receipts) == [(ORDER_KEY, "GR-2")]


async def test_an_invoice_the_erp_refuses_can_be_sent_back(world: World) -> None:
    world.erp.refusals = {"post_supplier_invoice": 1}
    await world.placed()
    await world.hears(accepted(), received(), billed())
    await world.decides(await world.case(CaseKind.PARTNER_REJECTION), Resolution.REJECT)
    await world.store.shows(lambda: world.store.orders[ORDER_KEY].invoices[0].verdict == "rejected")
    assert not world.posted()


async def test_who_requested_the_goods_may_not_accept_a_higher_price_for_them(world: World) -> None:
    await world.placed(a_requisition(requester="nurse"))
    await world.hears(answered(AnswerKind.CHANGED, price="9.00"))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.decides(await world.case(CaseKind.ACKNOWLEDGEMENT), Resolution.ACCEPT, actor="nurse")
    assert "dearer" in str(refused.value.cause)
