"""Invoice and CreditNote, read: what is billed or taken back, at which prices, with which charges, taxes and totals.

Amounts of a credit note are positive. An Invoice whose type code is one of a credit is a credit note as well. A
corrective invoice may be below zero, and a pro forma asks for no money.
"""

from decimal import Decimal
from typing import Any

from lxml import etree

from adapters.documents.reading import DocumentKind, NamedDate, Reading, ReadLine, Totals
from adapters.supplier.ubl.fields import DocumentReader, every, one, text
from adapters.supplier.ubl.header import delivery_dates, header_of, totals_of
from adapters.supplier.ubl.items import (
    charges_of,
    item_of,
    item_taxes,
    line_references,
    lots_of,
    order_of,
    price_of,
    taxes_of,
)

CREDITS = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""UNCL 1001: credit notes of all sorts."""
PURPOSES = {"384": "correction", "325": "pro forma", "386": "prepayment", "389": "self-billed", "326": "partial"}
NOT_PAYABLE = frozenset({"325"})


def read_invoice(reader: DocumentReader) -> Reading:
    """Return what an Invoice says; of a credit type it is a credit note."""
    code = text(reader.root, "cbc:InvoiceTypeCode")
    if code in NOT_PAYABLE:
        reader.error("pro forma", reader.root, "is a pro forma, which asks for no money", path="cbc:InvoiceTypeCode")
    kind = DocumentKind.CREDIT_NOTE if code in CREDITS else DocumentKind.SUPPLIER_INVOICE
    return _billing(reader, kind, code, "cac:InvoiceLine", "cbc:InvoicedQuantity")


def read_credit_note(reader: DocumentReader) -> Reading:
    """Return what a CreditNote says."""
    code = text(reader.root, "cbc:CreditNoteTypeCode")
    return _billing(reader, DocumentKind.CREDIT_NOTE, code, "cac:CreditNoteLine", "cbc:CreditedQuantity")


def _billing(reader: DocumentReader, kind: DocumentKind, code: str, line_path: str, quantity_path: str) -> Reading:
    root = reader.root
    found = every(root, line_path)
    lines = [_line(reader, line, number, quantity_path) for number, line in enumerate(found, start=1)]
    if not lines:
        reader.error("line", root, "must have a line", path=line_path)
    header = header_of(reader)
    orders = dict.fromkeys(line.po_number for line in lines if line.po_number)
    if header["po_number"] is None and len(orders) == 1:
        header["po_number"] = next(iter(orders))
    totals = totals_of(reader, "cac:LegalMonetaryTotal")
    totals = totals.model_copy(update={"tax": _tax(reader, header["currency"])})
    _check_sign(reader, kind, totals)
    return Reading(
        **header,
        kind=kind,
        raw_type=code,
        purpose=PURPOSES.get(code, "duplicate" if text(root, "cbc:CopyIndicator") in {"true", "1"} else ""),
        lines=tuple(lines),
        charges=charges_of(reader, root),
        taxes=taxes_of(reader, root),
        totals=totals,
        findings=reader.all(),
    )


def _line(reader: DocumentReader, line: etree._Element, number: int, quantity_path: str) -> ReadLine:
    quantity = reader.quantity(line, quantity_path)
    return ReadLine(
        position=number,
        number=text(line, "cbc:ID") or None,
        **order_of(line),
        **item_of(reader, line),
        quantity=quantity,
        **price_of(reader, line),
        amount=reader.number(line, "cbc:LineExtensionAmount"),
        lots=lots_of(reader, line, quantity),
        charges=charges_of(reader, line),
        taxes=item_taxes(reader, line) or taxes_of(reader, line),
        dates=(*_period(reader, line), *delivery_dates(reader, line)),
        references=line_references(line),
    )


def _period(reader: DocumentReader, line: etree._Element) -> tuple[NamedDate, ...]:
    days = (
        ("period start", "cac:InvoicePeriod/cbc:StartDate"),
        ("period end", "cac:InvoicePeriod/cbc:EndDate"),
    )
    read = ((meaning, path, reader.day(line, path)) for meaning, path in days)
    return tuple(NamedDate(meaning=meaning, raw=path, on=day) for meaning, path, day in read if day)


def _tax(reader: DocumentReader, currency: str | None) -> Decimal | None:
    """Return the tax of the whole document in its own currency: what is told in another currency is the same tax."""
    found: list[Any] = every(reader.root, "cac:TaxTotal")
    amounts = [
        reader.number(total, "cbc:TaxAmount")
        for total in found
        if (amount := one(total, "cbc:TaxAmount")) is not None and amount.get("currencyID") in {currency, None}
    ]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, start=Decimal(0)) if known else None


def _check_sign(reader: DocumentReader, kind: DocumentKind, totals: Totals) -> None:
    payable = totals.payable
    if kind is DocumentKind.CREDIT_NOTE and payable is not None and payable < 0:
        rule = "a credit note's amounts are positive; this one takes money instead of giving it back"
        remedy = "send an invoice, or positive amounts"
        reader.error("sign", reader.root, rule, remedy, path="cac:LegalMonetaryTotal/cbc:PayableAmount")
