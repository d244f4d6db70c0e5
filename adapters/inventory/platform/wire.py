"""CloudEvents 1.0 in JSON as inventory platforms send them, and the little they answer; unknown fields are left."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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


class GoodsReceived(Wire):
    """`supplyline.inventory.goods-received`."""

    goods_receipt: Short
    po_number: Short
    facility: Short
    location: Short
    receiver: Short
    ship_notice: Short | None = None
    lines: Annotated[tuple[ReceivedLine, ...], Field(min_length=1, max_length=500)]


class OnHand(Wire):
    """The answer to `GET on-hand/{location}/{item}`."""

    quantity: Amount
    unit: Short
