"""Who writes to whom: what a document we send says of ourselves, of the partner and of the places goods go to."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.document import Command
from domain.identifiers import FacilityCode, Gln

Text = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Correspondent(Command):
    """A party and its numbers by scheme: `duns`, `gln`, `hin`, `assigned` (what they call us, or we them)."""

    name: Text
    ids: Mapping[str, Text] = {}
    endpoint: Text | None = None
    """Peppol participant, `0088:7300010000001`; cXML uses `credentials` of its own options."""
    street: Text | None = None
    city: Text | None = None
    region: Text | None = None
    postal_code: Text | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "US"
    tax_id: Text | None = None
    contact: Text | None = None
    email: Text | None = None

    @property
    def gln(self) -> Gln | None:
        """Its GLN, where the profile gives one."""
        return self.ids.get("gln")


class Correspondents(Command):
    """Both sides of a partnership, and the places goods are sent to, by facility."""

    us: Correspondent
    them: Correspondent
    places: Annotated[Mapping[FacilityCode, Correspondent], Field(default_factory=dict)]

    def place(self, facility: FacilityCode) -> Correspondent:
        """Return where a facility's goods go: what the profile says of it, or ourselves under its code."""
        return self.places.get(facility) or self.us.model_copy(update={"name": f"{self.us.name} {facility}"[:80]})
