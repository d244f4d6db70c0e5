"""What a partner's hand writes says what was meant, in the style of its samples, and nothing else of them is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.documents.findings import Severity
from adapters.documents.reading import Reading
from adapters.documents.unplaced import UnplacedDocument
from domain.acknowledgement import AnswerKind, AnswerPart, LineAnswer, OrderAcknowledgement
from domain.delivery import ShipNotice, ShippedLine
from domain.invoice import InvoiceLine, SupplierInvoice
from domain.order_state import PartnerDocument
from domain.purchase_order import OrderLine, PurchaseOrder
from domain.quantities import Quantity
from starter.rehearsal.hand import PLAIN, Stamp, SupplierDocument
from starter.rehearsal.order import order_of
from starter.rehearsal.running import Rehearsal
from starter.rehearsal.samples import numbers_its_own_lines, units_of
from tests.samples import samples
from tests.starter.rehearsal.partners import SAMPLES, X12_SAMPLES, a_rehearsal, x12_answer, x12_invoice

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
LATER = (AT + timedelta(days=20)).date()
LANGUAGES = ("x12", "ubl", "cxml")
PAGES: dict[str, dict[str, Any]] = {"x12": {"x12": {"check_sender": False}}, "ubl": {}, "cxml": {}}
REAL = [(language, path) for language in LANGUAGES for path in samples(language)]


def the_order(rehearsal: Rehearsal) -> PurchaseOrder:
    return order_of(rehearsal.profile, "RQ-1-HLIN", units_of(rehearsal.samples)).numbered("PO-000001")


def of(line: OrderLine, value: str) -> Quantity:
    return Quantity(value=Decimal(value), unit=line.quantity.unit)


def answer(order: PurchaseOrder, *lines: list[AnswerPart]) -> OrderAcknowledgement:
    answers = [LineAnswer(number=number, parts=tuple(parts)) for number, parts in enumerate(lines, start=1)]
    return OrderAcknowledgement(
        number="ACK-1", po_number=order.name, supplier=order.supplier, issued_at=AT, lines=tuple(answers)
    )


def accepted(order: PurchaseOrder) -> OrderAcknowledgement:
    return answer(order, *([AnswerPart(kind=AnswerKind.ACCEPTED, quantity=line.quantity)] for line in order.lines))


def split(order: PurchaseOrder) -> OrderAcknowledgement:
    first, second = order.lines
    return answer(
        order,
        [
            AnswerPart(kind=AnswerKind.ACCEPTED, quantity=of(first, "12")),
            AnswerPart(kind=AnswerKind.BACKORDERED, quantity=of(first, "8"), promised_on=LATER),
        ],
        [AnswerPart(kind=AnswerKind.REJECTED, quantity=second.quantity)],
    )


def substituted(order: PurchaseOrder) -> OrderAcknowledgement:
    first, second = order.lines
    return answer(
        order,
        [AnswerPart(kind=AnswerKind.SUBSTITUTED, quantity=first.quantity, item="SUP-OTHER")],
        [AnswerPart(kind=AnswerKind.ACCEPTED, quantity=second.quantity)],
    )


def shipped(order: PurchaseOrder) -> ShipNotice:
    first, second = order.lines
    return ShipNotice(
        number="SH-1",
        po_number=order.name,
        supplier=order.supplier,
        shipped_at=AT,
        lines=(
            ShippedLine(number=1, quantity=of(first, "12")),
            ShippedLine(number=2, quantity=of(second, "5")),
        ),
    )


def billed(order: PurchaseOrder) -> SupplierInvoice:
    first, second = order.lines
    lines = (
        InvoiceLine(
            number=1, order_line=1, quantity=of(first, "12"), unit_price=Decimal("13.75"), amount=Decimal("165.00")
        ),
        InvoiceLine(
            number=2, order_line=2, quantity=of(second, "5"), unit_price=Decimal("31.20"), amount=Decimal("156.00")
        ),
    )
    return SupplierInvoice(
        number="INV-1",
        po_number=order.name,
        supplier=order.supplier,
        issued_on=AT.date(),
        currency=order.currency,
        lines=lines,
        total=Decimal("321.00"),
    )


def read(rehearsal: Rehearsal, body: bytes) -> tuple[Reading, ...]:
    """What the channel takes of a transmission."""
    (envelope,) = rehearsal.channel.receive(body)
    assert [str(found) for found in envelope.errors] == []
    assert [str(found) for part in envelope.parts for found in part.errors] == []
    return tuple(reading for part in envelope.parts for reading in rehearsal.channel.read(part.body))


def heard(rehearsal: Rehearsal, document: SupplierDocument, order: PurchaseOrder, number: int = 7) -> PartnerDocument:
    (reading,) = read(rehearsal, rehearsal.hand.write(document, order, Stamp(number, AT)))
    return UnplacedDocument(reading, rehearsal.profile.conventions).beside(order)


def coming(said: PartnerDocument) -> list[tuple[int, Decimal, bool, str | None]]:
    """What an answer says will come of each line: how many, when, which item; where it only says yes, nothing."""
    assert isinstance(said, OrderAcknowledgement)
    return [
        (line.number, part.quantity.value, part.promised_on == LATER, part.item)
        for line in said.lines
        for part in line.parts
        if part.kind is not AnswerKind.REJECTED
    ]


def compare(rehearsal: Rehearsal, document: SupplierDocument, order: PurchaseOrder) -> None:
    said = heard(rehearsal, document, order)
    match document:
        case OrderAcknowledgement():
            assert isinstance(said, OrderAcknowledgement)
            if said.whole_order is not None:
                assert (said.whole_order, document) == (AnswerKind.ACCEPTED, accepted(order))
                return
            assert sorted(coming(said), key=str) == sorted(coming(document), key=str)
        case ShipNotice():
            assert isinstance(said, ShipNotice)
            assert said.number == document.number
            assert {(line.number, line.quantity) for line in said.lines} == {
                (1, of(order.lines[0], "12")),
                (2, of(order.lines[1], "5")),
            }
        case SupplierInvoice():
            assert isinstance(said, SupplierInvoice)
            assert (said.number, said.issued_on, said.total) == (document.number, document.issued_on, document.total)
            assert (said.charges, said.tax) == ((), Decimal(0))
            assert sorted(money(said)) == sorted(money(document))


def money(invoice: SupplierInvoice) -> Iterator[tuple[int | None, Quantity, Decimal, Decimal]]:
    return ((line.order_line, line.quantity, line.unit_price, line.amount) for line in invoice.lines)


MEANINGS: tuple[Callable[[PurchaseOrder], SupplierDocument], ...] = (accepted, split, substituted, shipped, billed)


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plain_document_says_what_is_meant(language: str, meaning: Any) -> None:
    rehearsal = a_rehearsal(language)
    order = the_order(rehearsal)
    compare(rehearsal, meaning(order), order)


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_in_the_partners_style_says_what_is_meant(language: str, meaning: Any) -> None:
    rehearsal = a_rehearsal(language, *SAMPLES[language])
    order = the_order(rehearsal)
    compare(rehearsal, meaning(order), order)


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.__name__)
@pytest.mark.parametrize("language", ["x12", "ubl"])  # a cXML confirmation names its lines by nothing but our numbers
def test_a_partner_with_line_numbers_of_its_own_names_the_items(language: str, meaning: Any) -> None:
    rehearsal = a_rehearsal(language, *SAMPLES[language], lines_echo_ours=False)
    order = the_order(rehearsal)
    compare(rehearsal, meaning(order), order)


@pytest.mark.skipif(not REAL, reason="the sample documents are not beside the project")
@pytest.mark.parametrize(("language", "path"), REAL, ids=lambda value: getattr(value, "name", value))
def test_a_real_partners_style_can_be_written(language: str, path: Path) -> None:
    rehearsal = a_rehearsal(language, (path.name, path.read_bytes()), **PAGES[language])
    if any(reading.raw_type == "325" for sample in rehearsal.samples for reading in sample.readings):
        return  # a pro forma asks for no money, and nothing made of it does
    units = {
        line.quantity.raw_unit
        for sample in rehearsal.samples
        for one in sample.readings
        for line in one.lines
        if line.quantity and line.quantity.unit is None and line.quantity.raw_unit
    }
    order = the_order(rehearsal)
    for meaning in MEANINGS:
        document = meaning(order)
        if rehearsal.hand.origin(document.kind) == path.name and not units:
            compare(rehearsal, document, order)


def test_everything_that_is_not_altered_stays_as_the_sample_has_it() -> None:
    rehearsal = a_rehearsal("x12", *X12_SAMPLES)
    order = the_order(rehearsal)
    text = rehearsal.hand.write(split(order), order, Stamp(7, AT)).decode()
    assert text.splitlines()[2:10] == [
        "ST|855|000007",
        "BAK|00|AC|PO-000001|20261126|||SO-77||20261126",
        "CUR|BY|USD",
        "REF|VR|V-100",
        "N1|SU|Heartland|92|H1",
        "PO1|001|20|CA|12.5||VN|SUP-0001|IN|ITEM-1|MG|MAKER-1",
        "PID|F||||Gloves",
        "REF|CT|CONTRACT-9",
    ]
    notice = rehearsal.hand.write(shipped(order), order, Stamp(8, AT)).decode()
    assert "LIN|001|VN|SUP-0001|LT|LOT-7\nSN1|001|12|CA||20|CA\nDTM|036|20271126" in notice
    assert "MAN|GM|00373000100000000019" in notice
    assert "\nCTT|5\n" in notice


def test_counts_follow_the_lines_as_the_sample_counts_them() -> None:
    rehearsal = a_rehearsal("x12", *X12_SAMPLES)
    order = the_order(rehearsal)
    notice, invoice = shipped(order), billed(order)
    first = notice.model_copy(update={"lines": notice.lines[:1]})
    alone = invoice.model_copy(update={"lines": invoice.lines[:1], "total": invoice.lines[0].amount})
    assert b"\nCTT|4\nSE|17|" in rehearsal.hand.write(first, order, Stamp(7, AT))
    assert b"\nTDS|16500\nCAD|M|||UPSN\nCTT|1\n" in rehearsal.hand.write(alone, order, Stamp(8, AT))
    assert b"\nCTT|2|28\n" in rehearsal.hand.write(split(order), order, Stamp(9, AT))


def test_counts_and_control_numbers_are_right_so_that_we_acknowledge_without_a_remark() -> None:
    rehearsal = a_rehearsal("x12", *X12_SAMPLES)
    order = the_order(rehearsal)
    for number, meaning in enumerate(MEANINGS, start=1):
        (envelope,) = rehearsal.channel.receive(rehearsal.hand.write(meaning(order), order, Stamp(number, AT)))
        assert envelope.id == f"isa-{number:09d}"
        assert len(envelope.answers) == 1
        for part in envelope.parts:
            (reading,) = rehearsal.channel.read(part.body)
            assert [str(one) for one in reading.findings if one.severity is not Severity.IGNORED] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_under_the_same_number_are_the_same_bytes(language: str) -> None:
    rehearsal = a_rehearsal(language, *SAMPLES[language])
    order = the_order(rehearsal)
    for meaning in MEANINGS:
        once, again = (rehearsal.hand.write(meaning(order), order, Stamp(7, AT)) for _ in range(2))
        assert once == again


@given(
    prices=st.lists(st.decimals("0.01", "9999", places=2), min_size=2, max_size=2),
    quantities=st.lists(st.integers(0, 9999), min_size=2, max_size=2).filter(any),
    language=st.sampled_from(LANGUAGES),
    has_samples=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_invoice_is_read_as_it_was_meant(
    prices: list[Decimal], quantities: list[int], language: str, has_samples: bool
) -> None:
    rehearsal = a_rehearsal(language, *(SAMPLES[language] if has_samples else ()))
    order = the_order(rehearsal)
    lines = [
        InvoiceLine(
            number=place,
            order_line=line.number,
            quantity=Quantity(value=Decimal(quantity), unit=line.quantity.unit),
            unit_price=price,
            amount=price * quantity,
        )
        for place, (line, price, quantity) in enumerate(zip(order.lines, prices, quantities, strict=True), start=1)
        if quantity
    ]
    meant = billed(order).model_copy(
        update={"lines": tuple(lines), "total": sum((line.amount for line in lines), start=Decimal(0))}
    )
    said = heard(rehearsal, meant, order)
    assert isinstance(said, SupplierInvoice)
    assert (said.total, sorted(money(said))) == (meant.total, sorted(money(meant)))


@given(
    language=st.sampled_from(LANGUAGES),
    place=st.integers(0, 3),
    start=st.floats(0, 1),
    length=st.integers(1, 400),
    instead=st.sampled_from(["", "~", "|", "\n", "<a/>", "&", "0", "é"]),
)
@settings(max_examples=300, deadline=None)
def test_no_sample_is_so_broken_that_a_rehearsal_breaks(
    language: str, place: int, start: float, length: int, instead: str
) -> None:
    given_samples = list(SAMPLES[language])
    name, body = given_samples[place % len(given_samples)]
    at = int(start * len(body))
    given_samples[place % len(given_samples)] = (name, body[:at] + instead.encode() + body[at + length :])
    rehearsal = a_rehearsal(language, *given_samples)
    order = the_order(rehearsal)
    assert all(note for note in rehearsal.undecided)
    for number, meaning in enumerate(MEANINGS, start=1):
        assert rehearsal.hand.write(meaning(order), order, Stamp(number, AT))


def test_a_kind_without_a_sample_comes_from_the_plain_template() -> None:
    rehearsal = a_rehearsal("x12", ("answer.x12", x12_answer()))
    assert rehearsal.hand.origin("order acknowledgement") == "answer.x12"
    assert rehearsal.hand.origin("ship notice") == PLAIN


def test_one_item_on_two_lines_is_no_numbering_of_the_partners_own() -> None:
    twice = x12_answer().replace(b"H-2|IN|A-2", b"H-1|IN|A-1")
    once = a_rehearsal("x12", ("answer.x12", twice), ("invoice.x12", x12_invoice(swapped=False)))
    assert numbers_its_own_lines(once.samples) == ""
    differing = a_rehearsal("x12", ("answer.x12", x12_answer()), ("invoice.x12", x12_invoice(swapped=True)))
    assert numbers_its_own_lines(differing.samples) == (
        "the order acknowledgement in answer.x12 and the supplier invoice in invoice.x12"
    )


def test_what_a_sample_shows_and_the_page_does_not_say_is_to_be_decided() -> None:
    charged = x12_invoice(total="6350", charge="SAC|C|D240|||1000")
    rehearsal = a_rehearsal("x12", ("invoice.x12", charged), ("broken.x12", b"not X12 at all"))
    notes = "\n".join(rehearsal.undecided)
    assert "invoice.x12: bills charges or tax (SAC)" in notes
    assert "broken.x12: " in notes
    invoice = rehearsal.hand.write(billed(the_order(rehearsal)), the_order(rehearsal), Stamp(7, AT))
    assert b"SAC" not in invoice
