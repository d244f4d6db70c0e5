"""What item and party elements have in common in every document: numbers, descriptions, prices, contacts, comments."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from adapters.documents.identifiers import identifier
from adapters.documents.reading import IdentifierKind, ItemIdentifier, NamedReference, Party
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.tree import Element, attribute, child, children, own_text, text

PART_NUMBERS = {
    "SupplierPartID": IdentifierKind.SUPPLIER_ITEM,
    "SupplierPartAuxiliaryID": IdentifierKind.OTHER,
    "BuyerPartID": IdentifierKind.BUYER_ITEM,
}
DOMAINS = {
    **dict.fromkeys(
        (
            "gtin", "gtin-8", "gtin-12", "gtin-13", "gtin-14", "gtin14", "gtin13", "ean", "ean-8", "ean-13", "ean13",
            "eanid", "upc", "upc-a", "upc-12", "upcid", "upcuniversalproductcode", "europeanarticlenumber",
        ),
        IdentifierKind.GTIN,
    ),
    **dict.fromkeys(("ndc", "ndc11", "nationaldrugcode"), IdentifierKind.NDC),
    **dict.fromkeys(("hibc", "hibcc", "hibcid"), IdentifierKind.HIBC),
    **dict.fromkeys(("manufacturerpartid", "manufacturerpartnumber", "mpn"), IdentifierKind.MANUFACTURER_ITEM),
    **dict.fromkeys(("supplierpartid", "vendorpartnumber"), IdentifierKind.SUPPLIER_ITEM),
    **dict.fromkeys(("buyerpartid", "buyerpartnumber"), IdentifierKind.BUYER_ITEM),
}  # fmt: skip
"""Domains of IdReference that name an item number; what is not here keeps its domain and is a number of kind other."""

ROLES = {
    "billto": "bill to",
    "buyer": "buyer",
    "buyercorporate": "buyer",
    "buyermasteraccount": "buyer",
    "carriercorporate": "carrier",
    "from": "supplier",
    "invoicefrom": "supplier",
    "issuerofinvoice": "invoice issuer",
    "remitto": "remit to",
    "sales": "supplier",
    "shipfrom": "ship from",
    "shipto": "ship to",
    "soldto": "buyer",
    "supplier": "supplier",
    "suppliercorporate": "supplier",
    "suppliermasteraccount": "supplier",
}
"""Contact roles; what is not here keeps its own."""


def identifiers(reader: CxmlReader, item_id: Element | None, *details: Element | None) -> tuple[ItemIdentifier, ...]:
    """Return an item's numbers: those of its ItemID, then what its detail says of manufacturer and EAN."""
    found = [*_of_item(reader, item_id)]
    for detail in details:
        found += _of_detail(reader, detail)
    return tuple(dict.fromkeys(found))


def _of_item(reader: CxmlReader, item_id: Element | None) -> Iterator[ItemIdentifier]:
    for name, kind in PART_NUMBERS.items():
        if number := text(item_id, name):
            yield identifier(kind, name, number)
    for reference in children(item_id, "IdReference"):
        domain, number = attribute(reference, "domain"), attribute(reference, "identifier")
        if number:
            kind = DOMAINS.get(domain.casefold().replace(" ", "").replace("_", "-"), IdentifierKind.OTHER)
            yield _checked(reader, reference, kind, domain or "IdReference", number)


def _of_detail(reader: CxmlReader, detail: Element | None) -> Iterator[ItemIdentifier]:
    if number := text(detail, "ManufacturerPartID"):
        yield identifier(IdentifierKind.MANUFACTURER_ITEM, "ManufacturerPartID", number)
    for path in ("ItemDetailIndustry/ItemDetailRetail/EANID", "EANID"):
        ean = child(detail, path)
        if ean is not None and (number := text(ean)):
            yield _checked(reader, ean, IdentifierKind.GTIN, "EANID", number)


def _checked(reader: CxmlReader, node: Element, kind: IdentifierKind, domain: str, number: str) -> ItemIdentifier:
    made = identifier(kind, domain, number)
    if made.kind is not kind:
        reader.warning("gtin", node, "is no GTIN (digits and check digit); kept as the partner's number")
    return made


def description(*places: Element | None) -> str:
    """Return the first description found: English where there are several languages."""
    for place in places:
        found = children(place, "Description")
        english = (
            one for one in found if (one.get("{http://www.w3.org/XML/1998/namespace}lang") or "").startswith("en")
        )
        if told := next((said for one in (*english, *found) if (said := text(one))), ""):
            return told
    return ""


def classifications(*places: Element | None) -> tuple[NamedReference, ...]:
    """Return what an item is classified as, each under its domain."""
    found = [
        NamedReference(
            meaning="classification", raw=attribute(one, "domain"), value=text(one) or attribute(one, "code")
        )
        for place in places
        for one in children(place, "Classification")
        if text(one) or attribute(one, "code")
    ]
    return tuple(dict.fromkeys(found))


def pricing(reader: CxmlReader, node: Element | None) -> dict[str, Any]:
    """Return the price fields of a line: the price, and for how many of its units in which unit it is."""
    rate = child(node, "UnitRate") if child(node, "UnitPrice") is None else child(node, "UnitPrice")
    basis = next(
        (one for one in (child(node, "PriceBasisQuantity"), child(rate, "PriceBasisQuantity")) if one is not None), None
    )
    price = reader.money(rate)
    if price is None or basis is None:
        return {"unit_price": price}
    per, factor = reader.decimal(basis, "quantity"), reader.decimal(basis, "conversionFactor")
    if per is None or per <= 0 or (factor is not None and factor <= 0):
        return {"unit_price": price}
    raw = text(basis, "UnitOfMeasure")
    return {
        "unit_price": price,
        "price_quantity": per / factor if factor else per,
        "price_unit": reader.unit(basis, raw) or raw or None,
    }


def price_of_one(reader: CxmlReader, node: Element | None) -> Decimal | None:
    """Return the price of one unit, whatever quantity it is quoted for."""
    priced = pricing(reader, node)
    price: Decimal | None = priced["unit_price"]
    per: Decimal | None = priced.get("price_quantity")
    return price if price is None or per is None else price / per


def parties(reader: CxmlReader) -> tuple[Party, ...]:
    """Return who a document's own header names: contacts by role, and the places goods and bills go to."""
    header = next(iter(reader.payload), None)
    found = [_contact(one) for path in _CONTACTS for one in children(header, path)]
    for place in ("ShipTo", "BillTo"):
        addresses = children(header, f"{place}/Address") or children(reader.payload, f"{place}/Address")
        found += [_party(ROLES[place.casefold()], place, address) for address in addresses]
    return tuple(dict.fromkeys(found))


_CONTACTS = ("Contact", "InvoicePartner/Contact", "InvoiceDetailShipping/Contact", "BusinessPartner/Contact")


def _contact(contact: Element) -> Party:
    raw = attribute(contact, "role")
    return _party(ROLES.get(raw.casefold(), raw), raw, contact)


def _party(role: str, raw: str, node: Element) -> Party:
    number, scheme = attribute(node, "addressID"), attribute(node, "addressIDDomain")
    reference = child(node, "IdReference")
    if reference is None and node.tag == "Contact":
        above = node.getparent()
        reference = None if above is None or above.tag != "InvoicePartner" else child(above, "IdReference")
    if not number and reference is not None:
        number, scheme = attribute(reference, "identifier"), attribute(reference, "domain")
    return Party(
        role=role, raw_role=raw, name=text(node, "Name"), scheme=scheme or ("addressID" * bool(number)), id=number
    )


def notes(node: Element | None) -> tuple[str, ...]:
    """Return the comments of an element, without the names of their attachments."""
    return tuple(said for one in children(node, "Comments") if (said := own_text(one)))


def extrinsics(reader: CxmlReader, node: Element | None) -> tuple[NamedReference, ...]:
    """Return the extrinsics the profile wants kept."""
    found = ((attribute(one, "name"), text(one)) for one in children(node, "Extrinsic"))
    wanted = reader.options.extrinsics
    return tuple(
        NamedReference(meaning="extrinsic", raw=name, value=value) for name, value in found if name in wanted and value
    )


def id_references(node: Element | None) -> tuple[NamedReference, ...]:
    """Return the references an element carries, each under its domain."""
    found = ((attribute(one, "domain"), attribute(one, "identifier")) for one in children(node, "IdReference"))
    return tuple(
        NamedReference(meaning=domain or "IdReference", raw=domain, value=value) for domain, value in found if value
    )
