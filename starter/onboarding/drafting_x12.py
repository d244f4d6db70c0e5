"""A page of X12 deduced from interchanges: who is who, how the standard's open points are filled, what units mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from adapters.bad_document import BadDocumentError
from adapters.documents.findings import Severity
from adapters.documents.reading import DocumentKind, Reading
from adapters.supplier.x12.envelope import Interchange, TransactionSet, read_sets
from adapters.supplier.x12.faults import Level
from adapters.supplier.x12.options import ImpliedDecimals, Marks, X12Options
from adapters.supplier.x12.reading import read_set
from adapters.supplier.x12.segments import pieces
from starter.onboarding.deducing import (
    FROM_SUPPLIERS,
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

OUR_GROUPS = frozenset({"PO", "PC", "RA"})
"""Functional groups that buyers send: an acknowledgement of one is the supplier's."""
SCHEMES = {"UL": "gln", "1": "duns", "9": "duns", "21": "hin", "91": "assigned", "92": "assigned"}
"""Element 66, to the schemes of a correspondent."""
LIKELY_CASE = "CS"
MISCOUNTED = f"{Level.SET} 4"


@dataclass(frozen=True)
class _End:
    """One side of an interchange: ISA05 or 07, ISA06 or 08, GS02 or 03."""

    qualifier: str
    id: str
    group_id: str


@dataclass
class _Found:
    """Every set of the samples, as it was sent and as it is read."""

    sets: list[tuple[TransactionSet, Reading]] = field(default_factory=list)
    interchanges: list[Interchange] = field(default_factory=list)

    @property
    def readings(self) -> list[Reading]:
        return [reading for _, reading in self.sets]

    @property
    def theirs(self) -> list[TransactionSet]:
        """What the partner sent; everything, where nothing tells who sent it."""
        found = [source for source, reading in self.sets if _is_theirs(reading)]
        return found or [source for source, reading in self.sets if not _is_ours(reading)]

    @property
    def ours(self) -> list[TransactionSet]:
        return [source for source, reading in self.sets if _is_ours(reading)]


def draft_x12(samples: Sequence[Sample]) -> Deduced:
    """Return what the interchanges say."""
    found = _Found()
    for sample in samples:
        _gather(found, sample.body)
    ends = [*map(_ends, found.theirs), *(_ends(source)[::-1] for source in found.ours)]
    page = valid(
        X12Options,
        *_identities([pair for pair in ends if pair[0].id]),
        *_writing(found),
        *_acknowledging(found),
        *_meaning(found.readings, [sample.body for sample in samples]),
    )
    return Deduced(
        name=_name(found, ends),
        entries=(
            Entry("x12", inside=page),
            time_zone(),
            lines_echo_ours(found.readings),
            production(found.readings),
            *correspondents(found.readings, SCHEMES),
        ),
    )


def _name(found: _Found, ends: Sequence[tuple[_End, _End]]) -> str:
    named = (party.name for reading in found.readings for party in reading.parties if party.role == "supplier")
    return most_common(text for text in named if text) or most_common(them.id for them, _ in ends if them.id) or ""


def _gather(found: _Found, body: bytes, options: X12Options | None = None) -> None:
    try:
        for part in read_sets(pieces(body)):
            if isinstance(part, TransactionSet):
                found.sets.append((part, read_set(part, options or X12Options()).reading))
            elif isinstance(part, Interchange):
                found.interchanges.append(part)
    except BadDocumentError:
        return


def _is_theirs(reading: Reading) -> bool:
    acknowledged = reading.details.get("acknowledged functional id")
    return reading.kind in FROM_SUPPLIERS or acknowledged in OUR_GROUPS


def _is_ours(reading: Reading) -> bool:
    acknowledged = reading.details.get("acknowledged functional id")
    return reading.kind in FROM_US or (bool(acknowledged) and acknowledged not in OUR_GROUPS)


def _ends(source: TransactionSet) -> tuple[_End, _End]:
    """Return sender and receiver."""
    interchange, group = source.group.interchange, source.group
    return _End(*interchange.sender, group.element(2)), _End(*interchange.receiver, group.element(3))


def _identities(ends: Sequence[tuple[_End, _End]]) -> Iterator[Entry]:
    if not ends:
        yield Entry("their_id", "PARTNER", check="ISA06 of what it sends: no sample has an ISA", is_question=True)
        return
    for name, side in (("their", [them for them, _ in ends]), ("our", [us for _, us in ends])):
        end = most_common(side)
        if end is None:
            continue
        found = f"sets: {seen(f'{one.qualifier} {one.id}' for one in side)}"
        several = len({(one.qualifier, one.id) for one in side}) > 1
        decide = "the samples name several: which is this partner's" if several else ""
        yield Entry(f"{name}_qualifier", end.qualifier, found, decide)
        yield Entry(f"{name}_id", end.id)
        if end.group_id and end.group_id != end.id:
            yield Entry(f"{name}_group_id", end.group_id, found="in GS, where it differs from ISA")


def _writing(found: _Found) -> Iterator[Entry]:
    groups = [source.group for source in found.theirs or found.ours]
    versions = [group.version for group in groups if group.version]
    version = most_common(versions)
    if version:
        yield Entry("version", version, f"GS08: {seen(versions)}", "the release it wants our orders in")
    marks = most_common(group.interchange.delimiters for group in groups)
    if marks is not None:
        chosen = {
            "element": marks.element,
            "component": marks.component or Marks().component,
            "terminator": marks.terminator,
            "repetition": marks.repetition or Marks().repetition,
        }
        decide = "" if len(set(chosen.values())) == len(chosen) else "four different marks"
        said = "the delimiters it writes with; we read with whatever its ISA says"
        yield Entry("marks", chosen, said, decide, is_question=bool(decide))


def _acknowledging(found: _Found) -> Iterator[Entry]:
    yield Entry(
        "wants_functional_acknowledgement", value=True, check="false where it does not want a 997 for what it sends"
    )
    came = [source for source, reading in found.sets if reading.details.get("acknowledged functional id") in OUR_GROUPS]
    if came:
        yield Entry("acknowledges_within_hours", 4, "it acknowledges ours: its 997 are among the samples", "how soon")
    else:
        found_none = "none of its 997 is among the samples"
        yield Entry("acknowledges_within_hours", None, found_none, "in how many hours, where it does send them")
    controls = [one.control for one in found.interchanges if one.isa]
    if len(set(controls)) < len(controls):
        said = f"interchange control numbers are used more than once: {seen(controls)}"
        decide = "false where only the samples repeat them, and real ones count on"
        yield Entry("reuses_control_numbers", value=True, found=said, check=decide)


def _meaning(readings: Sequence[Reading], bodies: Sequence[bytes]) -> Iterator[Entry]:
    yield from _decimals(bodies)
    yield from units_asked(readings, "X12 element 355")
    cases = [
        line for reading in readings for line in reading.lines if line.quantity and line.quantity.unit == LIKELY_CASE
    ]
    if cases:
        decide = "CS is a cassette in X12, and often meant for a case, which is CA"
        yield Entry("units", {LIKELY_CASE: "CA"}, f"CS on {len(cases)} lines", decide, is_question=True)
    if any(reading.raw_type == "AK" and reading.kind is DocumentKind.ORDER_ACKNOWLEDGEMENT for reading in readings):
        said = "some 855 say AK in BAK02: received, and nothing of their lines"
        yield Entry("received_means_accepted", value=False, found=said, check="true where that is its acceptance")
    miscounted = sum(any(one.code == MISCOUNTED for one in reading.findings) for reading in readings)
    if miscounted:
        said = f"{miscounted} of {len(readings)} sets say another number of segments in SE01 than they have"
        decide = "false where that is its habit; else the samples were cut"
        yield Entry("refuse_wrong_counts", value=True, found=said, check=decide)
    schemes = [party.scheme for reading in readings for party in reading.parties if party.role == "ship to"]
    scheme = most_common(each for each in schemes if each)
    if scheme is not None:
        yield Entry("ship_to_qualifier", scheme, f"N103 of the places goods go to: {seen(schemes)}")


def _decimals(bodies: Sequence[bytes]) -> Iterator[Entry]:
    """Read every invoice both ways: the way that adds up is how the partner writes TDS01 and SAC05."""
    ways = {way: list(_invoices(bodies, way)) for way in (ImpliedDecimals.IMPLIED, ImpliedDecimals.EXPLICIT)}
    count = len(ways[ImpliedDecimals.IMPLIED])
    if not count:
        return
    fits = {way: sum(_adds_up(reading) for reading in readings) for way, readings in ways.items()}
    said = f"of {count} invoices {fits[ImpliedDecimals.IMPLIED]} add up with implied decimals, "
    said += f"{fits[ImpliedDecimals.EXPLICIT]} as written"
    sure = [way for way, number in fits.items() if number == count]
    if len(sure) == 1:
        yield Entry("implied_decimals", sure[0].value, said)
    else:
        decide = "" if sure else "look at those that add up neither way"
        yield Entry("implied_decimals", ImpliedDecimals.AUTO.value, said, decide)


def _invoices(bodies: Sequence[bytes], way: ImpliedDecimals) -> Iterator[Reading]:
    found = _Found()
    for body in bodies:
        _gather(found, body, X12Options(implied_decimals=way))
    billing = {DocumentKind.SUPPLIER_INVOICE, DocumentKind.CREDIT_NOTE}
    yield from (reading for reading in found.readings if reading.kind in billing)


def _adds_up(reading: Reading) -> bool:
    return all(finding.code != "TDS01" or finding.severity is not Severity.ERROR for finding in reading.findings)
