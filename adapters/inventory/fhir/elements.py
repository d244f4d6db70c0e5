"""Elements of a resource as values: quantities, moments, items and the devices they lead to."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from adapters.barcodes.dates import calendar_day
from adapters.documents import units
from adapters.documents.findings import Findings
from adapters.documents.people import People
from adapters.documents.points_of_use import identifiers_of, item_identifier, lot_of, scanned
from adapters.documents.reading import (
    IdentifierKind,
    ItemIdentifier,
    NamedDate,
    ReadLot,
    ReadQuantity,
)
from adapters.inventory.fhir.options import FhirOptions
from adapters.inventory.fhir.resources import Node, Resources, every, first, text

UCUM = {
    "1": "EA",
    "{each}": "EA",
    "{unit}": "EA",
    "{count}": "EA",
    "{piece}": "EA",
    "{box}": "BX",
    "{case}": "CA",
    "{pack}": "PK",
    "{package}": "PK",
    "{bottle}": "BO",
    "{vial}": "VI",
    "{kit}": "KT",
    "{pair}": "PR",
    "mL": "ML",
    "ml": "ML",
    "L": "LT",
    "g": "GR",
    "kg": "KG",
    "mg": "ME",
}
"""Units of UCUM that are ours; annotations in braces are what senders write for counts."""

_MOMENT = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")


@dataclass(frozen=True, slots=True)
class Reader:
    """One resource being read, and what it is read with."""

    resource: Node
    resources: Resources
    options: FhirOptions
    findings: Findings
    people: People

    @property
    def name(self) -> str:
        """Its type."""
        return str(self.resource["resourceType"])

    def words(self, node: Node, *paths: str) -> str:
        """Return the first text at some paths, without people."""
        return self.people.out_of(next((found for path in paths if (found := text(node, path))), ""))


@dataclass(frozen=True, slots=True)
class Goods:
    """An item as a resource names it."""

    identifiers: tuple[ItemIdentifier, ...]
    description: str
    lots: tuple[ReadLot, ...]
    location: Node


def quantity_of(reader: Reader, node: Node, position: str) -> ReadQuantity | None:
    """Return a Quantity, in our unit where we know it."""
    written = text(node, "value")
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    raw = text(node, "code") or text(node, "unit")
    unit = _unit(raw, reader.options) or _unit(text(node, "unit"), reader.options)
    if raw and unit is None:
        remedy = "say in the partner's profile what it means (units)"
        reader.findings.warning("unit", f"{position}.code", "is a unit we do not know", remedy)
    return ReadQuantity(value=value, unit=unit, raw_unit=raw)


def moment_of(written: str) -> datetime | date | None:
    """Return a moment, naive where it has no zone; a day alone is a date, a month or year alone its first day."""
    try:
        if _MOMENT.match(written):
            return date.fromisoformat(written + "-01-01"[(len(written) - 4) :])
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def dated(meaning: str, written: str) -> tuple[NamedDate, ...]:
    """Return a date with its meaning, or none."""
    moment = moment_of(written)
    if isinstance(moment, datetime):
        return (NamedDate(meaning=meaning, raw=written, on=moment.date(), at=moment),)
    return (NamedDate(meaning=meaning, raw=written, on=moment),) if moment else ()


def goods_of(reader: Reader, concept: Node, reference: Node, position: str, quantity: ReadQuantity | None) -> Goods:
    """Return the item a concept names or a reference leads to."""
    device = reader.resources.find(reference, reader.resource) if reference else None
    if reference and device is None and not _codings(concept):
        named = text(reference, "identifier.value")
        if not named:
            rule = "leads to a device that is not in the message"
            reader.findings.error("reference", position, rule, "send the device with it, contained or in the bundle")
    found = device or {}
    scans = [scanned(udi, f"{position}, udiCarrier", reader.findings) for udi in _carriers(found)]
    scan = next((one for one in scans if one is not None), None)
    said = ReadLot(
        lot=text(found, "lotNumber") or text(found, "batch.lotNumber") or None,
        serial=text(found, "serialNumber") or None,
        expires_on=_last_day(text(found, "expirationDate") or text(found, "batch.expirationDate")),
        made_on=_day(text(found, "manufactureDate")),
        quantity=quantity,
    )
    identifiers = (*_identifiers(reader, concept, reference, found), *(identifiers_of(scan) if scan else ()))
    described = (
        text(concept, "text"),
        text(concept, "coding.display"),
        *_descriptions(found),
        text(reference, "display"),
    )
    return Goods(
        identifiers=tuple({(one.kind, one.normalised): one for one in identifiers}.values()),
        description=reader.people.out_of(next(filter(None, described), "")),
        lots=lot_of(said, scan, position, reader.findings),
        location=first(found, "location"),
    )


def _unit(code: str, options: FhirOptions) -> str | None:
    return options.units.get(code) or UCUM.get(code) or units.from_x12(code.upper(), {}) or units.from_rec20(code, {})


def _codings(concept: Node) -> list[Node]:
    return [one for one in every(concept, "coding") if isinstance(one, dict) and text(one, "code")]


def _identifiers(reader: Reader, concept: Node, reference: Node, device: Node) -> Iterator[ItemIdentifier]:
    for coding in (*_codings(concept), *_codings(first(device, "code"))):
        yield _identifier(reader, text(coding, "code"), text(coding, "system"))
    for one in (first(reference, "identifier"), *every(device, "identifier")):
        if isinstance(one, dict) and text(one, "value"):
            yield _identifier(reader, text(one, "value"), text(one, "system"))
    for carrier in every(device, "udiCarrier"):
        if isinstance(carrier, dict) and text(carrier, "deviceIdentifier"):
            yield _device_identifier(text(carrier, "deviceIdentifier"), text(carrier, "issuer"))
    for path in ("partNumber", "modelNumber"):
        if text(device, path):
            kind = IdentifierKind.MANUFACTURER_ITEM
            yield ItemIdentifier(kind=kind, qualifier=path, value=text(device, path), normalised=text(device, path))


def _identifier(reader: Reader, value: str, system: str) -> ItemIdentifier:
    kind = reader.options.kind_of(system)
    return item_identifier(value, system, {system.upper(): kind})


def _device_identifier(value: str, issuer: str) -> ItemIdentifier:
    """Return a UDI-DI: a GTIN where it is one, else the number its issuing agency gave its maker."""
    gtin = item_identifier(value, "UDI", {"UDI": IdentifierKind.GTIN})
    other = IdentifierKind.HIBC if "hibcc" in issuer.casefold() else IdentifierKind.MANUFACTURER_ITEM
    kind = gtin.kind if gtin.kind is IdentifierKind.GTIN else other
    return gtin.model_copy(update={"qualifier": issuer or "UDI", "kind": kind})


def _carriers(device: Node) -> list[str]:
    """Return the labels of a device: as people read them, else as the scanner does, which is base 64."""
    readable = [str(one) for one in every(device, "udiCarrier.carrierHRF")]
    return readable or [_decoded(str(one)) for one in every(device, "udiCarrier.carrierAIDC")]


def _decoded(carrier: str) -> str:
    try:
        return base64.b64decode(carrier, validate=True).decode("ascii")
    except ValueError:
        return carrier


def _descriptions(device: Node) -> Iterator[str]:
    for path in ("deviceName.name", "name.value", "displayName", "type.text", "type.coding.display", "code.text"):
        yield text(device, path)


def _day(written: str) -> date | None:
    moment = moment_of(written) if written else None
    return moment.date() if isinstance(moment, datetime) else moment


def _last_day(written: str) -> date | None:
    """Return the last day an expiry may mean, where it names a month or a year alone."""
    day = _day(written)
    if day is None or len(written) >= len("2027-03-31"):
        return day
    month = day.month if len(written) == len("2027-03") else 12
    return calendar_day(day.year, month, 0)
