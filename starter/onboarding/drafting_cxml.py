"""A page of cXML deduced from messages: whose credentials they carry, their release, what tells them apart."""

from collections import Counter
from collections.abc import Iterator, Sequence

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind, Party, Reading
from adapters.supplier.cxml.options import CxmlOptions
from adapters.supplier.cxml.reading import read
from starter.onboarding.deducing import (
    FROM_US,
    Deduced,
    Sample,
    correspondents,
    lines_echo_ours,
    most_common,
    production,
    seen,
    time_zone,
    units_asked,
)
from starter.onboarding.page import Entry, Plain, valid

OURS = FROM_US | {DocumentKind.PUNCH_OUT_SETUP}
OPEN_TYPES = frozenset({"detail", "allDetail"})
"""Confirmations that say nothing of the lines they leave out."""


def draft_cxml(samples: Sequence[Sample]) -> Deduced:
    """Return what the messages say. A shared secret is never copied."""
    readings = [reading for sample in samples for reading in _read(sample)]
    ends = [end for reading in readings if (end := _ends(reading)) is not None]
    named = (party.name for reading in readings for party in reading.parties if party.role == "supplier")
    them = most_common(them for them, _ in ends)
    return Deduced(
        name=most_common(name for name in named if name) or (them.id if them else ""),
        entries=(
            Entry("cxml", inside=valid(CxmlOptions, *_page(readings, ends))),
            Entry("shared_secret", "env:PARTNER_SHARED_SECRET", check="where the secret is that our documents carry"),
            time_zone(),
            lines_echo_ours(readings),
            production(readings),
            *correspondents(readings, {}),
        ),
    )


def _read(sample: Sample) -> tuple[Reading, ...]:
    try:
        return read(sample.body, CxmlOptions())
    except BadDocumentError:
        return ()


def _ends(reading: Reading) -> tuple[Party, Party] | None:
    """Return the partner and us, by who sends such a document; an answer tells neither."""
    if reading.sender is None or reading.receiver is None:
        return None
    ends = (_bare(reading.sender), _bare(reading.receiver))
    return ends[::-1] if reading.kind in OURS else ends


def _bare(party: Party) -> Party:
    return Party(role="", scheme=party.scheme, id=party.id)


def _page(readings: Sequence[Reading], ends: Sequence[tuple[Party, Party]]) -> Iterator[Entry]:
    theirs = [reading for reading in readings if reading.kind not in OURS]
    for name, side in (("theirs", [them for them, _ in ends]), ("ours", [us for _, us in ends])):
        end = most_common(side)
        if end is not None:
            several = "the samples name several: which is it" if len(set(side)) > 1 else ""
            named = f"From and To: {seen(f'{one.scheme} {one.id}' for one in side)}"
            yield Entry(name, _credentials(end, theirs if name == "theirs" else ()), named, several)
    versions = [written for reading in theirs if (written := reading.details.get("version"))]
    version = most_common(versions)
    if version is not None:
        yield Entry("version", version, f"the DTD it names: {seen(versions)}")
    yield from _repeated(readings)
    if any(reading.raw_type in OPEN_TYPES for reading in theirs):
        decide = "what a line means that a confirmation of type detail leaves out: accepted, rejected, or null to ask"
        yield Entry("silent_lines", None, check=decide)
    yield from units_asked(readings, "Recommendation 20, 21 or X12 element 355")


def _credentials(end: Party, theirs: Sequence[Reading]) -> Plain:
    """Return who it is, and who connects for it where that is somebody else."""
    party: dict[str, Plain] = {"domain": end.scheme, "identity": end.id}
    connecting = most_common(found for reading in theirs if (found := reading.details.get("connecting")))
    domain, _, identity = (connecting or "").partition(" ")
    if not identity or (domain, identity) == (end.scheme, end.id):
        return {"party": party}
    return {"party": party, "sender": {"domain": domain, "identity": identity}}


def _repeated(readings: Sequence[Reading]) -> Iterator[Entry]:
    written = Counter(reading.details.get("payload id", "") for reading in readings)
    repeated = {name: count for name, count in written.items() if count > 1 or not name}
    if repeated:
        said = f"payloadIDs empty or used more than once: {sum(repeated.values())} messages"
        decide = "false where only the samples repeat them, and real ones are each used once"
        yield Entry("payload_ids_repeat", value=True, found=said, check=decide)
