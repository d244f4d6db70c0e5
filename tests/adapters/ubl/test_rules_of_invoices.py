"""Invoices with one fault each, and the rules of EN 16931 and Peppol that see it."""

# ruff: noqa: E501 - a fault stands on one line

import pytest
from lxml import etree

from adapters.documents.findings import Finding
from adapters.documents.xml import parse
from adapters.supplier.ubl.arithmetic import ABOUT_MONEY, EN, PEPPOL, check
from adapters.supplier.ubl.names import NAMESPACES
from adapters.supplier.ubl.options import RefusedBy, UblOptions
from adapters.supplier.ubl.reading import read
from tests.adapters.ubl.documents import credit_note, document, invoice

AMOUNT = 'currencyID="EUR">'
CATEGORY_OF_CHARGE = (
    "10.00</cbc:Amount>\n<cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent><cac:TaxScheme>"
    "<cbc:ID>VAT</cbc:ID></cac:TaxScheme>\n</cac:TaxCategory>"
)
CHARGE_REASON = "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>"
LINE_REASON = "<cbc:AllowanceChargeReasonCode>95</cbc:AllowanceChargeReasonCode>"
PEPPOL_CLAIM = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
TOTALS = {
    "LineExtensionAmount": "200.00",
    "TaxExclusiveAmount": "205.00",
    "TaxInclusiveAmount": "243.95",
    "AllowanceTotalAmount": "5.00",
    "ChargeTotalAmount": "10.00",
    "PrepaidAmount": "43.96",
    "PayableRoundingAmount": "0.01",
    "PayableAmount": "200.00",
}


def total(name: str, value: str | None) -> tuple[str, str]:
    """Change a total, or leave it out."""
    old = f"<cbc:{name} {AMOUNT}{TOTALS[name]}</cbc:{name}>"
    return old, "" if value is None else f"<cbc:{name} {AMOUNT}{value}</cbc:{name}>"


def without(text: str) -> tuple[str, str]:
    return text, ""


BUYER_ENDPOINT = (
    '<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>',
    "<cac:AccountingCustomerParty><cac:Party>",
)

FAULTS: list[tuple[str, set[str], tuple[tuple[str, str], ...]]] = [
    ("no customization", {"BR-01", "R004"}, (("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", " "),)),
    ("no date", {"BR-03"}, (("<cbc:IssueDate>2026-11-08</cbc:IssueDate>", "<cbc:IssueDate/>"),)),
    ("no type", {"BR-04"}, (without("<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"),)),
    ("no currency", {"BR-05", "R051"}, (without("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"),)),
    ("no seller", {"BR-06"}, (("<cbc:RegistrationName>North</cbc:RegistrationName>", "<cbc:RegistrationName/>"),)),
    ("no buyer", {"BR-07"}, (("<cbc:RegistrationName>Hospital</cbc:RegistrationName>", "<cbc:RegistrationName/>"),)),
    ("no lines total", {"BR-12", "BR-CO-10", "BR-CO-13"}, (total("LineExtensionAmount", None),)),
    ("no net", {"BR-13", "BR-CO-13", "BR-CO-15"}, (total("TaxExclusiveAmount", None),)),
    ("no gross", {"BR-14", "BR-CO-15", "BR-CO-16"}, (total("TaxInclusiveAmount", None),)),
    ("no payable", {"BR-15", "BR-CO-16"}, (total("PayableAmount", None),)),
    ("no line number", {"BR-21"}, (("<cbc:ID>1</cbc:ID><cbc:InvoicedQuantity", "<cbc:ID/><cbc:InvoicedQuantity"),)),
    ("no quantity", {"BR-22", "BR-23", "R120"}, (without('<cbc:InvoicedQuantity unitCode="EA">2</cbc:InvoicedQuantity>'),)),
    ("no unit", {"BR-23"}, (('unitCode="EA">2<', ">2<"),)),
    ("no name", {"BR-25"}, (("<cbc:Name>Pump</cbc:Name>", "<cbc:Name/>"),)),
    ("price below zero", {"BR-27", "R120", "R046"}, ((f"<cbc:PriceAmount {AMOUNT}51.00", f"<cbc:PriceAmount {AMOUNT}-51.00"),)),
    ("no charge category", {"BR-37", "BR-S-08"}, ((CATEGORY_OF_CHARGE, "10.00</cbc:Amount>"),)),
    ("no charge reason", {"BR-38", "BR-CO-22"}, (without(CHARGE_REASON),)),
    ("no line allowance reason", {"BR-42", "BR-CO-23"}, (without(LINE_REASON),)),
    ("no account", {"BR-50"}, (("<cbc:ID>DE02</cbc:ID>", "<cbc:ID/>"),)),
    ("lines do not add up", {"BR-CO-10", "BR-CO-13"}, (total("LineExtensionAmount", "200.01"),)),
    ("allowances do not add up", {"BR-CO-11", "BR-CO-13"}, (total("AllowanceTotalAmount", "5.01"),)),
    ("charges do not add up", {"BR-CO-12", "BR-CO-13"}, (total("ChargeTotalAmount", "9.99"),)),
    ("net does not add up", {"BR-CO-13", "BR-CO-15"}, (total("TaxExclusiveAmount", "205.01"),)),
    ("tax does not add up", {"BR-CO-14", "BR-CO-15"}, ((f"<cac:TaxTotal><cbc:TaxAmount {AMOUNT}38.95", f"<cac:TaxTotal><cbc:TaxAmount {AMOUNT}38.96"),)),
    ("gross does not add up", {"BR-CO-15", "BR-CO-16"}, (total("TaxInclusiveAmount", "243.96"),)),
    ("prepaid does not add up", {"BR-CO-16"}, (total("PrepaidAmount", "43.95"),)),
    ("rounding does not add up", {"BR-CO-16"}, (total("PayableRoundingAmount", "0.02"),)),
    ("payable does not add up", {"BR-CO-16"}, (total("PayableAmount", "200.01"),)),
    ("tax does not follow its rate", {"BR-CO-17", "BR-S-09", "BR-S-08"}, (('<cbc:TaxableAmount currencyID="EUR">205.00', '<cbc:TaxableAmount currencyID="EUR">215.00'),)),
    ("no breakdown", {"BR-CO-18", "BR-S-01", "R053", "R054"}, (("<cac:TaxSubtotal>", "<cac:Other>"), ("</cac:TaxSubtotal>", "</cac:Other>"))),
    ("no category of a line", {"BR-CO-04", "BR-S-08"}, (("<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID>", "<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory>"),)),
    ("VAT number without country", {"BR-CO-09"}, (("DE111111111", "111111111"),)),
    ("never due", {"BR-CO-25"}, (without("<cbc:DueDate>2026-12-08</cbc:DueDate>"),)),
    ("three decimals of a total", {"BR-DEC-18", "UBL-DT-01"}, (total("PayableAmount", "200.000"),)),
    ("three decimals of a line", {"BR-DEC-23", "UBL-DT-01"}, (("98.00", "98.000"),)),
    ("three decimals of an allowance", {"BR-DEC-24", "UBL-DT-01"}, (("2.00</cbc:Amount>", "2.000</cbc:Amount>"),)),
    ("standard rate of zero", {"BR-S-05", "BR-S-08"}, (("<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19", "<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>0"),)),
    ("exempt and not broken down", {"BR-E-01", "BR-E-05", "BR-S-08"}, (("<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S", "<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>E"),)),
    ("the tax told twice", {"BR-CO-15", "R054"}, (("<cac:LegalMonetaryTotal>", '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">38.95</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'),)),
    ("a second description of a charge", {"UBL-SR-31"}, ((CHARGE_REASON, CHARGE_REASON + "<cbc:AllowanceChargeReason>a</cbc:AllowanceChargeReason><cbc:AllowanceChargeReason>b</cbc:AllowanceChargeReason>"),)),
    ("outside VAT beside what is inside", {"BR-O-01", "BR-O-02", "BR-O-05", "BR-S-08"}, (("<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S", "<cbc:Name>Pump</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>O"),)),
    ("no process", {"R001", "R007"}, (without("<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>"),)),
    ("another process", {"R007"}, (("billing:01:1.0", "billing:x:1.0"),)),
    ("two notes", {"R002"}, (("<cbc:DocumentCurrencyCode>", "<cbc:Note>a</cbc:Note><cbc:Note>b</cbc:Note><cbc:DocumentCurrencyCode>"),)),
    ("no order", {"R003"}, (without("<cac:OrderReference><cbc:ID>PO-4711</cbc:ID></cac:OrderReference>"),)),
    ("the same currency twice", {"R005", "R054"}, (("</cbc:DocumentCurrencyCode>", "</cbc:DocumentCurrencyCode><cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode>"),)),
    ("an empty element", {"R008"}, (("</cbc:DocumentCurrencyCode>", "</cbc:DocumentCurrencyCode><cbc:AccountingCost> </cbc:AccountingCost>"),)),
    ("no buyer's address", {"R010"}, (BUYER_ENDPOINT,)),
    ("not the percentage", {"R040"}, (("2.5</cbc:Multi", "2.4</cbc:Multi"),)),
    ("a percentage of nothing", {"R041"}, (without('<cbc:BaseAmount currencyID="EUR">200.00</cbc:BaseAmount>'),)),
    ("a base without percentage", {"R042"}, (without("<cbc:MultiplierFactorNumeric>2.5</cbc:MultiplierFactorNumeric>"),)),
    ("an indicator of one", {"R043"}, (("<cbc:ChargeIndicator>true<", "<cbc:ChargeIndicator>1<"),)),
    ("a charge on a price", {"R044"}, (('<cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">9.00', '<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">9.00'),)),
    ("gross less allowance", {"R046"}, (("9.00</cbc:Amount>", "8.00</cbc:Amount>"),)),
    ("another currency", {"R051"}, (('<cbc:LineExtensionAmount currencyID="EUR">98.00', '<cbc:LineExtensionAmount currencyID="USD">98.00'),)),
    ("direct debit without mandate", {"R061"}, ((">30<", ">59<"),)),
    ("a line that comes to something else", {"R120", "BR-S-08", "BR-CO-10"}, (("98.00", "100.00"),)),
    ("a base of zero", {"R121", "R120"}, (('<cbc:BaseQuantity unitCode="XBX">10<', '<cbc:BaseQuantity unitCode="XBX">0<'),)),
    ("a base in another unit", {"R130"}, (('<cbc:BaseQuantity unitCode="XBX">10<', '<cbc:BaseQuantity unitCode="EA">10<'),)),
    ("no GLN", {"PEPPOL-COMMON-R040"}, (("7300010000001", "7300010000002"),)),
]  # fmt: skip


def full(codes: set[str]) -> set[str]:
    return {f"PEPPOL-EN16931-{code}" if code.startswith("R") else code for code in codes}


def found(body: bytes) -> tuple[Finding, ...]:
    return check(parse(body))


@pytest.mark.parametrize("body", [invoice(), credit_note()], ids=["invoice", "credit note"])
def test_a_faultless_document_breaks_no_rule(body: bytes) -> None:
    assert found(body) == ()


@pytest.mark.parametrize(("codes", "changes"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_seen_by_its_rules_and_no_others(codes: set[str], changes: tuple[tuple[str, str], ...]) -> None:
    seen = {finding.code for finding in found(invoice(*changes))}
    empty = "PEPPOL-EN16931-R008"
    assert seen - {empty} == full(codes) - {empty}
    assert empty in seen or "R008" not in codes


def test_a_broken_rule_is_told_at_its_place_in_words_that_repeat_no_value() -> None:
    finding, _ = found(invoice(("98.00", "98.000")))
    assert finding.position == "/Invoice/cac:InvoiceLine[1]"
    assert str(finding) == "/Invoice/cac:InvoiceLine[1]: LineExtensionAmount must have at most two decimals"


def test_money_is_never_a_float() -> None:
    pennies = (("98.00", "98.10"), ("102.00", "101.90"), ("51.00", "50.95"), ("60.00", "59.95"), ("125.00", "125.125"))
    assert found(invoice(*pennies)) == ()


def test_two_cents_are_the_slack_of_a_line_and_three_are_not() -> None:
    price = '<cbc:PriceAmount currencyID="EUR">125.00'
    assert found(invoice((price, price.replace("125.00", "125.025")))) == ()
    seen = found(invoice((price, price.replace("125.00", "125.0375"))))
    assert [finding.code for finding in seen] == ["PEPPOL-EN16931-R120"]


def test_every_rule_of_a_partial_document_is_asked_by_itself() -> None:
    amount = '<cbc:LineExtensionAmount currencyID="EUR">{}</cbc:LineExtensionAmount>'
    lines = "".join(f"<cac:InvoiceLine>{amount.format(value)}</cac:InvoiceLine>" for value in ("0.1", "0.2"))
    sums = f"<cac:LegalMonetaryTotal>{amount.format('0.3')}</cac:LegalMonetaryTotal>"
    assert "BR-CO-10" not in {finding.code for finding in found(document("Invoice", lines + sums))}
    assert "BR-CO-10" in {finding.code for finding in found(document("Invoice", lines + sums.replace("0.3", "0.31")))}


def test_halves_round_towards_positive_infinity_as_in_xpath() -> None:
    tax = '<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{}</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxAmount>{}</cbc:TaxAmount></cac:TaxSubtotal></cac:TaxTotal>'
    for total, part, fits in (("1.01", "1.005", True), ("-1.00", "-1.005", True), ("-1.01", "-1.005", False)):
        seen = {finding.code for finding in found(document("Invoice", tax.format(total, part)))}
        assert ("BR-CO-14" not in seen) is fits


@pytest.mark.parametrize(
    ("claim", "severities"),
    [
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", {"BR-CO-16": "error", "R051": "error"}),
        ("urn:cen.eu:en16931:2017", {"BR-CO-16": "error", "R051": "warning"}),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", {"BR-CO-16": "error", "R051": "warning"}),
        ("urn:cen.eu:en16931:2017#conformant#urn:fdc:peppol.eu:2017:poacc:billing:international:aunz:3.0", {"BR-CO-16": "warning", "R051": "warning"}),
        ("OIOUBL-2.02", {"BR-CO-16": "warning", "R051": "warning"}),
        (" ", {"BR-CO-16": "warning", "R051": "warning"}),
    ],
)  # fmt: skip
def test_a_document_is_held_to_the_rules_it_claims(claim: str, severities: dict[str, str]) -> None:
    money = '<cbc:LineExtensionAmount currencyID="EUR">98.00'
    faults = (total("PayableAmount", "200.01"), (money, money.replace("EUR", "USD")))
    [reading] = read(invoice((PEPPOL_CLAIM, claim), *faults), UblOptions())
    seen = {finding.code.removeprefix("PEPPOL-EN16931-"): str(finding.severity) for finding in reading.findings}
    assert {code: seen[code] for code in severities} == severities


def test_a_profile_may_hold_every_invoice_to_every_rule() -> None:
    options = UblOptions(rules_as_claimed=False, refused_by=RefusedBy.FATAL)
    [reading] = read(invoice((PEPPOL_CLAIM, "OIOUBL-2.02")), options)
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("PEPPOL-EN16931-R004", "error")]


def test_what_costs_no_money_refuses_nothing_unless_the_profile_says_so() -> None:
    body = invoice(BUYER_ENDPOINT)
    [lenient], [strict] = read(body, UblOptions()), read(body, UblOptions(refused_by=RefusedBy.FATAL))
    assert [finding.code for finding in lenient.findings] == ["PEPPOL-EN16931-R010"]
    assert (lenient.is_usable, strict.is_usable) == (True, False)


def test_every_rule_has_one_entry_and_its_xpath_compiles() -> None:
    ids = [rule.id for rule in (*EN, *PEPPOL)]
    assert len(ids) == len(set(ids))
    assert set(ids) >= ABOUT_MONEY
    for rule in (*EN, *PEPPOL):
        for path in [rule.context, *([rule.holds] if isinstance(rule.holds, str) else [])]:
            etree.XPath(path, namespaces=NAMESPACES)


def test_what_is_exempt_adds_up_without_any_slack() -> None:
    category = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    exempt = "<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>{}" + category
    line = (
        "<cac:InvoiceLine><cbc:LineExtensionAmount>100.00</cbc:LineExtensionAmount><cac:Item><cac:ClassifiedTaxCategory>"
        + exempt.format("") + "</cac:ClassifiedTaxCategory></cac:Item></cac:InvoiceLine>"
    )  # fmt: skip
    part = (
        "<cac:TaxTotal><cac:TaxSubtotal><cbc:TaxableAmount>{}</cbc:TaxableAmount><cbc:TaxAmount>0.00</cbc:TaxAmount>"
        "<cac:TaxCategory>" + exempt.format("<cbc:TaxExemptionReason>care</cbc:TaxExemptionReason>")
        + "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )  # fmt: skip
    for taxable, fits in (("100.00", True), ("100.01", False)):
        seen = {finding.code for finding in found(document("Invoice", part.format(taxable) + line))}
        assert ("BR-E-08" not in seen) is fits
