"""What a partner leaves unsaid, in one form for every language."""

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from domain.document import Command
from domain.identifiers import SupplierCode


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("must be a time zone of the IANA database, as America/Chicago") from error
    return name


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
"""A name of the IANA database: `America/Chicago`."""


class Conventions(Command):
    """How to understand this partner's documents."""

    supplier: SupplierCode
    lines_echo_ours: bool = True
    """True where its line numbers are those of our order."""
    time_zone: TimeZoneName = "UTC"
    """The zone of moments it writes without one."""
    reasons: Mapping[str, str] = Field(default_factory=dict)
    """Its own reason codes, in words: `{"07": "allocated by the manufacturer"}`."""
    is_production: bool = True
    """False for a partner under test: its documents marked as test are taken."""
