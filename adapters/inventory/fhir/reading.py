"""FHIR to readings: SupplyRequest, SupplyDelivery, device usage and InventoryReport, alone or in a Bundle."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import SecretBytes

from adapters.documents.findings import Findings
from adapters.documents.points_of_use import CASE, CRITICALITY, LOCATION, NEEDED, USED
from adapters.documents.reading import (
    DocumentKind,
    NamedReference,
    Party,
    Reading,
    ReadLine,
    ReadQuantity,
)
from adapters.inventory.fhir.elements import Goods, Reader, dated, goods_of, moment_of, quantity_of
from adapters.inventory.fhir.options import PRIORITIES, FhirOptions, OrderNumber
from adapters.inventory.fhir.patients import leads_to_a_person, people_in, surrogate
from adapters.inventory.fhir.resources import Node, check, every, first, resources_of, text

WRONGLY_ENTERED = "entered-in-error"
CANCELLED = frozenset({"cancelled", WRONGLY_ENTERED})
NOT_USED = frozenset({"not-done", "intended", "on-hold", "preparation"})
NOT_RECEIVED = frozenset({"in-progress", "abandoned"})


def read(body: bytes, options: FhirOptions, case_key: SecretBytes) -> tuple[Reading, ...]:
    """Return what every resource of a body says of supplies. Raises BadDocumentError, and nothing else."""
    resources = resources_of(body, options.release)
    people = people_in(resources)
    told = [one for one in resources.top if one["resourceType"] in READERS]
    readings = []
    for resource in told or resources.top[:1]:
        reader = Reader(resource, resources, options, Findings(), people)
        missing = resources.checked
        if told and missing is None:
            missing = check(resource, options.release)
        for position in missing or ():
            reader.findings.warning("missing", position, f"must be there in FHIR {options.release}")
        readings.append(_read(reader, case_key))
    return tuple(readings)


def _read(reader: Reader, case_key: SecretBytes) -> Reading:
    kind, make = READERS.get(reader.name, (DocumentKind.UNKNOWN, _unknown))
    made = make(reader)
    case = surrogate(reader.resource, reader.resources, case_key)
    references = (*made.pop("references", ()), *((NamedReference(meaning=CASE, value=case),) if case else ()))
    if kind is not DocumentKind.UNKNOWN and not made["lines"]:
        reader.findings.error("lines", reader.name, "must name at least one item", "send the item and how many")
    return Reading(
        language=f"fhir {reader.options.release} {reader.name}",
        kind=kind,
        raw_type=text(reader.resource, "status"),
        purpose=_purpose(reader),
        references=references,
        **_known_by(reader),
        **made,
        findings=reader.findings.all(),
    )


def _known_by(reader: Reader) -> dict[str, Any]:
    """Return what the resource is known by: its identifier, else its id."""
    resource = reader.resource
    system, value = text(resource, "identifier.system"), reader.words(resource, "identifier.value")
    identity = reader.words(resource, "id")
    named = f"{system}|{value}".strip("|") if value else f"{reader.name}/{identity}"
    if not value and not identity:
        reader.findings.error(
            "identifier", f"{reader.name}.identifier", "must be there, or an id", "number the resource"
        )
    return {"message_id": named, "number": value or identity or None}


def _purpose(reader: Reader) -> str:
    return "cancellation" if text(reader.resource, "status") in CANCELLED else "original"


def _unknown(reader: Reader) -> dict[str, Any]:
    reader.findings.ignored("type", reader.name, "is no resource about supplies; nothing is done with it")
    return {"lines": ()}


def _supply_request(reader: Reader) -> dict[str, Any]:
    resource = reader.resource
    position = "SupplyRequest.item"
    quantity = quantity_of(reader, first(resource, "quantity"), "SupplyRequest.quantity")
    goods = _goods(reader, resource, position, quantity)
    needed = text(resource, "occurrenceDateTime") or text(resource, "occurrencePeriod.end")
    urgency = PRIORITIES.get(text(resource, "priority"))
    line = _line(reader, 1, goods, quantity)
    return {
        **_issued(text(resource, "authoredOn")),
        "dates": dated(NEEDED, needed),
        "details": {CRITICALITY: urgency.value} if urgency else {},
        "parties": _parties(reader, {"supplier": "supplier", "deliverTo": LOCATION, "deliverFrom": "ship from"})
        + _parties(reader, {"requester": "requester"}),
        "lines": (line,) if goods.identifiers or goods.description else (),
    }


def _supply_delivery(reader: Reader) -> dict[str, Any]:
    resource = reader.resource
    status = text(resource, "status")
    if status in NOT_RECEIVED:
        reader.findings.error(
            "status", "SupplyDelivery.status", "must be completed to be a receipt", "send it when it is"
        )
    at = text(resource, "occurrenceDateTime") or text(resource, "occurrencePeriod.end")
    lines = []
    for number, item in enumerate(every(resource, "suppliedItem"), start=1):
        position = f"SupplyDelivery.suppliedItem[{number - 1}]"
        quantity = quantity_of(reader, first(item, "quantity"), f"{position}.quantity")
        lines.append(_line(reader, number, _goods(reader, item, position, quantity), quantity))
    order = _order_number(reader)
    return {
        **_issued(at),
        "dates": dated("received", at),
        "po_number": order or None,
        "references": (NamedReference(meaning="purchase order", value=order),) if order else (),
        "parties": _parties(reader, {"supplier": "supplier", "destination": LOCATION}),
        "lines": tuple(lines),
    }


def _device_usage(reader: Reader) -> dict[str, Any]:
    resource, position = reader.resource, f"{reader.name}.device"
    if text(resource, "status") in NOT_USED:
        reader.findings.error(
            "status", f"{reader.name}.status", "says that the device was not used", "send it when it is"
        )
    device = first(resource, "device")
    is_r5 = reader.name == "DeviceUsage"
    concept, reference = (first(device, "concept"), first(device, "reference")) if is_r5 else ({}, device)
    quantity = ReadQuantity(value=Decimal(1), unit="EA")
    goods = goods_of(reader, concept, reference, position, quantity)
    used = (
        text(resource, "timingDateTime") or text(resource, "timingPeriod.start") or text(resource, "timingTiming.event")
    )
    asserted = text(resource, "dateAsserted") or text(resource, "recordedOn")
    return {
        **_issued(asserted or used),
        "dates": dated(USED, used),
        "parties": _place(reader, goods.location),
        "lines": (_line(reader, 1, goods, quantity),),
    }


def _inventory_report(reader: Reader) -> dict[str, Any]:
    lines: list[ReadLine] = []
    for place, listing in enumerate(every(reader.resource, "inventoryListing")):
        for number, item in enumerate(every(listing, "item")):
            position = f"InventoryReport.inventoryListing[{place}].item[{number}]"
            quantity = quantity_of(reader, first(item, "quantity"), f"{position}.quantity")
            line = _line(reader, len(lines) + 1, _goods(reader, item, f"{position}.item", quantity), quantity)
            found = _place_name(reader, first(listing, "location"))
            where = (NamedReference(meaning=LOCATION, value=found),) if found else ()
            counted = dated("counted", text(listing, "countingDateTime"))
            lines.append(line.model_copy(update={"references": where, "dates": counted}))
    return {
        **_issued(text(reader.resource, "reportedDateTime")),
        "details": {"count": text(reader.resource, "countType")},
        "lines": tuple(lines),
    }


READERS: dict[str, tuple[DocumentKind, Callable[[Reader], dict[str, Any]]]] = {
    "SupplyRequest": (DocumentKind.REPLENISHMENT_REQUEST, _supply_request),
    "SupplyDelivery": (DocumentKind.GOODS_RECEIPT, _supply_delivery),
    "DeviceUsage": (DocumentKind.USAGE, _device_usage),
    "DeviceUseStatement": (DocumentKind.USAGE, _device_usage),
    "InventoryReport": (DocumentKind.STOCK_REPORT, _inventory_report),
}
"""Every resource we read, by its type."""


def _goods(reader: Reader, node: Node, position: str, quantity: ReadQuantity | None) -> Goods:
    """Return an item: `itemCodeableConcept` or `itemReference`, or in R5 a CodeableReference `item`."""
    concept = first(node, "itemCodeableConcept") or first(node, "item.concept")
    reference = first(node, "itemReference") or first(node, "item.reference")
    return goods_of(reader, concept, reference, position, quantity)


def _line(reader: Reader, number: int, goods: Goods, quantity: ReadQuantity | None) -> ReadLine:
    if quantity is None:
        reader.findings.error("quantity", f"{reader.name}, line {number}", "must say how many", "send the quantity")
    return ReadLine(
        position=number,
        identifiers=goods.identifiers,
        description=goods.description,
        quantity=quantity,
        lots=goods.lots,
    )


def _issued(written: str) -> dict[str, Any]:
    moment = moment_of(written) if written else None
    is_moment = isinstance(moment, datetime)
    return {"issued_at": moment if is_moment else None, "issued_on": None if is_moment else moment}


def _parties(reader: Reader, roles: dict[str, str]) -> tuple[Party, ...]:
    found = [
        (element, role, reference)
        for element, role in roles.items()
        for reference in every(reader.resource, element)
        if isinstance(reference, dict) and not leads_to_a_person(reference)
    ]
    return tuple(_party(reader, element, role, reference) for element, role, reference in found)


def _party(reader: Reader, element: str, role: str, reference: Node) -> Party:
    target = reader.resources.find(reference, reader.resource) or {}
    name = reader.words(reference, "display") or reader.words(target, "name")
    return Party(role=role, raw_role=element, name=name, id=_place_name(reader, reference))


def _place(reader: Reader, reference: Node) -> tuple[Party, ...]:
    name = _place_name(reader, reference)
    return (Party(role=LOCATION, raw_role="location", id=name),) if name else ()


def _place_name(reader: Reader, reference: Node) -> str:
    """Return what a place or party is known by: its identifier, else the last part of its reference, else its name."""
    target = reader.resources.find(reference, reader.resource) or {}
    last = text(reference, "reference").split("/")[-1].removeprefix("#")
    identifiers = text(reference, "identifier.value") or text(target, "identifier.value")
    return reader.people.out_of(identifiers or last or text(reference, "display"))


def _order_number(reader: Reader) -> str:
    options, resource = reader.options, reader.resource
    if options.order_number is OrderNumber.IDENTIFIER:
        return _value(every(resource, "identifier"), options.order_system)
    for reference in every(resource, options.order_number):
        if not isinstance(reference, dict):
            continue
        target = reader.resources.find(reference, resource) or {}
        listed = [*every(reference, "identifier"), *every(target, "identifier")]
        found = _value(listed, options.order_system) or text(reference, "reference").split("/")[-1]
        if found or text(reference, "display"):
            return reader.people.out_of(found or text(reference, "display"))
    return ""


def _value(identifiers: list[Any], system: str | None) -> str:
    matching = (one for one in identifiers if isinstance(one, dict) and system in {None, text(one, "system")})
    return next((text(one, "value") for one in matching if text(one, "value")), "")
