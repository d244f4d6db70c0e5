"""What a FHIR sender leaves open: its release, whose item numbers its code systems are, where the order's number is."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from adapters.documents.points_of_use import PointOfUse
from adapters.documents.reading import IdentifierKind
from domain.requisition import Criticality


class Release(StrEnum):
    """A release of FHIR. R4 is read as R4B."""

    R4B = "R4B"
    R5 = "R5"


class OrderNumber(StrEnum):
    """Where a SupplyDelivery names the purchase order."""

    BASED_ON = "basedOn"
    """The identifier of what it is based on, or the last part of that reference."""
    PART_OF = "partOf"
    IDENTIFIER = "identifier"
    """One of its own identifiers, by `order_system`."""


SYSTEMS = {
    "https://www.gs1.org/gtin": IdentifierKind.GTIN,
    "http://www.gs1.org/gtin": IdentifierKind.GTIN,
    "https://id.gs1.org/01": IdentifierKind.GTIN,
    "urn:oid:1.3.160": IdentifierKind.GTIN,
    "urn:oid:2.51.1.1": IdentifierKind.GTIN,
    "http://hl7.org/fhir/NamingSystem/gs1-di": IdentifierKind.GTIN,
    "http://hl7.org/fhir/NamingSystem/hibcc-diI": IdentifierKind.HIBC,
    "http://hl7.org/fhir/NamingSystem/hibcc": IdentifierKind.HIBC,
    "http://hl7.org/fhir/sid/ndc": IdentifierKind.NDC,
    "http://snomed.info/sct": IdentifierKind.OTHER,
    "http://loinc.org": IdentifierKind.OTHER,
    "http://www.nlm.nih.gov/research/umls/rxnorm": IdentifierKind.OTHER,
}
"""Code systems whose codes are not a hospital's own item numbers."""

PRIORITIES = {
    "routine": Criticality.ROUTINE,
    "urgent": Criticality.URGENT,
    "asap": Criticality.URGENT,
    "stat": Criticality.CRITICAL,
}


class FhirOptions(PointOfUse):
    """A sender's page of FHIR."""

    release: Release
    """Never guessed from what comes: R5 and R4 call the same elements by other names."""
    systems: Mapping[str, IdentifierKind] = Field(default_factory=dict)
    """Its code systems, by URI; others are those of the standards, or the hospital's own item numbers."""
    order_number: OrderNumber = OrderNumber.BASED_ON
    order_system: str | None = None
    """The system of the order's identifier; null takes the first."""

    def kind_of(self, system: str) -> IdentifierKind:
        """Return what a code of this system is."""
        return self.systems.get(system) or SYSTEMS.get(system, IdentifierKind.BUYER_ITEM)
