"""What suppliers bill in cXML: lines and summaries, credits, charges counted once, totals that add up or do not."""

from datetime import date
from decimal import Decimal
from itertools import chain

import pytest

from adapters.bad_document import BadDocumentError
from adapters.documents.conventions import Conventions
from adapters.documents.placing import place
from adapters.documents.reading import DocumentKind, Reading
from domain.invoice import CreditNote, SupplierInvoice
from tests.adapters.cxml.documents import cash, invoice, money, read_one
from tests.builders import an_order, an_order_line

CONVENTIONS = Conventions(supplier="MEDL")


def order(items: str, *, number: str = "PO-000001", tag: str = "InvoiceDetailOrder") -> str:
    reference = f'<OrderReference orderID="{number}"><DocumentReference payloadID="a@b"/></OrderReference>'
    return f"<{tag}><InvoiceDetailOrderInfo>{reference}</InvoiceDetailOrderInfo>{items}</{tag}>"


def item(
    inside: str = "", *, number: int = 1, quantity: str = "20", price: str = "1.10", subtotal: str = "22.00"
) -> str:
    return f"""<InvoiceDetailItem invoiceLineNumber="{number}" quantity="{quantity}">
      <UnitOfMeasure>BX</UnitOfMeasure>{money("UnitPrice", price)}
      <InvoiceDetailItemReference lineNumber="{number}"><ItemID><SupplierPartID>M-GLV-M</SupplierPartID></ItemID>
        <Description xml:lang="en">Gloves</Description></InvoiceDetailItemReference>
      {money("SubtotalAmount", subtotal)}{inside}</InvoiceDetailItem>"""


def summary(net: str = "22.00", *, subtotal: str = "22.00", more: str = "", tax: str = "0") -> str:
    taxed = f'<Tax><Money currency="USD">{tax}</Money><Description xml:lang="en">Tax</Description></Tax>'
    return f"{money('SubtotalAmount', subtotal)}{taxed}{more}{money('NetAmount', net)}"


def placed(reading: Reading) -> SupplierInvoice | CreditNote:
    document = place(reading, an_order(an_order_line()), CONVENTIONS)
    assert isinstance(document, SupplierInvoice | CreditNote)
    return document


def added_up(document: SupplierInvoice | CreditNote) -> Decimal:
    amounts = chain((line.amount for line in document.lines), (one.amount for one in document.charges))
    return sum(amounts, start=document.tax)


def test_an_invoice_says_what_is_billed_for_which_order() -> None:
    reading = read_one(invoice(order(item()), summary()))
    assert (reading.kind, reading.number, reading.po_number) == (
        DocumentKind.SUPPLIER_INVOICE,
        "INV-1",
        "PO-000001",
    )
    assert (reading.issued_on, reading.issued_at, reading.currency) == (date(2026, 11, 22), None, "USD")
    (line,) = reading.lines
    assert (line.number, line.order_line, line.description) == ("1", "1", "Gloves")
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.unit) == (Decimal(20), "BX")
    assert (line.unit_price, line.amount, reading.totals.payable) == (Decimal("1.10"), Decimal(22), Decimal(22))
    assert not reading.findings
    assert placed(reading).total == Decimal(22)


@pytest.mark.parametrize("repeats", [True, False])
def test_shipping_and_handling_count_once_whether_or_not_the_summary_repeats_them(repeats: bool) -> None:
    inside = f"""<InvoiceDetailLineSpecialHandling>{cash("1.00")}</InvoiceDetailLineSpecialHandling>
      <InvoiceDetailLineShipping>{cash("5.00")}</InvoiceDetailLineShipping>"""
    totals = money("SpecialHandlingAmount", "1.00") + money("ShippingAmount", "5.00")
    reading = read_one(invoice(order(item(inside)), summary("30.31", more=totals if repeats else "", tax="2.31")))
    assert [(one.kind, one.amount, one.reason) for one in reading.charges] == [
        ("freight", Decimal("5.00"), "line 1"),
        ("handling", Decimal("1.00"), "line 1"),
    ]
    assert (reading.totals.tax, reading.totals.charges) == (Decimal("2.31"), Decimal("6.00"))
    assert not reading.findings
    assert added_up(placed(reading)) == placed(reading).total == Decimal("30.31")


def test_a_summary_that_adds_to_what_the_lines_name_is_read_as_it_adds_up() -> None:
    inside = f"<InvoiceDetailLineShipping>{money('X', '5.00')[3:-4]}</InvoiceDetailLineShipping>"
    reading = read_one(invoice(order(item(inside)), summary("34.00", more=money("ShippingAmount", "7.00"))))
    assert [one.amount for one in reading.charges] == [Decimal("5.00"), Decimal("7.00")]
    assert not reading.findings


def test_a_discount_of_a_line_lowers_its_price_and_counts_once() -> None:
    inside = f'<InvoiceDetailDiscount percentageRate="10">{cash("2.20")}</InvoiceDetailDiscount>'
    reading = read_one(invoice(order(item(inside)), summary("19.80", more=money("InvoiceDetailDiscount", "2.20"))))
    assert (reading.lines[0].amount, reading.charges) == (Decimal("19.80"), ())
    document = placed(reading)
    assert (document.lines[0].unit_price, document.total) == (Decimal("0.99"), Decimal("19.80"))


def test_a_discount_of_the_whole_invoice_stands_at_the_invoice() -> None:
    reading = read_one(invoice(order(item()), summary("20.00", more=money("InvoiceDetailDiscount", "2.00"))))
    assert [(one.kind, one.amount) for one in reading.charges] == [("discount", Decimal("-2.00"))]
    assert (reading.totals.allowances, added_up(placed(reading))) == (Decimal("2.00"), Decimal("20.00"))


def test_modifications_are_charges_and_allowances_by_name() -> None:
    modification = """<InvoiceHeaderModifications><Modification><AdditionalCost><Money currency="USD">3.00</Money>
      </AdditionalCost><ModificationDetail name="Fuel"><Description xml:lang="en">Surcharge</Description>
      </ModificationDetail></Modification><Modification><AdditionalDeduction><DeductionAmount>
      <Money currency="USD">1.00</Money></DeductionAmount></AdditionalDeduction></Modification>
      </InvoiceHeaderModifications>"""
    reading = read_one(invoice(order(item()), summary("24.00", more=modification)))
    assert [(one.kind, one.amount, one.reason) for one in reading.charges] == [
        ("fuel", Decimal("3.00"), "Surcharge"),
        ("allowance", Decimal("-1.00"), ""),
    ]
    assert not reading.findings


def test_taxes_keep_their_kind_rate_and_base() -> None:
    tax = """<Tax><Money currency="USD">2.00</Money><Description xml:lang="en">Tax</Description>
      <TaxDetail category="gst" percentageRate="5"><TaxableAmount><Money currency="USD">22.00</Money></TaxableAmount>
      <TaxAmount><Money currency="USD">1.10</Money></TaxAmount></TaxDetail>
      <TaxDetail category="pst" percentageRate="4.09"><TaxAmount><Money currency="USD">0.90</Money></TaxAmount>
      </TaxDetail></Tax>"""
    reading = read_one(invoice(order(item()), money("SubtotalAmount", "22.00") + tax + money("NetAmount", "24.00")))
    assert [(one.kind, one.percent, one.taxable, one.amount) for one in reading.taxes] == [
        ("gst", Decimal(5), Decimal("22.00"), Decimal("1.10")),
        ("pst", Decimal("4.09"), None, Decimal("0.90")),
    ]
    assert reading.totals.tax == Decimal("2.00")


def test_tax_named_in_lines_only_is_the_tax_of_the_invoice() -> None:
    inside = '<Tax><Money currency="USD">1.10</Money><Description xml:lang="en">Tax</Description></Tax>'
    body = invoice(order(item(inside)), money("SubtotalAmount", "22.00") + money("NetAmount", "23.10"))
    reading = read_one(body)
    assert (reading.totals.tax, reading.lines[0].taxes[0].amount) == (Decimal("1.10"), Decimal("1.10"))
    assert not reading.findings


@pytest.mark.parametrize("net", ['<NetAmount><Money currency="USD"/></NetAmount>', "<NetAmount/>", ""])
def test_an_empty_net_amount_is_added_up_from_the_rest_and_pointed_out(net: str) -> None:
    tax = '<Tax><Money currency="USD">1.10</Money><Description xml:lang="en">Tax</Description></Tax>'
    body = invoice(order(item()), money("SubtotalAmount", "22.00") + tax + money("ShippingAmount", "5.00") + net)
    reading = read_one(body)
    assert (reading.totals.payable, reading.totals.gross) == (None, Decimal("28.10"))
    assert [(finding.code, finding.severity.value) for finding in reading.findings] == [("total", "warning")]
    assert placed(reading).total == Decimal("28.10")


def test_a_total_that_does_not_add_up_is_kept_as_written_and_pointed_out() -> None:
    reading = read_one(invoice(order(item()), summary("25.00")))
    assert reading.totals.payable == Decimal("25.00")
    assert [finding.position for finding in reading.findings] == [
        "/cXML/Request/InvoiceDetailRequest/InvoiceDetailSummary"
    ]


def test_a_deposit_lowers_what_is_due_and_not_what_is_billed() -> None:
    paid = summary() + money("DepositAmount", "10.00") + money("DueAmount", "12.00")
    reading = read_one(invoice(order(item()), paid))
    assert (reading.totals.gross, reading.totals.prepaid, reading.totals.payable) == (
        Decimal(22),
        Decimal(10),
        Decimal(12),
    )
    assert placed(reading).total == Decimal(22)


@pytest.mark.parametrize("purpose", ["creditMemo", "lineLevelCreditMemo"])
def test_a_credit_memo_below_zero_is_a_credit_note_above_it(purpose: str) -> None:
    credited = order(item(quantity="-4", subtotal="-4.40"))
    about = '<InvoiceIDInfo invoiceID="INV-0" invoiceDate="2026-11-01"/>'
    body = invoice(credited, summary("-4.40", subtotal="-4.40"), purpose=purpose, more=about)
    reading = read_one(body)
    assert (reading.kind, reading.raw_type) == (DocumentKind.CREDIT_NOTE, purpose)
    assert (reading.lines[0].quantity and reading.lines[0].quantity.value, reading.lines[0].amount) == (
        Decimal(4),
        Decimal("4.40"),
    )
    note = placed(reading)
    assert isinstance(note, CreditNote)
    assert (note.total, note.invoice_number, note.lines[0].unit_price) == (
        Decimal("4.40"),
        "INV-0",
        Decimal("1.10"),
    )


def test_a_credit_memo_already_above_zero_stays_there() -> None:
    reading = read_one(invoice(order(item()), summary(), purpose="creditMemo"))
    assert (reading.totals.payable, reading.lines[0].amount) == (Decimal(22), Decimal(22))


@pytest.mark.parametrize("purpose", ["debitMemo", "lineLevelDebitMemo"])
def test_a_debit_memo_bills_more(purpose: str) -> None:
    reading = read_one(invoice(order(item()), summary(), purpose=purpose))
    assert (reading.kind, reading.raw_type) == (DocumentKind.SUPPLIER_INVOICE, purpose)


def test_an_invoice_taken_back_is_put_to_a_person() -> None:
    reading = read_one(invoice(order(item()), summary(), header='operation="delete"'))
    with pytest.raises(BadDocumentError, match="never applied by itself"):
        placed(reading)


def test_an_invoice_for_information_is_nothing_to_pay() -> None:
    reading = read_one(invoice(order(item()), summary(), header='isInformationOnly="yes"'))
    assert not reading.is_usable


def test_lines_of_several_orders_keep_their_orders() -> None:
    lines = order(item()) + order(item(number=2), number="PO-000002")
    reading = read_one(invoice(lines, summary("44.00", subtotal="44.00")))
    assert reading.po_number is None
    assert [line.po_number for line in reading.lines] == ["PO-000001", "PO-000002"]


def test_an_order_billed_in_one_amount_is_one_line() -> None:
    tag = "InvoiceDetailOrderSummary"
    billed = f'<{tag} invoiceLineNumber="1">{money("SubtotalAmount", "22.00")}</{tag}>'
    reading = read_one(invoice(order(billed, tag="InvoiceDetailHeaderOrder"), summary()))
    (line,) = reading.lines
    assert (line.amount, line.po_number, line.quantity) == (Decimal("22.00"), "PO-000001", None)
    assert not reading.findings


def test_services_are_billed_by_rate_and_period() -> None:
    service = f"""<InvoiceDetailServiceItem invoiceLineNumber="1" quantity="4">
      <InvoiceDetailServiceItemReference lineNumber="1"><Description xml:lang="en">Repair</Description>
      </InvoiceDetailServiceItemReference>{money("SubtotalAmount", "200.00")}
      <Period startDate="2026-11-01" endDate="2026-11-30"/>
      <UnitRate><Money currency="USD">50.00</Money><UnitOfMeasure>EA</UnitOfMeasure></UnitRate>
      </InvoiceDetailServiceItem>"""
    reading = read_one(invoice(order(service), summary("200.00", subtotal="200.00")))
    (line,) = reading.lines
    assert (line.description, line.unit_price, line.amount) == ("Repair", Decimal("50.00"), Decimal("200.00"))
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.unit) == (Decimal(4), "EA")
    assert {one.meaning: one.on for one in line.dates} == {
        "period start": date(2026, 11, 1),
        "period end": date(2026, 11, 30),
    }


def test_a_price_for_a_hundred_makes_the_line_amount() -> None:
    basis = (
        '<PriceBasisQuantity quantity="100" conversionFactor="1"><UnitOfMeasure>BX</UnitOfMeasure></PriceBasisQuantity>'
    )
    reading = read_one(invoice(order(item(basis, price="110.00")), summary()))
    (line,) = reading.lines
    assert (line.unit_price, line.price_quantity, line.price_unit) == (Decimal("110.00"), Decimal(100), "BX")
    assert not reading.findings
    assert placed(reading).lines[0].unit_price == Decimal("1.10")


def test_lots_and_serial_numbers_billed_are_read() -> None:
    billed = item().replace(
        "</InvoiceDetailItemReference>",
        "<SupplierBatchID>LOT-A</SupplierBatchID><SerialNumber>S-1</SerialNumber></InvoiceDetailItemReference>",
    )
    (line,) = read_one(invoice(order(billed), summary())).lines
    assert [(lot.lot, lot.serial) for lot in line.lots] == [("LOT-A", "S-1")]


def test_parties_terms_and_references_of_the_header_are_read() -> None:
    more = """<InvoicePartner><Contact role="remitTo" addressID="R-1"><Name xml:lang="en">Medl Payments</Name></Contact>
      </InvoicePartner><InvoicePartner><Contact role="billTo"><Name xml:lang="en">Hospital</Name></Contact>
      <IdReference domain="taxID" identifier="98-7654321"/></InvoicePartner>
      <PaymentTerm payInNumberOfDays="30"><Discount><DiscountPercent percent="2"/></Discount></PaymentTerm>
      <IdReference domain="supplierReference" identifier="REF-9"/>"""
    reading = read_one(invoice(order(item()), summary(), more=more))
    assert {(one.role, one.name, one.scheme, one.id) for one in reading.parties} == {
        ("remit to", "Medl Payments", "addressID", "R-1"),
        ("bill to", "Hospital", "taxID", "98-7654321"),
    }
    assert reading.details["payment terms"] == "30 days, 2 % discount"
    assert ("supplierReference", "REF-9") in {(one.meaning, one.value) for one in reading.references}


def test_two_currencies_in_one_invoice_are_an_error() -> None:
    reading = read_one(invoice(order(item()), summary() + money("DueAmount", "20.00", "CAD")))
    assert [finding.code for finding in reading.findings if finding.severity == "error"] == ["currency"]


def test_a_subtotal_that_is_not_quantity_at_price_is_pointed_out() -> None:
    reading = read_one(invoice(order(item(subtotal="20.00")), summary("20.00", subtotal="20.00")))
    assert [finding.code for finding in reading.findings] == ["subtotal"]
    assert reading.lines[0].amount == Decimal("20.00")


def test_a_credit_whose_total_alone_is_below_zero_is_credited_as_its_lines_say() -> None:
    reading = read_one(invoice(order(item()), summary("-22.00") + money("DueAmount", "-22.00"), purpose="creditMemo"))
    assert not reading.findings
    assert (reading.totals.payable, reading.lines[0].amount) == (Decimal("22.00"), Decimal("22.00"))


def test_a_zero_in_another_currency_is_no_second_currency() -> None:
    reading = read_one(invoice(order(item()), summary(more=money("ShippingAmount", "0.00", "EUR"))))
    assert (reading.currency, reading.findings) == ("USD", ())


def test_a_price_in_another_unit_is_converted_as_the_document_says() -> None:
    basis = (
        '<PriceBasisQuantity quantity="1" conversionFactor="10"><UnitOfMeasure>EA</UnitOfMeasure></PriceBasisQuantity>'
    )
    (line,) = read_one(invoice(order(item(basis, price="0.11")), summary())).lines
    assert (line.unit_price, line.price_quantity, line.price_unit) == (Decimal("0.11"), Decimal("0.1"), "EA")
    assert line.amount == Decimal("22.00")
