"""Par breaches become requisitions; an item that is being replenished already joins the open one."""

from adapters.store.processes import Processes
from domain.identifiers import EventKey, RequisitionNumber
from domain.par_breach import BreachLine, ParBreach
from domain.requisition import Requisition, RequisitionLine, Trigger
from starter.requisitions import Requisitions


class Replenishment:
    """Hears par breaches."""

    def __init__(self, processes: Processes, requisitions: Requisitions) -> None:
        self._processes = processes
        self._requisitions = requisitions

    async def breached(self, event: EventKey, breach: ParBreach) -> RequisitionNumber | None:
        """Begin one requisition for the items nobody is replenishing; None where there are none.

        The same event begins the same requisition, however often and wherever a crash interrupts this.
        """
        missing = {line.item: line for line in breach.lines if line.to_order.value > 0}
        if not missing:
            return None
        number, items = await self._processes.replenish(event, breach.facility, breach.location, tuple(missing))
        if number is None or not items:
            return number
        await self._requisitions.begin(
            _requisition(number, breach, [line for item, line in missing.items() if item in items])
        )
        return number


def _requisition(number: RequisitionNumber, breach: ParBreach, lines: list[BreachLine]) -> Requisition:
    return Requisition(
        number=number,
        facility=breach.facility,
        deliver_to=breach.location,
        requester=breach.reported_by,
        trigger=Trigger.PAR_BREACH,
        criticality=breach.criticality,
        lines=tuple(
            RequisitionLine(number=position, item=line.item, quantity=line.to_order)
            for position, line in enumerate(lines, start=1)
        ),
    )
