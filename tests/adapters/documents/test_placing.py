"""A reading beside its order: every line found or refused, nothing guessed, one canonical document."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bad_document import BadDocumentError
from adapters.documents.conventions import Conventions
from adapters.documents.identifiers import identifier
from adapters.documents.placing import NothingToTellError, place
from adapters.documents.reading import (
    Disposition,
    DocumentKind,
    IdentifierKind,
    NamedDate,
    ReadCharge,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
    Totals,
)
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from domain.answers import answer_discrepancies
from domain.delivery import ShipNotice
from domain.invoice import CreditNote, SupplierInvoice
from domain.order_state import OrderEvent, OrderState
from domain.purchase_order import PurchaseOrder
from tests.builders import MORNING, an_order, an_order_line

ORDER = an_order(
    an_order_line(),
    an_order_line(number=2, item="MSK-3", supplier_item="M-MSK3"),
).numbered("PO-000001")
CONVENTIONS = Conventions(supplier="MEDL", time_zone="America/Chicago")


def boxes(value: int | str, unit: str | None = "BX", raw: str = "BX") -> ReadQuantity:
    return ReadQuantity(value=Decimal(value), unit=unit, raw_unit=raw)


def numbered(item: str, kind: IdentifierKind = IdentifierKind.SUPPLIER_ITEM) -> Any:
    return (identifier(kind, "VP", item),)


def said(kind: AnswerKind | None, value: int | None = None, **more: Any) -> Disposition:
    return Disposition(kind=kind, quantity=None if value is None else boxes(value), **more)


def a_reading(kind: DocumentKind, *lines: ReadLine, **more: Any) -> Reading:
    header = {"language": "x12 000", "message_id": "M-1", "number": "N-1", "issued_on": date(2026, 11, 20)}
    return Reading.model_validate({**header, "kind": kind, "po_number": "PO-000001", "lines": lines, **more})


def an_answer(*lines: ReadLine, **more: Any) -> Reading:
    return a_reading(DocumentKind.ORDER_ACKNOWLEDGEMENT, *lines, **more)


def a_line(position: int = 1, **more: Any) -> ReadLine:
    return ReadLine.model_validate({"position": position, "quantity": boxes(20), **more})


def acknowledged(reading: Reading, conventions: Conventions = CONVENTIONS) -> OrderAcknowledgement:
    document = place(reading, ORDER, conventions)
    assert isinstance(document, OrderAcknowledgement)
    return document


def state_after(document: OrderAcknowledgement, order: PurchaseOrder = ORDER) -> OrderState:
    return OrderState(order=order).after(OrderEvent(key="p/e", received_at=MORNING, document=document))


ACCEPTED: dict[str, Any] = {"dispositions": (said(AnswerKind.ACCEPTED),)}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (a_line(order_line="2", **ACCEPTED), 2),
        (a_line(order_line="2", identifiers=numbered("M-MSK3"), **ACCEPTED), 2),
        (a_line(order_line="0002", **ACCEPTED), 2),
        (a_line(identifiers=numbered("M-MSK3"), **ACCEPTED), 2),
        (a_line(identifiers=numbered("MSK-3", IdentifierKind.BUYER_ITEM), **ACCEPTED), 2),
        (a_line(identifiers=numbered("M-MSK3", IdentifierKind.OTHER), **ACCEPTED), 2),
        (a_line(order_line="77", identifiers=numbered("M-MSK3"), **ACCEPTED), 2),
    ],
)
def test_a_line_is_found_by_its_number_or_by_its_items(line: ReadLine, found: int) -> None:
    assert [answer.number for answer in acknowledged(an_answer(line)).lines] == [found]


def test_lines_that_name_nothing_are_found_by_their_place_where_there_are_as_many() -> None:
    both = an_answer(a_line(1, **ACCEPTED), a_line(2, **ACCEPTED))
    assert [answer.number for answer in acknowledged(both).lines] == [1, 2]
    with pytest.raises(BadDocumentError, match="line 1: is on no line of the order"):
        place(an_answer(a_line(1, **ACCEPTED)), ORDER, CONVENTIONS)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (a_line(order_line="1", identifiers=numbered("M-MSK3"), **ACCEPTED), "the number of order line 1 and the item"),
        (a_line(order_line="7", **ACCEPTED), "is on no line of the order"),
        (a_line(identifiers=numbered("X-1"), **ACCEPTED), "is on no line of the order"),
        (a_line(order_line="١", **ACCEPTED), "is on no line of the order"),  # noqa: RUF001 - the digit of another script
        (a_line(order_line="1", dispositions=(said(None),)), "neither accepts nor refuses"),
        (a_line(order_line="1", quantity=boxes(5, None, "CASE"), **ACCEPTED), "a unit we do not know"),
    ],
)
def test_what_cannot_be_tied_to_one_line_is_refused_with_the_rule_it_breaks(line: ReadLine, rule: str) -> None:
    with pytest.raises(BadDocumentError, match=rule) as refused:
        place(an_answer(line), ORDER, CONVENTIONS)
    assert refused.value.remedy


def test_an_item_on_two_lines_is_refused_unless_its_number_says_which() -> None:
    twice = an_order(an_order_line(), an_order_line(number=2)).numbered("PO-000001")
    named = a_line(identifiers=numbered("M-GLV-M"), **ACCEPTED)
    with pytest.raises(BadDocumentError, match="fits more than one line"):
        place(an_answer(named), twice, CONVENTIONS)
    chosen = named.model_copy(update={"order_line": "2"})
    document = place(an_answer(chosen), twice, CONVENTIONS)
    assert isinstance(document, OrderAcknowledgement)
    assert document.lines[0].number == 2


def test_numbers_that_are_the_partners_own_are_not_believed() -> None:
    own = CONVENTIONS.model_copy(update={"lines_echo_ours": False})
    line = a_line(order_line="1", identifiers=numbered("M-MSK3"), **ACCEPTED)
    assert acknowledged(an_answer(line), own).lines[0].number == 2


def test_the_parts_of_an_answer_leave_the_remainder_open() -> None:
    parts = (said(AnswerKind.ACCEPTED, 12), said(AnswerKind.BACKORDERED, 5))
    document = acknowledged(an_answer(a_line(order_line="1", dispositions=parts)))
    assert [(part.kind, str(part.quantity)) for part in document.lines[0].parts] == [
        (AnswerKind.ACCEPTED, "12 BX"),
        (AnswerKind.BACKORDERED, "5 BX"),
    ]
    found = answer_discrepancies(ORDER, state_after(document).answers)
    assert [(discrepancy.kind, discrepancy.variance) for discrepancy in found] == [("quantity", "-3")]


def test_what_the_header_says_holds_for_the_lines_it_does_not_list() -> None:
    rejected = said(AnswerKind.REJECTED, 20)
    document = acknowledged(
        an_answer(a_line(order_line="2", dispositions=(rejected,)), whole_answer=AnswerKind.ACCEPTED)
    )
    answers = state_after(document).answers
    assert (answers[1].parts[0].kind, answers[2].parts[0].kind) == (AnswerKind.ACCEPTED, AnswerKind.REJECTED)
    held = acknowledged(an_answer(whole_answer=AnswerKind.ON_HOLD))
    assert {answer.parts[0].kind for answer in held.lines} == {AnswerKind.ON_HOLD}


def test_a_partners_own_reason_code_is_explained_by_its_page() -> None:
    explained = CONVENTIONS.model_copy(update={"reasons": {"07": "allocated by the manufacturer"}})
    line = a_line(order_line="1", dispositions=(said(AnswerKind.BACKORDERED, 20, reason="07"),))
    assert acknowledged(an_answer(line), explained).lines[0].parts[0].reason == "allocated by the manufacturer (07)"
    assert acknowledged(an_answer(line)).lines[0].parts[0].reason == "07"


def test_a_receipt_of_the_order_answers_nothing() -> None:
    with pytest.raises(NothingToTellError, match="answers nothing yet"):
        place(an_answer(), ORDER, CONVENTIONS)


@pytest.mark.parametrize("purpose", ["cancellation", "delete", "replacement"])
def test_what_takes_an_earlier_document_back_is_never_applied_by_a_machine(purpose: str) -> None:
    with pytest.raises(BadDocumentError, match="never applied by itself"):
        place(an_answer(a_line(order_line="1", **ACCEPTED), purpose=purpose), ORDER, CONVENTIONS)


def test_a_test_is_acted_on_only_while_the_partner_is_tested() -> None:
    test = an_answer(a_line(order_line="1", **ACCEPTED), details={"usage": "T"})
    with pytest.raises(BadDocumentError, match="marked as a test"):
        place(test, ORDER, CONVENTIONS)
    assert acknowledged(test, CONVENTIONS.model_copy(update={"is_production": False})).lines


def test_item_levels_of_one_line_are_added_up_with_their_lots() -> None:
    lots = [(12, "L1", date(2028, 1, 31)), (8, "L2", None)]
    lines = [
        a_line(place, quantity=boxes(many), order_line="1", lots=(ReadLot(lot=name, expires_on=until),))
        for place, (many, name, until) in enumerate(lots, start=1)
    ]
    dates = (NamedDate(meaning="shipped", on=date(2026, 11, 21)), NamedDate(meaning="expected", on=date(2026, 11, 23)))
    notice = place(a_reading(DocumentKind.SHIP_NOTICE, *lines, dates=dates), ORDER, CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    [line] = notice.lines
    assert (str(line.quantity), [(lot.lot, str(lot.quantity), lot.expires_on) for lot in line.lots]) == (
        "20 BX",
        [("L1", "12 BX", date(2028, 1, 31)), ("L2", "8 BX", None)],
    )
    assert notice.expected_on == date(2026, 11, 23)
    assert notice.shipped_at.astimezone(UTC) == datetime(2026, 11, 21, 6, tzinfo=UTC), "midnight in Chicago"


def test_a_ship_notice_over_two_orders_tells_each_its_own_lines() -> None:
    lines = (a_line(1, order_line="1", po_number="PO-000001"), a_line(2, order_line="1", po_number="PO-000002"))
    notice = place(a_reading(DocumentKind.SHIP_NOTICE, *lines), ORDER, CONVENTIONS)
    assert isinstance(notice, ShipNotice)
    assert [str(line.quantity) for line in notice.lines] == ["20 BX"]


def test_a_bill_has_net_prices_and_its_line_charges_beside_it() -> None:
    line = a_line(
        order_line="1",
        unit_price=Decimal("11.00"),
        price_quantity=Decimal(10),
        amount=Decimal("25.00"),
        charges=(ReadCharge(kind="freight", amount=Decimal("5.00")), ReadCharge(kind="discount", amount=Decimal(-2))),
    )
    totals = Totals(gross=Decimal("25.00"), payable=Decimal("25.00"))
    invoice = place(a_reading(DocumentKind.SUPPLIER_INVOICE, line, currency="USD", totals=totals), ORDER, CONVENTIONS)
    assert isinstance(invoice, SupplierInvoice)
    assert (invoice.lines[0].unit_price, invoice.lines[0].amount) == (Decimal("1.000000"), Decimal("20.00"))
    assert [(charge.kind, charge.amount) for charge in invoice.charges] == [("freight", Decimal("5.00"))]
    assert invoice.total == Decimal("25.00")


def test_a_line_on_no_order_line_is_left_to_the_match_and_several_orders_to_a_person() -> None:
    totals = Totals(payable=Decimal("22.00"))
    stray = a_line(identifiers=numbered("X-1"), unit_price=Decimal("1.10"), amount=Decimal("22.00"))
    invoice = place(a_reading(DocumentKind.SUPPLIER_INVOICE, stray, totals=totals), ORDER, CONVENTIONS)
    assert isinstance(invoice, SupplierInvoice)
    assert invoice.lines[0].order_line is None
    two = a_reading(
        DocumentKind.SUPPLIER_INVOICE,
        stray.model_copy(update={"po_number": "PO-000002"}),
        currency="USD",
        totals=totals,
    )
    with pytest.raises(BadDocumentError, match="several orders"):
        place(two, ORDER, CONVENTIONS)


def test_a_credit_note_names_the_invoice_it_takes_back() -> None:
    line = a_line(order_line="1", unit_price=Decimal("1.10"), amount=Decimal("22.00"))
    references = ({"meaning": "invoice", "raw": "IV", "value": "INV-1"},)
    note = place(
        a_reading(DocumentKind.CREDIT_NOTE, line, totals=Totals(payable=Decimal("22.00")), references=references),
        ORDER,
        CONVENTIONS,
    )
    assert isinstance(note, CreditNote)
    assert note.invoice_number == "INV-1"


@pytest.mark.parametrize("kind", [DocumentKind.PRICE_CATALOGUE, DocumentKind.SALES_REPORT, DocumentKind.UNKNOWN])
def test_what_changes_no_order_is_kept(kind: DocumentKind) -> None:
    with pytest.raises(NothingToTellError, match="changes no order"):
        place(a_reading(kind), ORDER, CONVENTIONS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3", "", "x"]),
            st.sampled_from(["M-GLV-M", "M-MSK3", "X-1", ""]),
            st.sampled_from([*AnswerKind, None]),
            st.integers(-3, 40),
        ),
        max_size=4,
    )
)
def test_an_answer_is_placed_or_refused_whatever_it_says(lines: list[tuple[str, str, AnswerKind | None, int]]) -> None:
    read = [
        a_line(
            position,
            order_line=number,
            identifiers=numbered(item) if item else (),
            quantity=boxes(many),
            dispositions=(said(kind, many),),
        )
        for position, (number, item, kind, many) in enumerate(lines, start=1)
    ]
    try:
        document = place(an_answer(*read), ORDER, CONVENTIONS)
    except (BadDocumentError, NothingToTellError):
        return
    assert isinstance(document, OrderAcknowledgement)
    assert {answer.number for answer in document.lines} <= {1, 2}
