"""What a partner's X12 documents are made from: the sets of its samples, and plain ones where it gives none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from adapters.bad_document import BadDocumentError
from adapters.documents.reading import DocumentKind
from adapters.supplier.x12.envelope import TransactionSet
from adapters.supplier.x12.fields import at, decimal_of
from adapters.supplier.x12.options import ImpliedDecimals, X12Options
from adapters.supplier.x12.reading import ReadSet, read_parts
from adapters.supplier.x12.segments import ISA_ELEMENTS, Delimiters, Segment, pieces
from starter.rehearsal.hand import PLAIN
from starter.rehearsal.samples import Sample
from starter.rehearsal.x12_edits import Levels, taken_apart

ACKNOWLEDGED = "997"
"""The functional acknowledgement: a 999 in later releases."""
FUNCTIONAL_IDS = {"855": "PR", "856": "SH", "810": "IN", ACKNOWLEDGED: "FA"}
CODES = {
    DocumentKind.ORDER_ACKNOWLEDGEMENT: "855",
    DocumentKind.SHIP_NOTICE: "856",
    DocumentKind.SUPPLIER_INVOICE: "810",
    DocumentKind.FUNCTIONAL_ACKNOWLEDGEMENT: ACKNOWLEDGED,
}
"""The sets a partner sends of its own; an 865 answers a change and is no template."""
_ALSO = {"999": ACKNOWLEDGED}
GS_ELEMENTS = 8
_REPEATING_FROM = "00402"
_NEEDED = {"855": "BAK", "810": "IT1", ACKNOWLEDGED: "AK1"}
_PLAIN = {
    "855": ("BAK*00*AD*PO*20260101*****20260101", "PO1*1*1*EA*1**VP*1*BP*1", "ACK*IA*1*EA", "CTT*1"),
    "856": (
        "BSN*00*1*20260101*0800*0001",
        "HL*1**S",
        "TD5*B*2*UPSN",
        "DTM*011*20260101",
        "HL*2*1*O",
        "PRF*PO",
        "HL*3*2*I",
        "LIN*1*VP*1*BP*1",
        "SN1**1*EA",
        "CTT*1",
    ),
    "810": ("BIG*20260101*1*20260101*PO", "IT1*1*1*EA*1**VP*1*BP*1", "TDS*100", "CTT*1"),
    ACKNOWLEDGED: ("AK1*PO*1", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"),
}
PLAIN_BODIES = {code: tuple(text.split("*") for text in body) for code, body in _PLAIN.items()}
"""The segments between ST and SE of a document in no partner's style."""


@dataclass(frozen=True)
class Template:
    """A set to be written anew: its envelope, its segments between ST and SE, and where it is from."""

    code: str
    isa: Segment
    gs: Segment
    st: Segment
    body: tuple[Segment, ...]
    marks: Delimiters
    origin: str
    writes_whole_units: bool = False
    """True where TDS01 counts dollars, not cents."""

    def with_body(self, body: Iterable[Segment]) -> "Template":
        """Return the same envelope around other segments."""
        return replace(self, body=tuple(body))

    def written(self, number: int, moment: datetime, usage: str) -> bytes:
        """Return the interchange, its counts and control numbers right."""
        control = str(number).zfill(len(at(self.st, 2)) or len("0001"))
        group = str(number)
        isa = [*self.isa]
        isa[9], isa[10], isa[13], isa[15] = moment.strftime("%y%m%d"), moment.strftime("%H%M"), f"{number:09d}", usage
        gs = [*self.gs]
        gs[4], gs[5], gs[6] = like_day(at(gs, 4), moment), moment.strftime("%H%M"), group
        segments = [
            isa,
            gs,
            ["ST", self.code, control, *self.st[3:]],
            *self.body,
            ["SE", str(len(self.body) + 2), control],
            ["GE", "1", group],
            ["IEA", "1", f"{number:09d}"],
        ]
        ending = self.marks.terminator
        return "".join(self.marks.element.join(segment) + ending for segment in segments).encode("latin-1")


def templates_of(samples: Iterable[Sample], options: X12Options) -> dict[str, Template]:
    """Return a template for each set, by its code: from the samples, those without an error first, else a plain one."""
    found: dict[str, Template] = {}
    known = [(sample.name, read) for sample in samples for read in _sets(sample.body, options)]
    for name, read in sorted(known, key=lambda pair: not pair[1].reading.is_usable):
        code = CODES.get(read.reading.kind)
        written = _ALSO.get(read.source.code, read.source.code)
        if code == written and code not in found and _is_whole(read.source, code):
            found[code] = _template(read.source, name, options)
    return {code: found.get(code) or plain_template(code, options) for code in FUNCTIONAL_IDS}


def like_day(sample: str, moment: datetime) -> str:
    """Return a day in as many digits as the sample's."""
    return moment.strftime("%y%m%d" if len(sample) == len("YYMMDD") else "%Y%m%d")


def _sets(body: bytes, options: X12Options) -> Iterator[ReadSet]:
    try:
        yield from (part for part in read_parts(pieces(body), options) if isinstance(part, ReadSet))
    except BadDocumentError:
        return


def _is_whole(source: TransactionSet, code: str) -> bool:
    """True where a set has what is to be written anew: for a ship notice, an item level with its quantity."""
    if code == "856":
        return Levels(taken_apart(source.segments, "HL").blocks).has_items()
    return any(segment[0] == _NEEDED[code] for segment in source.segments)


def _template(source: TransactionSet, origin: str, options: X12Options) -> Template:
    group = source.group
    interchange = group.interchange
    plain = plain_template(_ALSO.get(source.code, source.code), options)
    body = tuple([*segment] for segment in source.segments if segment[0] not in {"ST", "SE"})
    has_envelope = len(interchange.isa) > ISA_ELEMENTS and len(group.gs) > GS_ELEMENTS
    return Template(
        code=source.code,
        isa=interchange.isa if has_envelope else plain.isa,
        gs=group.gs if has_envelope else plain.gs,
        st=source.segments[0],
        body=body,
        marks=interchange.delimiters,
        origin=origin,
        writes_whole_units=_writes_whole_units(body),
    )


def _writes_whole_units(body: tuple[Segment, ...]) -> bool:
    """True where the sample's total is the sum of its lines only when read without implied decimals."""
    stated = next((decimal_of(at(segment, 1)) for segment in body if segment[0] == "TDS"), None)
    lines = [segment for segment in body if segment[0] == "IT1"]
    amounts = ((decimal_of(at(line, 2)) or Decimal(0)) * (decimal_of(at(line, 4)) or Decimal(0)) for line in lines)
    total = sum(amounts, start=Decimal(0))
    return stated is not None and abs(stated - total) < abs(stated.scaleb(-2) - total)


def plain_template(code: str, options: X12Options) -> Template:
    """Return a set in no partner's style, in the envelope its page describes."""
    marks = options.marks
    repeats = options.version[:5] >= _REPEATING_FROM
    isa = [
        "ISA", "00", " " * 10, "00", " " * 10, options.their_qualifier, options.their_id.ljust(15),
        options.our_qualifier, options.our_id.ljust(15), "260101", "0800", marks.repetition if repeats else "U",
        options.version[:5], "000000001", "0", options.usage, marks.component,
    ]  # fmt: skip
    gs = [
        "GS", FUNCTIONAL_IDS[code], options.their_group_id or options.their_id, options.our_group_id or options.our_id,
        "20260101", "0800", "1", "X", options.version,
    ]  # fmt: skip
    return Template(
        code=code,
        isa=isa,
        gs=gs,
        st=["ST", code, "0001"],
        body=PLAIN_BODIES[code],
        marks=Delimiters(marks.element, marks.component, marks.terminator, marks.repetition if repeats else ""),
        origin=PLAIN,
        writes_whole_units=options.implied_decimals is ImpliedDecimals.EXPLICIT,
    )


def origins_of(templates: Mapping[str, Template]) -> dict[str, str]:
    """Return where each kind of document is from."""
    return {kind.value: templates[code].origin for kind, code in CODES.items()}
