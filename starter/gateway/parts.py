"""What the gateway is made of, opened at its start and closed at its end."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from pydantic import SecretBytes
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from adapters.channels import Channels, channels_of
from adapters.operators import Operators, load_operators
from adapters.partners import Language, Partners, load_partners
from adapters.policies import load_policy
from adapters.secrets import read_webhook_secret
from adapters.settings import Settings
from adapters.store.audit import Audit
from adapters.store.database import engine_for, pool_for
from adapters.store.events import Events
from adapters.store.inbox import Inbox
from adapters.store.outbound import Outbound
from adapters.store.processes import Processes
from adapters.store.reading import Reading
from adapters.store.transmissions import Transmissions
from adapters.temporal import connect
from domain.identifiers import PartnerCode
from domain.policy import Policy
from starter.gateway.as2_partners import As2Partners, as2_partners_of
from starter.gateway.proofs import Proof, proof_of
from starter.gateway.rate_limits import RateLimits
from starter.gateway.rejections import Rejections
from starter.reception import Reception
from starter.requisitions import Requisitions

Secrets = dict[PartnerCode, tuple[SecretBytes, ...]]
Proofs = dict[PartnerCode, Proof]


@dataclass(frozen=True)
class Parts:
    """Everything a request may need."""

    settings: Settings
    partners: Partners
    secrets: Secrets
    channels: Channels
    proofs: Proofs
    operators: Operators
    policy: Policy
    engine: AsyncEngine
    client: Client
    inbox: Inbox
    rejections: Rejections
    audit: Audit
    events: Events
    reading: Reading
    processes: Processes
    requisitions: Requisitions
    rate_limits: RateLimits
    transmissions: Transmissions
    outbound: Outbound
    reception: Reception
    as2_partners: As2Partners


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """Open everything; close it in the reverse order, what waits written first. Raises ConfigurationError."""
    partners = load_partners(settings.config_dir)
    secrets = {
        partner.code: tuple(read_webhook_secret(reference) for reference in partner.checking_secrets)
        for partner in partners.partners
        if partner.language is Language.JSON
    }
    channels = channels_of(partners)
    proofs = {partner.code: proof_of(partner, channels.get(partner.code)) for partner in partners.partners}
    operators, policy = load_operators(settings.config_dir), load_policy(settings.config_dir)
    async with AsyncExitStack() as stack:
        engine = engine_for(settings.database_url)
        stack.push_async_callback(engine.dispose)
        pool = await pool_for(settings.database_url)
        stack.push_async_callback(pool.close)
        client = await connect(settings)
        audit, processes = Audit(engine), Processes(engine)
        inbox, rejections = Inbox(pool, policy), Rejections(audit)
        transmissions = Transmissions(engine, policy)
        inbox.start()
        stack.push_async_callback(inbox.close)
        rejections.start()
        stack.push_async_callback(rejections.close)
        as2_partners = await as2_partners_of(partners, stack)
        yield Parts(
            settings=settings,
            partners=partners,
            secrets=secrets,
            operators=operators,
            policy=policy,
            engine=engine,
            client=client,
            inbox=inbox,
            rejections=rejections,
            audit=audit,
            events=Events(engine),
            reading=Reading(engine),
            processes=processes,
            requisitions=Requisitions(client, processes, policy),
            rate_limits=RateLimits(),
            channels=channels,
            proofs=proofs,
            transmissions=transmissions,
            outbound=Outbound(engine),
            reception=Reception(channels, transmissions, policy),
            as2_partners=as2_partners,
        )
