"""FHIR resources written for tests. The patient in them does not exist, and must not be found anywhere else."""

from typing import Any

Node = dict[str, Any]

PATIENT = ("Zebulonsky", "Quirina", "MRN8812", "1944-02-09", "19440209", "pat-7788", "V-90017", "555-0199", "Elmtree")
UDI = "(01)09506000134352(17)270331(10)A1(21)S1"
GTIN = "09506000134352"

QUIRINA: Node = {
    "resourceType": "Patient",
    "id": "pat-7788",
    "identifier": [{"value": "MRN8812"}],
    "name": [{"family": "Zebulonsky", "given": ["Quirina"]}],
    "birthDate": "1944-02-09",
    "telecom": [{"value": "555-0199"}],
    "address": [{"line": ["1 Elmtree St"]}],
}
ENCOUNTER: Node = {
    "resourceType": "Encounter",
    "id": "enc-1",
    "identifier": [{"value": "V-90017"}],
    "status": "finished",
}
DEVICE: Node = {
    "resourceType": "Device",
    "id": "dev-1",
    "status": "active",
    "udiCarrier": [{"deviceIdentifier": GTIN, "issuer": "http://hl7.org/fhir/NamingSystem/gs1-di", "carrierHRF": UDI}],
    "lotNumber": "A1",
    "manufactureDate": "2025-04-01",
    "partNumber": "P-9",
    "type": {"text": "Hip stem"},
}

DEVICE_USE: Node = {
    "resourceType": "DeviceUseStatement",
    "id": "use-1",
    "identifier": [{"system": "urn:or", "value": "USE-1"}],
    "status": "completed",
    "subject": {"reference": "Patient/pat-7788", "display": "Quirina Zebulonsky"},
    "derivedFrom": [{"reference": "Encounter/enc-1", "type": "Encounter", "identifier": {"value": "V-90017"}}],
    "timingDateTime": "2026-11-20T08:10:00-06:00",
    "device": {"reference": "Device/dev-1", "display": "Stem for Quirina Zebulonsky"},
    "note": [{"text": "Zebulonsky is allergic"}],
}
DEVICE_USAGE: Node = {
    "resourceType": "DeviceUsage",
    "id": "use-1",
    "identifier": [{"system": "urn:or", "value": "USE-1"}],
    "status": "completed",
    "patient": {"reference": "Patient/pat-7788", "display": "Quirina Zebulonsky"},
    "context": {"reference": "Encounter/enc-1", "identifier": {"value": "V-90017"}},
    "timingDateTime": "2026-11-20T08:10:00-06:00",
    "device": {"reference": {"reference": "Device/dev-1"}},
}
REQUEST: Node = {
    "resourceType": "SupplyRequest",
    "id": "req-1",
    "identifier": [{"value": "RQ-9"}],
    "status": "active",
    "priority": "stat",
    "itemCodeableConcept": {"coding": [{"code": "GLV-M", "display": "Gloves for Quirina Zebulonsky"}]},
    "quantity": {"value": 20, "unit": "boxes", "code": "{box}"},
    "occurrenceDateTime": "2026-11-25",
    "authoredOn": "2026-11-20T08:00:00Z",
    "requester": {"reference": "Patient/pat-7788", "display": "Quirina Zebulonsky"},
    "supplier": [{"display": "Vendor"}],
    "deliverTo": {"reference": "Location/OR-3"},
}
REQUEST_R5: Node = {
    **{name: value for name, value in REQUEST.items() if name != "itemCodeableConcept"},
    "item": {"concept": REQUEST["itemCodeableConcept"]},
    "deliverFor": {"reference": "Patient/pat-7788"},
}
DELIVERY: Node = {
    "resourceType": "SupplyDelivery",
    "id": "del-1",
    "identifier": [{"system": "urn:delivery", "value": "GR-1"}, {"system": "urn:po", "value": "PO-4711"}],
    "basedOn": [{"reference": "SupplyRequest/req-1", "identifier": {"system": "urn:po", "value": "PO-4711"}}],
    "status": "completed",
    "patient": {"display": "Quirina Zebulonsky"},
    "suppliedItem": {"quantity": {"value": 2.5, "code": "kg"}, "itemReference": {"reference": "#d"}},
    "contained": [{**DEVICE, "id": "d"}],
    "occurrenceDateTime": "2026-11-23",
    "supplier": {"display": "Vendor"},
    "destination": {"display": "Dock"},
}
REPORT: Node = {
    "resourceType": "InventoryReport",
    "id": "rep-1",
    "status": "active",
    "countType": "snapshot",
    "reportedDateTime": "2026-11-20T08:00:00Z",
    "inventoryListing": [
        {
            "location": {"reference": "Location/OR-3"},
            "item": [
                {
                    "category": {"coding": [{"code": "c"}]},
                    "quantity": {"value": 7, "unit": "EA"},
                    "item": {"concept": {"coding": [{"system": "https://www.gs1.org/gtin", "code": GTIN}]}},
                }
            ],
        }
    ],
}


def bundle(*resources: Node) -> Node:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}
