"""FHIR from points of use: supplies are read in both releases, and no patient comes with them."""

import base64
import copy
import json
import logging
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretBytes

from adapters.bad_document import BadDocumentError
from adapters.documents.points_of_use import replenishment_request_of, usage_of
from adapters.documents.reading import DocumentKind, IdentifierKind, Reading
from adapters.inventory.fhir.options import FhirOptions, OrderNumber, Release
from adapters.inventory.fhir.reading import READERS, read
from adapters.inventory.fhir.redacting import redacted
from adapters.inventory.fhir.resources import LARGEST
from domain.requisition import Criticality
from tests.adapters.fhir import resources
from tests.adapters.fhir.resources import GTIN, PATIENT, Node, bundle
from tests.samples import samples

KEY = SecretBytes(b"a key of the hospital, 32 bytes.")
R4 = FhirOptions(release=Release.R4B, facility="NORTH", location="STORE", locations={"OR-3": "OR-3"})
R5 = R4.model_copy(update={"release": Release.R5})
SAMPLES = samples("fhir")
EVERYTHING = (
    (resources.REQUEST, R4),
    (resources.DELIVERY, R4),
    (bundle(resources.DEVICE_USE, resources.DEVICE, resources.QUIRINA, resources.ENCOUNTER), R4),
    (resources.REQUEST_R5, R5),
    (resources.REPORT, R5),
    (bundle(resources.DEVICE_USAGE, resources.DEVICE, resources.QUIRINA, resources.ENCOUNTER), R5),
    (bundle(resources.QUIRINA, resources.REQUEST, resources.DELIVERY), R4),
)


def body(resource: Node) -> bytes:
    return json.dumps(resource).encode()


def read_one(resource: Node, options: FhirOptions = R4) -> Reading:
    (reading,) = read(body(resource), options, KEY)
    return reading


@pytest.mark.parametrize(("request_", "options"), [(resources.REQUEST, R4), (resources.REQUEST_R5, R5)])
def test_a_supply_request_is_a_replenishment_request(request_: Node, options: FhirOptions) -> None:
    reading = read_one(request_, options)
    assert (reading.kind, reading.number) == (DocumentKind.REPLENISHMENT_REQUEST, "RQ-9")
    assert {(party.role, party.name or party.id) for party in reading.parties} == {
        ("supplier", "Vendor"),
        ("location", "OR-3"),
    }
    request = replenishment_request_of(reading, options)
    assert [(line.item, str(line.quantity)) for line in request.lines] == [("GLV-M", "20 BX")]
    assert (request.needed_by, request.criticality) == (date(2026, 11, 25), Criticality.CRITICAL)
    assert (request.facility, request.location) == ("NORTH", "OR-3")


@pytest.mark.parametrize(("use", "options"), [(resources.DEVICE_USE, R4), (resources.DEVICE_USAGE, R5)])
def test_the_use_of_a_device_is_usage_of_what_its_label_says(use: Node, options: FhirOptions) -> None:
    reading = read_one(bundle(use, resources.DEVICE, resources.QUIRINA, resources.ENCOUNTER), options)
    usage = usage_of(reading, options)
    (line,) = usage.lines
    assert (line.gtin, line.lot, line.serial, line.expires_on) == (GTIN, "A1", "S1", date(2027, 3, 31))
    assert (str(line.quantity), line.supplier_item) == ("1 EA", "P-9")
    assert (usage.number, usage.used_at) == ("USE-1", datetime(2026, 11, 20, 14, 10, tzinfo=UTC))
    assert usage.case_reference is not None


@pytest.mark.parametrize(
    "carrier",
    [
        {"carrierHRF": resources.UDI.replace("(", "{").replace(")", "}")},
        {"carrierAIDC": base64.b64encode(f"]d201{GTIN}1727033110A1\x1d21S1".encode()).decode()},
    ],
)
def test_a_label_is_read_in_every_form_fhir_carries_it(carrier: dict[str, str]) -> None:
    device = {**resources.DEVICE, "udiCarrier": [carrier]}
    (line,) = usage_of(read_one(bundle(resources.DEVICE_USE, device)), R4).lines
    assert (line.gtin, line.serial, line.expires_on) == (GTIN, "S1", date(2027, 3, 31))


def test_a_label_of_another_agency_leaves_its_device_identifier() -> None:
    carrier = {"deviceIdentifier": "A9997XYZ123T0476", "issuer": "urn:iccbba", "carrierHRF": "=/A9997XYZ123T0476"}
    reading = read_one(bundle(resources.DEVICE_USE, {**resources.DEVICE, "udiCarrier": [carrier], "partNumber": None}))
    assert [finding.code for finding in reading.findings] == ["udi"]
    assert usage_of(reading, R4).lines[0].supplier_item == "A9997XYZ123T0476"


def test_both_releases_know_a_case_by_one_surrogate() -> None:
    cases = {
        next(one.value for one in read_one(bundle(use, resources.DEVICE), options).references if one.meaning == "case")
        for use, options in ((resources.DEVICE_USE, R4), (resources.DEVICE_USAGE, R5))
    }
    assert len(cases) == 1


@pytest.mark.parametrize(
    ("place", "system", "number"),
    [
        (OrderNumber.BASED_ON, None, "PO-4711"),
        (OrderNumber.BASED_ON, "urn:other", "req-1"),
        (OrderNumber.IDENTIFIER, "urn:po", "PO-4711"),
        (OrderNumber.IDENTIFIER, None, "GR-1"),
        (OrderNumber.PART_OF, None, None),
    ],
)
def test_a_supply_delivery_is_a_goods_receipt_of_the_order_the_profile_says(
    place: OrderNumber, system: str | None, number: str | None
) -> None:
    options = R4.model_copy(update={"order_number": place, "order_system": system})
    reading = read_one(resources.DELIVERY, options)
    assert (reading.kind, reading.number, reading.po_number) == (DocumentKind.GOODS_RECEIPT, "GR-1", number)
    (line,) = reading.lines
    assert line.quantity is not None
    assert (line.quantity.value, line.quantity.unit) == (Decimal("2.5"), "KG")
    assert (line.lots[0].lot, line.lots[0].made_on, line.description) == ("A1", date(2025, 4, 1), "Hip stem")
    assert reading.issued_on == date(2026, 11, 23)


def test_an_inventory_report_is_a_stock_report() -> None:
    reading = read_one(resources.REPORT, R5)
    assert (reading.kind, reading.message_id) == (DocumentKind.STOCK_REPORT, "InventoryReport/rep-1")
    (line,) = reading.lines
    assert [(one.kind, one.normalised) for one in line.identifiers] == [(IdentifierKind.GTIN, GTIN)]
    assert [(one.meaning, one.value) for one in line.references] == [("location", "OR-3")]


def test_a_bundle_is_read_resource_by_resource() -> None:
    found = read(body(bundle(resources.QUIRINA, resources.REQUEST, resources.DELIVERY)), R4, KEY)
    assert [reading.kind.value for reading in found] == ["replenishment request", "goods receipt"]


def test_xml_says_what_json_says() -> None:
    xml = (
        b'<?xml version="1.0"?><SupplyRequest xmlns="http://hl7.org/fhir"><id value="req-1"/>'
        b'<identifier><value value="RQ-9"/></identifier><status value="active"/><priority value="stat"/>'
        b'<itemCodeableConcept><coding><code value="GLV-M"/></coding></itemCodeableConcept>'
        b'<quantity><value value="2.50"/><code value="{box}"/></quantity></SupplyRequest>'
    )
    (reading,) = read(xml, R4, KEY)
    assert reading.number == "RQ-9"
    assert reading.lines[0].quantity is not None
    assert reading.lines[0].quantity.value == Decimal("2.5")


def changed(resource: Node, **elements: Any) -> Node:
    return {name: value for name, value in {**copy.deepcopy(resource), **elements}.items() if value is not None}


@pytest.mark.parametrize(
    ("sent", "options", "named"),
    [
        (b"", R4, "JSON"),
        (b"[]", R4, "resourceType"),
        (b'{"resourceType":"patient name"}', R4, "resourceType"),
        (b"x" * (LARGEST + 1), R4, "at most"),
        (b"<SupplyRequest/>", R4, "namespace"),
        (b"<a", R4, "well-formed"),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><SupplyRequest xmlns="http://hl7.org/fhir">&b;</SupplyRequest>',
            R4,
            "DOCTYPE",
        ),
        (b"<a>" * 60 + b"</a>" * 60, R4, "deeper"),
        (body(resources.REQUEST), R5, "SupplyRequest.itemCodeableConcept: is no element of FHIR R5"),
        (body(resources.REQUEST_R5), R4, "SupplyRequest"),
        (body(resources.DEVICE_USAGE), R4, "is no resource of FHIR R4B"),
        (body(resources.DEVICE_USE), R5, "is no resource of FHIR R5"),
        (body(changed(resources.REQUEST, quantity="many")), R4, "SupplyRequest.quantity"),
    ],
)
def test_another_release_or_no_fhir_is_refused_clearly(sent: bytes, options: FhirOptions, named: str) -> None:
    with pytest.raises(BadDocumentError) as refused:
        read(sent, options, KEY)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        (changed(resources.DEVICE_USE, status="intended"), "was not used"),
        (changed(resources.DEVICE_USE, status="entered-in-error"), "takes an earlier one back"),
        (resources.DEVICE_USE, "leads to a device that is not in the message"),
        (bundle(resources.DEVICE_USE, changed(resources.DEVICE, lotNumber="B2")), "not the one in the scan"),
    ],
)
def test_what_cannot_be_acted_on_is_read_and_refused_later(resource: Node, named: str) -> None:
    reading = read_one(bundle(resource, resources.DEVICE) if "was not" in named or "takes" in named else resource)
    with pytest.raises(BadDocumentError, match=named):
        usage_of(reading, R4)


def test_a_delivery_on_its_way_is_no_receipt() -> None:
    assert not read_one(changed(resources.DELIVERY, status="in-progress")).is_usable


def test_a_resource_about_something_else_is_left_alone() -> None:
    assert read_one(resources.QUIRINA).kind is DocumentKind.UNKNOWN


@pytest.mark.parametrize(("resource", "options"), EVERYTHING)
def test_no_patient_comes_through(resource: Node, options: FhirOptions, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = [reading.model_dump_json() + repr(reading) for reading in read(body(resource), options, KEY)]
    told += [redacted(body(resource), options).decode(), caplog.text]
    for text in told:
        assert [word for word in PATIENT if word.casefold() in text.casefold()] == []


def test_goods_sent_to_a_person_are_sent_to_nobody_we_name() -> None:
    request = changed(resources.REQUEST, deliverTo={"reference": "RelatedPerson/r1", "display": "Al Bo"})
    told = read_one(request).model_dump_json() + redacted(body(request), R4).decode()
    assert "Al Bo" not in told
    assert "r1" not in told


@pytest.mark.parametrize("name", ["status", "quantity", "item", "occurrenceDateTime", "Zebulonsky", "zebulonsky Q"])
def test_no_patient_is_in_what_a_refusal_says(name: str) -> None:
    resource = changed(resources.REQUEST_R5, **{name: {"Quirina Zebulonsky": "MRN8812"}})
    with pytest.raises(BadDocumentError) as refused:
        read(body(resource), R5, KEY)
    said = f"{refused.value} {refused.value.remedy}".casefold()
    assert "quirina" not in said
    assert "mrn8812" not in said


@pytest.mark.parametrize(("resource", "options"), EVERYTHING)
def test_what_is_kept_says_the_same_of_supplies(resource: Node, options: FhirOptions) -> None:
    before = read(body(resource), options, KEY)
    after = read(redacted(body(resource), options), options, KEY)
    assert [reading.lines for reading in after] == [
        tuple(
            line.model_copy(update={"description": after[number].lines[place].description})
            for place, line in enumerate(one.lines)
        )
        for number, one in enumerate(before)
    ]
    assert [(one.number, one.kind, one.po_number) for one in after] == [
        (one.number, one.kind, one.po_number) for one in before
    ]


@pytest.mark.skipif(not SAMPLES, reason="the sample documents are not beside the project")
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name.split("__")[-1])
def test_real_resources_are_read_or_refused_by_their_release(path: Path) -> None:
    content = path.read_bytes()
    options = R5 if path.suffix == ".xml" else R4
    try:
        readings = read(content, options, KEY)
    except BadDocumentError as refused:
        assert "STU3" in path.name, str(refused)  # noqa: PT017
        return
    for reading in readings:
        assert (reading.kind is DocumentKind.UNKNOWN) == (reading.language.split()[-1] not in READERS)
        if reading.kind in {DocumentKind.GOODS_RECEIPT, DocumentKind.REPLENISHMENT_REQUEST} and "simple" in path.name:
            (line,) = reading.lines
            assert line.quantity is not None
            assert (line.identifiers[0].value, line.quantity.value) == ("BlueTubes", Decimal(10))
            assert reading.number == "Order10284"
    assert "STU3_Supply" not in path.name


@settings(deadline=None)
@given(st.data())
def test_no_damage_raises_anything_else(data: st.DataObject) -> None:
    resource, options = data.draw(st.sampled_from(EVERYTHING))
    damaged = copy.deepcopy(resource)
    places = list(_places(damaged))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places))
        with suppress(LookupError):
            holder[key] = data.draw(
                st.sampled_from(
                    [None, [], {}, [None], [[]], "", "x", 10**18, -1, True, "2026-13-45", "#", {"reference": 1}]
                )
            )
    with suppress(BadDocumentError):
        for reading in read(body(damaged), options, KEY):
            with suppress(BadDocumentError):
                usage_of(reading, options)
            with suppress(BadDocumentError):
                replenishment_request_of(reading, options)
    with suppress(BadDocumentError):
        redacted(body(damaged), options)


def _places(node: Any) -> Any:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


@settings(deadline=None)
@given(
    st.binary(max_size=80)
    | st.text("<>/=\"' abSupplyRequest&;!?[]", max_size=60).map(
        lambda rest: f'<SupplyRequest xmlns="http://hl7.org/fhir">{rest}</SupplyRequest>'.encode()
    )
    | st.sampled_from(["id", "quantity", "item", "identifier", "contained", "status", "extension", "zz"]).map(
        lambda name: (
            f'<SupplyRequest xmlns="http://hl7.org/fhir"><{name}><x value="1"/></{name}></SupplyRequest>'.encode()
        )
    )
)
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    for options in (R4, R5):
        with suppress(BadDocumentError):
            read(content, options, KEY)
