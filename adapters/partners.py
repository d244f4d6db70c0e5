"""Who we trade with: one profile per partner, from partners.yaml, secrets by reference."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, HttpUrl, SecretBytes, model_validator

from adapters.secrets import SecretReference, read_webhook_secret
from adapters.yaml_files import load
from domain.document import Command
from domain.identifiers import FacilityCode, PartnerCode, SupplierCode


class PartnerKind(StrEnum):
    """Which of our ports the partner is behind."""

    SUPPLIER = "supplier"
    INVENTORY = "inventory"


class RateLimit(Command):
    """How many events a second we take from a partner, and how many at once."""

    per_second: Annotated[float, Field(gt=0)] = 200.0
    burst: Annotated[int, Field(ge=1)] = 400


class PartnerProfile(Command):
    """One partner: where it is called, which secrets sign each direction, and for whom it may speak."""

    code: PartnerCode
    kind: PartnerKind
    name: str = ""
    base_url: HttpUrl
    inbound_secrets: Annotated[tuple[SecretReference, ...], Field(min_length=1, max_length=2)]
    """Two while a key is being rotated: either is accepted."""
    outbound_secret: SecretReference
    supplier: SupplierCode | None = None
    """The ERP's code of the supplier this partner speaks for."""
    facilities: tuple[FacilityCode, ...] = ()
    """The facilities whose stock this partner keeps."""
    rate_limit: RateLimit = RateLimit()

    @model_validator(mode="after")
    def _speaks_for_somebody(self) -> Self:
        if self.kind is PartnerKind.SUPPLIER and self.supplier is None:
            raise ValueError("a supplier partner names the supplier it speaks for")
        if self.kind is PartnerKind.INVENTORY and not self.facilities:
            raise ValueError("an inventory partner lists the facilities whose stock it keeps")
        return self


class Partners(Command):
    """Every partner of this deployment."""

    partners: tuple[PartnerProfile, ...]

    @model_validator(mode="after")
    def _distinct_codes(self) -> Self:
        codes = [partner.code for partner in self.partners]
        if len(set(codes)) != len(codes):
            raise ValueError("each partner code may be used once")
        return self

    def named(self, code: PartnerCode) -> PartnerProfile | None:
        """Return the partner of that code, or None."""
        return next((partner for partner in self.partners if partner.code == code), None)

    def of_kind(self, kind: PartnerKind) -> tuple[PartnerProfile, ...]:
        """Return the partners behind one port."""
        return tuple(partner for partner in self.partners if partner.kind is kind)


def load_partners(config_dir: Path) -> Partners:
    """Read partners.yaml. Raises ConfigurationError."""
    return load(config_dir / "partners.yaml", Partners)


def read_secret(reference: SecretReference) -> SecretBytes:
    """Fetch a partner's webhook secret. Raises ConfigurationError, which never quotes the secret."""
    return read_webhook_secret(reference)
