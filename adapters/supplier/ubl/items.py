"""What lines of every UBL document share: the item, its price, lots and packages, charges and taxes beside it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from adapters.documents.reading import NamedReference, ReadCharge, ReadLot, ReadQuantity, ReadTax
from adapters.supplier.ubl.fields import LARGEST, DocumentReader, every, one, text, texts
from domain.quantities import six_decimals

CHARGED = {"true": 1, "1": 1, "false": -1, "0": -1}
"""ChargeIndicator, an XML Schema boolean."""
REASONS = {
    "FC": "freight", "DL": "delivery", "TAC": "testing", "HD": "handling", "ABK": "miscellaneous", "PC": "packing",
    "SH": "special handling", "95": "discount", "100": "rebate", "64": "agreement", "88": "promotion",
}  # fmt: skip
"""UNCL 7161 and 5189: what a charge or an allowance is for; what is not here keeps the sender's words."""
UNIT_OF_PRICE = Decimal(1)


def item_of(reader: DocumentReader, line: etree._Element) -> dict[str, Any]:
    """Return the fields of a line that its Item fills."""
    item = one(line, "cac:Item")
    names = dict.fromkeys([*texts(item, "cbc:Name"), *texts(item, "cbc:Description")])
    return {
        "identifiers": reader.identifiers(item),
        "description": " ".join(names),
        "notes": texts(line, "cbc:Note"),
    }


def price_of(reader: DocumentReader, line: etree._Element) -> dict[str, Any]:
    """Return the fields of a line that its Price fills; the base quantity only where it is not one."""
    price = one(line, "cac:Price")
    base = reader.number(price, "cbc:BaseQuantity")
    unit = one(price, "cbc:BaseQuantity")
    return {
        "unit_price": reader.number(price, "cbc:PriceAmount"),
        "price_quantity": base or None,
        "price_unit": None if unit is None else unit.get("unitCode", "").strip() or None,
    }


def price_of_one(reader: DocumentReader, line: etree._Element) -> Decimal | None:
    """Return the price of a single unit, whatever quantity the price is for."""
    price = reader.number(line, "cac:Price/cbc:PriceAmount")
    base = reader.number(line, "cac:Price/cbc:BaseQuantity") or UNIT_OF_PRICE
    if price is None or base == UNIT_OF_PRICE:
        return price
    single = price / base
    return six_decimals(single) if abs(single) < LARGEST else None


def charges_of(reader: DocumentReader, element: etree._Element) -> tuple[ReadCharge, ...]:
    """Return the allowances and charges directly in an element, allowances below zero."""
    return tuple(_charges(reader, element))


def _charges(reader: DocumentReader, element: etree._Element) -> Iterator[ReadCharge]:
    for found in every(element, "cac:AllowanceCharge"):
        amount = reader.number(found, "cbc:Amount")
        sign = CHARGED.get(text(found, "cbc:ChargeIndicator"))
        if sign is None:
            remedy = "write true for a charge, false for an allowance"
            reader.error("ChargeIndicator", found, "must say true or false", remedy, path="cbc:ChargeIndicator")
        if amount is None or sign is None:
            continue
        code, words = text(found, "cbc:AllowanceChargeReasonCode"), text(found, "cbc:AllowanceChargeReason")
        plain = "charge" if sign > 0 else "discount"
        yield ReadCharge(kind=REASONS.get(code) or words or plain, raw=code, amount=sign * amount, reason=words)


def taxes_of(reader: DocumentReader, element: etree._Element) -> tuple[ReadTax, ...]:
    """Return the subtotals by tax category."""
    return tuple(_taxes(reader, element))


def _taxes(reader: DocumentReader, element: etree._Element) -> Iterator[ReadTax]:
    for total in every(element, "cac:TaxTotal"):
        for part in every(total, "cac:TaxSubtotal"):
            category = one(part, "cac:TaxCategory")
            percent = reader.number(category, "cbc:Percent")
            yield ReadTax(
                kind=_tax_kind(category),
                amount=reader.number(part, "cbc:TaxAmount"),
                percent=reader.number(part, "cbc:Percent") if percent is None else percent,
                taxable=reader.number(part, "cbc:TaxableAmount"),
            )


def item_taxes(reader: DocumentReader, line: etree._Element) -> tuple[ReadTax, ...]:
    """Return the tax categories a line's item is under."""
    return tuple(
        ReadTax(kind=_tax_kind(category), percent=reader.number(category, "cbc:Percent"))
        for category in every(line, "cac:Item/cac:ClassifiedTaxCategory")
    )


def lots_of(reader: DocumentReader, line: etree._Element, quantity: ReadQuantity | None) -> tuple[ReadLot, ...]:
    """Return the lots and serial numbers of a line; the line's quantity where they leave no doubt of whose it is."""
    instances = every(line, "cac:Item/cac:ItemInstance")
    lots = [_lot(reader, instance) for instance in instances]
    lots += [_lot_alone(reader, lot) for lot in every(line, "cac:Item/cac:LotIdentification")]
    found = [lot for lot in lots if lot != ReadLot()]
    return tuple(_shared(found, quantity))


def _shared(lots: list[ReadLot], quantity: ReadQuantity | None) -> Iterator[ReadLot]:
    serials = all(lot.serial for lot in lots)
    for lot in lots:
        if quantity is not None and len(lots) == 1:
            yield lot.model_copy(update={"quantity": quantity})
        elif quantity is not None and serials and quantity.value == len(lots):
            yield lot.model_copy(update={"quantity": quantity.model_copy(update={"value": Decimal(1)})})
        else:
            yield lot


def _lot(reader: DocumentReader, instance: etree._Element) -> ReadLot:
    lot = one(instance, "cac:LotIdentification")
    return ReadLot(
        lot=text(lot, "cbc:LotNumberID") or None,
        serial=text(instance, "cbc:SerialID") or None,
        expires_on=_expiry(reader, instance, lot),
        made_on=reader.day(instance, "cbc:ManufactureDate"),
    )


def _lot_alone(reader: DocumentReader, lot: etree._Element) -> ReadLot:
    return ReadLot(lot=text(lot, "cbc:LotNumberID") or None, expires_on=reader.day(lot, "cbc:ExpiryDate"))


def _expiry(reader: DocumentReader, instance: etree._Element, lot: etree._Element | None) -> date | None:
    return reader.day(lot, "cbc:ExpiryDate") or reader.day(instance, "cbc:BestBeforeDate")


def packages_of(element: etree._Element, path: str = "cac:Shipment") -> tuple[str, ...]:
    """Return the logistic units under an element: an SSCC without its application identifier, others as written."""
    found = [
        *texts(element, f"{path}//cac:TransportHandlingUnit/cbc:ID"),
        *texts(element, f"{path}//cac:ActualPackage/cbc:ID"),
        *texts(element, f"{path}//cac:Package/cbc:ID"),
        *texts(element, f"{path}//cac:ContainedPackage/cbc:ID"),
    ]
    return tuple(dict.fromkeys(_mark(written) for written in found))


def order_of(line: etree._Element) -> dict[str, Any]:
    """Return which line of which order a line names."""
    named = one(line, "cac:OrderLineReference")
    return {
        "order_line": text(named, "cbc:LineID") or None,
        "po_number": text(named, "cac:OrderReference/cbc:ID") or None,
    }


def line_references(line: etree._Element) -> tuple[NamedReference, ...]:
    """Return what else a line refers to."""
    meanings = (
        ("cac:DespatchLineReference/cac:DocumentReference/cbc:ID", "ship notice"),
        ("cac:DespatchLineReference/cbc:LineID", "ship notice line"),
        ("cac:ReceiptLineReference/cac:DocumentReference/cbc:ID", "goods receipt"),
        ("cac:OrderLineReference/cbc:SalesOrderLineID", "supplier order line"),
        ("cac:DocumentReference/cbc:ID", "document"),
        ("cac:Item/cac:ItemInstance/cbc:ProductTraceID", "product trace"),
        ("cbc:AccountingCost", "accounting cost"),
    )
    return tuple(
        NamedReference(meaning=meaning, raw=path, value=value)
        for path, meaning in meanings
        for value in texts(line, path)
    )


def _mark(written: str) -> str:
    digits = "".join(mark for mark in written if mark not in "() ")
    is_sscc = digits.isascii() and digits.isdigit() and len(digits) == len("00" + "0" * 18) and digits.startswith("00")
    return digits[2:] if is_sscc else written


def _tax_kind(category: etree._Element | None) -> str:
    return " ".join(filter(None, (text(category, "cac:TaxScheme/cbc:ID"), text(category, "cbc:ID")))) or "tax"
