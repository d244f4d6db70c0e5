"""Who we trade with: a page for each partner, `partners/<code>.yaml`, checked when it is read, secrets by reference."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from adapters.documents.conventions import Conventions, TimeZoneName
from adapters.documents.correspondents import Correspondent, Correspondents
from adapters.documents.points_of_use import PointOfUse
from adapters.inventory.fhir.options import FhirOptions
from adapters.inventory.hl7.options import Hl7Options
from adapters.secrets import SecretReference
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.x12.options import X12Options
from adapters.transports.options import (
    As2Transport,
    HttpsTransport,
    InDocumentCheck,
    SignatureCheck,
    SignatureCredentials,
    Transport,
)
from adapters.yaml_files import ConfigurationError, load
from domain.document import Command
from domain.identifiers import FacilityCode, PartnerCode, SupplierCode


class PartnerKind(StrEnum):
    """Which of our ports the partner is behind."""

    SUPPLIER = "supplier"
    INVENTORY = "inventory"


class Language(StrEnum):
    """What a partner's documents are written in."""

    JSON = "json"
    """Our own events: webhooks from suppliers, CloudEvents from inventory platforms."""
    X12 = "x12"
    UBL = "ubl"
    CXML = "cxml"
    HL7 = "hl7"
    FHIR = "fhir"


SPOKEN = {
    PartnerKind.SUPPLIER: frozenset({Language.JSON, Language.X12, Language.UBL, Language.CXML}),
    PartnerKind.INVENTORY: frozenset({Language.JSON, Language.HL7, Language.FHIR}),
}
"""The languages of each kind of partner."""


class RateLimit(Command):
    """How many events a second we take from a partner, and how many at once."""

    per_second: Annotated[float, Field(gt=0)] = 200.0
    burst: Annotated[int, Field(ge=1)] = 400


class PartnerProfile(Command):
    """One partner's page: for whom it speaks, its language and how its documents are meant, how they travel."""

    code: PartnerCode
    kind: PartnerKind
    name: str = ""
    supplier: SupplierCode | None = None
    """The ERP's code of the supplier this partner speaks for."""
    facilities: tuple[FacilityCode, ...] = ()
    """The facilities whose stock this partner keeps."""
    rate_limit: RateLimit = RateLimit()

    language: Language = Language.JSON
    x12: X12Options | None = None
    ubl: UblOptions | None = None
    cxml: CxmlOptions | None = None
    hl7: Hl7Options | None = None
    fhir: FhirOptions | None = None
    shared_secret: SecretReference | None = None
    """What our documents carry to prove themselves, in languages that have a place for it (cXML)."""

    case_key: SecretReference | None = None
    """What turns a case's number into the reference we keep (HL7, FHIR). Another key, other references."""
    usage_orders_again: bool = False
    """Order what was used without waiting for a par breach: for cabinets and rooms whose stock nobody counts."""

    time_zone: TimeZoneName = "UTC"
    """The zone of moments its documents write without one."""
    lines_echo_ours: bool = True
    """Its documents repeat the line numbers of our orders; false where lines are to be found by their items."""
    reasons: Annotated[dict[str, str], Field(default_factory=dict)]
    """Its own reason codes, in words: `{"07": "allocated by the manufacturer"}`."""
    in_production: bool = True
    """False while it is tested: its documents marked as tests are then acted on, and ours are marked."""
    us: Correspondent | None = None
    them: Correspondent | None = None
    places: Annotated[dict[FacilityCode, Correspondent], Field(default_factory=dict)]
    """Where each facility's goods go, where our own address will not do."""
    transport: Transport

    @model_validator(mode="after")
    def _speaks_for_somebody(self) -> Self:
        if self.kind is PartnerKind.SUPPLIER and self.supplier is None:
            raise ValueError("a supplier partner names the supplier it speaks for")
        if self.kind is PartnerKind.INVENTORY and not self.facilities:
            raise ValueError("an inventory partner lists the facilities whose stock it keeps")
        return self

    @model_validator(mode="after")
    def _speaks_one_language(self) -> Self:
        if self.language not in SPOKEN[self.kind]:
            known = ", ".join(sorted(SPOKEN[self.kind]))
            raise ValueError(f"the language of this kind of partner is one of {known}")
        pages = {language for language in Language if isinstance(getattr(self, language.value, None), Command)}
        if pages - {self.language}:
            raise ValueError(f"only the page of its own language belongs here: {self.language.value}")
        return self

    @model_validator(mode="after")
    def _can_prove_itself(self) -> Self:
        if self.language is Language.CXML and self.shared_secret is None:
            raise ValueError("shared_secret: a partner that speaks cxml expects one in our documents")
        return self

    @model_validator(mode="after")
    def _counts_as_its_language_does(self) -> Self:
        if self.language is Language.CXML and not self.lines_echo_ours:
            raise ValueError("lines_echo_ours: cXML names our lines by their numbers, and by nothing else")
        return self

    @model_validator(mode="after")
    def _keeps_patients_out(self) -> Self:
        if self.language in {Language.HL7, Language.FHIR} and self.case_key is None:
            raise ValueError("case_key: a point of use names cases, of which only a keyed reference is kept")
        if self.language is Language.FHIR and self.fhir is None:
            raise ValueError("fhir: say at least which release this partner speaks")
        return self

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        is_posted = isinstance(self.transport, HttpsTransport) and self.transport.url is not None
        if self.language is Language.JSON and not (is_posted and self.checking_secrets and self._signs()):
            raise ValueError("a partner that speaks json has an https transport with a url, signed both ways")
        return self

    @model_validator(mode="after")
    def _hears_at_once(self) -> Self:
        if isinstance(self.transport, As2Transport) and self.transport.mdn == "async":
            raise ValueError("transport: mdn must be sync; dispositions that come later are not awaited yet")
        return self

    @property
    def conventions(self) -> Conventions:
        """How its documents are meant beside an order."""
        return Conventions(
            supplier=self.supplier or self.code,
            lines_echo_ours=self.lines_echo_ours,
            time_zone=self.time_zone,
            reasons=self.reasons,
            is_production=self.in_production,
        )

    @property
    def correspondents(self) -> Correspondents:
        """Who writes to whom; those the profile does not describe are known by their codes."""
        return Correspondents(
            us=self.us or Correspondent(name="Supplyline"),
            them=self.them or Correspondent(name=self.name or self.code),
            places=self.places,
        )

    @property
    def point_of_use(self) -> PointOfUse | None:
        """How its reports about stock are to be understood; None where it makes none in a language of its own."""
        options = self.hl7 or self.fhir or (Hl7Options() if self.language is Language.HL7 else None)
        if options is None or "time_zone" in options.model_fields_set:
            return options
        return options.model_copy(update={"time_zone": self.time_zone})

    @property
    def repeats(self) -> int:
        """How often a document of ours goes out again before a person is asked."""
        return self.x12.resend_at_most if self.x12 is not None else 0

    @property
    def takes_documents(self) -> bool:
        """True where there is a way to send it documents."""
        way_out = getattr(self.transport, "url", None) or getattr(self.transport, "outbox", None)
        return self.language is not Language.JSON and way_out is not None

    @property
    def takes_orders(self) -> bool:
        """True where orders to its supplier go this way."""
        return self.supplier is not None and (self.language is Language.JSON or self.takes_documents)

    @property
    def url(self) -> str:
        """Where it takes our requests; empty where there is no such address."""
        return str(getattr(self.transport, "url", None) or "")

    @property
    def signing_secret(self) -> SecretReference:
        """What signs our requests. Only where the transport signs them."""
        if isinstance(self.transport, HttpsTransport) and isinstance(self.transport.outbound, SignatureCredentials):
            return self.transport.outbound.secret
        raise ConfigurationError(f"partner {self.code}: its transport signs nothing")

    def _signs(self) -> bool:
        return isinstance(self.transport, HttpsTransport) and isinstance(self.transport.outbound, SignatureCredentials)

    @property
    def checking_secrets(self) -> tuple[SecretReference, ...]:
        """What its signatures are checked with; none where it proves itself otherwise."""
        check = self.transport.inbound if isinstance(self.transport, HttpsTransport) else None
        return check.secrets if isinstance(check, SignatureCheck) else ()

    @property
    def shared_secrets(self) -> tuple[SecretReference, ...]:
        """What its documents carry to prove themselves; none where they do not."""
        check = self.transport.inbound if isinstance(self.transport, HttpsTransport) else None
        return check.secrets if isinstance(check, InDocumentCheck) else ()


class Partners(Command):
    """Every partner of this deployment."""

    partners: tuple[PartnerProfile, ...]

    @model_validator(mode="after")
    def _distinct_codes(self) -> Self:
        codes = [partner.code for partner in self.partners]
        if len(set(codes)) != len(codes):
            raise ValueError("each partner code may be used once")
        return self

    @model_validator(mode="after")
    def _one_way_to_each_supplier(self) -> Self:
        placed = [partner.supplier for partner in self.partners if partner.takes_orders]
        twice = next((supplier for supplier in placed if placed.count(supplier) > 1), None)
        if twice is not None:
            raise ValueError(f"two pages say how orders go to supplier {twice}; give one of them no way out")
        return self

    def named(self, code: PartnerCode) -> PartnerProfile | None:
        """Return the partner of that code, or None."""
        return next((partner for partner in self.partners if partner.code == code), None)

    def of_kind(self, kind: PartnerKind) -> tuple[PartnerProfile, ...]:
        """Return the partners behind one port."""
        return tuple(partner for partner in self.partners if partner.kind is kind)


def load_partners(config_dir: Path) -> Partners:
    """Read every page of the folder `partners`. Raises ConfigurationError."""
    folder = config_dir / "partners"
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is missing: it holds a page for each partner, see docs/partner-profiles.md")
    profiles = tuple(load_profile(path) for path in sorted(folder.glob("*.yaml")))
    codes = [profile.code for profile in profiles]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice is not None:
        raise ConfigurationError(f"{folder}: two pages are of partner {twice}")
    try:
        return Partners(partners=profiles)
    except ValidationError as error:
        raise ConfigurationError(f"{folder}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from error


def load_profile(path: Path) -> PartnerProfile:
    """Read one partner's page. Raises ConfigurationError."""
    return load(path, PartnerProfile)
