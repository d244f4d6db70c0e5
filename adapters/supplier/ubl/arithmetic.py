"""EN 16931 and Peppol on the money of an invoice, in exact decimals; every verdict is that of the official rules.

Slack is where a rule has it: a unit of currency in a tax by its rate (BR-CO-17), two cents in what a line or an
allowance comes to (PEPPOL-EN16931-R040, R120). Everything else is equal, or broken.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from lxml import etree

from adapters.documents.findings import Finding, Severity
from adapters.supplier.ubl import categories, counts, peppol, presence
from adapters.supplier.ubl.fields import content, every, one, text
from adapters.supplier.ubl.options import RefusedBy, UblOptions
from adapters.supplier.ubl.rulebook import FEW, Rule, amount, amounts, beside, broken, rounded, selected, total

CLAIM_EN = "urn:cen.eu:en16931"
CLAIM_XRECHNUNG = "xrechnung"
CLAIM_PEPPOL = "peppol.eu:2017:poacc:billing:3"
VARIANTS = (":international:", "urn:peppol:pint", ":kosit:extension:")
"""Specifications built on EN 16931 with rules of their own: for countries without VAT, and with payments by others."""


def _lines_add_up(sums: etree._Element) -> bool:
    lines = selected(sums, "//cac:InvoiceLine|//cac:CreditNoteLine")
    return amount(sums, "cbc:LineExtensionAmount") == rounded(
        total(amount(x, "cbc:LineExtensionAmount") for x in lines)
    )


def _beside_adds_up(element: str, *, charges: bool) -> Callable[[etree._Element], bool]:
    def holds(sums: etree._Element) -> bool:
        stated, parent = one(sums, element), sums.getparent()
        found = [] if parent is None else beside(parent, charges=charges)
        if stated is None and not found:
            return True
        return amount(sums, element) == rounded(total(amount(part, "cbc:Amount") for part in found))

    return holds


def _net_adds_up(sums: etree._Element) -> bool:
    lines = amount(sums, "cbc:LineExtensionAmount")
    if lines is None:
        return False
    charges, allowances = amounts(sums, "cbc:ChargeTotalAmount"), amounts(sums, "cbc:AllowanceTotalAmount")
    net = lines + total(charges) - total(allowances)
    return amount(sums, "cbc:TaxExclusiveAmount") == (rounded(net) if charges or allowances else net)


def _tax_adds_up(tax: etree._Element) -> bool:
    parts = every(tax, "cac:TaxSubtotal")
    return not parts or amount(tax, "cbc:TaxAmount") == rounded(total(amounts(tax, "cac:TaxSubtotal/cbc:TaxAmount")))


def _gross_adds_up(root: etree._Element) -> bool:
    """The tax counted is the one in the document's own currency, and there is one only."""
    currency = one(root, "cbc:DocumentCurrencyCode")
    if currency is None:
        return True
    stated = [
        tax for tax in every(root, "cac:TaxTotal/cbc:TaxAmount") if tax.get("currencyID") == (currency.text or "")
    ]
    sums = one(root, "cac:LegalMonetaryTotal")
    net = amount(sums, "cbc:TaxExclusiveAmount")
    if len(stated) != 1 or net is None:
        return False
    tax = amount(stated[0], "")
    return tax is not None and amount(sums, "cbc:TaxInclusiveAmount") == rounded(net + tax)


def _payable_adds_up(sums: etree._Element) -> bool:
    payable, gross = amount(sums, "cbc:PayableAmount"), amount(sums, "cbc:TaxInclusiveAmount")
    if payable is None or gross is None:
        return False
    prepaid, rounding = one(sums, "cbc:PrepaidAmount"), one(sums, "cbc:PayableRoundingAmount")
    if prepaid is not None:
        gross = rounded(gross - (amount(prepaid, "") or Decimal(0)))
    if rounding is not None:
        payable = rounded(payable - (amount(rounding, "") or Decimal(0)))
    return payable == gross


def _tax_by_rate(part: etree._Element) -> bool:
    category = next(iter(selected(part, f"cac:TaxCategory[{presence.VAT}]")), None)
    percent, tax = amount(category, "cbc:Percent"), amount(part, "cbc:TaxAmount")
    if tax is None:
        return False
    if percent is None or rounded(percent, Decimal(1)) == 0:
        return rounded(tax, Decimal(1)) == 0
    taxable = amount(part, "cbc:TaxableAmount")
    return taxable is not None and abs(abs(tax) - rounded(abs(taxable) * percent / 100)) < 1


def _due_is_known(payable: etree._Element) -> bool:
    due = amount(payable, "")
    return due is not None and (due <= 0 or bool(selected(payable, "//cbc:DueDate|//cac:PaymentTerms/cbc:Note")))


def _has_tax_in(root: etree._Element) -> bool:
    wanted = texts_of(root, "cbc:TaxCurrencyCode")
    found = {tax.get("currencyID") for tax in selected(root, "//cac:TaxTotal/cbc:TaxAmount")}
    return all(currency in found for currency in wanted)


def texts_of(root: etree._Element, path: str) -> list[str]:
    """Return the text of every element at a path, also where it is empty."""
    return [content(found) for found in every(root, path)]


TOTAL = presence.TOTAL
MONEY = (
    Rule(
        "BR-CO-10", TOTAL, _lines_add_up, "LineExtensionAmount must be the sum of the lines",
        about_money=True, at_most=FEW,
    ),
    Rule(
        "BR-CO-11", TOTAL, _beside_adds_up("cbc:AllowanceTotalAmount", charges=False),
        "AllowanceTotalAmount must be the sum of the document's allowances", about_money=True, at_most=FEW,
    ),
    Rule(
        "BR-CO-12", TOTAL, _beside_adds_up("cbc:ChargeTotalAmount", charges=True),
        "ChargeTotalAmount must be the sum of the document's charges", about_money=True, at_most=FEW,
    ),
    Rule(
        "BR-CO-13", TOTAL, _net_adds_up,
        "TaxExclusiveAmount must be the lines less allowances and with charges", about_money=True,
    ),
    Rule("BR-CO-14", "/*/cac:TaxTotal", _tax_adds_up, "TaxAmount must be the sum of its subtotals", about_money=True),
    Rule(
        "BR-CO-15", "/*", _gross_adds_up,
        "TaxInclusiveAmount must be TaxExclusiveAmount and the one tax in the document's currency", about_money=True,
    ),
    Rule(
        "BR-CO-16", TOTAL, _payable_adds_up,
        "PayableAmount must be TaxInclusiveAmount less what is prepaid, and rounded as stated", about_money=True,
    ),
    Rule(
        "BR-CO-17", presence.SUBTOTAL, _tax_by_rate, "TaxAmount must be TaxableAmount by its rate", about_money=True
    ),
    Rule(
        "BR-CO-25", "/*[local-name()='Invoice']/cac:LegalMonetaryTotal/cbc:PayableAmount", _due_is_known,
        "an amount to be paid needs a DueDate or PaymentTerms", at_most=FEW,
    ),
    Rule("BR-53", "/*", _has_tax_in, "must have the tax in the TaxCurrencyCode it names", about_money=True),
)  # fmt: skip

EN = (*presence.RULES, *MONEY, *categories.RULES, *counts.RULES)
PEPPOL = peppol.RULES
OF_XRECHNUNG = frozenset(
    f"{peppol.NAME}R{number:03}"
    for number in (1, 5, 8, 10, 20, 40, 41, 42, 43, 44, 46, 53, 54, 55, 61, 101, 110, 111, 120, 121, 130)
)
"""Rules of Peppol that XRechnung has taken over."""
OF_VAT = frozenset({"BR-48", "BR-CO-17"}) | {rule.id for rule in categories.RULES}
"""Rules that only know VAT."""
ABOUT_MONEY = frozenset(rule.id for rule in (*EN, *PEPPOL) if rule.about_money)


def check(root: etree._Element) -> tuple[Finding, ...]:
    """Return every rule of EN 16931 and Peppol BIS Billing an invoice breaks, as severe as they say."""
    return (*broken(root, EN), *broken(root, PEPPOL))


def check_as_claimed(root: etree._Element, options: UblOptions) -> tuple[Finding, ...]:
    """Return the rules an invoice breaks: errors where it claims to follow them, warnings on its money where not."""
    return tuple(_as_claimed(root, options))


def _as_claimed(root: etree._Element, options: UblOptions) -> Iterator[Finding]:
    claims = text(root, "cbc:CustomizationID")
    binding = _binding(claims) if options.rules_as_claimed else {rule.id for rule in (*EN, *PEPPOL)}
    considered = [rule for rule in (*EN, *PEPPOL) if not claims or rule.id in binding or rule.about_money]
    if claims and not binding:
        considered = [rule for rule in considered if rule.id not in OF_VAT]
    for finding in broken(root, considered):
        yield finding if finding.code in binding and _refuses(finding, options) else _as_warning(finding)


def _binding(claims: str) -> set[str]:
    """Return the rules a document says it follows."""
    if CLAIM_EN not in claims or any(mark in claims for mark in VARIANTS):
        return set()
    found = {rule.id for rule in EN}
    if CLAIM_PEPPOL in claims:
        found |= {rule.id for rule in PEPPOL}
    return found | OF_XRECHNUNG if CLAIM_XRECHNUNG in claims else found


def _refuses(finding: Finding, options: UblOptions) -> bool:
    return options.refused_by is RefusedBy.FATAL or finding.code in ABOUT_MONEY


def _as_warning(finding: Finding) -> Finding:
    return finding.model_copy(update={"severity": Severity.WARNING})
