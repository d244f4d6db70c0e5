"""The inventory platform's JSON and our documents, both ways."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from adapters.inventory.platform import wire
from adapters.strict_json import BadDocumentError
from domain.delivery import GoodsReceipt, LotQuantity, ReceivedLine
from domain.par_breach import BreachLine, ParBreach
from domain.ports import ExpectedDelivery
from domain.quantities import Quantity, plain
from domain.requisition import Criticality

CRITICALITIES = {criticality.value: criticality for criticality in Criticality}


def document_of(kind: str, data: dict[str, Any], at: datetime) -> GoodsReceipt | ParBreach:
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
    if read.criticality not in CRITICALITIES:
        raise BadDocumentError("/data/criticality", f"must be one of {', '.join(CRITICALITIES)}")
    return ParBreach(
        facility=read.facility,
        location=read.location,
        reported_at=at,
        reported_by=read.reported_by,
        criticality=CRITICALITIES[read.criticality],
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
        lines=tuple(
            ReceivedLine(
                number=line.line,
                item=line.item,
                accepted=Quantity(value=line.accepted, unit=line.unit),
                rejected=None if line.rejected is None else Quantity(value=line.rejected, unit=line.unit),
                reason=line.reason,
                lots=tuple(
                    LotQuantity(
                        lot=lot.lot,
                        quantity=Quantity(value=lot.quantity, unit=line.unit),
                        expires_on=lot.expires_on,
                        serial=lot.serial,
                    )
                    for lot in line.lots
                ),
            )
            for line in read.lines
        ),
    )


READERS: dict[str, tuple[type[BaseModel], Callable[[Any, datetime], GoodsReceipt | ParBreach]]] = {
    "supplyline.inventory.par-breached": (wire.ParBreached, _par_breach),
    "supplyline.inventory.goods-received": (wire.GoodsReceived, _goods_receipt),
}
"""Every event type we read from inventory platforms."""
