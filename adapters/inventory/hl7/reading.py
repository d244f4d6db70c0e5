"""HL7 v2 to readings: charges (DFT) as usage, supply orders (ORM, OMN, OMS, RQI) as replenishment requests."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pydantic import SecretBytes

from adapters.bad_document import BadDocumentError
from adapters.documents.findings import Findings
from adapters.documents.identifiers import identifier
from adapters.documents.people import People
from adapters.documents.points_of_use import (
    CASE,
    CRITICALITY,
    FACILITY,
    LOCATION,
    NEEDED,
    USED,
    identifiers_of,
    item_identifier,
    lot_of,
    scanned,
)
from adapters.documents.reading import (
    DocumentKind,
    IdentifierKind,
    ItemIdentifier,
    NamedDate,
    NamedReference,
    Party,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
)
from adapters.inventory.hl7.fields import INHERITED, LineReader, moment_of
from adapters.inventory.hl7.message import Message, Segment, messages_of
from adapters.inventory.hl7.options import Hl7Options, LineFields, Transaction
from adapters.inventory.hl7.patients import people_in, surrogate
from domain.requisition import Criticality

CHARGES = frozenset({"DFT"})
ORDERS = frozenset({"ORM", "OMS", "OMN", "RQI"})
CANCELLED = frozenset({"CA", "DC", "OC", "CR"})
"""Order controls (table 0119) that take an order back."""

SIGNS = {Transaction.RETURNED: -1, Transaction.ADJUSTED_UP: -1, Transaction.ADJUSTED_DOWN: 1}
"""Of transactions whose quantity counts by its size alone."""
SYSTEMS = {
    **dict.fromkeys(("GTIN", "UPC", "EAN", "GS1"), IdentifierKind.GTIN),
    **dict.fromkeys(("NDC", "FDDC"), IdentifierKind.NDC),
    **dict.fromkeys(("HIBC", "HIBCC", "HI"), IdentifierKind.HIBC),
    **dict.fromkeys(
        (
            "C4",
            "C5",
            "CPT",
            "CPT4",
            "CPT-4",
            "HCPCS",
            "HCPC",
            "HPC",
            "HCP",
            "I9C",
            "I10",
            "I10C",
            "I10P",
            "ICD10",
            "LN",
        ),
        IdentifierKind.OTHER,
    ),
}
"""Coding systems (table 0396) that are not a list of ours."""


def read(body: bytes, options: Hl7Options, case_key: SecretBytes) -> tuple[Reading, ...]:
    """Return what every message of a body says of supplies. Raises BadDocumentError, and nothing else."""
    return tuple(_read(message, options, case_key) for message in messages_of(body))


def _read(message: Message, options: Hl7Options, case_key: SecretBytes) -> Reading:
    _check_sender(message, options)
    findings, people = Findings(), people_in(message)
    kind, fields = _kind(message, options)
    lines = tuple(_lines(message, options, fields, findings, people)) if fields else ()
    if fields and not lines:
        remedy = f"send a {fields.begins} segment for each item"
        findings.error("lines", fields.begins, "must be there at least once", remedy)
    if fields is None:
        findings.ignored("type", "MSH-9", "is no message about supplies; nothing is done with it")
    return Reading(
        **_header(message, lines, people),
        kind=kind,
        details=_details(message, options, fields),
        purpose=_purpose(kind, lines),
        references=_references(message, options, case_key),
        lines=lines,
        findings=findings.all(),
    )


def _check_sender(message: Message, options: Hl7Options) -> None:
    expected = (("MSH-3", options.sending_application), ("MSH-4", options.sending_facility))
    for path, name in expected:
        if name is not None and message.header(path) != name:
            raise BadDocumentError(
                path, "must be the sender this partner's profile names", "correct it, or the profile"
            )
    if not message.header("MSH-10"):
        raise BadDocumentError("MSH-10", "must be there: a message sent twice is known by it", "number the messages")


def _kind(message: Message, options: Hl7Options) -> tuple[DocumentKind, LineFields | None]:
    code = message.header("MSH-9")
    if code in CHARGES or message.all_of(options.usage.begins):
        return DocumentKind.USAGE, options.usage
    if code in ORDERS and message.all_of(options.requests.begins):
        return DocumentKind.REPLENISHMENT_REQUEST, options.requests
    return DocumentKind.UNKNOWN, None


def _header(message: Message, lines: tuple[ReadLine, ...], people: People) -> dict[str, Any]:
    issued = moment_of(message.header("MSH-7"))
    code = "^".join(filter(None, (message.header("MSH-9"), message.header("MSH-9.2"))))
    places = [one.value for line in lines for one in line.references if one.meaning == LOCATION]
    parties = [Party(role=FACILITY, raw_role="MSH-4", id=message.header("MSH-4"))]
    parties += [Party(role=LOCATION, id=place) for place in places[:1]]
    return {
        "language": f"hl7 {code} {message.header('MSH-12')}".strip(),
        "message_id": people.out_of(message.header("MSH-10")),
        "raw_type": code,
        "sender": Party(role="sender", scheme="MSH-3", name=message.header("MSH-3"), id=message.header("MSH-4")),
        "receiver": Party(role="receiver", scheme="MSH-5", name=message.header("MSH-5"), id=message.header("MSH-6")),
        "issued_on": issued if isinstance(issued, date) and not isinstance(issued, datetime) else None,
        "issued_at": issued if isinstance(issued, datetime) else None,
        "parties": tuple(parties),
    }


def _details(message: Message, options: Hl7Options, fields: LineFields | None) -> dict[str, str]:
    """Return what is only of HL7, and how urgent the message is: as urgent as its most urgent line."""
    paths = fields.priority if fields else ()
    codes = [message.text(path, one)[:1] for path in paths for one in message.all_of(path[:3])]
    said = {options.priorities[code] for code in codes if code in options.priorities}
    urgent = next((one for one in reversed(Criticality) if one in said), None)
    return {"processing": message.header("MSH-11")} | ({CRITICALITY: urgent.value} if urgent else {})


def _purpose(kind: DocumentKind, lines: tuple[ReadLine, ...]) -> str:
    if kind is not DocumentKind.REPLENISHMENT_REQUEST:
        return ""
    taken_back = [bool(CANCELLED & set(line.raw_codes)) for line in lines]
    return "cancellation" if any(taken_back) else "original"


def _references(message: Message, options: Hl7Options, case_key: SecretBytes) -> tuple[NamedReference, ...]:
    case = surrogate(message, options.case_number, case_key)
    return (NamedReference(meaning=CASE, value=case),) if case else ()


def _lines(
    message: Message, options: Hl7Options, fields: LineFields, findings: Findings, people: People
) -> Iterator[ReadLine]:
    for number, segments in enumerate(_groups(message, fields.begins), start=1):
        yield _line(LineReader(message, options, findings, segments), options, fields, people, number)


def _groups(message: Message, begins: str) -> Iterator[list[Segment]]:
    """Yield the segments of each line, and after them those before it that speak for it: the latest of each name."""
    before: dict[str, Segment] = {}
    group: list[Segment] = []
    inherited: list[Segment] = []
    for segment in message.segments:
        if group and segment.name in {begins, "ORC"}:
            yield [*group, *inherited]
            group = []
        if segment.name == begins:
            group, inherited = [segment], list(before.values())
        elif group:
            group.append(segment)
        if segment.name in INHERITED:
            before[segment.name] = segment
    if group:
        yield [*group, *inherited]


def _line(reader: LineReader, options: Hl7Options, fields: LineFields, people: People, number: int) -> ReadLine:
    code = reader.text(fields.kind)
    change = _change(reader, options, fields, code)
    quantity = _signed(_quantity(reader, options, fields), change)
    udi = reader.find(fields.udi)
    scan = scanned(udi.text, udi.position, reader.findings) if udi else None
    said = ReadLot(
        lot=reader.text(fields.lot) or None,
        serial=reader.text(fields.serial) or None,
        expires_on=reader.day(fields.expires_on),
        quantity=quantity,
    )
    return ReadLine(
        position=number,
        number=people.out_of(reader.first.fields[1]) or None if len(reader.first.fields) > 1 else None,
        identifiers=_distinct((*_identifiers(reader, fields), *(identifiers_of(scan) if scan else ()))),
        description=people.out_of(reader.text(fields.description)),
        quantity=quantity,
        unit_price=reader.decimal(fields.unit_price),
        amount=reader.decimal(fields.amount),
        change=change,
        raw_codes=(code,) if code else (),
        lots=lot_of(said, scan, udi.position if udi else "", reader.findings),
        dates=tuple(_dates(reader, fields)),
        references=tuple(_line_references(reader, fields, people)),
    )


def _change(reader: LineReader, options: Hl7Options, fields: LineFields, code: str) -> Transaction | None:
    """Return what a line of usage does to stock."""
    if fields is options.requests:
        return None
    if code not in options.transactions:
        remedy = "say in the partner's profile what it does to stock (transactions)"
        reader.findings.error(
            "transaction", reader.position("".join(fields.kind[:1])), "is a code we do not know", remedy
        )
    return options.transactions.get(code, Transaction.IGNORED)


def _quantity(reader: LineReader, options: Hl7Options, fields: LineFields) -> ReadQuantity | None:
    found = reader.quantity(fields.quantity, fields.unit)
    if found is not None or fields is options.requests or reader.find(fields.quantity):
        return found
    where = reader.position("".join(fields.quantity[:1]))
    if options.blank_quantity is None:
        reader.findings.error("quantity", where, "must say how many", "send the quantity")
        return None
    reader.findings.warning("quantity", where, "is blank, and taken as the profile says (blank_quantity)")
    return ReadQuantity(value=options.blank_quantity)


def _signed(quantity: ReadQuantity | None, change: Transaction | None) -> ReadQuantity | None:
    if quantity is None or change not in SIGNS:
        return quantity
    return quantity.model_copy(update={"value": SIGNS[change] * abs(quantity.value)})


def _identifiers(reader: LineReader, fields: LineFields) -> Iterator[ItemIdentifier]:
    item = reader.find(fields.item)
    for found in (item, *(reader.find((path,)) for path in fields.other_items)):
        if found is not None:
            yield item_identifier(found.text, reader.beside(found, 2), SYSTEMS)
    named = (
        (IdentifierKind.GTIN, fields.gtin),
        (IdentifierKind.SUPPLIER_ITEM, fields.supplier_item),
        (IdentifierKind.MANUFACTURER_ITEM, fields.manufacturer_item),
        (IdentifierKind.NDC, fields.ndc),
    )
    for kind, paths in named:
        for found in filter(None, (reader.find((path,)) for path in paths)):
            yield identifier(kind, found.path, found.text)


def _distinct(identifiers: tuple[ItemIdentifier, ...]) -> tuple[ItemIdentifier, ...]:
    return tuple({(one.kind, one.normalised): one for one in reversed(identifiers)}.values())[::-1]


def _dates(reader: LineReader, fields: LineFields) -> Iterator[NamedDate]:
    for meaning, paths in ((USED, fields.at), (NEEDED, fields.needed_by)):
        moment, raw = reader.moment(paths), reader.text(paths)
        if isinstance(moment, datetime):
            yield NamedDate(meaning=meaning, raw=raw, on=moment.date(), at=moment)
        elif moment is not None:
            yield NamedDate(meaning=meaning, raw=raw, on=moment)


def _line_references(reader: LineReader, fields: LineFields, people: People) -> Iterator[NamedReference]:
    place = reader.find(fields.location)
    if place is not None and not people.are_in(place.text):
        yield NamedReference(meaning=LOCATION, raw=place.path, value=place.text)
    for meaning, path in fields.references.items():
        found = reader.find((path,))
        if found is not None and not people.are_in(found.text):
            yield NamedReference(meaning=meaning, raw=path, value=found.text)
