"""A page of UBL deduced from documents: participants, what they claim to follow, unit codes, line references."""

from collections.abc import Iterator, Sequence

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind, Party, Reading
from adapters.supplier.ubl.options import UblOptions
from adapters.supplier.ubl.reading import read
from domain.acknowledgement import AnswerKind
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
from starter.onboarding.page import Entry, valid

FROM_BUYERS = FROM_US | {DocumentKind.GOODS_RECEIPT}
SCHEMES = {"0088": "gln", "0060": "duns", "GLN": "gln", "DUNS": "duns"}
"""Identifier schemes (ISO 6523), to those of a correspondent."""
CLAIMS = {
    DocumentKind.PURCHASE_ORDER: ("order_customization", "order_profile"),
    DocumentKind.PURCHASE_ORDER_CHANGE: ("change_customization", "change_profile"),
    DocumentKind.PURCHASE_ORDER_CANCELLATION: ("cancellation_customization", "change_profile"),
}
"""What our own documents among the samples say of themselves."""


def draft_ubl(samples: Sequence[Sample]) -> Deduced:
    """Return what the documents say."""
    readings = [reading for sample in samples for reading in _read(sample)]
    named = (party.name for reading in readings for party in reading.parties if party.role == "supplier")
    return Deduced(
        name=most_common(name for name in named if name) or "",
        entries=(
            Entry("ubl", inside=valid(UblOptions, *_page(readings))),
            time_zone(),
            lines_echo_ours(readings),
            production(readings),
            *correspondents(readings, SCHEMES),
        ),
    )


def _read(sample: Sample) -> tuple[Reading, ...]:
    try:
        return read(sample.body, UblOptions())
    except BadDocumentError:
        return ()


def _page(readings: Sequence[Reading]) -> Iterator[Entry]:
    ends = [_ends(reading) for reading in readings]
    yield from _endpoint("their_endpoint", [them for them, _ in ends])
    yield from _endpoint("our_endpoint", [us for _, us in ends])
    yield from _claims(readings)
    unclear = [
        said
        for reading in readings
        if reading.kind is DocumentKind.ORDER_ACKNOWLEDGEMENT
        for line in reading.lines
        for said in line.dispositions
        if said.kind is None
    ]
    if unclear:
        decide = f"what a line without a status means: {', '.join(AnswerKind)}, or null to ask a person"
        yield Entry("lines_without_status", None, f"{len(unclear)} lines of order responses have none", decide)
    yield from units_asked(readings, "Recommendation 20 or 21")


def _ends(reading: Reading) -> tuple[Party | None, Party | None]:
    """Return the partner and us, by who sends such a document."""
    ends = (reading.sender, reading.receiver)
    return ends[::-1] if reading.kind in FROM_BUYERS else ends


def _endpoint(name: str, side: Sequence[Party | None]) -> Iterator[Entry]:
    """Write a participant as Peppol does: the scheme's number, a colon, the identifier."""
    participants = [f"{one.scheme}:{one.id}" for one in side if one is not None and one.id and one.scheme.isdigit()]
    participant = most_common(participants)
    if participant is not None:
        several = "the samples name several: which is it" if len(set(participants)) > 1 else ""
        yield Entry(name, participant, f"endpoints: {seen(participants)}", several)


def _claims(readings: Sequence[Reading]) -> Iterator[Entry]:
    told = set()
    for kind, names in CLAIMS.items():
        ours = [reading for reading in readings if reading.kind is kind]
        for name, detail in zip(names, ("CustomizationID", "ProfileID"), strict=True):
            claimed = most_common(text for reading in ours if (text := reading.details.get(detail)))
            if claimed is not None and name not in told:
                told.add(name)
                yield Entry(name, claimed, f"as our {kind} among the samples says")
    theirs = [reading for reading in readings if reading.kind not in FROM_BUYERS]
    claims = [reading.details.get("CustomizationID", "nothing") for reading in theirs]
    if claims:
        decide = "false holds every invoice to EN 16931 and Peppol, whatever it claims"
        yield Entry("rules_as_claimed", value=True, found=f"its documents claim: {seen(claims)}", check=decide)
