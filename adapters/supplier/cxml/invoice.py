"""InvoiceDetailRequest, read: invoices, credit and debit memos, in detail or one amount an order.

A line's amount is its subtotal less its own discounts; shipping, handling and other charges stand once, at the
document. Whether a total of the summary includes what the lines name already, senders do differently: the reading that
adds up to NetAmount is the one taken, and where none does a finding says so (docs/cxml.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from adapters.documents.reading import DocumentKind, NamedReference, ReadCharge, Reading, ReadLine, ReadTax, Totals
from adapters.supplier.cxml.amounts import cents, discount_of, modifications, tax_amount, taxes_of
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, order_of, purpose_of, references
from adapters.supplier.cxml.invoice_lines import LineRead, lines_of
from adapters.supplier.cxml.items import extrinsics, id_references, notes, parties
from adapters.supplier.cxml.tree import Element, attribute, child, children, text

CREDITS = frozenset({"creditmemo", "linelevelcreditmemo"})
PURPOSES = CREDITS | {"standard", "debitmemo", "lineleveldebitmemo", ""}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class _Way:
    """One way to read a summary: True where its total includes what the lines name already."""

    shipping: bool = True
    handling: bool = True
    discount: bool = True


def read_invoice(reader: CxmlReader) -> Reading:
    """Return what an InvoiceDetailRequest says; amounts and quantities of a credit are positive, once negated."""
    request = reader.payload
    header, summary = child(request, "InvoiceDetailRequestHeader"), child(request, "InvoiceDetailSummary")
    purpose = attribute(header, "purpose")
    if purpose.casefold() not in PURPOSES and header is not None:
        reader.error("purpose", header, "must be an invoice purpose of cXML", at="purpose")
    is_credit = purpose.casefold() in CREDITS
    read = lines_of(reader)
    orders = {line.reading.po_number for line in read if line.reading.po_number}
    reading = Reading.model_validate(
        {
            **header_of(reader),
            **issued(reader, header, "invoiceDate"),
            "kind": DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.SUPPLIER_INVOICE,
            "message_id": "",
            "number": attribute(header, "invoiceID") or None,
            "po_number": orders.pop() if len(orders) == 1 else None,
            "raw_type": purpose or "standard",
            "purpose": _purpose(reader, header),
            "parties": parties(reader),
            "dates": _dates(reader, header),
            "references": tuple(dict.fromkeys(_references(reader, header))),
            "tracking": tuple(text(one) for one in children(header, "InvoiceDetailShipping/ShipmentIdentifier")),
            "carrier": text(header, "InvoiceDetailShipping/CarrierIdentifier") or None,
            "taxes": _taxes(reader, summary, read),
            "totals": _totals(reader, summary, read, is_credit=is_credit),
            "notes": notes(header),
        }
    )
    reading = _with_charges(reader, reading, summary, read)
    details = {**reading.details, **_terms(header)}
    reading = reading.model_copy(update={"details": details})
    return _negated(reading) if is_credit and _is_negative(reading) else reading


def _purpose(reader: CxmlReader, header: Element | None) -> str:
    """Return what it does: a copy sent for information is nothing to pay."""
    if header is not None and attribute(header, "isInformationOnly") == "yes":
        reader.error(
            "information only", header, "is sent for information, and is nothing to pay", at="isInformationOnly"
        )
        return "information copy"
    return purpose_of(attribute(header, "operation"))


def _dates(reader: CxmlReader, header: Element | None) -> tuple[Any, ...]:
    period = child(header, "Period")
    shipping = child(header, "InvoiceDetailShipping")
    return (
        *reader.dated(header, "invoiceDate", "invoice"),
        *reader.dated(header, "paymentNetDueDate", "due"),
        *reader.dated(shipping, "shippingDate", "shipped"),
        *reader.dated(period, "startDate", "period start"),
        *reader.dated(period, "endDate", "period end"),
    )


def _references(reader: CxmlReader, header: Element | None) -> Iterator[NamedReference]:
    yield from references(header)
    yield from id_references(header)
    yield from extrinsics(reader, header)
    for info in reader.payload.iter("InvoiceDetailOrderInfo"):
        yield from references(info)
        if number := order_of(reader, info):
            yield NamedReference(meaning="purchase order", raw="InvoiceDetailOrderInfo", value=number)


def _terms(header: Element | None) -> dict[str, str]:
    """Return the payment terms in days and percent, for a person to read."""
    said = []
    for term in (*children(header, "PaymentTerm"), *children(header, "InvoiceDetailPaymentTerm")):
        days = attribute(term, "payInNumberOfDays")
        rate = attribute(child(term, "Discount/DiscountPercent"), "percent") or attribute(term, "percentageRate")
        said.append(f"{days} days" + (f", {rate} % discount" if rate else ""))
    return {"payment terms": "; ".join(said)} if said else {}


def _taxes(reader: CxmlReader, summary: Element | None, read: list[LineRead]) -> tuple[ReadTax, ...]:
    return taxes_of(reader, child(summary, "Tax")) or tuple(tax for line in read for tax in line.reading.taxes)


def _totals(reader: CxmlReader, summary: Element | None, read: list[LineRead], *, is_credit: bool) -> Totals:
    """Return what the summary says; of a credit whose lines are above zero, the totals are so too."""
    net, due = reader.money(summary, "NetAmount/Money"), reader.money(summary, "DueAmount/Money")
    tax = tax_amount(reader, child(summary, "Tax"))
    if tax is None:
        parts = [line.tax for line in read if line.tax is not None]
        tax = sum(parts, start=Decimal(0)) if parts else None
    if is_credit and _sum(line.reading.amount for line in read) > 0:
        net, due = (None if one is None else abs(one) for one in (net, due))
    return Totals(
        lines=reader.money(summary, "SubtotalAmount/Money"),
        charges=reader.money(summary, "TotalCharges/Money"),
        allowances=reader.money(summary, "TotalAllowances/Money"),
        net=reader.money(summary, "TotalAmountWithoutTax/Money"),
        tax=tax,
        gross=net,
        prepaid=reader.money(summary, "DepositAmount/Money") or None,
        payable=due if due is not None else net,
    )


def _with_charges(reader: CxmlReader, reading: Reading, summary: Element | None, read: list[LineRead]) -> Reading:
    """Find the reading of the summary that adds up to NetAmount, and keep each charge once."""
    listed = [*modifications(reader, child(summary, "InvoiceHeaderModifications"))]
    listed += [one for line in read for one in line.costs]
    ways = [_Way(*way) for way in product((True, False), repeat=3)]
    beside = {way: [*_summary_charges(reader, summary, read, way), *listed] for way in ways}
    stated = reading.totals.gross
    lines = _sum(line.reading.amount for line in read)
    base = lines + (reading.totals.tax or Decimal(0))
    sums = {way: base + _sum(one.amount for one in charges) for way, charges in beside.items()}
    room = CENT * max(1, len(read))
    way = next((one for one, total in sums.items() if stated is not None and abs(total - stated) <= room), ways[0])
    totals = reading.totals
    node = reader.payload if summary is None else summary
    if stated is None:
        gross = reader.money(summary, "GrossAmount/Money")
        total = sums[way] if gross is None else gross + discount_of(reader, summary)
        reader.warning("total", node, "names no NetAmount; added up from what it does name", "send the total")
        totals = totals.model_copy(update={"gross": cents(total)})
    elif abs(sums[way] - stated) > room:
        remedy = "compare it with the printed invoice"
        reader.warning("total", node, "is not the sum of the lines, charges, discounts and taxes", remedy)
    if totals.lines is None:
        totals = totals.model_copy(update={"lines": lines})
    charges = tuple(beside[way])
    totals = totals.model_copy(update=_charge_totals(totals, charges))
    return reading.model_copy(
        update={"charges": charges, "totals": totals, "lines": tuple(line.reading for line in read)}
    )


def _charge_totals(totals: Totals, charges: tuple[ReadCharge, ...]) -> dict[str, Decimal]:
    found = {}
    if totals.charges is None:
        found["charges"] = _sum(one.amount for one in charges if one.amount > 0)
    if totals.allowances is None:
        found["allowances"] = -_sum(one.amount for one in charges if one.amount < 0)
    return found


def _summary_charges(
    reader: CxmlReader, summary: Element | None, read: list[LineRead], way: _Way
) -> Iterator[ReadCharge]:
    """Yield shipping, handling and discount: those of the lines, and what the summary's total has beyond them."""
    for kind, path, of_lines, is_included in (
        ("freight", "ShippingAmount", [(line, line.shipping) for line in read], way.shipping),
        ("handling", "SpecialHandlingAmount", [(line, line.handling) for line in read], way.handling),
    ):
        named = [
            ReadCharge(kind=kind, raw=path, amount=amount, reason=f"line {line.reading.position}")
            for line, amount in of_lines
            if amount
        ]
        total = reader.money(summary, f"{path}/Money")
        yield from named
        beyond = (total or Decimal(0)) - (_sum(one.amount for one in named) if is_included and total else Decimal(0))
        if beyond:
            yield ReadCharge(kind=kind, raw=path, amount=beyond)
    discount = discount_of(reader, summary)
    if discount and way.discount:
        discount -= _sum(line.discount for line in read)
    if discount:
        yield ReadCharge(kind="discount", raw="InvoiceDetailDiscount", amount=discount)


def _sum(amounts: Any) -> Decimal:  # noqa: ANN401 - any iterable of decimals and None
    return sum((amount for amount in amounts if amount is not None), start=Decimal(0))


def _is_negative(reading: Reading) -> bool:
    """True where a credit is written with negative amounts, as the standard wants it."""
    said = (reading.totals.gross, reading.totals.payable, reading.totals.lines)
    return any(amount is not None and amount < 0 for amount in said)


def _negated(reading: Reading) -> Reading:
    totals = {name: -value for name, value in reading.totals if isinstance(value, Decimal)}
    return reading.model_copy(
        update={
            "totals": reading.totals.model_copy(update=totals),
            "lines": tuple(_negated_line(line) for line in reading.lines),
            "charges": tuple(_negated_charge(one) for one in reading.charges),
            "taxes": tuple(_negated_tax(one) for one in reading.taxes),
        }
    )


def _negated_line(line: ReadLine) -> ReadLine:
    """Turn a line around; whether its quantity or its price was below zero, both are above it afterwards."""
    update: dict[str, Any] = {
        "charges": tuple(_negated_charge(one) for one in line.charges),
        "taxes": tuple(_negated_tax(one) for one in line.taxes),
    }
    if line.amount is not None:
        update["amount"] = -line.amount
    if line.amount is None or line.amount <= 0:
        if line.quantity is not None:
            update["quantity"] = line.quantity.model_copy(update={"value": abs(line.quantity.value)})
        if line.unit_price is not None:
            update["unit_price"] = abs(line.unit_price)
    return line.model_copy(update=update)


def _negated_charge(charge: ReadCharge) -> ReadCharge:
    return charge.model_copy(update={"amount": -charge.amount})


def _negated_tax(tax: ReadTax) -> ReadTax:
    amounts = {name: -value for name, value in (("amount", tax.amount), ("taxable", tax.taxable)) if value is not None}
    return tax.model_copy(update=amounts)
