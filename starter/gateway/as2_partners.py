"""The partners that send by AS2, with the keys their messages are opened with."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.partners import PartnerProfile, Partners
from adapters.transports.as2.keys import Keys, load_keys
from adapters.transports.as2.sender import As2Sender
from adapters.transports.opening import as2_sender_of
from adapters.transports.options import As2Transport


@dataclass(frozen=True)
class As2Partner:
    """A partner by AS2: its page, our keys for it, and the way its later dispositions go."""

    profile: PartnerProfile
    transport: As2Transport
    keys: Keys
    sender: As2Sender


As2Partners = Mapping[tuple[str, str], As2Partner]
"""By their AS2 name and ours."""


async def as2_partners_of(partners: Partners, stack: AsyncExitStack) -> As2Partners:
    """Return the partners that send by AS2. Raises ConfigurationError where a key or certificate is missing."""
    found: dict[tuple[str, str], As2Partner] = {}
    for profile in partners.partners:
        transport = profile.transport
        if isinstance(transport, As2Transport):
            sender = await as2_sender_of(transport, stack, partner=profile.code, clock=_now)
            names = (transport.their_name, transport.our_name)
            found[names] = As2Partner(profile, transport, load_keys(transport), sender)
    return found


def _now() -> datetime:
    return datetime.now(UTC)
