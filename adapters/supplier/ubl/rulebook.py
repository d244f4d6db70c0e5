"""What a rule of EN 16931 or Peppol is to us: where it looks, what must hold there, and how numbers are compared.

The rules' own words are XPath 2.0 with xs:decimal. Ours are XPath 1.0 where presence is asked, and exact decimals in
Python where money is: no XPath 1.0 number (a float) ever decides an amount.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal, localcontext
from functools import cache

from lxml import etree

from adapters.documents.findings import Finding, Severity
from adapters.documents.xml import place
from adapters.supplier.ubl.fields import MOST_FINDINGS, content, decimal_of, every, one, text
from adapters.supplier.ubl.names import NAMESPACES, PREFIXES

CENT = Decimal("0.01")
_FIRST_STEP = re.compile(r"(//|/\*/)(\w+:\w+|\*)(.*)")
HALF = Decimal("0.5")
FEW = 100
"""More totals, or parts of a tax, than any real invoice has."""
EXACT = Context(prec=80)
"""Digits enough for any sum of numbers we read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its official id; `holds` is asked of every element `context` finds.

    In XPath `$currency`, `$starts` and `$ends` are those of the document.
    """

    id: str
    context: str
    holds: str | Callable[[etree._Element], bool]
    says: str
    is_fatal: bool = True
    about_money: bool = False
    at_most: int | None = None
    """How many elements it is asked of, where each asks the whole document again."""


def broken(root: etree._Element, rules: Iterable[Rule]) -> Iterator[Finding]:
    """Yield a finding for every element at which a rule does not hold, as severe as its standard says."""
    said = _said_once(root)
    with localcontext(EXACT):
        for rule in rules:
            for element in _broken_at(root, rule, said):
                severity = Severity.ERROR if rule.is_fatal else Severity.WARNING
                yield Finding(severity=severity, code=rule.id, position=place(element, PREFIXES), message=rule.says)


def _said_once(root: etree._Element) -> dict[str, str]:
    """Return what a document says once and rules ask of many elements: variables of their XPath."""
    return {
        "currency": text(root, "cbc:DocumentCurrencyCode"),
        "starts": text(root, "cac:InvoicePeriod/cbc:StartDate"),
        "ends": text(root, "cac:InvoicePeriod/cbc:EndDate"),
    }


def _broken_at(root: etree._Element, rule: Rule, said: dict[str, str]) -> list[etree._Element]:
    found = [
        element for element in selected(root, rule.context)[: rule.at_most] if not _holds(element, rule.holds, said)
    ]
    return found[:MOST_FINDINGS]


def _holds(element: etree._Element, holds: str | Callable[[etree._Element], bool], said: dict[str, str]) -> bool:
    return bool(_xpath(f"boolean({holds})")(element, **said)) if isinstance(holds, str) else holds(element)


def selected(element: etree._Element, path: str) -> list[etree._Element]:
    """Return what an XPath 1.0 expression selects; the sides of a `|` one after the other.

    The first step is taken by walking the tree: libxml2 sorts what it selects in the square of its size.
    """
    return [found for side in path.split("|") for found in _side(element, side)]


def _side(element: etree._Element, path: str) -> list[etree._Element]:
    first = _FIRST_STEP.match(path)
    if first is None:
        return _elements(_xpath(path)(element))
    above, name, rest = first.groups()
    root, tag = element.getroottree().getroot(), _tag(name)
    walked = list(root.iter(tag) if above == "//" else root.iterchildren(tag))
    if not rest:
        return walked
    onward = _xpath(f"self::{name}{rest}")
    return [found for start in walked for found in _elements(onward(start))]


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if local else "*"


def _elements(found: object) -> list[etree._Element]:
    return [part for part in found if etree.iselement(part)] if isinstance(found, list) else []


@cache
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=NAMESPACES, smart_strings=False)


def amount(element: etree._Element | None, path: str) -> Decimal | None:
    """Return the number at a path; None where there is none, or what is there is no number."""
    return decimal_of(content(one(element, path)))


def amounts(element: etree._Element | None, path: str) -> list[Decimal]:
    """Return every number at a path."""
    read = (decimal_of(content(found)) for found in every(element, path))
    return [number for number in read if number is not None]


def total(numbers: Iterable[Decimal | None]) -> Decimal:
    """Add numbers up, leaving out what is not there."""
    return sum((number for number in numbers if number is not None), start=Decimal(0))


def rounded(number: Decimal, step: Decimal = CENT) -> Decimal:
    """Round as XPath does: half towards positive infinity, which differs from half up below zero."""
    return (number / step + HALF).to_integral_value(rounding=ROUND_FLOOR) * step


def within(number: Decimal | None, expected: Decimal, slack: Decimal) -> bool:
    """True when a number is there and at most a slack away."""
    return number is not None and abs(number - expected) <= slack


def is_charge(element: etree._Element) -> bool | None:
    """Say whether an AllowanceCharge adds; None where its indicator says neither."""
    return {"true": True, "1": True, "false": False, "0": False}.get(content(one(element, "cbc:ChargeIndicator")))


def beside(element: etree._Element, *, charges: bool) -> list[etree._Element]:
    """Return the charges, or the allowances, directly in an element."""
    return [found for found in every(element, "cac:AllowanceCharge") if is_charge(found) is charges]
