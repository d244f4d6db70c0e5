"""CloudEvents 1.0 in JSON as inventory platforms send them, and the little they answer; unknown fields are left."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from domain.quantities import Number as Amount

Text = Annotated[str, StringConstraints(max_length=500)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Wire(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CloudEvent(Wire):
    """The envelope (CloudEvents 1.0.2, JSON event format, structured mode)."""

    specversion: Literal["1.0"]
    id: Short
    source: Short
    type: Short
    time: datetime
    data: dict[str, Any]


class BreachedItem(Wire):
    """One item under par."""

    item: Short
    unit: Short
    par_level: Amount
    on_hand: Amount
    on_order: Amount | None = None


class ParBreached(Wire):
    """`supplyline.inventory.par-breached`."""

    facility: Short
    location: Short
    criticality: Short = "routine"
    reported_by: Short = "inventory"
    items: Annotated[tuple[BreachedItem, ...], Field(min_length=1, max_length=500)]


class Lot(Wire):
    """So many of one lot."""

    lot: Short
    quantity: Amount
    expires_on: date | None = None
    serial: Short | None = None


class ReceivedLine(Wire):
    """What arrived for one order line."""

    line: int
    item: Short
    unit: Short
    accepted: Amount
    rejected: Amount | None = None
    reason: Text = ""
    lots: Annotated[tuple[Lot, ...], Field(max_length=200)] = ()
    udi: Text | None = None
    """The barcode as scanned."""


class GoodsReceived(Wire):
    """`supplyline.inventory.goods-received`."""

    goods_receipt: Short
    po_number: Short
    facility: Short
    location: Short
    receiver: Short
    ship_notice: Short | None = None
    lines: Annotated[tuple[ReceivedLine, ...], Field(min_length=1, max_length=500)]


class UsedLine(Wire):
    """So many of an item used; below zero where it came back."""

    item: Short | None = None
    gtin: Short | None = None
    supplier_item: Short | None = None
    unit: Short
    quantity: Amount
    lot: Short | None = None
    serial: Short | None = None
    expires_on: date | None = None
    udi: Text | None = None
    """The barcode as scanned."""


class SupplyUsed(Wire):
    """`supplyline.inventory.supply-used`."""

    usage: Short
    facility: Short
    location: Short
    used_at: AwareDatetime | None = None
    reported_by: Short = "inventory"
    case_reference: Short | None = None
    lines: Annotated[tuple[UsedLine, ...], Field(min_length=1, max_length=500)]


class RequestedItem(Wire):
    """So many of an item asked for."""

    item: Short
    unit: Short
    quantity: Amount


class StockRequested(Wire):
    """`supplyline.inventory.stock-requested`."""

    request: Short
    facility: Short
    location: Short
    requested_by: Short = "inventory"
    criticality: Short = "routine"
    needed_by: date | None = None
    items: Annotated[tuple[RequestedItem, ...], Field(min_length=1, max_length=500)]


class OnHand(Wire):
    """The answer to `GET on-hand/{location}/{item}`."""

    quantity: Amount
    unit: Short
