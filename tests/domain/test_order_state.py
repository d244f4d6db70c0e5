"""What is known of an order does not depend on the order in which it was heard."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import ShipNotice, ShippedLine
from domain.order_state import OrderEvent, OrderState, PartnerDocument
from tests.builders import (
    MORNING,
    a_credit_note,
    a_goods_receipt,
    a_received_line,
    an_invoice,
    an_invoice_line,
    an_order,
    an_order_line,
    quantity,
)

numbers = st.sampled_from(["1", "2", "3"])
small = st.integers(min_value=0, max_value=9).map(str)
parts = st.builds(
    AnswerPart, kind=st.sampled_from(AnswerKind), quantity=small.map(quantity), unit_price=st.just(Decimal("1.2"))
)
acknowledgements = st.builds(
    OrderAcknowledgement,
    number=numbers,
    po_number=st.just("PO-000001"),
    supplier=st.just("MEDL"),
    issued_at=st.integers(0, 3).map(lambda hours: MORNING + timedelta(hours=hours)),
    whole_order=st.sampled_from([AnswerKind.ACCEPTED, AnswerKind.REJECTED]),
    lines=parts.map(lambda part: (LineAnswer(number=1, parts=(part,)),)),
)
ship_notices = st.builds(
    ShipNotice,
    number=numbers,
    po_number=st.just("PO-000001"),
    supplier=st.just("MEDL"),
    shipped_at=st.just(MORNING),
    lines=small.map(lambda value: (ShippedLine(number=1, quantity=quantity(value)),)),
)
receipts = st.builds(lambda number, value: a_goods_receipt(a_received_line(value), number=number), numbers, small)
invoices = st.builds(lambda number, value: an_invoice(an_invoice_line(value), number=number), numbers, small)
credit_notes = st.builds(lambda number, value: a_credit_note(an_invoice_line(value), number=number), numbers, small)
documents = st.one_of(acknowledgements, ship_notices, receipts, invoices, credit_notes)


@st.composite
def histories(draw: st.DrawFn) -> list[OrderEvent]:
    """Draw events of one order: every event id once, numbers reused with the same and with other contents."""
    drawn: list[PartnerDocument] = draw(st.lists(documents, max_size=8))
    minutes = draw(st.lists(st.integers(0, 5), min_size=len(drawn), max_size=len(drawn)))
    return [
        OrderEvent(key=f"medl/{position}", received_at=MORNING + timedelta(minutes=minute), document=document)
        for position, (document, minute) in enumerate(zip(drawn, minutes, strict=True))
    ]


def told(events: list[OrderEvent]) -> OrderState:
    state = OrderState(order=an_order(an_order_line(), an_order_line(number=2)))
    for event in events:
        state = state.after(event)
    return state


@given(histories().flatmap(lambda events: st.tuples(st.just(events), st.permutations(events + events))))
def test_any_sequence_with_copies_ends_in_the_same_state(drawn: tuple[list[OrderEvent], list[OrderEvent]]) -> None:
    events, shuffled_twice = drawn
    once, again = told(events), told(shuffled_twice)
    assert again == once
    assert (again.answers, again.copies, again.conflicts) == (once.answers, once.copies, once.conflicts)


@given(histories())
def test_every_event_is_kept_a_copy_or_a_conflict_and_nothing_else(events: list[OrderEvent]) -> None:
    state = told(events)
    ends = sorted([*(event.key for event in state.kept), *state.copies, *state.conflicts])
    assert ends == sorted(event.key for event in events)


def heard(*documents: PartnerDocument) -> OrderState:
    return told(
        [
            OrderEvent(key=f"medl/{position}", received_at=MORNING + timedelta(minutes=position), document=document)
            for position, document in enumerate(documents)
        ]
    )


def test_of_two_contents_under_one_number_the_first_received_stands() -> None:
    state = heard(a_goods_receipt(a_received_line("5")), a_goods_receipt(a_received_line("6")))
    assert str(state.received(state.order.lines[0])) == "5 BX"
    assert state.conflicts == ("medl/1",)


def test_what_was_received_is_added_up_in_the_order_lines_unit() -> None:
    state = heard(
        a_goods_receipt(a_received_line("5")), a_goods_receipt(a_received_line("70", unit="EA"), number="GR-2")
    )
    assert str(state.received(state.order.lines[0])) == "12 BX"
    assert str(state.received(state.order.lines[0], counting=["GR-2"])) == "7 BX"


def test_the_latest_answer_to_a_line_counts_by_the_suppliers_clock() -> None:
    def answer(number: str, hours: int, kind: AnswerKind) -> OrderAcknowledgement:
        part = AnswerPart(kind=kind, quantity=quantity("20"))
        return OrderAcknowledgement(
            number=number,
            po_number="PO-000001",
            supplier="MEDL",
            issued_at=MORNING + timedelta(hours=hours),
            lines=(LineAnswer(number=1, parts=(part,)),),
        )

    state = heard(answer("A-2", 2, AnswerKind.REJECTED), answer("A-1", 1, AnswerKind.ACCEPTED))
    assert [part.kind for part in state.answers[1].parts] == [AnswerKind.REJECTED]


def test_an_answer_to_the_whole_order_answers_every_line_it_does_not_list() -> None:
    part = AnswerPart(kind=AnswerKind.BACKORDERED, quantity=quantity("20"))
    state = heard(
        OrderAcknowledgement(
            number="A-1",
            po_number="PO-000001",
            supplier="MEDL",
            issued_at=MORNING,
            whole_order=AnswerKind.ACCEPTED,
            lines=(LineAnswer(number=2, parts=(part,)),),
        )
    )
    assert {number: answer.parts[0].kind for number, answer in state.answers.items()} == {
        1: AnswerKind.ACCEPTED,
        2: AnswerKind.BACKORDERED,
    }
