"""What a partner's use of UBL leaves open: identifiers of profiles, units, and the rules to hold it to."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.acknowledgement import AnswerKind
from domain.document import Command

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ParticipantId = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}:[!-~]{1,50}$")]


class RefusedBy(StrEnum):
    """Which broken rules make a document unusable; the others are warnings."""

    MONEY = "money"
    """Those their standard calls fatal and by which an amount may be wrong."""
    FATAL = "fatal"
    """Every rule its standard calls fatal."""


class UblOptions(Command):
    """A partner's page of UBL."""

    order_customization: Identifier = "urn:fdc:peppol.eu:poacc:trns:order:3"
    order_profile: Identifier = "urn:fdc:peppol.eu:poacc:bis:ordering:3"
    change_customization: Identifier = "urn:fdc:peppol.eu:poacc:trns:order_change:3"
    cancellation_customization: Identifier = "urn:fdc:peppol.eu:poacc:trns:order_cancellation:3"
    change_profile: Identifier = "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"
    """Of changes and cancellations: plain ordering has neither."""
    our_endpoint: ParticipantId | None = None
    """Where answers go, `0088:7300010000001`; else the endpoint or GLN of the profile's own page about us."""
    their_endpoint: ParticipantId | None = None
    tax_category: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}$")] | None = None
    """Tax category of what we order, where the partner wants one (UNCL 5305)."""
    tax_percent: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$")] | None = None
    units: Mapping[str, str] = Field(default_factory=dict)
    """Its unit codes to ours, before Recommendation 20 and 21: `{"C62": "EA", "NMP": "PK"}`."""
    lines_without_status: AnswerKind | None = None
    """What a line of a conditional answer means that has no status; null where a person is to ask."""
    received_includes_rejected: bool = False
    """True where the received quantity of its receipt advices still counts what was rejected."""
    refused_by: RefusedBy = RefusedBy.MONEY
    rules_as_claimed: bool = True
    """Hold an invoice to EN 16931 and Peppol only where it claims them; false holds every invoice to both."""
    schemas: Path | None = None
    """Folder of the OASIS schemas (the one with `maindoc` and `common` in it)."""
    schematron: Mapping[str, tuple[Path, ...]] = Field(default_factory=dict)
    """Compiled schematron (XSLT) by document: `{"Invoice": ["CEN-EN16931-UBL.xslt", "PEPPOL-EN16931-UBL.xslt"]}`."""
