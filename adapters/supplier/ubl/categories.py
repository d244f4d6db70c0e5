"""EN 16931 by category of VAT: who may use it, at which rates, and what its breakdown must add up to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from adapters.supplier.ubl.fields import every, text
from adapters.supplier.ubl.presence import ALLOWANCE, BUYER, CHARGE, SELLER, VAT
from adapters.supplier.ubl.rulebook import FEW, Rule, amount, beside, rounded, total

ALLOWED = ALLOWANCE.removeprefix("/*/")
CHARGED = CHARGE.removeprefix("/*/")


@dataclass(frozen=True, slots=True)
class Category:
    """A category of UNCL 5305: the name its rules go by, and how it is taxed."""

    code: str
    rules: str
    rate: str
    """`above zero`, `not below zero`, `zero` or `none`."""

    @property
    def is_taxed(self) -> bool:
        """True where the category has rates: its breakdown is by rate, and a unit of currency is its slack."""
        return self.rate in {"above zero", "not below zero"}

    @property
    def needs_reason(self) -> bool:
        """True where the breakdown must say why there is no VAT."""
        return not self.is_taxed and self.code != "Z"


CATEGORIES = (
    Category("S", "BR-S", "above zero"),
    Category("Z", "BR-Z", "zero"),
    Category("E", "BR-E", "zero"),
    Category("AE", "BR-AE", "zero"),
    Category("K", "BR-IC", "zero"),
    Category("G", "BR-G", "zero"),
    Category("O", "BR-O", "none"),
    Category("L", "BR-AF", "not below zero"),
    Category("M", "BR-AG", "not below zero"),
)
RATES = {
    "above zero": "cbc:Percent > 0",
    "not below zero": "cbc:Percent >= 0",
    "zero": "number(cbc:Percent) = 0",
    "none": "not(cbc:Percent)",
}

_SELLER_TAX = f"//{SELLER}/cac:PartyTaxScheme/cbc:CompanyID"
_SELLER_VAT = f"//{SELLER}/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID"
_AGENT_VAT = f"//cac:TaxRepresentativeParty/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID"
_BUYER_VAT = f"//{BUYER}/cac:PartyTaxScheme[{VAT}]/cbc:CompanyID"
_BUYER_LEGAL = f"//{BUYER}/cac:PartyLegalEntity/cbc:CompanyID"
_ANY_SELLER = f"({_SELLER_TAX} or {_AGENT_VAT})"
_VAT_SELLER = f"({_SELLER_VAT} or {_AGENT_VAT})"
PARTIES = {
    "AE": f"{_ANY_SELLER} and ({_BUYER_VAT} or {_BUYER_LEGAL})",
    "G": _VAT_SELLER,
    "K": f"{_VAT_SELLER} and {_BUYER_VAT}",
    "O": f"not({_SELLER_VAT}) and not({_AGENT_VAT}) and not({_BUYER_VAT})",
}
"""Whose numbers a category needs, or forbids."""


def _under(code: str) -> str:
    return f"[normalize-space(cbc:ID)='{code}'][{VAT}]"


def _in_any_scheme(where: str, number: str, code: str) -> str:
    """Return where the official rule looks first: BR-S-02 alone does not ask for VAT there."""
    return where.replace(f"[{VAT}]", "") if (number, code) == ("02", "S") else where


def _rules(category: Category) -> Iterator[Rule]:
    code, name = category.code, category.rules
    used, part = _under(code), f"/*/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory{_under(code)}"
    parties = PARTIES.get(code, _ANY_SELLER)
    yield Rule(f"{name}-01", "/*", _broken_down(category), f"category {code} needs its place in the breakdown")
    for number, where in (
        ("02", f"//cac:ClassifiedTaxCategory{used}"),
        ("03", f"//{ALLOWED}/cac:TaxCategory{used}"),
        ("04", f"//{CHARGED}/cac:TaxCategory{used}"),
    ):
        says = f"category {code} needs the tax numbers of its parties, or forbids them"
        yield Rule(
            f"{name}-{number}", "/*", f"not({_in_any_scheme(where, number, code)}) or ({where} and {parties})", says
        )
    rate = RATES[category.rate]
    item = f"cac:Item/cac:ClassifiedTaxCategory{used}"
    says = f"the rate of category {code} must be {category.rate}"
    yield Rule(f"{name}-05", f"//cac:InvoiceLine/{item}|//cac:CreditNoteLine/{item}", rate, says)
    yield Rule(f"{name}-06", f"//{ALLOWED}/cac:TaxCategory{used}", rate, says)
    yield Rule(f"{name}-07", f"//{CHARGED}/cac:TaxCategory{used}", rate, says)
    says = f"TaxableAmount must be the sum of what is in category {code}"
    yield Rule(f"{name}-08", part, _taxable(category), says, about_money=True, at_most=FEW)
    says = f"TaxAmount of category {code} must follow from its rate"
    yield Rule(f"{name}-09", part, _taxed if category.is_taxed else _untaxed, says, about_money=True)
    reason = "cbc:TaxExemptionReason or cbc:TaxExemptionReasonCode"
    says = f"category {code} must {'' if category.needs_reason else 'not '}say why no VAT is due"
    yield Rule(f"{name}-10", part, reason if category.needs_reason else f"not({reason})", says)


def _broken_down(category: Category) -> str:
    """Taxed categories need a part, or several, exactly where something is in them; others one and only one."""
    vat = "" if category.code == "S" else f"[{VAT}]"
    here = f"[normalize-space(cbc:ID)='{category.code}']{vat}"
    used = f"//cac:AllowanceCharge/cac:TaxCategory{here} or //cac:ClassifiedTaxCategory{here}"
    part = f"cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory{here}"
    if category.is_taxed:
        return f"boolean({used}) = boolean({part})"
    return f"not(//cac:TaxCategory{here} or //cac:ClassifiedTaxCategory{here}) or count({part}) = 1"


def _taxable(category: Category) -> Callable[[etree._Element], bool]:
    """TaxableAmount is what the lines, charges and allowances of the category (at its rate) come to."""

    def holds(part: etree._Element) -> bool:
        rate = amount(part, "cbc:Percent") if category.is_taxed else None
        if category.is_taxed and rate is None:
            return True
        root, stated = part.getroottree().getroot(), amount(part.getparent(), "cbc:TaxableAmount")
        lines = [line for line in _lines(root) if _is_in(line, "cac:Item/cac:ClassifiedTaxCategory", category, rate)]
        charges, allowances = (
            [one for one in beside(root, charges=kind) if _is_in(one, "cac:TaxCategory", category, rate)]
            for kind in (True, False)
        )
        if stated is None or (category.code == "S" and not (lines or charges or allowances)):
            return False
        expected = total(amount(line, "cbc:LineExtensionAmount") for line in lines)
        expected += total(amount(one, "cbc:Amount") for one in charges)
        expected -= total(amount(one, "cbc:Amount") for one in allowances)
        return abs(stated - expected) < 1 if category.is_taxed else stated == expected

    return holds


def _lines(root: etree._Element) -> list[etree._Element]:
    return [*every(root, "cac:InvoiceLine"), *every(root, "cac:CreditNoteLine")]


def _is_in(element: etree._Element, path: str, category: Category, rate: Decimal | None) -> bool:
    found = every(element, path)
    in_category = any(text(one, "cbc:ID") == category.code for one in found)
    return in_category and (rate is None or any(amount(one, "cbc:Percent") == rate for one in found))


def _taxed(category: etree._Element) -> bool:
    part, percent = category.getparent(), amount(category, "cbc:Percent")
    tax, taxable = amount(part, "cbc:TaxAmount"), amount(part, "cbc:TaxableAmount")
    if percent is None or tax is None or taxable is None:
        return False
    return abs(abs(tax) - rounded(abs(taxable) * percent / 100)) < 1


def _untaxed(category: etree._Element) -> bool:
    return amount(category.getparent(), "cbc:TaxAmount") == 0


_DELIVERED = "string-length(cac:Delivery/cbc:ActualDeliveryDate)>1 or cac:InvoicePeriod/*"
_INSIDE_UNION = f"cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory{_under('K')}"
_COUNTRY = "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"

_PART = f"cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory[{VAT}]"
_OUTSIDE = f"not({_PART}[normalize-space(cbc:ID)='O'])"
_OTHER = f"[{VAT}][cbc:ID[normalize-space()!='O']]"


def _nothing_else(rule: str, where: str) -> Rule:
    return Rule(rule, "/*", f"{_OUTSIDE} or not({where}{_OTHER})", "where category O is, no other category may be")


RULES = (
    *(rule for category in CATEGORIES for rule in _rules(category)),
    _nothing_else("BR-O-11", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"),
    _nothing_else("BR-O-12", "//cac:ClassifiedTaxCategory"),
    _nothing_else("BR-O-13", f"//{ALLOWED}/cac:TaxCategory"),
    _nothing_else("BR-O-14", f"//{CHARGED}/cac:TaxCategory"),
    Rule("BR-IC-11", "/*", f"not({_INSIDE_UNION}) or {_DELIVERED}", "category K needs a day or period of delivery"),
    Rule(
        "BR-IC-12", "/*", f"not({_INSIDE_UNION}) or string-length({_COUNTRY})>1",
        "category K needs the country of delivery",
    ),
)  # fmt: skip
