"""UBL 2.1 written strictly: Order, OrderChange and OrderCancellation of Peppol BIS Ordering and Advanced Ordering.

Elements stand in the order of the OASIS schemas, there is nothing Peppol's data model does not have, and the same
message at the same moment is the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.outbox import CannotBeWrittenError
from adapters.documents.units import to_rec20
from adapters.supplier.ubl.names import CAC, CBC, namespace_of
from adapters.supplier.ubl.options import UblOptions
from domain.ports import OrderMessage
from domain.purchase_order import OrderLine
from domain.quantities import plain

CENT = Decimal("0.01")
PURCHASE_ORDER = "220"
"""UNCL 1001."""
CHANGED, DELETED = "3", "2"
"""UNCL 1229."""
SCHEMES = {"gln": "0088", "duns": "0060"}
"""ISO 6523, of the schemes a profile names; other numbers of a party go without."""

_VAT = re.compile(r"[A-Z]{2}[0-9A-Za-z+*.]{2,}")

Content = str | Sequence["Element | None"]


class Element:
    """An element to be: its name with `cbc:` or `cac:`, what is in it, and its attributes."""

    def __init__(self, name: str, content: Content, **attributes: str) -> None:
        self.name = name
        self.content = content
        self.attributes = attributes

    def under(self, parent: etree._Element) -> None:
        """Make it a child of a parent."""
        prefix, _, local = self.name.partition(":")
        made = etree.SubElement(parent, f"{{{CBC if prefix == 'cbc' else CAC}}}{local}", self.attributes)
        if isinstance(self.content, str):
            made.text = clean(self.content)
            return
        for child in self.content:
            if child is not None:
                child.under(made)


def write_order(message: OrderMessage, who: Correspondents, options: UblOptions, at: datetime) -> bytes:
    """Return an Order. Raises CannotBeWrittenError."""
    order = message.order
    return _document(
        "Order",
        Element("cbc:CustomizationID", options.order_customization),
        Element("cbc:ProfileID", options.order_profile),
        Element("cbc:ID", _required(order.name, "ID")),
        *_issued(at),
        Element("cbc:OrderTypeCode", PURCHASE_ORDER),
        _noted("cbc:Note", message.reason),
        Element("cbc:DocumentCurrencyCode", order.currency),
        Element("cac:OriginatorDocumentReference", [Element("cbc:ID", order.key)]),
        *_parties(who, options),
        _delivery(message, who),
        _total(order.lines, order.currency),
        *(_line(line, order.currency, options) for line in order.lines),
    )


def write_order_change(
    message: OrderMessage, who: Correspondents, options: UblOptions, at: datetime, sequence: int
) -> bytes:
    """Return an OrderChange with every line as it is now; one of quantity zero is deleted. Raises CannotBeWrittenError.

    `sequence` counts the changes of one order from 1.
    """
    order = message.order
    return _document(
        "OrderChange",
        Element("cbc:CustomizationID", options.change_customization),
        Element("cbc:ProfileID", options.change_profile),
        Element("cbc:ID", f"{_required(order.name, 'ID')}-{sequence}"),
        *_issued(at),
        Element("cbc:SequenceNumberID", str(sequence)),
        _noted("cbc:Note", message.reason),
        Element("cbc:DocumentCurrencyCode", order.currency),
        Element("cac:OrderReference", [Element("cbc:ID", order.name)]),
        Element("cac:OriginatorDocumentReference", [Element("cbc:ID", order.key)]),
        *_parties(who, options),
        _delivery(message, who),
        _total(order.lines, order.currency),
        *(
            _line(line, order.currency, options, DELETED if line.quantity.value == 0 else CHANGED)
            for line in order.lines
        ),
    )


def write_order_cancellation(message: OrderMessage, who: Correspondents, options: UblOptions, at: datetime) -> bytes:
    """Return an OrderCancellation. Raises CannotBeWrittenError."""
    order = message.order
    return _document(
        "OrderCancellation",
        Element("cbc:CustomizationID", options.cancellation_customization),
        Element("cbc:ProfileID", options.change_profile),
        Element("cbc:ID", f"{_required(order.name, 'ID')}-X"),
        *_issued(at),
        Element("cbc:CancellationNote", message.reason or "The order is taken back."),
        Element("cac:OrderReference", [Element("cbc:ID", order.name)]),
        Element("cac:OriginatorDocumentReference", [Element("cbc:ID", order.key)]),
        *_parties(who, options),
    )


def clean(text: str) -> str:
    """Return text as it may stand in XML: no control characters, no halves of characters, blanks once."""
    kept = "".join(mark if mark.isprintable() else " " for mark in text if not "\ufdd0" <= mark <= "\ufdef")
    return " ".join(kept.split())


def _document(name: str, *content: Element | None) -> bytes:
    namespace = namespace_of(name)
    prefixes: Any = {None: namespace, "cac": CAC, "cbc": CBC}  # the stubs do not know the default namespace
    root = etree.Element(f"{{{namespace}}}{name}", nsmap=prefixes)
    for element in content:
        if element is not None:
            element.under(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _issued(at: datetime) -> Iterator[Element]:
    yield Element("cbc:IssueDate", at.date().isoformat())
    yield Element("cbc:IssueTime", at.timetz().replace(microsecond=0).isoformat())


def _noted(name: str, text: str) -> Element | None:
    return Element(name, text) if clean(text) else None


def _parties(who: Correspondents, options: UblOptions) -> Iterator[Element]:
    yield Element("cac:BuyerCustomerParty", [_party(who.us, options.our_endpoint, "our")])
    yield Element("cac:SellerSupplierParty", [_party(who.them, options.their_endpoint, "their")])


def _party(who: Correspondent, endpoint: str | None, whose: str) -> Element:
    scheme, number = _endpoint(who, endpoint, whose)
    return Element(
        "cac:Party",
        [
            Element("cbc:EndpointID", number, schemeID=scheme),
            _identification(who),
            Element("cac:PartyName", [Element("cbc:Name", who.name)]),
            _address("cac:PostalAddress", who),
            _tax_number(who),
            Element("cac:PartyLegalEntity", [Element("cbc:RegistrationName", who.name)]),
            _contact(who),
        ],
    )


def _endpoint(who: Correspondent, endpoint: str | None, whose: str) -> tuple[str, str]:
    known = endpoint or who.endpoint or (f"{SCHEMES['gln']}:{who.gln}" if who.gln else "")
    scheme, _, number = known.partition(":")
    if not scheme or not number:
        raise CannotBeWrittenError(f"EndpointID: {whose}_endpoint is needed, as 0088:7300010000001")
    return scheme, number


def _identification(who: Correspondent) -> Element | None:
    for name in (*SCHEMES, *(name for name in who.ids if name not in SCHEMES)):
        if name in who.ids:
            attributes = {"schemeID": SCHEMES[name]} if name in SCHEMES else {}
            return Element("cac:PartyIdentification", [Element("cbc:ID", who.ids[name], **attributes)])
    return None


def _address(name: str, who: Correspondent) -> Element:
    return Element(
        name,
        [
            _noted("cbc:StreetName", who.street or ""),
            _noted("cbc:CityName", who.city or ""),
            _noted("cbc:PostalZone", who.postal_code or ""),
            _noted("cbc:CountrySubentity", who.region or ""),
            Element("cac:Country", [Element("cbc:IdentificationCode", who.country)]),
        ],
    )


def _tax_number(who: Correspondent) -> Element | None:
    """A tax number is told where it is one of VAT, which begins with its country."""
    if who.tax_id is None or not _VAT.fullmatch(who.tax_id):
        return None
    scheme = Element("cac:TaxScheme", [Element("cbc:ID", "VAT")])
    return Element("cac:PartyTaxScheme", [Element("cbc:CompanyID", who.tax_id), scheme])


def _contact(who: Correspondent) -> Element | None:
    told = [_noted("cbc:Name", who.contact or ""), _noted("cbc:ElectronicMail", who.email or "")]
    return Element("cac:Contact", told) if any(told) else None


def _delivery(message: OrderMessage, who: Correspondents) -> Element:
    order, place = message.order, who.place(message.order.facility)
    attributes = {"schemeID": SCHEMES["gln"]} if place.gln else {}
    number = Element("cbc:ID", place.gln or order.facility, **attributes)
    party = [
        Element("cac:PartyIdentification", [Element("cbc:ID", order.deliver_to)]),
        Element("cac:PartyName", [Element("cbc:Name", place.name)]),
    ]
    return Element(
        "cac:Delivery",
        [
            Element("cac:DeliveryLocation", [number, _address("cac:Address", place)]),
            _needed_by(order.needed_by),
            Element("cac:DeliveryParty", party),
        ],
    )


def _needed_by(day: date | None) -> Element | None:
    return None if day is None else Element("cac:RequestedDeliveryPeriod", [Element("cbc:EndDate", day.isoformat())])


def _total(lines: Sequence[OrderLine], currency: str) -> Element:
    total = sum((_amount(line) for line in lines), start=Decimal(0))
    told = [
        Element(f"cbc:{name}", plain_amount(total), currencyID=currency)
        for name in ("LineExtensionAmount", "TaxExclusiveAmount", "PayableAmount")
    ]
    return Element("cac:AnticipatedMonetaryTotal", told)


def _line(line: OrderLine, currency: str, options: UblOptions, status: str = "") -> Element:
    unit = to_rec20(line.quantity.unit, options.units)
    if unit is None:
        rule = f"line {line.number}: unit {line.quantity.unit} has no code of Recommendation 20: name one in units"
        raise CannotBeWrittenError(rule)
    price = Element("cbc:PriceAmount", plain(line.unit_price), currencyID=currency)
    return Element(
        "cac:OrderLine",
        [
            Element(
                "cac:LineItem",
                [
                    Element("cbc:ID", str(line.number)),
                    Element("cbc:LineStatusCode", status) if status else None,
                    Element("cbc:Quantity", plain(line.quantity.value), unitCode=unit),
                    Element("cbc:LineExtensionAmount", plain_amount(_amount(line)), currencyID=currency),
                    Element("cac:Price", [price, Element("cbc:BaseQuantity", "1", unitCode=unit)]),
                    _item(line, options),
                ],
            )
        ],
    )


def _item(line: OrderLine, options: UblOptions) -> Element:
    name = next(text for text in (clean(line.description), line.supplier_item, line.item) if text)
    return Element(
        "cac:Item",
        [
            Element("cbc:Name", name),
            Element("cac:BuyersItemIdentification", [Element("cbc:ID", line.item)]),
            _number("cac:SellersItemIdentification", line.supplier_item),
            _number("cac:StandardItemIdentification", line.gtin, schemeID="0160"),
            _tax(options),
        ],
    )


def _number(name: str, value: str | None, **attributes: str) -> Element | None:
    return Element(name, [Element("cbc:ID", value, **attributes)]) if value and clean(value) else None


def _tax(options: UblOptions) -> Element | None:
    if options.tax_category is None:
        return None
    percent = Element("cbc:Percent", options.tax_percent) if options.tax_percent is not None else None
    scheme = Element("cac:TaxScheme", [Element("cbc:ID", "VAT")])
    return Element("cac:ClassifiedTaxCategory", [Element("cbc:ID", options.tax_category), percent, scheme])


def _amount(line: OrderLine) -> Decimal:
    return (line.quantity.value * line.unit_price).quantize(CENT, rounding=ROUND_HALF_UP)


def plain_amount(amount: Decimal) -> str:
    """Write an amount with its cents."""
    return f"{amount:f}"


def _required(text: str, element: str) -> str:
    if not clean(text):
        raise CannotBeWrittenError(f"{element}: must not be empty")
    return text
