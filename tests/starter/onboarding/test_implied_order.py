"""The order a document implies, whatever its lines say or leave out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.documents.conventions import Conventions
from adapters.documents.identifiers import identifier
from adapters.documents.reading import DocumentKind, IdentifierKind, ItemIdentifier, Reading, ReadLine, ReadQuantity
from domain.purchase_order import PurchaseOrder
from starter.onboarding.implied_order import implied_order

ECHOING = Conventions(supplier="MEDL")
BY_ITEMS = Conventions(supplier="MEDL", lines_echo_ours=False)
TEN = ReadQuantity(value=Decimal(10), unit="BX", raw_unit="BX")


def item(value: str) -> ItemIdentifier:
    return identifier(IdentifierKind.SUPPLIER_ITEM, "VP", value)


def implied(*lines: ReadLine, conventions: Conventions = ECHOING, currency: str | None = "USD") -> PurchaseOrder:
    reading = Reading(
        language="x12 855 004010", kind=DocumentKind.SHIP_NOTICE, message_id="1", currency=currency, lines=lines
    )
    return implied_order(reading, "PO-1", conventions)


def test_lines_of_one_number_are_one_line_of_their_quantities_together() -> None:
    parts = [ReadLine(position=place, order_line="3", quantity=TEN, identifiers=(item("A"),)) for place in (1, 2)]
    [line] = implied(*parts).lines
    assert (line.number, str(line.quantity), line.supplier_item) == (3, "20 BX", "A")


def test_what_a_line_says_was_ordered_counts_and_not_what_is_shipped() -> None:
    ordered = ReadQuantity(value=Decimal(50), unit="BX", raw_unit="BX")
    [line] = implied(ReadLine(position=1, order_line="1", quantity=TEN, ordered=ordered)).lines
    assert str(line.quantity) == "50 BX"


@pytest.mark.parametrize(
    ("line", "price"),
    [
        ({"unit_price": Decimal("1.10")}, "1.1"),
        ({"unit_price": Decimal(110), "price_quantity": Decimal(100)}, "1.1"),
        ({"unit_price": Decimal(110), "price_quantity": Decimal(0)}, "110"),
        ({"amount": Decimal(11)}, "1.1"),
        ({"amount": Decimal(11), "quantity": ReadQuantity(value=Decimal(0), unit="BX")}, "0"),
        ({"unit_price": Decimal(-1)}, "0"),
        ({}, "0"),
    ],
)
def test_a_price_is_of_one_unit_and_nothing_where_none_is_named(line: dict[str, object], price: str) -> None:
    [found] = implied(ReadLine.model_validate({"position": 1, "order_line": "1", "quantity": TEN, **line})).lines
    assert found.unit_price == Decimal(price)


def test_numbers_of_their_own_are_no_line_numbers_of_ours() -> None:
    lines = [ReadLine(position=n, order_line=str(n * 10), quantity=TEN, identifiers=(item(f"I-{n}"),)) for n in (1, 2)]
    assert [line.number for line in implied(*lines).lines] == [10, 20]
    assert [line.number for line in implied(*lines, conventions=BY_ITEMS).lines] == [1, 2]


def test_a_document_without_lines_implies_one_of_its_own() -> None:
    order = implied(currency="dollars")
    assert (len(order.lines), order.currency, order.name) == (1, "USD", "PO-1")


quantities = st.none() | st.builds(
    ReadQuantity,
    value=st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**20), max_value=10**20),
    unit=st.none() | st.sampled_from(["EA", "BX"]),
    raw_unit=st.text(max_size=5),
)
lines = st.builds(
    ReadLine,
    position=st.integers(1, 5),
    order_line=st.none() | st.text("0123456789٣-", max_size=12),
    po_number=st.none() | st.sampled_from(["PO-1", "PO-2"]),
    identifiers=st.lists(st.builds(item, st.text(max_size=50)), max_size=2).map(tuple),
    quantity=quantities,
    ordered=quantities,
    unit_price=st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
    price_quantity=st.none() | st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**30),
)


@given(st.lists(lines, max_size=6), st.booleans())
def test_whatever_the_lines_are_there_is_an_order(found: list[ReadLine], echo: bool) -> None:
    order = implied(*found, conventions=ECHOING if echo else BY_ITEMS)
    assert len(order.lines) >= 1
    assert PurchaseOrder.model_validate(order.model_dump()) == order
