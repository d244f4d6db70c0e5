"""Puts a dispatcher together; the worker runs it."""

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from adapters.inbound import NotYoursError, read_document
from adapters.partners import Partners
from adapters.store.events import Events, StoredEvent
from adapters.store.processes import Processes
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.policy import Policy
from starter.dispatcher import Dispatcher
from starter.order_signals import TemporalOrderSignals
from starter.replenishment import Replenishment
from starter.requisitions import Requisitions
from workflows.names import TASK_QUEUE


def dispatcher_of(
    *, partners: Partners, engine: AsyncEngine, client: Client, policy: Policy, task_queue: str = TASK_QUEUE
) -> Dispatcher:
    """Return a dispatcher over these parts."""

    def read(event: StoredEvent) -> PartnerDocument | ParBreach:
        partner = partners.named(event.partner)
        if partner is None:
            raise NotYoursError
        return read_document(partner, event.body).document

    processes = Processes(engine)
    requisitions = Requisitions(client, processes, policy, task_queue=task_queue)
    return Dispatcher(
        events=Events(engine),
        read=read,
        orders=TemporalOrderSignals(client),
        replenishment=Replenishment(processes, requisitions),
        requisitions=requisitions,
        policy=policy,
    )
