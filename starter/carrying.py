"""Puts together those who work on documents beside the worker: the courier and the collector."""

from collections.abc import Mapping
from contextlib import AsyncExitStack

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.channels import Channels
from adapters.partners import PartnerProfile, Partners
from adapters.store.outbound import Outbound
from adapters.store.transmissions import Transmissions
from adapters.transports.opening import mailbox_of
from adapters.transports.options import FolderTransport, SftpTransport
from adapters.transports.parcel import Sender
from domain.identifiers import PartnerCode
from domain.policy import Policy
from starter.collector import Collector, Round
from starter.courier import Courier
from starter.reception import Reception


def courier_of(
    partners: Partners, senders: Mapping[PartnerCode, Sender], engine: AsyncEngine, policy: Policy
) -> Courier:
    """Return a courier over the senders of every partner that is sent documents."""

    def repeats_of(partner: PartnerCode) -> int:
        profile = partners.named(partner)
        return profile.repeats if profile else 0

    return Courier(Outbound(engine), senders, policy, repeats_of)


def collector_of(
    partners: Partners, channels: Channels, stack: AsyncExitStack, engine: AsyncEngine, policy: Policy
) -> Collector:
    """Return a collector of every partner that leaves files. Raises ConfigurationError."""
    rounds = (_round(profile, stack) for profile in partners.partners)
    reception = Reception(channels, Transmissions(engine, policy), policy)
    return Collector(tuple(one for one in rounds if one is not None), reception)


def _round(profile: PartnerProfile, stack: AsyncExitStack) -> Round | None:
    transport = profile.transport
    if not isinstance(transport, SftpTransport | FolderTransport) or transport.inbox is None:
        return None
    mailbox = mailbox_of(transport, stack, partner=profile.code)
    return Round(profile, mailbox, transport.poll_seconds)
