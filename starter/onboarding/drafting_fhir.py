"""A page of FHIR deduced from resources: which release they can be of, whose code systems they use; no patient."""

from collections.abc import Iterator, Sequence

from pydantic import SecretBytes

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import Reading
from adapters.inventory.fhir.options import FhirOptions, Release
from adapters.inventory.fhir.reading import read
from starter.onboarding.deducing import Deduced, Sample, seen, stock_entries, units_asked
from starter.onboarding.page import Entry

STAND_IN = SecretBytes(b"a draft keeps no case")


def draft_fhir(samples: Sequence[Sample]) -> Deduced:
    """Return what the resources say of their sender."""
    by_release = {release: list(_readings(samples, release)) for release in Release}
    release = max(by_release, key=lambda one: len(by_release[one]))
    return Deduced(
        name="",
        entries=(Entry("fhir", inside=tuple(_page(by_release, release))), *stock_entries()),
        kind="inventory",
    )


def _page(by_release: dict[Release, list[Reading]], release: Release) -> Iterator[Entry]:
    readings = by_release[release]
    counts = ", ".join(f"{len(found)} as {one}" for one, found in by_release.items())
    decide = "the release of its endpoint: it is never guessed from what comes"
    yield Entry("release", release.value, f"resources that can be read: {counts}", decide)
    yield Entry("facility", "FACILITY", check="our code of the facility: FHIR names none")
    yield Entry("location", "LOCATION", check="the place of stock where none is named")
    systems = [one.qualifier for reading in readings for line in reading.lines for one in line.identifiers]
    known = sorted({system for system in systems if ":" in system})
    if known:
        asked = dict.fromkeys(known, "buyer item")
        decide = "whose numbers these are: buyer item, supplier item, manufacturer item, gtin, ndc, hibc or other"
        yield Entry("systems", asked, f"code systems: {seen(systems)}", decide, is_question=True)
    yield from units_asked(readings, "UCUM that this language translates")


def _readings(samples: Sequence[Sample], release: Release) -> Iterator[Reading]:
    for sample in samples:
        try:
            yield from read(sample.body, FhirOptions(release=release), STAND_IN)
        except BadDocumentError:
            continue
