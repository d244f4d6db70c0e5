"""Par breaches, usage and requests become requisitions; an item that is being replenished joins the open one."""

from adapters.store.processes import Processes
from adapters.store.usages import Usages
from domain.identifiers import Code, EventKey, FacilityCode, ItemCode, LocationCode, RequisitionNumber
from domain.par_breach import ParBreach
from domain.quantities import Quantity
from domain.requisition import Criticality, Requisition, RequisitionLine, Trigger
from domain.usage import ReplenishmentRequest, Usage
from starter.requisitions import Requisitions

Wanted = tuple[ItemCode, Quantity]


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
        wanted = {line.item: line.to_order for line in breach.lines if line.to_order.value > 0}
        number, items = await self._taken(event, breach.facility, breach.location, tuple(wanted))
        if number is not None and items:
            await self._requisitions.begin(
                _requisition(
                    number,
                    breach.facility,
                    breach.location,
                    requester=breach.reported_by,
                    trigger=Trigger.PAR_BREACH,
                    criticality=breach.criticality,
                    wanted=[(item, quantity) for item, quantity in wanted.items() if item in items],
                )
            )
        return number

    async def requested(self, event: EventKey, request: ReplenishmentRequest) -> RequisitionNumber | None:
        """Begin one requisition for what a point of use asks for and nobody is replenishing; None where nothing is."""
        wanted = {line.item: line.quantity for line in request.lines}
        number, items = await self._taken(event, request.facility, request.location, tuple(wanted))
        if number is not None and items:
            requisition = _requisition(
                number,
                request.facility,
                request.location,
                requester=request.requested_by,
                trigger=Trigger.REQUEST,
                criticality=request.criticality,
                wanted=[(item, quantity) for item, quantity in wanted.items() if item in items],
            )
            await self._requisitions.begin(requisition.model_copy(update={"needed_by": request.needed_by}))
        return number

    async def used(self, event: EventKey, usage: Usage, *, orders_again: bool) -> RequisitionNumber | None:
        """Keep what was used; where usage orders again, begin a requisition for all of it that nobody orders yet."""
        await self._usages.record(event, usage)
        if not orders_again:
            return None
        here = {line.item for line in usage.lines if line.item and line.location in {None, usage.location}}
        unordered = await self._usages.unordered(usage.facility, usage.location, here)
        number, items = await self._taken(
            event, usage.facility, usage.location, tuple(dict.fromkeys(used.item for used in unordered))
        )
        if number is not None and items:
            claimed = await self._usages.claim(number, usage.facility, usage.location, items)
            await self._requisitions.begin(
                _requisition(
                    number,
                    usage.facility,
                    usage.location,
                    requester=usage.reported_by,
                    trigger=Trigger.USAGE,
                    criticality=Criticality.ROUTINE,
                    wanted=[(used.item, used.quantity) for used in claimed],
                )
            )
        return number

    async def _taken(
        self, event: EventKey, facility: FacilityCode, location: LocationCode, items: tuple[ItemCode, ...]
    ) -> tuple[RequisitionNumber | None, tuple[ItemCode, ...]]:
        """Return the requisition this event begins, and the items that nobody else is replenishing."""
        if not items:
            return await self._processes.begun_by(event)
        return await self._processes.replenish(event, facility, location, items)


def _requisition(
    number: RequisitionNumber,
    facility: FacilityCode,
    location: LocationCode,
    *,
    requester: Code,
    trigger: Trigger,
    criticality: Criticality,
    wanted: list[Wanted],
) -> Requisition:
    return Requisition(
        number=number,
        facility=facility,
        deliver_to=location,
        requester=requester,
        trigger=trigger,
        criticality=criticality,
        lines=tuple(
            RequisitionLine(number=position, item=item, quantity=quantity)
            for position, (item, quantity) in enumerate(wanted, start=1)
        ),
    )
