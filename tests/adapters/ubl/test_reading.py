"""What UBL documents say, read from documents of our own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.documents.reading import Disposition, DocumentKind, IdentifierKind, Reading
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from domain.acknowledgement import AnswerKind
from tests.adapters.ubl.documents import (
    DESPATCH_ADVICE,
    RECEIPT_ADVICE,
    credit_note,
    document,
    invoice,
    order_response,
    response_line,
)

QUANTITY = '<cbc:Quantity unitCode="XBX">{}</cbc:Quantity>'
PRICE = '<cac:Price><cbc:PriceAmount currencyID="EUR">{}</cbc:PriceAmount></cac:Price>'


def the(body: bytes, options: UblOptions | None = None) -> Reading:
    [reading] = read(body, options or UblOptions())
    return reading


def codes(reading: Reading, severity: str = "error") -> set[str]:
    return {finding.code for finding in reading.findings if finding.severity == severity}


def said(disposition: Disposition) -> tuple[AnswerKind | None, Decimal | None]:
    return disposition.kind, disposition.quantity.value if disposition.quantity else None


def test_an_answer_names_its_order_its_sender_and_its_moment() -> None:
    reading = the(order_response("AP"))
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.ORDER_ACKNOWLEDGEMENT, "R-1", "PO-4711")
    assert reading.message_id == "OrderResponse R-1"
    assert reading.sender is not None
    assert (reading.sender.scheme, reading.sender.id, reading.sender.name) == ("0088", "7300010000001", "North")
    assert reading.receiver is not None
    assert reading.receiver.id == "987654325"
    assert reading.issued_at is not None
    assert reading.issued_at.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("AP", AnswerKind.ACCEPTED),
        ("RE", AnswerKind.REJECTED),
        ("AB", None),
        ("29", AnswerKind.ACCEPTED),
        ("27", AnswerKind.REJECTED),
    ],
)
def test_an_answer_without_lines_is_about_the_whole_order(code: str, whole: AnswerKind | None) -> None:
    reading = the(order_response(code))
    assert (reading.whole_answer, reading.raw_type, reading.is_usable) == (whole, code, True)


def test_an_answer_with_amendments_implies_nothing_of_lines_it_does_not_list() -> None:
    reading = the(order_response("CA", response_line(1, "5", QUANTITY.format(6))))
    assert reading.whole_answer is None
    assert reading.is_usable


@pytest.mark.parametrize(
    ("status", "kind", "change"),
    [
        ("1", AnswerKind.CHANGED, "add"),
        ("3", AnswerKind.CHANGED, "change"),
        ("5", AnswerKind.ACCEPTED, "none"),
        ("7", AnswerKind.REJECTED, "delete"),
        ("42", AnswerKind.ACCEPTED, "none"),
        ("29", AnswerKind.ACCEPTED, "none"),
        ("Disputed", AnswerKind.ON_HOLD, None),
    ],
)
def test_every_line_status_has_its_meaning(status: str, kind: AnswerKind, change: str | None) -> None:
    [line] = the(order_response("CA", response_line(1, status, QUANTITY.format(6)))).lines
    assert [one.kind for one in line.dispositions] == [kind]
    assert (line.change, line.dispositions[0].raw_codes) == (change, (status,))


def test_a_status_that_is_none_is_an_error_and_means_nothing() -> None:
    reading = the(order_response("CA", response_line(1, "99")))
    assert codes(reading) == {"PEPPOL-T76-CL"}
    assert reading.lines[0].dispositions[0].kind is None
    assert reading.findings[0].position == "/OrderResponse/cac:OrderLine/cac:LineItem/cbc:LineStatusCode"


@pytest.mark.parametrize("code", ["AP", "RE", "AB"])
def test_an_answer_to_the_whole_order_has_no_lines_that_say_something_else(code: str) -> None:
    expected = {"AP": "PEPPOL-T76-R008", "RE": "PEPPOL-T76-R009", "AB": "PEPPOL-T76-R010"}[code]
    assert codes(the(order_response(code, response_line(1, "3", QUANTITY.format(6))))) == {expected}


def test_lines_that_repeat_what_the_header_says_are_superfluous_only() -> None:
    reading = the(order_response("AP", response_line(1, "5", QUANTITY.format(6))))
    assert (codes(reading), codes(reading, "warning")) == (set(), {"PEPPOL-T76-R008"})


def test_an_answer_with_amendments_needs_lines() -> None:
    assert codes(the(order_response("CA"))) == {"PEPPOL-T76-R007"}


def test_an_unknown_answer_code_is_never_guessed() -> None:
    reading = the(order_response("ZZ"))
    assert (codes(reading), reading.whole_answer) == ({"PEPPOL-T76-CL"}, None)


def test_a_silent_line_is_asked_about_unless_the_profile_says_what_it_means() -> None:
    body = order_response("CA", response_line(1, "", QUANTITY.format(6)))
    assert the(body).lines[0].dispositions[0].kind is None
    assert codes(the(body), "warning") == {"LineStatusCode"}
    told = the(body, UblOptions(lines_without_status=AnswerKind.ACCEPTED))
    assert told.lines[0].dispositions[0].kind is AnswerKind.ACCEPTED


def test_what_comes_later_is_a_part_of_its_own() -> None:
    content = QUANTITY.format(6) + "<cbc:MaximumBackorderQuantity>4</cbc:MaximumBackorderQuantity>"
    [line] = the(order_response("CA", response_line(1, "3", content))).lines
    assert [said(one) for one in line.dispositions] == [
        (AnswerKind.CHANGED, Decimal(6)),
        (AnswerKind.BACKORDERED, Decimal(4)),
    ]
    assert [one.quantity.unit for one in line.dispositions if one.quantity] == ["BX", "BX"]


def test_a_backorder_of_zero_says_that_the_rest_never_comes() -> None:
    content = QUANTITY.format(6) + '<cbc:MaximumBackorderQuantity unitCode="XBX">0</cbc:MaximumBackorderQuantity>'
    [line] = the(order_response("CA", response_line(1, "3", content))).lines
    assert [said(one) for one in line.dispositions] == [(AnswerKind.CHANGED, Decimal(6))]
    assert line.dispositions[0].reason == "the rest will not be delivered"


def test_several_lines_may_answer_one_line_of_the_order() -> None:
    lines = (response_line(1, "5", QUANTITY.format(6), of=3), response_line(2, "3", QUANTITY.format(4), of=3))
    assert [(line.number, line.order_line) for line in the(order_response("CA", *lines)).lines] == [
        ("1", "3"),
        ("2", "3"),
    ]


def test_a_substitute_is_named_by_the_sellers_number() -> None:
    beside = """<cac:SellerSubstitutedLineItem><cbc:ID>1</cbc:ID><cac:Item><cbc:Name>Other glove</cbc:Name>
        <cac:SellersItemIdentification><cbc:ID>G-2</cbc:ID></cac:SellersItemIdentification></cac:Item>
        </cac:SellerSubstitutedLineItem>"""
    [line] = the(order_response("CA", response_line(1, "3", QUANTITY.format(6), beside=beside))).lines
    assert (line.dispositions[0].kind, line.dispositions[0].item) == (AnswerKind.SUBSTITUTED, "G-2")


def test_promised_days_split_a_line_where_their_quantities_add_up() -> None:
    period = "<cac:PromisedDeliveryPeriod><cbc:EndDate>2026-11-{}</cbc:EndDate></cac:PromisedDeliveryPeriod>"
    delivery = '<cac:Delivery><cbc:Quantity unitCode="XBX">{}</cbc:Quantity>{}</cac:Delivery>'
    deliveries = delivery.format(4, period.format(10)) + delivery.format(2, period.format(20))
    [line] = the(order_response("CA", response_line(1, "3", QUANTITY.format(6) + deliveries))).lines
    assert [(said(one)[1], one.promised_on) for one in line.dispositions] == [
        (Decimal(4), date(2026, 11, 10)),
        (Decimal(2), date(2026, 11, 20)),
    ]


def test_a_promise_of_the_header_is_one_of_every_line() -> None:
    header = """<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:StartDate>2026-11-10</cbc:StartDate>
        <cbc:EndDate>2026-11-12</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>"""
    reading = the(order_response("CA", response_line(1, "5", QUANTITY.format(6)), header=header))
    assert reading.lines[0].dispositions[0].promised_on == date(2026, 11, 12)
    assert [(named.meaning, named.on) for named in reading.dates] == [("promised delivery", date(2026, 11, 12))]


def test_the_price_of_an_answer_is_for_one() -> None:
    base = '</cbc:PriceAmount><cbc:BaseQuantity unitCode="XBX">10</cbc:BaseQuantity></cac:Price>'
    content = QUANTITY.format(6) + PRICE.format("12.50").replace("</cbc:PriceAmount></cac:Price>", base)
    [line] = the(order_response("CA", response_line(1, "3", content))).lines
    assert (line.unit_price, line.price_quantity) == (Decimal("12.50"), Decimal(10))
    assert line.dispositions[0].unit_price == Decimal("1.25")


def test_a_simple_answer_is_yes_or_no() -> None:
    content = "<cbc:ID>R-2</cbc:ID><cbc:AcceptedIndicator>{}</cbc:AcceptedIndicator>"
    assert the(document("OrderResponseSimple", content.format("true"))).whole_answer is AnswerKind.ACCEPTED
    assert the(document("OrderResponseSimple", content.format("0"))).whole_answer is AnswerKind.REJECTED
    assert codes(the(document("OrderResponseSimple", content.format("maybe")))) == {"AcceptedIndicator"}


def test_a_despatch_advice_says_what_comes_when_and_in_what() -> None:
    reading = the(DESPATCH_ADVICE)
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.SHIP_NOTICE, "D-1", "PO-4711")
    assert (reading.carrier, reading.tracking) == ("Fast Freight", ("T-9",))
    assert reading.packages == ("373000100000000019",)
    assert {named.meaning: named.on for named in reading.dates} == {
        "estimated delivery": date(2026, 11, 6),
        "shipped": date(2026, 11, 3),
    }
    assert next(one.at for one in reading.dates if one.meaning == "shipped") == datetime(2026, 11, 3, 17)  # noqa: DTZ001
    assert reading.is_usable


def test_a_despatched_line_has_its_lot_its_expiry_and_its_rest() -> None:
    line = the(DESPATCH_ADVICE).lines[0]
    assert line.quantity is not None
    assert (line.order_line, line.quantity.value, line.quantity.unit) == ("3", Decimal(8), "BX")
    assert line.remaining is not None
    assert line.remaining.value == Decimal(2)
    [lot] = line.lots
    assert (lot.lot, lot.expires_on, lot.made_on) == ("L77", date(2028, 12, 31), date(2026, 1, 2))
    assert lot.quantity == line.quantity
    assert {(one.kind, one.normalised) for one in line.identifiers} == {
        (IdentifierKind.SUPPLIER_ITEM, "ST-9"),
        (IdentifierKind.GTIN, "04006381333931"),
    }
    assert "out of stock" in line.notes


def test_serial_numbers_are_one_each() -> None:
    line = the(DESPATCH_ADVICE).lines[1]
    assert [(lot.serial, lot.quantity.value if lot.quantity else None) for lot in line.lots] == [
        ("SN1", Decimal(1)),
        ("SN2", Decimal(1)),
    ]


def test_a_despatched_line_without_a_quantity_is_an_error_at_its_place() -> None:
    body = DESPATCH_ADVICE.replace(b'<cbc:DeliveredQuantity unitCode="EA">2</cbc:DeliveredQuantity>', b"")
    [finding] = [found for found in the(body).findings if found.severity == "error"]
    assert finding.position == "/DespatchAdvice/cac:DespatchLine[2]/cbc:DeliveredQuantity"


def test_a_receipt_advice_says_what_arrived_was_refused_and_is_short() -> None:
    reading = the(RECEIPT_ADVICE)
    [line] = reading.lines
    assert reading.kind is DocumentKind.GOODS_RECEIPT
    assert line.quantity is not None
    assert line.rejected is not None
    assert line.remaining is not None
    assert (line.quantity.value, line.rejected.value, line.remaining.value) == (Decimal(8), Decimal(2), Decimal(1))
    assert (line.raw_codes, line.notes) == (("DAM",), ("torn",))
    assert reading.dates[0].meaning == "received"
    assert reading.dates[0].on == date(2026, 11, 6)
    assert ("ship notice", "D-1") in {(one.meaning, one.value) for one in reading.references}


def test_what_was_rejected_may_be_inside_what_was_received() -> None:
    [line] = the(RECEIPT_ADVICE, UblOptions(received_includes_rejected=True)).lines
    assert line.quantity is not None
    assert line.quantity.value == Decimal(6)


def test_an_invoice_says_what_is_billed_for_which_order_and_when_it_is_due() -> None:
    reading = the(invoice())
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.SUPPLIER_INVOICE, "INV-1", "PO-4711")
    assert (reading.currency, reading.issued_on) == ("EUR", date(2026, 11, 8))
    assert next(one.on for one in reading.dates if one.meaning == "due") == date(2026, 12, 8)
    assert {(one.meaning, one.value) for one in reading.references} >= {("contract", "K-5"), ("ship notice", "D-1")}
    assert reading.findings == ()


def test_an_invoice_says_its_money_exactly() -> None:
    reading = the(invoice())
    totals = reading.totals
    assert (totals.lines, totals.charges, totals.allowances) == (Decimal(200), Decimal(10), Decimal(5))
    assert (totals.net, totals.tax, totals.gross) == (Decimal(205), Decimal("38.95"), Decimal("243.95"))
    assert (totals.prepaid, totals.rounding, totals.payable) == (Decimal("43.96"), Decimal("0.01"), Decimal(200))
    assert [(one.kind, one.amount) for one in reading.charges] == [("freight", Decimal(10)), ("Loyalty", Decimal(-5))]
    [tax] = reading.taxes
    assert (tax.kind, tax.percent, tax.taxable, tax.amount) == ("VAT S", Decimal(19), Decimal(205), Decimal("38.95"))


def test_a_billed_line_has_its_price_for_a_quantity_and_its_allowance() -> None:
    line = the(invoice()).lines[0]
    assert (line.unit_price, line.price_quantity, line.price_unit) == (Decimal(125), Decimal(10), "XBX")
    assert (line.amount, [one.amount for one in line.charges]) == (Decimal(98), [Decimal(-2)])
    assert line.order_line == "3"


def test_a_credit_note_is_positive_and_names_the_invoice() -> None:
    reading = the(credit_note())
    assert (reading.kind, reading.number, reading.totals.payable) == (DocumentKind.CREDIT_NOTE, "CN-1", Decimal(200))
    assert ("original invoice", "INV-1") in {(one.meaning, one.value) for one in reading.references}
    assert reading.findings == ()


def test_an_invoice_of_a_credit_type_is_a_credit_note() -> None:
    reading = the(invoice((">380<", ">381<")))
    assert (reading.kind, reading.raw_type) == (DocumentKind.CREDIT_NOTE, "381")


def test_a_credit_note_below_zero_is_refused() -> None:
    payable = '<cbc:PayableAmount currencyID="EUR">'
    assert "sign" in codes(the(credit_note((f"{payable}200.00", f"{payable}-200.00"))))


def test_a_pro_forma_is_never_paid() -> None:
    assert codes(the(invoice((">380<", ">325<")))) == {"pro forma"}


def test_a_charge_indicator_may_be_one_or_zero() -> None:
    reading = the(invoice(("<cbc:ChargeIndicator>true<", "<cbc:ChargeIndicator>1<")))
    assert [one.amount for one in reading.charges] == [Decimal(10), Decimal(-5)]
    assert reading.is_usable


def test_a_charge_indicator_that_says_neither_is_an_error() -> None:
    body = invoice(("<cbc:ChargeIndicator>true<", "<cbc:ChargeIndicator>perhaps<"))
    assert "ChargeIndicator" in codes(the(body))


def test_an_unknown_unit_stays_as_written_with_a_warning() -> None:
    reading = the(invoice(('"XBX"', '"QQ9"')))
    quantity = reading.lines[0].quantity
    assert quantity is not None
    assert (quantity.unit, quantity.raw_unit) == (None, "QQ9")
    assert "unit" in codes(reading, "warning")
    assert reading.is_usable


def test_a_profile_may_say_what_a_unit_means() -> None:
    quantity = the(invoice(('"XBX"', '"QQ9"')), UblOptions(units={"QQ9": "CA"})).lines[0].quantity
    assert quantity is not None
    assert (quantity.unit, quantity.raw_unit) == ("CA", "QQ9")


@pytest.mark.parametrize(
    "written", ["1,5", "1e3", "٣", "NaN", "Infinity", "0x10", "9" * 40, "1000000000000000", "1 000"]
)
def test_what_is_no_decimal_is_an_error_that_does_not_repeat_it(written: str) -> None:
    reading = the(invoice(('currencyID="EUR">98.00', f'currencyID="EUR">{written}')))
    finding = next(found for found in reading.findings if found.code == "number")
    assert (finding.severity, finding.position) == ("error", "/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount")
    assert written not in str(finding)


def test_a_day_that_does_not_exist_is_a_warning() -> None:
    reading = the(invoice(("2026-12-08", "2026-02-30")))
    assert "date" in codes(reading, "warning")
    assert all(one.meaning != "due" for one in reading.dates)


def test_a_day_may_have_an_offset() -> None:
    reading = the(invoice(("2026-12-08", "2026-12-08Z"), ("2026-11-08", "2026-11-08+01:00")))
    assert (reading.issued_on, reading.dates[0].on) == (date(2026, 11, 8), date(2026, 12, 8))


def test_tax_told_in_a_second_currency_is_not_added() -> None:
    second = (
        '<cac:TaxTotal><cbc:TaxAmount currencyID="SEK">400.00</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'
    )
    currency = "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>SEK</cbc:TaxCurrencyCode>"
    reading = the(invoice(("<cac:LegalMonetaryTotal>", second), ("</cbc:DocumentCurrencyCode>", currency)))
    assert (reading.totals.tax, reading.findings) == (Decimal("38.95"), ())


def test_documents_in_an_envelope_are_read_each_by_itself() -> None:
    inner = invoice().split(b"?>", 1)[1]
    envelope = b'<s:StandardBusinessDocument xmlns:s="urn:sbdh">' + inner + inner + b"</s:StandardBusinessDocument>"
    first, second = read(envelope, UblOptions())
    assert first == second == the(invoice())


def test_a_response_to_an_invoice_is_kept_with_what_it_says() -> None:
    reading = the(
        document(
            "ApplicationResponse",
            """<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:invoice_response:3</cbc:CustomizationID>
            <cbc:ID>A-1</cbc:ID><cac:SenderParty><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>
            </cac:SenderParty><cac:DocumentResponse><cac:Response><cbc:ResponseCode>RE</cbc:ResponseCode><cac:Status>
            <cbc:StatusReasonCode>PRI</cbc:StatusReasonCode><cbc:StatusReason>price too high</cbc:StatusReason>
            </cac:Status></cac:Response><cac:DocumentReference><cbc:ID>INV-1</cbc:ID>
            <cbc:DocumentTypeCode>380</cbc:DocumentTypeCode></cac:DocumentReference></cac:DocumentResponse>""",
        )
    )
    assert (reading.kind, reading.raw_type, reading.notes) == (DocumentKind.UNKNOWN, "RE", ("PRI: price too high",))
    assert [(one.raw, one.value) for one in reading.references] == [("380", "INV-1")]
    assert reading.sender is not None
    assert reading.sender.id == "7300010000001"


def test_a_message_level_response_is_a_functional_acknowledgement() -> None:
    content = "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:mlr:3</cbc:CustomizationID><cbc:ID>A-2</cbc:ID>"
    assert the(document("ApplicationResponse", content)).kind is DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT


def test_a_catalogue_is_a_price_list() -> None:
    reading = the(
        document(
            "Catalogue",
            """<cbc:ID>K-1</cbc:ID><cac:CatalogueLine><cbc:ID>1</cbc:ID><cbc:ActionCode>Add</cbc:ActionCode>
            <cac:RequiredItemLocationQuantity><cac:Price><cbc:PriceAmount currencyID="EUR">4.20</cbc:PriceAmount>
            </cac:Price></cac:RequiredItemLocationQuantity><cac:Item><cbc:Name>Glove</cbc:Name></cac:Item>
            </cac:CatalogueLine>""",
        )
    )
    assert (reading.kind, reading.lines[0].unit_price, reading.lines[0].change) == (
        DocumentKind.PRICE_CATALOGUE,
        Decimal("4.20"),
        "Add",
    )


def test_a_document_we_do_not_process_is_kept() -> None:
    reading = the(document("Statement", "<cbc:ID>S-1</cbc:ID>"))
    assert (reading.kind, reading.number, codes(reading, "warning")) == (DocumentKind.UNKNOWN, "S-1", {"document"})


def test_a_moment_in_utc_is_one() -> None:
    content = "<cbc:ID>1</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:IssueTime>08:30:00Z</cbc:IssueTime>"
    assert the(document("Statement", content)).issued_at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def test_who_sends_is_who_has_an_endpoint() -> None:
    name = "<cac:Party><cac:PartyName><cbc:Name>South</cbc:Name></cac:PartyName></cac:Party>"
    seller = f"<cac:SellerSupplierParty>{name}</cac:SellerSupplierParty>"
    body = DESPATCH_ADVICE.replace(b"<cac:Shipment><cbc:ID>S-1", seller.encode() + b"<cac:Shipment><cbc:ID>S-1")
    reading = the(body)
    assert reading.sender is not None
    assert (reading.sender.id, reading.sender.name) == ("7300010000001", "North")
    assert {(party.role, party.name) for party in reading.parties} >= {("supplier", "South"), ("ship from", "North")}


def test_goods_were_received_when_the_last_of_them_were() -> None:
    line = RECEIPT_ADVICE[RECEIPT_ADVICE.index(b"<cac:ReceiptLine>") : RECEIPT_ADVICE.index(b"</ReceiptAdvice>")]
    later = line.replace(b"2026-11-06", b"2026-11-09")
    reading = the(RECEIPT_ADVICE.replace(line, line + later + line))
    assert [named.on for named in reading.dates if named.meaning == "received"] == [date(2026, 11, 9)]


def test_lines_under_an_older_code_of_the_header_count_by_themselves() -> None:
    reading = the(order_response("27", response_line(1, "3", QUANTITY.format(6)), response_line(2, "27")))
    assert (reading.whole_answer, reading.is_usable) == (None, True)
    assert [line.dispositions[0].kind for line in reading.lines] == [AnswerKind.CHANGED, AnswerKind.REJECTED]


def test_lines_about_several_orders_leave_the_document_without_one() -> None:
    order = "<cac:OrderReference><cbc:ID>PO-{}</cbc:ID></cac:OrderReference></cac:OrderLineReference>"
    pieces = DESPATCH_ADVICE.decode().split("</cac:OrderLineReference>")
    reading = the((pieces[0] + order.format(1) + pieces[1] + order.format(2) + pieces[2]).encode())
    assert (reading.po_number, [line.po_number for line in reading.lines]) == (None, ["PO-1", "PO-2"])
