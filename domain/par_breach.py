"""An inventory platform's report that items have fallen under their par levels."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.document import Document
from domain.identifiers import Code, FacilityCode, ItemCode, LocationCode
from domain.quantities import Quantity
from domain.replenishment import quantity_to_order
from domain.requisition import Criticality


class BreachLine(Document):
    """One item under par: the three numbers of replenishment, in one unit."""

    item: ItemCode
    par_level: Quantity
    on_hand: Quantity
    on_order: Quantity | None = None

    @property
    def to_order(self) -> Quantity:
        """What brings it back to par."""
        return quantity_to_order(self.par_level, self.on_hand, self.on_order)


class ParBreach(Document):
    """The items under par at one place, at one time."""

    kind: Literal["par breach"] = "par breach"
    facility: FacilityCode
    location: LocationCode
    reported_at: datetime
    reported_by: Code = "inventory"
    criticality: Criticality = Criticality.ROUTINE
    lines: Annotated[tuple[BreachLine, ...], Field(min_length=1, max_length=500)]
