"""ShipNoticeRequest, read: what is on its way of which orders, with lots, serial numbers and packages.

A portion that lists no items ships its whole order; the order itself says then what that is.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from adapters.documents.reading import (
    DocumentKind,
    NamedDate,
    NamedReference,
    Party,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
)
from adapters.supplier.cxml.fields import CxmlReader
from adapters.supplier.cxml.header import header_of, issued, order_of, references
from adapters.supplier.cxml.items import (
    classifications,
    description,
    extrinsics,
    id_references,
    identifiers,
    notes,
    parties,
    pricing,
)
from adapters.supplier.cxml.tree import Element, attribute, child, children, own_text, text

PURPOSES = {"": "original", "new": "original", "update": "replacement", "delete": "delete"}
"""An updated notice is complete: everything the first one said is to be forgotten."""
PACKAGE_NUMBERS = (
    "ShippingContainerSerialCode",
    "PackageID/PackageTrackingID",
    "PackageID/GlobalIndividualAssetID",
)
LONG_SSCC = 20
"""An SSCC with its application identifier 00 before it."""
RETAIL = ("ShipNoticeItemIndustry/ShipNoticeItemRetail", "ShipNoticeItemRetail")


def read_ship_notice(reader: CxmlReader) -> Reading:
    """Return what a ShipNoticeRequest says."""
    request = reader.payload
    header = child(request, "ShipNoticeHeader")
    portions = [(one, order_of(reader, one)) for one in children(request, "ShipNoticePortion")]
    items = [(item, number) for portion, number in portions for item in children(portion, "ShipNoticeItem")]
    lines = tuple(_line(reader, item, position, number) for position, (item, number) in enumerate(items, start=1))
    orders = list(dict.fromkeys(number for _, number in portions if number))
    operation = attribute(header, "operation")
    return Reading.model_validate(
        {
            **header_of(reader),
            **issued(reader, header, "noticeDate"),
            "kind": DocumentKind.SHIP_NOTICE,
            "message_id": "",
            "number": attribute(header, "shipmentID") or None,
            "po_number": orders[0] if len(orders) == 1 else None,
            "raw_type": attribute(header, "shipmentType") or attribute(header, "reason"),
            "purpose": PURPOSES.get(operation.casefold(), operation),
            "parties": (*parties(reader), *_carriers(request)),
            "dates": _dates(reader, header, request),
            "references": tuple(dict.fromkeys(_references(reader, header, request))),
            "carrier": _carrier(request),
            "tracking": tuple(dict.fromkeys(_tracking(request))),
            "packages": tuple(dict.fromkeys(_packages(request))),
            "lines": lines,
            "whole_orders": tuple(number for portion, number in portions if number and _is_whole(portion)),
            "notes": (*notes(header), *(said for portion, _ in portions for said in notes(portion))),
        }
    )


def _is_whole(portion: Element) -> bool:
    return child(portion, "ShipNoticeItem") is None


def _dates(reader: CxmlReader, header: Element | None, request: Element) -> tuple[NamedDate, ...]:
    is_planned = attribute(header, "shipmentType").casefold() == "planned"
    ordered = (
        found
        for one in request.iterfind("ShipNoticePortion/OrderReference")
        for found in reader.dated(one, "orderDate", "purchase order")
    )
    return (
        *reader.dated(header, "shipmentDate", "scheduled ship" if is_planned else "shipped"),
        *reader.dated(header, "deliveryDate", "expected"),
        *reader.dated(header, "requestedDeliveryDate", "requested delivery"),
        *dict.fromkeys(ordered),
    )


def _references(reader: CxmlReader, header: Element | None, request: Element) -> Iterator[NamedReference]:
    yield from references(header)
    yield from id_references(header)
    yield from extrinsics(reader, header)
    for portion in children(request, "ShipNoticePortion"):
        yield from references(portion)
        yield from extrinsics(reader, portion)
    for shipment in request.iter("ShipmentIdentifier"):
        if attribute(shipment, "domain").casefold() == "billoflading":
            yield NamedReference(meaning="bill of lading", raw="ShipmentIdentifier", value=text(shipment))


def _carriers(request: Element) -> tuple[Party, ...]:
    found = []
    for one in request.iter("CarrierIdentifier"):
        domain, name = attribute(one, "domain"), text(one)
        is_name = domain.casefold() == "companyname"
        if name:
            found.append(
                Party(role="carrier", raw_role=str(one.tag), name=name if is_name else "", scheme=domain, id=name)
            )
    return tuple(dict.fromkeys(found))


def _carrier(request: Element) -> str | None:
    """Return the first carrier by its company's name, or else by its code."""
    named = [(attribute(one, "domain").casefold(), text(one)) for one in request.iter("CarrierIdentifier")]
    by_name = next((name for domain, name in named if domain == "companyname" and name), None)
    return by_name or next((name for _, name in named if name), None)


def _tracking(request: Element) -> Iterator[str]:
    for control in request.iter("ShipControl"):
        for one in children(control, "ShipmentIdentifier"):
            if number := text(one):
                yield number


def _packages(node: Element) -> Iterator[str]:
    """Yield the logistic units packed in: their SSCC, or whatever number the sender gave them."""
    for packaging in node.iter("Packaging"):
        plain = [own_text(one) for one in children(packaging, "PackageID")]
        for number in (*(text(packaging, path) for path in PACKAGE_NUMBERS), *plain):
            if number:
                yield number[2:] if len(number) == LONG_SSCC and number.startswith("00") else number


def _line(reader: CxmlReader, item: Element, position: int, po_number: str | None) -> ReadLine:
    detail = child(item, "ShipNoticeItemDetail")
    quantity = reader.quantity(item, detail)
    if quantity is None:
        reader.error("quantity", item, "must say how many are shipped", at="quantity")
    number = attribute(item, "lineNumber") or None
    packed = next(iter(children(item, "Packaging/OrderedQuantity")), None)
    ordered = child(item, "OrderedQuantity")
    return ReadLine(
        position=position,
        number=attribute(item, "shipNoticeLineNumber") or number,
        order_line=number,
        po_number=po_number,
        identifiers=identifiers(reader, child(item, "ItemID"), detail),
        description=description(detail, item),
        quantity=quantity,
        ordered=reader.quantity(packed if ordered is None else ordered, item),
        **pricing(reader, detail),
        lots=tuple(_lots(reader, item, quantity)),
        dates=_line_dates(reader, item),
        references=(*_line_references(item), *classifications(detail), *extrinsics(reader, item)),
        packages=tuple(dict.fromkeys(_packages(item))),
        notes=notes(item),
    )


def _line_references(item: Element) -> Iterator[NamedReference]:
    yield from references(item)
    for asset in children(item, "AssetInfo"):
        if tag := attribute(asset, "tagNumber"):
            yield NamedReference(meaning="asset tag", raw="tagNumber", value=tag)


def _line_dates(reader: CxmlReader, item: Element) -> tuple[NamedDate, ...]:
    found = [
        *(date for path in RETAIL for date in reader.dated(child(item, f"{path}/ExpiryDate"), "date", "expiry")),
        *(
            date
            for path in RETAIL
            for date in reader.dated(child(item, f"{path}/BestBeforeDate"), "date", "best before")
        ),
        *(
            date
            for one in children(item, "Packaging/BestBeforeDate")
            for date in reader.dated(one, "date", "best before")
        ),
        *(date for one in children(item, "Batch") for date in reader.dated(one, "expirationDate", "expiry")),
    ]
    return tuple(dict.fromkeys(found))


def _lots(reader: CxmlReader, item: Element, quantity: ReadQuantity | None) -> Iterator[ReadLot]:
    """Yield the batches of an item, and its serial numbers: within the batch where there is only one."""
    found = [_lot(reader, item, one) for one in item if one.tag in {"Batch", "SupplierBatchID"}]
    named = [one for one in found if one.lot]
    if len(named) == 1:
        named = [_completed(named[0], found, quantity)]
    serials = [serial for one in children(item, "AssetInfo") if (serial := attribute(one, "serialNumber"))]
    serials += [serial for one in children(item, "SerialNumber") if (serial := text(one))]
    if len(named) > 1 or not serials:
        yield from named
    of = named[0] if len(named) == 1 else ReadLot()
    each = _each(quantity, len(serials))
    for serial in serials:
        yield of.model_copy(update={"serial": serial, "quantity": each})


def _completed(lot: ReadLot, found: list[ReadLot], quantity: ReadQuantity | None) -> ReadLot:
    """Return the only lot of an item with what a nameless Batch beside it says, and all of the item where none does."""
    said: dict[str, object] = {"quantity": quantity}
    for one in (*found, lot):
        said |= {name: value for name, value in one if value is not None}
    return ReadLot.model_validate(said)


def _each(quantity: ReadQuantity | None, serials: int) -> ReadQuantity | None:
    """Return the one piece a serial number stands for, where there are as many as pieces."""
    if quantity is None or quantity.value != serials:
        return None
    return quantity.model_copy(update={"value": Decimal(1)})


def _lot(reader: CxmlReader, item: Element, batch: Element) -> ReadLot:
    if batch.tag == "SupplierBatchID":
        return ReadLot(lot=text(batch) or None, expires_on=_expiry(reader, item))
    names = (text(batch, path) for path in ("SupplierBatchID", "BatchID", "BuyerBatchID"))
    own = reader.decimal(batch, "batchQuantity")
    raw = text(item, "UnitOfMeasure")
    expires = reader.moment(batch, "expirationDate")
    made = reader.moment(batch, "productionDate")
    return ReadLot(
        lot=next((name for name in names if name), None) or attribute(batch, "batchID") or None,
        expires_on=expires.on if expires else _expiry(reader, item),
        made_on=made.on if made else None,
        quantity=None if own is None else ReadQuantity(value=own, unit=reader.unit(item, raw), raw_unit=raw),
    )


def _expiry(reader: CxmlReader, item: Element) -> date | None:
    """Return the expiry, or else the best-before date, an item names beside its batch."""
    places = [child(item, f"{path}/{name}") for name in ("ExpiryDate", "BestBeforeDate") for path in RETAIL]
    places += children(item, "Packaging/BestBeforeDate")
    found = (reader.moment(one, "date") for one in places)
    return next((one.on for one in found if one), None)
