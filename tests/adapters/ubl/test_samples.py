"""Real UBL documents, against the business facts known of each."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.documents.reading import DocumentKind, ReadCharge, Reading, ReadLine
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from tests.samples import facts_of, samples

FILES = [path for path in samples("ubl") if facts_of(path) is not None]
TOTALS = {
    "LineExtensionAmount": "lines",
    "TaxExclusiveAmount": "net",
    "TaxInclusiveAmount": "gross",
    "AllowanceTotalAmount": "allowances",
    "ChargeTotalAmount": "charges",
    "PrepaidAmount": "prepaid",
    "PayableRoundingAmount": "rounding",
    "PayableAmount": "payable",
}
pytestmark = pytest.mark.skipif(not FILES, reason="the sample documents are not beside the project")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.split("__")[-1])
def test_a_real_document_says_what_is_known_of_it(path: Path) -> None:
    [reading], fact = read(path.read_bytes(), UblOptions()), facts_of(path)
    credit = fact["document"] == "CreditNote" or fact["type_code"] == "381"
    assert reading.kind is (DocumentKind.CREDIT_NOTE if credit else DocumentKind.SUPPLIER_INVOICE)
    assert (reading.number, str(reading.issued_on), reading.currency) == (
        fact["id"],
        fact["issue_date"],
        fact["currency"],
    )
    assert reading.raw_type == fact["type_code"]
    assert reading.details["CustomizationID"] == fact["customization"]
    assert reading.po_number == fact.get("order_reference")
    assert next((str(one.on) for one in reading.dates if one.meaning == "due"), None) == fact.get("due_date")
    billed = [one.value for one in reading.references if one.meaning == "original invoice"]
    assert billed == fact.get("billing_references", [])
    compare_parties(reading, fact)
    compare_money(reading, fact)
    assert len(reading.lines) == len(fact["lines"])
    for line, known in zip(reading.lines, fact["lines"], strict=True):
        compare_line(line, known)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.split("__")[-1])
def test_a_real_document_is_usable_unless_its_money_does_not_add_up(path: Path) -> None:
    [reading], fact = read(path.read_bytes(), UblOptions()), facts_of(path)
    errors = {finding.code for finding in reading.findings if finding.severity == "error"}
    assert errors == set(fact["arithmetic_violations"]) | ({"pro forma"} if fact["type_code"] == "325" else set())


def compare_parties(reading: Reading, fact: dict[str, Any]) -> None:
    for role, known in (("supplier", fact["seller"]), ("buyer", fact["buyer"])):
        parties = [party for party in reading.parties if party.role == role]
        assert parties[0].name == known["name"]
        pairs = [pair for pair in [known.get("endpoint"), *known.get("ids", [])] if pair]
        expected = {(scheme or "", number) for number, scheme in pairs}
        assert expected <= {(party.scheme, party.id) for party in parties}
    assert reading.sender is not None
    assert reading.sender.id == fact["seller"]["endpoint"][0]


def compare_money(reading: Reading, fact: dict[str, Any]) -> None:
    for theirs, ours in TOTALS.items():
        known = fact["totals"].get(theirs)
        assert getattr(reading.totals, ours) == (None if known is None else Decimal(known)), theirs
    assert reading.totals.tax == Decimal(fact["tax_total"][0])
    known_taxes = [(Decimal(one["taxable"]), Decimal(one["tax"])) for one in fact["tax_subtotals"]]
    assert [(one.taxable, one.amount) for one in reading.taxes] == known_taxes
    compare_charges(reading.charges, fact["allowance_charges"])


def compare_charges(charges: tuple[ReadCharge, ...], known: list[dict[str, Any]]) -> None:
    signs = {"true": 1, "1": 1, "false": -1, "0": -1}
    assert [charge.amount for charge in charges] == [signs[one["charge"]] * Decimal(one["amount"]) for one in known]


def compare_line(line: ReadLine, known: dict[str, Any]) -> None:
    assert line.quantity is not None
    assert (line.number, line.amount) == (known["id"], Decimal(known["net"]))
    assert (line.quantity.value, line.quantity.raw_unit) == (Decimal(known["qty"][0]), known["qty"][1])
    assert line.unit_price == Decimal(known["price"])
    assert known["name"] in line.description
    compare_charges(line.charges, known.get("allowance_charges", []))
    if "order_line" in known:
        assert line.order_line == known["order_line"]
    found = {(one.kind.split()[0], one.value) for one in line.identifiers}
    kinds = {"standard": {"gtin", "other"}, "seller": {"supplier"}, "buyer": {"buyer"}}
    for name, value, _ in known.get("ids", []):
        assert any((kind, value) in found for kind in kinds[name])
    if "base_qty" in known:
        assert line.price_quantity == Decimal(known["base_qty"][0])
