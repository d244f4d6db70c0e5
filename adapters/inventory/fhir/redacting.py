"""Resources without their people, for keeping: only resources and elements on a list stay, as JSON."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from adapters.documents.people import People
from adapters.inventory.fhir.options import FhirOptions
from adapters.inventory.fhir.patients import leads_to_a_person, people_in
from adapters.inventory.fhir.resources import Node, every, resources_of, text

_ALWAYS = frozenset({"resourceType", "id", "identifier", "status", "basedOn", "contained"})
KEPT = {
    "SupplyRequest": frozenset(
        {
            "authoredOn",
            "category",
            "deliverFrom",
            "deliverTo",
            "item",
            "itemCodeableConcept",
            "itemReference",
            "occurrenceDateTime",
            "occurrencePeriod",
            "priority",
            "quantity",
            "supplier",
        }
    ),
    "SupplyDelivery": frozenset(
        {"destination", "occurrenceDateTime", "occurrencePeriod", "partOf", "suppliedItem", "supplier", "type"}
    ),
    "DeviceUsage": frozenset({"dateAsserted", "device", "timingDateTime", "timingPeriod"}),
    "DeviceUseStatement": frozenset({"device", "recordedOn", "timingDateTime", "timingPeriod"}),
    "InventoryReport": frozenset(
        {"countType", "inventoryListing", "operationType", "reportedDateTime", "reportingPeriod"}
    ),
    "Device": frozenset(
        {
            "deviceName",
            "displayName",
            "distinctIdentifier",
            "expirationDate",
            "location",
            "lotNumber",
            "manufactureDate",
            "manufacturer",
            "modelNumber",
            "name",
            "partNumber",
            "serialNumber",
            "type",
            "udiCarrier",
        }
    ),
    "Medication": frozenset({"batch", "code"}),
    "Location": frozenset({"name"}),
    "Organization": frozenset({"name"}),
}
"""Resources that are kept, and their elements; narrative, notes, reasons and every other resource are left out."""

_NEVER = frozenset({"note", "text", "extension", "div", "comment"})


def redacted(body: bytes, options: FhirOptions) -> bytes:
    """Return the resources of a body, as a Bundle, with nothing of a patient in them. Raises BadDocumentError."""
    resources = resources_of(body, options.release)
    people = people_in(resources)
    urls = {id(resource): name for name, resource in resources.by_reference.items() if "/" in name}
    kept = [
        {"fullUrl": urls.get(id(one), ""), "resource": _resource(one, people)}
        for one in resources.top
        if one["resourceType"] in KEPT
    ]
    entries = [{name: value for name, value in entry.items() if value} for entry in kept]
    return "".join(_written({"resourceType": "Bundle", "type": "collection", "entry": entries})).encode()


def _resource(resource: Node, people: People) -> Node:
    elements = KEPT[resource["resourceType"]] | _ALWAYS
    kept = {name: _cleaned(value, people) for name, value in resource.items() if name in elements - {"contained"}}
    contained = [_resource(one, people) for one in every(resource, "contained") if _is_kept(one)]
    return {**kept, "contained": contained} if contained else kept


def _is_kept(resource: Any) -> bool:  # noqa: ANN401 - JSON before its model
    return isinstance(resource, dict) and text(resource, "resourceType") in KEPT


def _cleaned(value: Any, people: People) -> Any:  # noqa: ANN401 - JSON before its model
    if isinstance(value, dict):
        if leads_to_a_person(value):
            return {}
        return {name: _cleaned(inner, people) for name, inner in value.items() if name not in _NEVER}
    if isinstance(value, list):
        return [_cleaned(inner, people) for inner in value]
    return people.out_of(value) if isinstance(value, str) else value


def _written(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Write JSON with its decimals as they were read: the standard library would make them binary."""
    if isinstance(value, dict):
        yield from _joined("{}", (f"{json.dumps(name)}:{''.join(_written(inner))}" for name, inner in value.items()))
    elif isinstance(value, list):
        yield from _joined("[]", ("".join(_written(inner)) for inner in value))
    else:
        yield str(value) if isinstance(value, Decimal) else json.dumps(value)


def _joined(brackets: str, parts: Iterator[str]) -> Iterator[str]:
    yield brackets[0] + ",".join(parts) + brackets[1]
