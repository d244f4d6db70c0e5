"""Par breaches, usage and requests become requisitions; an item that is being replenished joins the open one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adapters.store.processes import Processes
from adapters.store.usages import Usages
from domain.identifiers import Code, EventKey, FacilityCode, ItemCode, LocationCode, RequisitionNumber
from domain.par_breach import ParBreach
from domain.quantities import Quantity
from domain.requisition import Criticality, Requisition, RequisitionLine, Trigger
from domain.usage import ReplenishmentRequest, Usage
from starter.requisitions import Requisitions


class Replenishment:
    """Hears what stockrooms and points of use report.

    The same event begins the same requisition, however often and wherever a crash interrupts this.
    """

    def __init__(self, processes: Processes, requisitions: Requisitions, usages: Usages) -> None:
        self._processes = processes
        self._requisitions = requisitions
        self._usages = usages

    async def breached(self, event: EventKey, breach: ParBreach) -> RequisitionNumber | None:
        """Begin one requisition for the items nobody is replenishing; None where there are none."""
        occasion = Occasion(
            breach.facility, breach.location, breach.reported_by, Trigger.PAR_BREACH, breach.criticality
        )
        return await self._order(
            event, occasion, {line.item: line.to_order for line in breach.lines if line.to_order.value > 0}
        )

    async def requested(self, event: EventKey, request: ReplenishmentRequest) -> RequisitionNumber | None:
        """Begin one requisition for what a point of use asks for and nobody is replenishing; None where nothing is."""
        occasion = Occasion(
            request.facility,
            request.location,
            request.requested_by,
            Trigger.REQUEST,
            request.criticality,
            request.needed_by,
        )
        return await self._order(event, occasion, {line.item: line.quantity for line in request.lines})

    async def used(self, event: EventKey, usage: Usage, *, orders_again: bool) -> RequisitionNumber | None:
        """Keep what was used; where usage orders again, begin a requisition for all of it that nobody orders yet."""
        await self._usages.record(event, usage)
        if not orders_again:
            return None
        here = {line.item for line in usage.lines if line.item and line.location in {None, usage.location}}
        unordered = await self._usages.unordered(usage.facility, usage.location, here)
        occasion = Occasion(usage.facility, usage.location, usage.reported_by, Trigger.USAGE)
        number, items = await self._taken(event, occasion, tuple(dict.fromkeys(used.item for used in unordered)))
        if number is not None and items:
            claimed = await self._usages.claim(number, usage.facility, usage.location, items)
            await self._requisitions.begin(occasion.requisition(number, [(one.item, one.quantity) for one in claimed]))
        return number

    async def _order(
        self, event: EventKey, occasion: "Occasion", wanted: dict[ItemCode, Quantity]
    ) -> RequisitionNumber | None:
        number, items = await self._taken(event, occasion, tuple(wanted))
        if number is not None and items:
            mine = [(item, quantity) for item, quantity in wanted.items() if item in items]
            await self._requisitions.begin(occasion.requisition(number, mine))
        return number

    async def _taken(
        self, event: EventKey, occasion: "Occasion", items: tuple[ItemCode, ...]
    ) -> tuple[RequisitionNumber | None, tuple[ItemCode, ...]]:
        """Return the requisition this event begins, and the items that nobody else is replenishing."""
        if not items:
            return await self._processes.begun_by(event)
        return await self._processes.replenish(event, occasion.facility, occasion.location, items)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where, for whom and why something is ordered."""

    facility: FacilityCode
    location: LocationCode
    requester: Code
    trigger: Trigger
    criticality: Criticality = Criticality.ROUTINE
    needed_by: date | None = None

    def requisition(self, number: RequisitionNumber, wanted: Sequence[tuple[ItemCode, Quantity]]) -> Requisition:
        """Return the requisition for these items."""
        return Requisition(
            number=number,
            facility=self.facility,
            deliver_to=self.location,
            requester=self.requester,
            trigger=self.trigger,
            criticality=self.criticality,
            needed_by=self.needed_by,
            lines=tuple(
                RequisitionLine(number=position, item=item, quantity=quantity)
                for position, (item, quantity) in enumerate(wanted, start=1)
            ),
        )
