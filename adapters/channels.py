"""Every partner's language, opened from its page: who reads and writes its documents."""

from collections.abc import Callable

from pydantic import SecretBytes, SecretStr

from adapters.documents.channel import Channel
from adapters.inventory.fhir.channel import FhirChannel
from adapters.inventory.hl7.channel import Hl7Channel
from adapters.inventory.hl7.options import Hl7Options
from adapters.partners import Language, PartnerProfile, Partners
from adapters.secrets import SecretReference, read_text_secret
from adapters.supplier.cxml.channel import CxmlChannel
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.ubl.channel import UblChannel
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.x12.channel import X12Channel
from adapters.supplier.x12.options import X12Options
from domain.identifiers import PartnerCode

Channels = dict[PartnerCode, Channel]
SecretOf = Callable[[SecretReference], SecretStr]


def channel_of(profile: PartnerProfile, *, secret_of: SecretOf = read_text_secret) -> Channel | None:
    """Return the channel of one partner; None where it sends events and no documents.

    `secret_of` fetches the secrets a language writes or reads with, when it first needs them.
    """
    opened = _OPENED.get(profile.language)
    return None if opened is None else opened(profile, secret_of)


def channels_of(partners: Partners) -> Channels:
    """Return the channel of every partner that sends documents."""
    found = ((profile.code, channel_of(profile)) for profile in partners.partners)
    return {code: channel for code, channel in found if channel is not None}


def _x12(profile: PartnerProfile, _: SecretOf) -> Channel:
    usage = "P" if profile.in_production else "T"
    options = (profile.x12 or X12Options()).model_copy(update={"usage": usage})
    return X12Channel(profile.code, options, profile.correspondents)


def _ubl(profile: PartnerProfile, _: SecretOf) -> Channel:
    return UblChannel(profile.code, profile.ubl or UblOptions(), profile.correspondents)


def _cxml(profile: PartnerProfile, secret_of: SecretOf) -> Channel:
    mode = "production" if profile.in_production else "test"
    options = (profile.cxml or CxmlOptions()).model_copy(update={"deployment_mode": mode})
    shared = profile.shared_secret or ""
    return CxmlChannel(profile.code, options, profile.correspondents, lambda: secret_of(shared))


def _hl7(profile: PartnerProfile, secret_of: SecretOf) -> Channel:
    return Hl7Channel(profile.hl7 or Hl7Options(), _case_key(profile, secret_of))


def _fhir(profile: PartnerProfile, secret_of: SecretOf) -> Channel | None:
    return FhirChannel(profile.fhir, _case_key(profile, secret_of)) if profile.fhir else None


def _case_key(profile: PartnerProfile, secret_of: SecretOf) -> Callable[[], SecretBytes]:
    return lambda: SecretBytes(secret_of(profile.case_key or "").get_secret_value().encode())


_OPENED: dict[Language, Callable[[PartnerProfile, SecretOf], Channel | None]] = {
    Language.X12: _x12,
    Language.UBL: _ubl,
    Language.CXML: _cxml,
    Language.HL7: _hl7,
    Language.FHIR: _fhir,
}
