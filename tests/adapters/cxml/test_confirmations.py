"""What suppliers say of our orders in cXML: every type and status, in parts, changed, and said badly."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.conventions import Conventions
from adapters.documents.placing import NothingToTellError, place
from adapters.documents.reading import DocumentKind, Reading
from domain.acknowledgement import AnswerKind, OrderAcknowledgement
from tests.adapters.cxml.documents import OPTIONS, confirmation, message, read_one
from tests.builders import an_order, an_order_line

CONVENTIONS = Conventions(supplier="MEDL")


def item(statuses: str, *, number: int = 1, ordered: str = "20", unit: str = "BX") -> str:
    measure = f"<UnitOfMeasure>{unit}</UnitOfMeasure>" if unit else ""
    return f'<ConfirmationItem quantity="{ordered}" lineNumber="{number}">{measure}{statuses}</ConfirmationItem>'


def status(kind: str, quantity: str = "20", *, inside: str = "", dates: str = "", unit: str = "BX") -> str:
    measure = f"<UnitOfMeasure>{unit}</UnitOfMeasure>" if unit else ""
    return f'<ConfirmationStatus type="{kind}" quantity="{quantity}" {dates}>{measure}{inside}</ConfirmationStatus>'


def item_in(part: str, *, quantity: str = "20", price: str = "1.10", unit: str = "BX") -> str:
    return f"""<ItemIn quantity="{quantity}"><ItemID><SupplierPartID>{part}</SupplierPartID></ItemID><ItemDetail>
      <UnitPrice><Money currency="USD">{price}</Money></UnitPrice><Description xml:lang="en">Gloves</Description>
      <UnitOfMeasure>{unit}</UnitOfMeasure><Classification domain="UNSPSC">42132203</Classification>
    </ItemDetail></ItemIn>"""


def placed(reading: Reading) -> OrderAcknowledgement:
    document = place(reading, an_order(an_order_line()), CONVENTIONS)
    assert isinstance(document, OrderAcknowledgement)
    return document


@pytest.mark.parametrize(
    ("kind", "whole"),
    [("accept", AnswerKind.ACCEPTED), ("reject", AnswerKind.REJECTED), ("backordered", AnswerKind.BACKORDERED)],
)
def test_a_confirmation_without_lines_answers_the_whole_order(kind: str, whole: AnswerKind) -> None:
    reading = read_one(confirmation("", kind=kind))
    assert (reading.kind, reading.raw_type) == (DocumentKind.ORDER_ACKNOWLEDGEMENT, kind)
    assert reading.whole_answer is whole
    assert (reading.number, reading.po_number) == ("C-1", "PO-000001")
    assert reading.issued_at == datetime(2026, 11, 20, 8, tzinfo=timezone(-timedelta(hours=6)))
    assert not reading.findings
    answered = placed(reading)
    assert answered.whole_order is whole or {part.kind for line in answered.lines for part in line.parts} == {whole}


def test_lines_an_exception_does_not_list_are_accepted() -> None:
    reading = read_one(confirmation(item(status("reject")), kind="except"))
    assert reading.whole_answer is AnswerKind.ACCEPTED
    assert [said.kind for said in reading.lines[0].dispositions] == [AnswerKind.REJECTED]


def test_nobody_guesses_at_lines_a_detailed_confirmation_leaves_out() -> None:
    assert read_one(confirmation(item(status("accept")))).whole_answer is None
    obliging = OPTIONS.model_copy(update={"silent_lines": AnswerKind.ACCEPTED})
    assert read_one(confirmation(item(status("accept"))), obliging).whole_answer is AnswerKind.ACCEPTED


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("accept", AnswerKind.ACCEPTED),
        ("allDetail", AnswerKind.CHANGED),
        ("detail", AnswerKind.CHANGED),
        ("backordered", AnswerKind.BACKORDERED),
        ("reject", AnswerKind.REJECTED),
        ("unknown", None),
        ("requestToPay", None),
    ],
)
def test_every_status_of_the_standard_has_its_meaning(code: str, kind: AnswerKind | None) -> None:
    (said,) = read_one(confirmation(item(status(code)))).lines[0].dispositions
    assert (said.kind, said.raw_codes) == (kind, (code,))
    assert said.quantity is not None
    assert (said.quantity.value, said.quantity.unit) == (Decimal(20), "BX")


def test_several_statuses_are_parts_of_one_line_and_leave_a_remainder() -> None:
    parts = status("accept", "12", dates='deliveryDate="2026-11-27T09:00:00-06:00"') + status("backordered", "5")
    reading = read_one(confirmation(item(parts)))
    (line,) = reading.lines
    assert [(said.kind, said.quantity and said.quantity.value) for said in line.dispositions] == [
        (AnswerKind.ACCEPTED, Decimal(12)),
        (AnswerKind.BACKORDERED, Decimal(5)),
    ]
    assert line.dispositions[0].promised_on == date(2026, 11, 27)
    assert line.remaining is not None
    assert (line.remaining.value, line.remaining.unit) == (Decimal(3), "BX")
    assert [part.quantity.value for part in placed(reading).lines[0].parts] == [Decimal(12), Decimal(5)]


def test_statuses_for_more_than_was_ordered_are_pointed_out() -> None:
    reading = read_one(confirmation(item(status("accept", "21"))))
    assert [finding.position for finding in reading.findings] == [
        "/cXML/Request/ConfirmationRequest/ConfirmationItem/@quantity"
    ]
    assert reading.lines[0].remaining is None


def test_a_changed_price_and_date_are_the_suppliers_own_words() -> None:
    inside = '<UnitPrice><Money currency="USD">1.25</Money></UnitPrice><Comments>New list price</Comments>'
    dates = 'shipmentDate="2026-11-25" deliveryDate="2026-11-28"'
    (line,) = read_one(confirmation(item(status("detail", inside=inside, dates=dates)))).lines
    (said,) = line.dispositions
    assert (said.kind, said.unit_price, said.promised_on) == (AnswerKind.CHANGED, Decimal("1.25"), date(2026, 11, 28))
    assert said.reason == "New list price"
    assert {one.meaning: one.on for one in line.dates} == {
        "scheduled ship": date(2026, 11, 25),
        "promised delivery": date(2026, 11, 28),
    }


def test_a_price_for_a_hundred_is_told_as_the_price_of_one() -> None:
    inside = """<ItemIn quantity="20"><ItemID><SupplierPartID>M-GLV-M</SupplierPartID></ItemID><ItemDetail>
      <UnitPrice><Money currency="USD">125</Money></UnitPrice><UnitOfMeasure>BX</UnitOfMeasure>
      <PriceBasisQuantity quantity="100" conversionFactor="1"><UnitOfMeasure>BX</UnitOfMeasure></PriceBasisQuantity>
      </ItemDetail></ItemIn>"""
    (said,) = read_one(confirmation(item(status("allDetail", inside=inside)))).lines[0].dispositions
    assert said.unit_price == Decimal("1.25")


def test_another_item_is_a_substitute_with_its_number() -> None:
    reading = read_one(confirmation(item(status("detail", inside=item_in("M-GLV-XL")))))
    (said,) = reading.lines[0].dispositions
    assert (said.kind, said.item, said.unit_price) == (AnswerKind.SUBSTITUTED, "M-GLV-XL", Decimal("1.10"))
    assert placed(reading).lines[0].parts[0].kind is AnswerKind.SUBSTITUTED


@pytest.mark.parametrize(("code", "kind"), [("detail", AnswerKind.CHANGED), ("accept", AnswerKind.ACCEPTED)])
def test_an_item_repeated_as_it_was_ordered_is_no_substitute(code: str, kind: AnswerKind) -> None:
    reading = read_one(confirmation(item(status(code, inside=item_in("M-GLV-M", price="1.20")))))
    (part,) = placed(reading).lines[0].parts
    assert (part.kind, part.item, part.unit_price) == (kind, None, Decimal("1.20"))


@pytest.mark.parametrize("code", ["accept", "allDetail"])
def test_an_item_slipped_in_under_an_acceptance_is_a_substitute_all_the_same(code: str) -> None:
    reading = read_one(confirmation(item(status(code, inside=item_in("M-GLV-XL"))), kind="allDetail"))
    (part,) = placed(reading).lines[0].parts
    assert (part.kind, part.item) == (AnswerKind.SUBSTITUTED, "M-GLV-XL")


def test_what_comes_instead_counts_in_its_own_quantity_and_unit() -> None:
    inside = item_in("M-GLV-M", quantity="200", unit="EA", price="0.11")
    (said,) = read_one(confirmation(item(status("detail", inside=inside)))).lines[0].dispositions
    assert said.quantity is not None
    assert (said.quantity.value, said.quantity.unit, said.unit_price) == (Decimal(200), "EA", Decimal("0.11"))


@pytest.mark.parametrize(("above", "below"), [("BX", ""), ("", "BX")])
def test_a_unit_of_measure_in_one_of_its_two_places_is_enough(above: str, below: str) -> None:
    (line,) = read_one(confirmation(item(status("accept", unit=below), unit=above))).lines
    assert line.ordered is not None
    assert line.dispositions[0].quantity is not None
    assert (line.ordered.unit, line.dispositions[0].quantity.unit) == ("BX", "BX")


@pytest.mark.parametrize(
    ("written", "unit"), [("XBX", "BX"), ("XCS", "CA"), ("CA", "CA"), ("DZN", "DZ"), ("H87", "PC"), ("ea", "EA")]
)
def test_units_of_both_code_lists_are_understood(written: str, unit: str) -> None:
    (line,) = read_one(confirmation(item(status("accept", unit=written), unit=written))).lines
    assert line.ordered is not None
    assert (line.ordered.unit, line.ordered.raw_unit) == (unit, written)


def test_the_profile_says_what_a_partners_own_unit_means() -> None:
    body = confirmation(item(status("accept", unit="CASE"), unit="CASE"))
    unknown = read_one(body)
    assert unknown.lines[0].ordered is not None
    assert (unknown.lines[0].ordered.unit, unknown.lines[0].ordered.raw_unit) == (None, "CASE")
    assert {finding.code for finding in unknown.findings} == {"unit"}
    known = read_one(body, OPTIONS.model_copy(update={"units": {"CASE": "CA"}}))
    assert known.lines[0].ordered is not None
    assert known.lines[0].ordered.unit == "CA"


def test_a_replaced_order_is_put_to_a_person() -> None:
    reading = read_one(confirmation(item(status("detail", inside=item_in("M-GLV-M"))), kind="replace"))
    assert (reading.purpose, reading.raw_type) == ("replacement", "replace")
    with pytest.raises(BadDocumentError, match="never applied by itself"):
        placed(reading)


def test_a_request_to_pay_answers_nothing() -> None:
    with pytest.raises(NothingToTellError):
        placed(read_one(confirmation("", kind="requestToPay")))
    with pytest.raises(BadDocumentError, match="neither accepts nor refuses"):
        placed(read_one(confirmation(item(status("requestToPay")), kind="requestToPay")))


def test_an_update_says_that_it_changes_an_earlier_confirmation() -> None:
    body = confirmation("", kind="accept", header='operation="update"', more='<DocumentReference payloadID="a@b"/>')
    reading = read_one(body)
    assert reading.purpose == "change"
    assert {(one.meaning, one.value) for one in reading.references} >= {("earlier message", "a@b")}


@pytest.mark.parametrize("kind", ["", "maybe"])
def test_a_type_nobody_knows_makes_the_confirmation_unusable(kind: str) -> None:
    reading = read_one(confirmation("", kind=kind))
    assert not reading.is_usable
    assert reading.findings[0].position == "/cXML/Request/ConfirmationRequest/ConfirmationHeader/@type"


def test_a_status_nobody_knows_is_kept_and_decided_by_a_person() -> None:
    reading = read_one(confirmation(item(status("perhaps"))))
    assert reading.lines[0].dispositions[0].raw_codes == ("perhaps",)
    assert not reading.is_usable


def test_tax_shipping_and_total_of_a_confirmation_are_read() -> None:
    more = """<Total><Money currency="USD">29.50</Money></Total>
      <Shipping><Money currency="USD">5.00</Money><Description xml:lang="en">Ground</Description></Shipping>
      <Tax><Money currency="USD">2.50</Money><Description xml:lang="en">Sales</Description></Tax>
      <Comments xml:lang="en">Thank you</Comments>"""
    reading = read_one(confirmation("", kind="accept", header='invoiceID="I-7"', more=more))
    assert (reading.totals.gross, reading.totals.tax, reading.currency) == (Decimal("29.50"), Decimal("2.50"), "USD")
    assert [(charge.kind, charge.amount) for charge in reading.charges] == [("freight", Decimal("5.00"))]
    assert reading.notes == ("Thank you",)
    assert ("invoice", "I-7") in {(one.meaning, one.value) for one in reading.references}


def test_an_order_known_by_our_own_message_alone_is_found() -> None:
    reference = (
        '<OrderReference><DocumentReference payloadID="PO%2F7%20B.0123456789abcdef@supplyline"/></OrderReference>'
    )
    body = message(f'<ConfirmationRequest><ConfirmationHeader type="accept"/>{reference}</ConfirmationRequest>')
    reading = read_one(body)
    assert reading.po_number == "PO/7 B"
    assert reading.issued_at == datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_an_order_known_by_somebody_elses_message_alone_is_not_guessed() -> None:
    reference = '<OrderReference><DocumentReference payloadID="1764.55@hub.example"/></OrderReference>'
    reading = read_one(
        message(f'<ConfirmationRequest><ConfirmationHeader type="accept"/>{reference}</ConfirmationRequest>')
    )
    assert reading.po_number is None
    assert [(one.meaning, one.value) for one in reading.references] == [("order message", "1764.55@hub.example")]


@pytest.mark.parametrize("written", ["1,000", "1,000.00"])
def test_thousands_separators_are_read_and_pointed_out(written: str) -> None:
    reading = read_one(confirmation(item(status("accept", "1000"), ordered=written)))
    assert reading.lines[0].ordered is not None
    assert reading.lines[0].ordered.value == Decimal(1000)
    assert [finding.code for finding in reading.findings] == ["number"]
    assert reading.is_usable


@pytest.mark.parametrize("written", ["1.000,00", "12,5", "twelve", "١٢", "１２", "1e99", "NaN", "Infinity", "--1"])  # noqa: RUF001
def test_what_is_no_plain_number_is_an_error_and_never_quoted(written: str) -> None:
    reading = read_one(confirmation(item(status("accept"), ordered=written)))
    assert not reading.is_usable
    assert all(written not in str(finding) for finding in reading.findings)


@pytest.mark.parametrize("written", ["31.12.2026", "2026-02-30", "0021-02-01", "2026-W01-1", "２０２６-11-20"])  # noqa: RUF001
def test_what_is_no_date_is_left_out_with_a_finding(written: str) -> None:
    reading = read_one(confirmation(item(status("accept", dates=f'deliveryDate="{written}"'))))
    assert reading.lines[0].dispositions[0].promised_on is None
    assert [finding.code for finding in reading.findings] == ["date"]
    assert reading.is_usable


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-28T09:30:00", datetime(2026, 11, 28, 9, 30)),  # noqa: DTZ001 - without an offset, as it was written
        ("2026-11-28 09:30", datetime(2026, 11, 28, 9, 30)),  # noqa: DTZ001
        ("2026-11-28T09:30:00.123Z", datetime(2026, 11, 28, 9, 30, 0, 123000, tzinfo=UTC)),
        ("2026-11-28T09:30:00+0530", datetime(2026, 11, 28, 4, 0, tzinfo=UTC)),
        ("20261128T093000-06", datetime(2026, 11, 28, 15, 30, tzinfo=UTC)),
    ],
)
def test_moments_keep_the_offset_they_were_written_with(written: str, moment: datetime) -> None:
    reading = read_one(confirmation(item(status("accept", dates=f'deliveryDate="{written}"'))))
    (named,) = reading.lines[0].dates
    assert (named.at, named.on) == (moment, date(2026, 11, 28))


def test_a_test_message_changes_nothing_in_production() -> None:
    reference = '<OrderReference orderID="PO-000001"/>'
    content = f'<ConfirmationRequest><ConfirmationHeader type="accept"/>{reference}</ConfirmationRequest>'
    reading = read_one(message(content, attributes='deploymentMode="test"'))
    assert reading.details["usage"] == "T"
    with pytest.raises(BadDocumentError, match="deploymentMode: is marked as a test"):
        placed(reading)
    trial = CONVENTIONS.model_copy(update={"is_production": False})
    assert place(reading, an_order(an_order_line()), trial)


def test_statuses_that_add_up_leave_nothing() -> None:
    (line,) = read_one(confirmation(item(status("accept", "12") + status("reject", "8")))).lines
    assert line.remaining is None
