"""The inventory platform's JSON and our documents, both ways."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from adapters.bad_document import BadDocumentError
from adapters.barcodes.scan import Scan, scan
from adapters.documents.identifiers import gtin_14
from adapters.inventory.platform import wire
from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine
from domain.par_breach import BreachLine, ParBreach
from domain.ports import ExpectedDelivery
from domain.quantities import Quantity, plain
from domain.requisition import Criticality
from domain.usage import ReplenishmentRequest, RequestedLine, Usage, UsageLine

PlatformDocument = GoodsReceipt | ParBreach | Usage | ReplenishmentRequest
"""What an inventory platform's event can carry."""
CRITICALITIES = {criticality.value: criticality for criticality in Criticality}


def document_of(kind: str, data: dict[str, Any], at: datetime) -> PlatformDocument:
    """Return the document an event carries. Raises BadDocumentError, or pydantic's ValidationError on `data`."""
    if kind not in READERS:
        known = ", ".join(sorted(READERS))
        raise BadDocumentError("/type", "must be an event type we know", f"use one of {known}")
    model, read = READERS[kind]
    return read(model.model_validate(data), at)


def expected_delivery_of(delivery: ExpectedDelivery) -> dict[str, Any]:
    """Return what is coming as the platform reads it."""
    order, notice = delivery.order, delivery.ship_notice
    shipped = {line.number: line.quantity for line in notice.lines} if notice else None
    return {
        "po_number": order.name,
        "facility": order.facility,
        "location": order.deliver_to,
        "supplier": order.supplier,
        "ship_notice": notice.number if notice else None,
        "expected_on": delivery.expected_on.isoformat() if delivery.expected_on else None,
        "lines": [
            {
                "line": line.number,
                "item": line.item,
                "quantity": plain(quantity.value),
                "unit": quantity.unit,
                "base_units": plain(line.packs[quantity.unit]),
            }
            for line in order.lines
            if (quantity := line.quantity if shipped is None else shipped.get(line.number)) is not None
        ],
    }


def _par_breach(read: wire.ParBreached, at: datetime) -> ParBreach:
    return ParBreach(
        facility=read.facility,
        location=read.location,
        reported_at=at,
        reported_by=read.reported_by,
        criticality=_criticality(read.criticality),
        lines=tuple(
            BreachLine(
                item=item.item,
                par_level=Quantity(value=item.par_level, unit=item.unit),
                on_hand=Quantity(value=item.on_hand, unit=item.unit),
                on_order=None if item.on_order is None else Quantity(value=item.on_order, unit=item.unit),
            )
            for item in read.items
        ),
    )


def _goods_receipt(read: wire.GoodsReceived, at: datetime) -> GoodsReceipt:
    return GoodsReceipt(
        number=read.goods_receipt,
        po_number=read.po_number,
        facility=read.facility,
        location=read.location,
        received_at=at,
        receiver=read.receiver,
        ship_notice=read.ship_notice,
        lines=tuple(_received_line(line, f"/data/lines/{place}/udi") for place, line in enumerate(read.lines)),
    )


def _received_line(line: wire.ReceivedLine, pointer: str) -> ReceivedLine:
    accepted = Quantity(value=line.accepted, unit=line.unit)
    lots = tuple(_lot(lot, line.unit) for lot in line.lots)
    label = _label(line.udi, pointer)
    return ReceivedLine(
        number=line.line,
        item=line.item,
        gtin=label.gtin if label else None,
        accepted=accepted,
        rejected=None if line.rejected is None else Quantity(value=line.rejected, unit=line.unit),
        reason=line.reason,
        lots=_labelled(lots, label, accepted, pointer) if label and label.lot else lots,
    )


def _lot(lot: wire.Lot, unit: str) -> LotQuantity:
    quantity = Quantity(value=lot.quantity, unit=unit)
    return LotQuantity(lot=lot.lot, quantity=quantity, expires_on=lot.expires_on, serial=lot.serial)


def _label(udi: str | None, pointer: str) -> Scan | None:
    try:
        return scan(udi) if udi is not None else None
    except BadDocumentError as error:
        raise BadDocumentError(pointer, f"{error.pointer}: {error.rule}", error.remedy) from error


def _labelled(lots: tuple[LotQuantity, ...], label: Scan, accepted: Quantity, pointer: str) -> tuple[LotQuantity, ...]:
    """Return the lots of a line with what its label adds to the one it names."""
    if not lots:
        whole = {"lot": label.lot, "quantity": accepted, "expires_on": label.expires_on, "serial": label.serial}
        return (LotQuantity.model_validate(whole),)
    named = next((lot for lot in lots if lot.lot == label.lot), None)
    if named is None:
        raise _contradiction("lot", pointer)
    beside = {"expires_on": label.expires_on, "serial": label.serial}
    said = _agreed({name: getattr(named, name) for name in beside}, beside, pointer)
    agreed = LotQuantity.model_validate({**vars(named), **said})
    return tuple(agreed if lot is named else lot for lot in lots)


def _agreed(said: dict[str, Any], label: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Return what a line and its label say together. Raises BadDocumentError where they contradict each other."""
    for name, value in label.items():
        if value is not None and said[name] is not None and said[name] != value:
            raise _contradiction(name, pointer)
    return {name: said[name] if said[name] is not None else value for name, value in label.items()}


def _contradiction(name: str, pointer: str) -> BadDocumentError:
    rule = f"contradicts the {name.replace('_', ' ')} beside it"
    return BadDocumentError(pointer, rule, "send what the label says, or the scan alone")


def _usage(read: wire.SupplyUsed, at: datetime) -> Usage:
    lines = tuple(_used_line(line, place) for place, line in enumerate(read.lines))
    return Usage.model_validate(
        {
            "number": read.usage,
            "facility": read.facility,
            "location": read.location,
            "used_at": read.used_at or at,
            "reported_by": read.reported_by,
            "case_reference": read.case_reference,
            "lines": lines,
        }
    )


def _used_line(line: wire.UsedLine, place: int) -> UsageLine:
    pointer = f"/data/lines/{place}/udi"
    label = _label(line.udi, pointer)
    said = {
        "gtin": gtin_14(line.gtin) or line.gtin if line.gtin else None,
        "lot": line.lot,
        "serial": line.serial,
        "expires_on": line.expires_on,
    }
    if label is not None:
        said = _agreed(said, {name: getattr(label, name) for name in said}, pointer)
    return UsageLine.model_validate(
        {
            "number": place + 1,
            "item": line.item,
            "supplier_item": line.supplier_item or (label.hibc if label else None),
            "quantity": Quantity(value=line.quantity, unit=line.unit),
            **said,
        }
    )


def _replenishment_request(read: wire.StockRequested, at: datetime) -> ReplenishmentRequest:
    return ReplenishmentRequest(
        number=read.request,
        facility=read.facility,
        location=read.location,
        requested_at=at,
        requested_by=read.requested_by,
        criticality=_criticality(read.criticality),
        needed_by=read.needed_by,
        lines=tuple(
            RequestedLine(number=number, item=item.item, quantity=Quantity(value=item.quantity, unit=item.unit))
            for number, item in enumerate(read.items, start=1)
        ),
    )


def _criticality(word: str) -> Criticality:
    if word not in CRITICALITIES:
        raise BadDocumentError("/data/criticality", f"must be one of {', '.join(CRITICALITIES)}")
    return CRITICALITIES[word]


READERS: dict[str, tuple[type[BaseModel], Callable[[Any, datetime], PlatformDocument]]] = {
    "supplyline.inventory.par-breached": (wire.ParBreached, _par_breach),
    "supplyline.inventory.goods-received": (wire.GoodsReceived, _goods_receipt),
    "supplyline.inventory.supply-used": (wire.SupplyUsed, _usage),
    "supplyline.inventory.stock-requested": (wire.StockRequested, _replenishment_request),
}
"""Every event type we read from inventory platforms."""
