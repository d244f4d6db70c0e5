"""A partner's hand in its own language."""

from collections.abc import Callable

from adapters.partners import Language, PartnerProfile
from starter.rehearsal.cxml_documents import CxmlHand
from starter.rehearsal.hand import CannotRehearseError, Hand
from starter.rehearsal.samples import Sample
from starter.rehearsal.ubl_documents import UblHand
from starter.rehearsal.x12_documents import X12Hand

_HANDS: dict[Language, Callable[[PartnerProfile, tuple[Sample, ...]], Hand]] = {
    Language.X12: X12Hand,
    Language.UBL: UblHand,
    Language.CXML: CxmlHand,
}


def hand_of(profile: PartnerProfile, samples: tuple[Sample, ...]) -> Hand:
    """Return who writes this partner's documents. Raises CannotRehearseError."""
    opened = _HANDS.get(profile.language)
    if opened is None:
        known = ", ".join(sorted(_HANDS))
        raise CannotRehearseError(f"a partner that speaks {profile.language} cannot be rehearsed; one of {known} can")
    return opened(profile, samples)
