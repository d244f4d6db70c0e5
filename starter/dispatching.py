"""Puts a dispatcher together; the worker runs it."""

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from adapters.channels import channels_of
from adapters.documents.channel import Channel
from adapters.documents.unplaced import UnplacedDocument
from adapters.inbound import NotYoursError, read_document
from adapters.partners import PartnerProfile, Partners
from adapters.store.events import Events, StoredEvent
from adapters.store.outbound import Outbound
from adapters.store.processes import Processes
from adapters.store.usages import Usages
from domain.policy import Policy
from starter.acknowledgements import Acknowledgements
from starter.dispatcher import Dispatcher
from starter.hearing import Heard, Hearing
from starter.order_signals import TemporalOrderSignals
from starter.replenishment import Replenishment
from starter.requisitions import Requisitions
from workflows.names import TASK_QUEUE


def dispatcher_of(
    *, partners: Partners, engine: AsyncEngine, client: Client, policy: Policy, task_queue: str = TASK_QUEUE
) -> Dispatcher:
    """Return a dispatcher over these parts."""
    channels = channels_of(partners)

    def read(event: StoredEvent) -> Heard:
        partner = partners.named(event.partner)
        if partner is None:
            raise NotYoursError
        if partner.code in channels:
            return unplaced(partner, channels[partner.code], event)
        return read_document(partner, event.body).document

    processes = Processes(engine)
    requisitions = Requisitions(client, processes, policy, task_queue=task_queue)
    hearing = Hearing(
        events=Events(engine),
        read=read,
        orders=TemporalOrderSignals(client),
        replenishment=Replenishment(processes, requisitions, Usages(engine)),
        acknowledgements=Acknowledgements(Outbound(engine), policy),
        policy=policy,
        reordering=frozenset(one.code for one in partners.partners if one.usage_orders_again),
    )
    return Dispatcher(hearing, requisitions)


def unplaced(partner: PartnerProfile, channel: Channel, event: StoredEvent) -> UnplacedDocument:
    """Return the one document an event of the inbox holds. Raises BadDocumentError."""
    return UnplacedDocument(channel.kept_reading(event.body), partner.conventions, partner.point_of_use)
