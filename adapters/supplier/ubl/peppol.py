"""Peppol BIS Billing 3 beyond EN 16931: what its invoices must have, and what its lines and allowances come to."""

import re
from decimal import Decimal

from lxml import etree

from adapters.documents.xml import name_of
from adapters.supplier.ubl.fields import content, every, one, text
from adapters.supplier.ubl.presence import BUYER, SELLER
from adapters.supplier.ubl.rulebook import Rule, amount, amounts, rounded, total, within

SLACK = Decimal("0.02")
SPECIFICATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:[0-9]{2}:1\.0")
LINE = "//cac:InvoiceLine|//cac:CreditNoteLine"
STARTS, ENDS = (
    f"//cac:InvoiceLine/cac:InvoicePeriod/cbc:{day}|//cac:CreditNoteLine/cac:InvoicePeriod/cbc:{day}"
    for day in ("StartDate", "EndDate")
)
BESIDE = "/*/cac:AllowanceCharge|//cac:InvoiceLine/cac:AllowanceCharge|//cac:CreditNoteLine/cac:AllowanceCharge"
AMOUNTS = (
    "//cbc:Amount|//cbc:BaseAmount|//cbc:PriceAmount|//cac:TaxTotal[cac:TaxSubtotal]/cbc:TaxAmount|//cbc:TaxableAmount"
    "|//cbc:LineExtensionAmount|//cbc:TaxExclusiveAmount|//cbc:TaxInclusiveAmount|//cbc:AllowanceTotalAmount"
    "|//cbc:ChargeTotalAmount|//cbc:PrepaidAmount|//cbc:PayableRoundingAmount|//cbc:PayableAmount"
)


def _is_whole(beside: etree._Element) -> bool:
    """A percentage and a base amount come together, or not at all: the rules below ask it of those."""
    return (one(beside, "cbc:MultiplierFactorNumeric") is None) == (one(beside, "cbc:BaseAmount") is None)


def _has_base(beside: etree._Element) -> bool:
    return _is_whole(beside) or one(beside, "cbc:MultiplierFactorNumeric") is None


def _has_percentage(beside: etree._Element) -> bool:
    return _is_whole(beside) or one(beside, "cbc:BaseAmount") is None


def _is_percentage_of_base(beside: etree._Element) -> bool:
    base, percent = amount(beside, "cbc:BaseAmount"), amount(beside, "cbc:MultiplierFactorNumeric")
    if not _is_whole(beside) or one(beside, "cbc:BaseAmount") is None:
        return True
    if base is None or percent is None:
        return False
    stated = Decimal(0) if one(beside, "cbc:Amount") is None else amount(beside, "cbc:Amount")
    return within(stated, base * percent / 100, SLACK)


def _says_true_or_false(beside: etree._Element) -> bool:
    return not _is_whole(beside) or text(beside, "cbc:ChargeIndicator") in {"true", "false"}


def _is_net_of_allowance(price: etree._Element) -> bool:
    if one(price, "cbc:BaseAmount") is None:
        return True
    gross, allowance = amount(price, "cbc:BaseAmount"), amount(price, "cbc:Amount")
    net = amount(price.getparent(), "cbc:PriceAmount")
    return None not in {gross, allowance} and net == (gross or Decimal(0)) - (allowance or Decimal(0))


def _line_comes_to(line: etree._Element) -> bool:
    """Quantity by price, with the line's charges and without its allowances, two cents more or less."""
    path = "cbc:InvoicedQuantity" if name_of(line.getroottree().getroot()) == "Invoice" else "cbc:CreditedQuantity"
    quantity = Decimal(1) if one(line, path) is None else amount(line, path)
    price = Decimal(0) if one(line, "cac:Price/cbc:PriceAmount") is None else amount(line, "cac:Price/cbc:PriceAmount")
    net = Decimal(0) if one(line, "cbc:LineExtensionAmount") is None else amount(line, "cbc:LineExtensionAmount")
    if quantity is None or price is None:
        return False
    base = amount(line, "cac:Price/cbc:BaseQuantity") or Decimal(1)
    return within(net, quantity * (price / base) + _signed(line, "true") - _signed(line, "false"), SLACK)


def _signed(line: etree._Element, indicator: str) -> Decimal:
    found = [part for part in every(line, "cac:AllowanceCharge") if text(part, "cbc:ChargeIndicator") == indicator]
    return rounded(total(number for part in found for number in amounts(part, "cbc:Amount")))


def _base_is_above_zero(line: etree._Element) -> bool:
    base = amount(line, "cac:Price/cbc:BaseQuantity")
    return one(line, "cac:Price/cbc:BaseQuantity") is None or (base is not None and base > 0)


def _same_sign(root: etree._Element) -> bool:
    other = text(root, "cbc:TaxCurrencyCode")
    if one(root, "cbc:TaxCurrencyCode") is None:
        return True
    own = text(root, "cbc:DocumentCurrencyCode")
    taxes = every(root, "cac:TaxTotal/cbc:TaxAmount")
    theirs, ours = (
        [amount(tax, "") or Decimal(0) for tax in taxes if tax.get("currencyID") == currency]
        for currency in (other, own)
    )
    below = any(tax <= 0 for tax in theirs) and any(tax <= 0 for tax in ours)
    return below or (any(tax >= 0 for tax in theirs) and any(tax >= 0 for tax in ours))


def _is_known_process(root: etree._Element) -> bool:
    return PROCESS.search(text(root, "cbc:ProfileID")) is not None


def _follows_specification(root: etree._Element) -> bool:
    return text(root, "cbc:CustomizationID").startswith(SPECIFICATION)


def _is_gln(found: etree._Element) -> bool:
    """A GS1 check digit: weights three and one, from the right."""
    number = content(found)
    return _digits(number) and _weighed(number, (3, 1)) % 10 == 0


def _is_norwegian(found: etree._Element) -> bool:
    number = content(found)
    if not _digits(number, 9):
        return False
    weighed = sum(int(digit) * (position % 6 + 2) for position, digit in enumerate(reversed(number[:-1])))
    return int(number) > 0 and (11 - weighed % 11) % 11 == int(number[-1])


def _is_danish(found: etree._Element) -> bool:
    number = content(found)
    return number[:2] == "DK" and _digits(number[2:], 8)


def _is_belgian(found: etree._Element) -> bool:
    number = content(found)
    return _digits(number, 10) and 97 - int(number[:8]) % 97 == int(number[8:])


def _is_swedish(found: etree._Element) -> bool:
    number = content(found)
    if not _digits(number, 10):
        return False
    doubled = (int(digit) * (2 - position % 2) for position, digit in enumerate(number[:-1]))
    return (10 - sum(value // 10 + value % 10 for value in doubled) % 10) % 10 == int(number[-1])


def _is_australian(found: etree._Element) -> bool:
    number = content(found)
    if not _digits(number, 11):
        return False
    weights = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
    digits = [int(number[0]) - 1, *(int(digit) for digit in number[1:])]
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 89 == 0


def _digits(number: str, length: int | None = None) -> bool:
    return number.isascii() and number.isdigit() and length in {None, len(number)}


def _weighed(number: str, weights: tuple[int, int]) -> int:
    """Weigh digits in turn from the one before the last; the last is the check digit itself."""
    body = sum(int(digit) * weights[position % 2] for position, digit in enumerate(reversed(number[:-1])))
    return body + int(number[-1])


def _registered(scheme: str) -> str:
    named = f"[@schemeID='{scheme}']"
    return f"//cbc:EndpointID{named}|//cac:PartyIdentification/cbc:ID{named}|//cbc:CompanyID{named}"


NAME = "PEPPOL-EN16931-"
RULES = (
    Rule(f"{NAME}R001", "/*", "cbc:ProfileID", "must name its business process (ProfileID)"),
    Rule(f"{NAME}R002", "/*", "count(cbc:Note)<=1", "must have one Note at most"),
    Rule(f"{NAME}R003", "/*", "cbc:BuyerReference or cac:OrderReference/cbc:ID", "must have a buyer or order number"),
    Rule(f"{NAME}R004", "/*", _follows_specification, "must follow Peppol BIS Billing 3 (CustomizationID)"),
    Rule(
        f"{NAME}R005", "//cbc:TaxCurrencyCode", "normalize-space()!=normalize-space(../cbc:DocumentCurrencyCode)",
        "must be another currency than the document's",
    ),
    Rule(f"{NAME}R007", "/*", _is_known_process, "must name its business process in Peppol's form (ProfileID)"),
    Rule(f"{NAME}R008", "//*[not(*) and not(normalize-space())]", "false()", "must not be empty"),
    Rule(f"{NAME}R010", f"//{BUYER}", "cbc:EndpointID", "must have an electronic address (EndpointID)"),
    Rule(f"{NAME}R020", f"//{SELLER}", "cbc:EndpointID", "must have an electronic address (EndpointID)"),
    Rule(f"{NAME}R040", BESIDE, _is_percentage_of_base, "Amount must be that percent of BaseAmount", about_money=True),
    Rule(f"{NAME}R041", BESIDE, _has_base, "a percentage needs a BaseAmount"),
    Rule(f"{NAME}R042", BESIDE, _has_percentage, "a BaseAmount needs a percentage"),
    Rule(f"{NAME}R043", BESIDE, _says_true_or_false, "ChargeIndicator must be true or false"),
    Rule(
        f"{NAME}R044", "//cac:Price/cac:AllowanceCharge", "normalize-space(cbc:ChargeIndicator)='false'",
        "a price may have an allowance, not a charge", about_money=True,
    ),
    Rule(
        f"{NAME}R046", "//cac:Price/cac:AllowanceCharge", _is_net_of_allowance,
        "the price must be the gross price less its allowance", about_money=True,
    ),
    Rule(
        f"{NAME}R051", AMOUNTS, "@currencyID=$currency",
        "must be in the document's currency", about_money=True,
    ),
    Rule(
        f"{NAME}R053", "/*", "count(cac:TaxTotal[cac:TaxSubtotal])=1", "must have one tax total with subtotals",
        about_money=True,
    ),
    Rule(
        f"{NAME}R054", "/*", "count(cac:TaxTotal[not(cac:TaxSubtotal)])=number(boolean(cbc:TaxCurrencyCode))",
        "must have a tax total without subtotals where it names a TaxCurrencyCode, and only there", about_money=True,
    ),
    Rule(f"{NAME}R055", "/*", _same_sign, "the tax must have the same sign in both currencies", about_money=True),
    Rule(
        f"{NAME}R061",
        "//cac:PaymentMeans[normalize-space(cbc:PaymentMeansCode)='49' or normalize-space(cbc:PaymentMeansCode)='59']",
        "cac:PaymentMandate/cbc:ID", "a direct debit must name its mandate",
    ),
    Rule(
        f"{NAME}R080", "/*[local-name()='CreditNote']",
        "count(cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50'])<=1", "must name one project at most",
    ),
    Rule(f"{NAME}R100", LINE, "count(cac:DocumentReference)<=1", "must name one invoiced object at most"),
    Rule(
        f"{NAME}R101", LINE, "not(cac:DocumentReference) or cac:DocumentReference/cbc:DocumentTypeCode='130'",
        "a document reference is for the invoiced object only (type 130)",
    ),
    Rule(
        f"{NAME}R110", STARTS, "$starts='' or number(translate(.,'-',''))>=number(translate($starts,'-',''))",
        "must not be before the period of the document",
    ),
    Rule(
        f"{NAME}R111", ENDS, "$ends='' or number(translate(.,'-',''))<=number(translate($ends,'-',''))",
        "must not be after the period of the document",
    ),
    Rule(
        f"{NAME}R120", LINE, _line_comes_to,
        "LineExtensionAmount must be quantity by price, with charges and less allowances", about_money=True,
    ),
    Rule(f"{NAME}R121", LINE, _base_is_above_zero, "BaseQuantity must be above zero", about_money=True),
    Rule(
        f"{NAME}R130", "//cac:Price/cbc:BaseQuantity[@unitCode]",
        "not(../../cbc:InvoicedQuantity or ../../cbc:CreditedQuantity)"
        " or @unitCode=(../../cbc:InvoicedQuantity|../../cbc:CreditedQuantity)/@unitCode",
        "must be in the unit of the quantity", about_money=True,
    ),
    Rule("PEPPOL-COMMON-R040", _registered("0088"), _is_gln, "must be a GLN with a valid check digit"),
    Rule("PEPPOL-COMMON-R041", _registered("0192"), _is_norwegian, "must be a Norwegian organisation number"),
    Rule("PEPPOL-COMMON-R042", _registered("0184"), _is_danish, "must be a Danish CVR number, DK and eight digits"),
    Rule("PEPPOL-COMMON-R043", _registered("0208"), _is_belgian, "must be a Belgian enterprise number"),
    Rule("PEPPOL-COMMON-R049", _registered("0007"), _is_swedish, "must be a Swedish organisation number"),
    Rule("PEPPOL-COMMON-R050", _registered("0151"), _is_australian, "must be an Australian business number"),
)  # fmt: skip
