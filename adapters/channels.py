"""Every partner's language, opened from its page: who reads and writes its documents."""

from adapters.documents.channel import Channel
from adapters.partners import Language, PartnerProfile, Partners
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from domain.identifiers import PartnerCode

Channels = dict[PartnerCode, Channel]


def channel_of(profile: PartnerProfile) -> Channel | None:
    """Return the channel of one partner; None where it sends events and no documents."""
    if profile.language is Language.X12:
        usage = "P" if profile.in_production else "T"
        options = (profile.x12 or X12Options()).model_copy(update={"usage": usage})
        return X12Channel(profile.code, options, profile.correspondents)
    return None


def channels_of(partners: Partners) -> Channels:
    """Return the channel of every partner that sends documents."""
    found = ((profile.code, channel_of(profile)) for profile in partners.partners)
    return {code: channel for code, channel in found if channel is not None}
