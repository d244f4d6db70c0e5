"""What every ERP adapter promises, asked of the twin and of a live Tryton alike."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from adapters.erp.in_memory import InMemoryErp
from adapters.erp.tryton.erp import TrytonErp
from domain.delivery import LotQuantity
from domain.errors import RejectedError
from domain.ports import Erp, ErpInvoiceState
from domain.purchase_order import PurchaseOrder, orders_from
from sandbox.tryton.catalogue import SUPPLIERS
from tests.builders import (
    a_goods_receipt,
    a_received_line,
    a_requisition,
    an_invoice,
    an_invoice_line,
    an_item,
    an_order,
    an_order_line,
    quantity,
)

_keys = count(1)


@pytest.fixture(params=["twin", pytest.param("tryton", marks=pytest.mark.servers)])
async def erp(request: pytest.FixtureRequest) -> AsyncIterator[Erp]:
    if request.param == "twin":
        items = (an_item(), an_item("GLV-L", price="1.15"), an_item("CATH-16", supplier="CARD", price="24.80"))
        others = (an_item(f"{code}-1", supplier=code) for code in SUPPLIERS if code not in {"MEDL", "CARD"})
        yield InMemoryErp([*items, *others])
        return
    async with request.getfixturevalue("tryton").client() as client:
        yield TrytonErp(client)


def fresh(order: PurchaseOrder) -> PurchaseOrder:
    """Return the order under a key no test has used."""
    return order.model_copy(update={"key": f"RQ-{next(_keys)}-{order.supplier}", "po_number": None})


async def recorded(erp: Erp, order: PurchaseOrder | None = None) -> PurchaseOrder:
    order = fresh(order or an_order())
    return order.numbered((await erp.record_purchase_order(order)).po_number)


async def test_items_come_with_their_units_and_who_sells_them(erp: Erp) -> None:
    (item,) = await erp.items(["GLV-M"])
    assert dict(item.packs) == {"EA": Decimal(1), "BX": Decimal(10)}
    assert [(entry.supplier, entry.supplier_item, entry.unit_price) for entry in item.catalogue] == [
        ("MEDL", "M-GLV-M", Decimal("1.10"))
    ]


async def test_suppliers_and_locations_are_known_by_their_codes(erp: Erp) -> None:
    assert {supplier.code for supplier in await erp.suppliers()} == set(SUPPLIERS)
    assert {location.code for location in await erp.locations()} == {"NORTH", "SOUTH"}


async def test_a_requisition_in_single_units_is_sourced_in_whole_boxes(erp: Erp) -> None:
    sourced = await erp.source(a_requisition(items=(("GLV-M", "195", "EA"), ("CATH-16", "3", "BX"))))
    assert [(line.supplier, str(line.quantity), line.unit_price) for line in sourced.lines] == [
        ("MEDL", "20 BX", Decimal("1.10")),
        ("CARD", "3 BX", Decimal("24.80")),
    ]
    assert [order.supplier for order in orders_from(sourced)] == ["MEDL", "CARD"]


async def test_lines_that_cannot_be_bought_are_all_named(erp: Erp) -> None:
    with pytest.raises(RejectedError) as refused:
        await erp.source(a_requisition(items=(("NOPE", "1", "EA"), ("GLV-M", "1", "CA"))))
    assert "line 1" in str(refused.value)
    assert "line 2" in str(refused.value)


async def test_an_order_recorded_twice_is_one_order(erp: Erp) -> None:
    order = fresh(an_order())
    first, second = await erp.record_purchase_order(order), await erp.record_purchase_order(order)
    assert first == second
    assert first.po_number.startswith("PO-")
    assert first.state == "processing"


async def test_an_order_for_an_unknown_place_or_item_is_refused(erp: Erp) -> None:
    with pytest.raises(RejectedError, match="NOWHERE"):
        await erp.record_purchase_order(fresh(an_order().model_copy(update={"deliver_to": "NOWHERE"})))
    with pytest.raises(RejectedError, match="NOPE"):
        await erp.record_purchase_order(fresh(an_order(an_order_line(item="NOPE"))))


async def test_partial_receipts_are_booked_once_each(erp: Erp) -> None:
    order = await recorded(erp)
    first = a_goods_receipt(a_received_line("8"), number="GR-1")
    second = a_goods_receipt(a_received_line("120", unit="EA"), number="GR-2")
    assert await erp.record_goods_receipt(order, first) == await erp.record_goods_receipt(order, first)
    assert (await erp.record_goods_receipt(order, second)).state == "done"


async def test_goods_are_booked_with_several_lots_and_their_expiry(erp: Erp) -> None:
    order = await recorded(erp, an_order(an_order_line(item="CATH-16", price="24.80"), supplier="CARD"))
    lots = (
        LotQuantity(lot="L-1", quantity=quantity("12"), expires_on=date(2028, 1, 31)),
        LotQuantity(lot="L-2", quantity=quantity("8"), expires_on=date(2028, 2, 29)),
    )
    receipt = a_goods_receipt(a_received_line("20", item="CATH-16", lots=lots))
    assert (await erp.record_goods_receipt(order, receipt)).state == "done"


async def test_one_item_on_two_lines_is_booked_with_the_lots_of_each(erp: Erp) -> None:
    lines = [an_order_line(number=number, item="CATH-16", ordered=ordered) for number, ordered in ((1, "5"), (2, "3"))]
    order = await recorded(erp, an_order(*lines, supplier="CARD"))
    received = [
        a_received_line(
            accepted,
            number=number,
            item="CATH-16",
            lots=(LotQuantity(lot=f"L-{number}", quantity=quantity(accepted), expires_on=date(2028, 1, 31)),),
        )
        for number, accepted in ((1, "5"), (2, "3"))
    ]
    assert (await erp.record_goods_receipt(order, a_goods_receipt(*received))).state == "done"


async def test_more_than_ordered_is_booked_once_it_has_been_decided(erp: Erp) -> None:
    order = await recorded(erp)
    assert (await erp.record_goods_receipt(order, a_goods_receipt(a_received_line("25")))).state == "done"


async def test_goods_that_come_after_all_had_arrived_are_booked_too(erp: Erp) -> None:
    order = await recorded(erp)
    await erp.record_goods_receipt(order, a_goods_receipt(number="GR-1"))
    extra = a_goods_receipt(a_received_line("2"), number="GR-2")
    assert (await erp.record_goods_receipt(order, extra)).state == "done"


async def test_an_invoice_is_posted_once_at_the_billed_price(erp: Erp) -> None:
    order = await recorded(erp)
    await erp.record_goods_receipt(order, a_goods_receipt())
    invoice = an_invoice(an_invoice_line(price="1.12"), number=f"INV-{order.key}")
    assert await erp.supplier_invoice(order, invoice) is None
    entered = await erp.record_supplier_invoice(order, invoice)
    assert (entered.state, str(entered.total)) == (ErpInvoiceState.VALIDATED, "USD 22.40")
    posted = await erp.post_supplier_invoice(order, invoice)
    assert posted.state is ErpInvoiceState.POSTED
    assert await erp.post_supplier_invoice(order, invoice) == posted
    assert await erp.supplier_invoice(order, invoice) == posted


async def test_two_partial_invoices_of_two_lines_are_both_posted(erp: Erp) -> None:
    order = await recorded(
        erp, an_order(an_order_line(), an_order_line(number=2, item="GLV-L", price="1.15", supplier_item="M-GLV-L"))
    )
    lines = (a_received_line(), a_received_line(number=2, item="GLV-L"))
    await erp.record_goods_receipt(order, a_goods_receipt(*lines))
    first = an_invoice(an_invoice_line("12"), number=f"A-{order.key}")
    second = an_invoice(
        an_invoice_line("8"), an_invoice_line("20", number=2, order_line=2, price="1.15"), number=f"B-{order.key}"
    )
    assert str((await erp.post_supplier_invoice(order, first)).total) == "USD 13.20"
    assert str((await erp.post_supplier_invoice(order, second)).total) == "USD 31.80"


async def test_an_invoice_in_single_units_is_posted_in_the_orders_unit(erp: Erp) -> None:
    order = await recorded(erp)
    invoice = an_invoice(an_invoice_line("200", unit="EA", price="0.11"), number=f"INV-{order.key}")
    assert str((await erp.post_supplier_invoice(order, invoice)).total) == "USD 22.00"


async def test_an_agreed_change_is_recorded_once(erp: Erp) -> None:
    order = await recorded(erp, an_order(an_order_line(), an_order_line(number=2, item="GLV-L", price="1.15")))
    changed = order.model_copy(
        update={
            "lines": (an_order_line(ordered="12", price="1.20"), an_order_line(number=2, item="GLV-L", ordered="0"))
        }
    )
    first = await erp.amend_purchase_order(changed)
    assert (first.revision, await erp.amend_purchase_order(changed)) == (1, first)


async def test_an_order_closed_short_expects_no_more_than_has_come(erp: Erp) -> None:
    order = await recorded(erp)
    await erp.record_goods_receipt(order, a_goods_receipt(a_received_line("12")))
    await erp.close_short(order)
    assert (await erp.close_short(order)).revision == 1
    invoice = an_invoice(an_invoice_line("12"), number=f"INV-{order.key}")
    assert str((await erp.post_supplier_invoice(order, invoice)).total) == "USD 13.20"


async def test_an_order_nothing_has_come_of_can_be_cancelled_and_cancelled_again(erp: Erp) -> None:
    order = await recorded(erp)
    await erp.cancel_purchase_order(order)
    await erp.cancel_purchase_order(order)
    assert (await erp.cancel_purchase_order(fresh(an_order()))).state == "cancelled"
