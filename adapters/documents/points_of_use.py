"""From a point of use's reading to usage and replenishment requests, whatever language it came in.

A patient never gets this far: languages keep a keyed surrogate of the case, and of the rest nothing.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, SecretBytes, TypeAdapter, ValidationError

from adapters.bad_document import BadDocumentError
from adapters.barcodes.scan import Scan, scan
from adapters.documents.conventions import TimeZoneName
from adapters.documents.findings import Findings
from adapters.documents.identifiers import gtin_14
from adapters.documents.reading import (
    DocumentKind,
    IdentifierKind,
    ItemIdentifier,
    Reading,
    ReadLine,
    ReadLot,
    ReadQuantity,
)
from domain.document import Command
from domain.identifiers import Code, FacilityCode, LocationCode
from domain.quantities import UnitCode
from domain.requisition import Criticality
from domain.usage import ReplenishmentRequest, Usage

FACILITY = "facility"
LOCATION = "location"
CASE = "case"
"""The meaning of a reading's reference to its case."""
CRITICALITY = "criticality"
"""Where a reading's details say how urgent it is, in our words."""
NEEDED = "needed"
"""The meaning of the date by which a reading asks for something."""
USED = "used"
"""The meaning of the moment something was used, or asked for."""
IGNORED = "ignored"
"""The change of a line that moves money only."""
_CASE_LENGTH = 20
Made = TypeVar("Made", Usage, ReplenishmentRequest)
_CODE: TypeAdapter[str] = TypeAdapter(Code)


class PointOfUse(Command):
    """How to understand a point of use: its places, units and hours, whatever its language."""

    facilities: Mapping[str, FacilityCode] = Field(default_factory=dict)
    """Its names of facilities, to ours."""
    facility: FacilityCode | None = None
    """Where it names none, or one that is not listed."""
    locations: Mapping[str, LocationCode] = Field(default_factory=dict)
    location: LocationCode | None = None
    units: Mapping[str, str] = Field(default_factory=dict)
    """Its unit codes that are not the standard's, to ours."""
    unit: UnitCode | None = "EA"
    """What a quantity without a unit is in; null where that is to be refused."""
    time_zone: TimeZoneName = "UTC"
    """The zone of moments it writes without one."""
    reported_by: Code | None = None
    """Who our records name; null takes what the sender calls itself. One name for each sender: numbers are its own."""


def case_reference(number: str, key: SecretBytes) -> str:
    """Return the surrogate of a case's number: the same for the same number and key, and no way back."""
    digest = hmac.new(key.get_secret_value(), number.encode(), hashlib.sha256).digest()
    return "case-" + base64.b32encode(digest).decode().lower()[:_CASE_LENGTH]


def usage_of(reading: Reading, options: PointOfUse) -> Usage:
    """Return the usage a reading reports. Raises BadDocumentError."""
    _expect(reading, DocumentKind.USAGE)
    header = _header(reading, options)
    goods = [line for line in reading.lines if line.change != IGNORED and not _is_service(line)]
    if not goods:
        raise BadDocumentError("the message", "reports services or money, and no goods", "send it to billing alone")
    lines = [line for read in goods for line in _usage_lines(read, options, header["location"])]
    document = {
        **header,
        "used_at": _moment(reading, options),
        "reported_by": _reporter(reading, options),
        "case_reference": next((one.value for one in reading.references if one.meaning == CASE), None),
        "lines": tuple({"number": number, **line} for number, line in enumerate(lines, start=1)),
    }
    return _made(Usage, document)


def replenishment_request_of(reading: Reading, options: PointOfUse) -> ReplenishmentRequest:
    """Return the request a reading carries. Raises BadDocumentError."""
    _expect(reading, DocumentKind.REPLENISHMENT_REQUEST)
    dates = [*reading.dates, *(one for line in reading.lines for one in line.dates)]
    needed = [one.on for one in dates if one.meaning == NEEDED and one.on]
    document = {
        **_header(reading, options),
        "requested_at": _moment(reading, options),
        "requested_by": _reporter(reading, options),
        "criticality": reading.details.get(CRITICALITY, Criticality.ROUTINE),
        "needed_by": min(needed, default=None),
        "lines": tuple(
            {"number": line.position, "item": _our_item(line), "quantity": _quantity(line.quantity, line, options)}
            for line in reading.lines
        ),
    }
    return _made(ReplenishmentRequest, document)


def scanned(text: str, position: str, findings: Findings) -> Scan | None:
    """Return what a scan in a document says; one that says nothing is a finding."""
    try:
        return scan(text)
    except BadDocumentError as error:
        findings.warning("udi", f"{position}, {error.pointer}", f"the scan is left out: {error.rule}", error.remedy)
        return None


def identifiers_of(found: Scan) -> tuple[ItemIdentifier, ...]:
    """Return the item numbers a scan carries."""
    named = ((IdentifierKind.GTIN, "01", found.gtin), (IdentifierKind.HIBC, "hibc", found.hibc))
    return tuple(
        ItemIdentifier(kind=kind, qualifier=qualifier, value=value, normalised=value)
        for kind, qualifier, value in named
        if value
    )


def lot_of(said: ReadLot, found: Scan | None, position: str, findings: Findings) -> tuple[ReadLot, ...]:
    """Return a line's lot as its fields and its scan say; where they contradict each other, that is an error."""
    beside = (
        {} if found is None else {name: getattr(found, name) for name in ("lot", "serial", "expires_on", "made_on")}
    )
    for name, value in beside.items():
        ours = getattr(said, name)
        if ours is not None and value is not None and ours != value:
            rule = f"the {name.replace('_', ' ')} is not the one in the scan beside it"
            findings.error("udi", position, rule, "send what the label says, or only the scan")
    merged = said.model_copy(update={name: getattr(said, name) or value for name, value in beside.items()})
    return (merged,) if merged.lot or merged.serial or merged.expires_on or merged.made_on else ()


def item_identifier(value: str, system: str, systems: Mapping[str, IdentifierKind]) -> ItemIdentifier:
    """Return an item's number by the code system it is qualified with; a wrong GTIN is somebody's own number."""
    kind = systems.get(system.upper(), IdentifierKind.BUYER_ITEM)
    gtin = gtin_14(value) if kind is IdentifierKind.GTIN else None
    if kind is IdentifierKind.GTIN and gtin is None:
        kind = IdentifierKind.OTHER
    return ItemIdentifier(kind=kind, qualifier=system, value=value, normalised=gtin or value)


def facility_of(reading: Reading, options: PointOfUse) -> FacilityCode | None:
    """Return the facility a reading speaks of; None where it names none we know."""
    try:
        return _place(reading, FACILITY, options.facilities, options.facility)
    except BadDocumentError:
        return None


def _expect(reading: Reading, kind: DocumentKind) -> None:
    if reading.kind is not kind:
        raise BadDocumentError("the message", f"is no {kind}", "send it to what reads that kind of document")
    if reading.purpose == "cancellation":
        rule = "takes an earlier one back, which is never applied by itself"
        raise BadDocumentError("the message", rule, "settle it with the ward")
    worst = next((finding for finding in reading.findings if finding.severity == "error"), None)
    if worst is not None:
        raise BadDocumentError(worst.position, worst.message, worst.remedy)


def _header(reading: Reading, options: PointOfUse) -> dict[str, Any]:
    return {
        "number": reading.number or reading.message_id,
        "facility": _place(reading, FACILITY, options.facilities, options.facility),
        "location": _place(reading, LOCATION, options.locations, options.location),
    }


def _reporter(reading: Reading, options: PointOfUse) -> str:
    named = options.reported_by or (reading.sender.name if reading.sender else "")
    return named if _is_code(named) else "inventory"


def _place(reading: Reading, role: str, known: Mapping[str, str], default: str | None) -> str:
    return _ours(next((party.id for party in reading.parties if party.role == role), ""), role, known, default)


def _ours(theirs: str, role: str, known: Mapping[str, str], default: str | None) -> str:
    """Return our code of a place: the profile's, else the default, else its own name where that is a code."""
    code = known.get(theirs) or default or theirs
    if not _is_code(code):
        remedy = f"name it in the message, or in the partner's profile ({role})"
        raise BadDocumentError(f"the {role}", "must be one we know", remedy)
    return code


def _moment(reading: Reading, options: PointOfUse) -> datetime:
    """Return when it was: the latest moment a line names, else when the document was issued."""
    zone = ZoneInfo(options.time_zone)
    lines = [one for part in reading.lines for one in part.dates if one.meaning == USED]
    named = [_first_of(one.at, one.on, zone) for one in (*reading.dates, *lines) if one.meaning == USED]
    found = max((one for one in named if one), default=_first_of(reading.issued_at, reading.issued_on, zone))
    if found is None:
        raise BadDocumentError("the message", "must say when it was", "send the date of the transaction")
    return found


def _first_of(at: datetime | None, on: date | None, zone: ZoneInfo) -> datetime | None:
    if at is not None:
        return at if at.tzinfo else at.replace(tzinfo=zone)
    return datetime.combine(on, time(), tzinfo=zone) if on else None


def _usage_lines(read: ReadLine, options: PointOfUse, whole_place: str) -> Iterator[dict[str, Any]]:
    place = next((one.value for one in read.references if one.meaning == LOCATION), "")
    ours = _ours(place, LOCATION, options.locations, options.location) if place else None
    whole = {
        "item": _item(read),
        "gtin": _number_of(read, IdentifierKind.GTIN),
        "supplier_item": _number_of(
            read, IdentifierKind.SUPPLIER_ITEM, IdentifierKind.MANUFACTURER_ITEM, IdentifierKind.HIBC
        ),
        "location": None if ours == whole_place else ours,
    }
    for lot in read.lots or (ReadLot(),):
        quantity = _quantity(lot.quantity or read.quantity, read, options)
        yield {**whole, "quantity": quantity, **_lot(lot.lot, lot.serial, lot.expires_on)}


def _is_service(line: ReadLine) -> bool:
    """True where a line is known by codes of procedures alone."""
    return bool(line.identifiers) and all(one.kind is IdentifierKind.OTHER for one in line.identifiers)


def _lot(lot: str | None, serial: str | None, expires_on: date | None) -> dict[str, Any]:
    return {"lot": lot, "serial": serial, "expires_on": expires_on}


def _quantity(read: ReadQuantity | None, line: ReadLine, options: PointOfUse) -> dict[str, Decimal | str]:
    if read is None:
        raise BadDocumentError(f"line {line.position}", "has no quantity", "say how many")
    unit = read.unit or (options.unit if not read.raw_unit else None)
    if unit is None:
        remedy = "correct it, or say in the partner's profile what it means (units)"
        raise BadDocumentError(f"line {line.position}", "has a unit we do not know", remedy)
    return {"value": read.value, "unit": unit}


def _our_item(line: ReadLine) -> str:
    item = _item(line)
    if item is None:
        raise BadDocumentError(
            f"line {line.position}", "must name our item code", "send the hospital's own item number"
        )
    return item


def _item(line: ReadLine) -> str | None:
    """Return our item code; a number of another shape cannot be one."""
    for one in line.identifiers:
        if one.kind is IdentifierKind.BUYER_ITEM and _is_code(one.value):
            return one.value
    return None


def _is_code(value: str) -> bool:
    try:
        return bool(_CODE.validate_python(value))
    except ValidationError:
        return False


def _number_of(line: ReadLine, *kinds: IdentifierKind) -> str | None:
    return next((one.normalised for kind in kinds for one in line.identifiers if one.kind is kind), None)


def _made(kind: type[Made], document: dict[str, Any]) -> Made:
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise BadDocumentError(where, fault["msg"].removeprefix("Value error, ")) from error
