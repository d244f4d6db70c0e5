"""What resources say of people, gathered once so that it can be kept out of everything else."""

from collections.abc import Iterator
from typing import Any

from pydantic import SecretBytes

from adapters.documents.people import People
from adapters.documents.points_of_use import case_reference
from adapters.inventory.fhir.resources import Node, Resources, every, text

PERSONS = frozenset({"Patient", "RelatedPerson", "Person", "Group"})
SUBJECTS = ("patient", "subject", "deliverFor", "context", "encounter", "derivedFrom", "informationSource", "source")
"""Elements that lead to a person or to their stay."""
ENCOUNTERS = ("Encounter", "EpisodeOfCare", "Procedure", "Appointment")
_CASES = ("context", "encounter", "derivedFrom", "basedOn", "reasonReference", "reason.reference", "partOf")
_TOLD = (
    "name.text",
    "name.family",
    "name.given",
    "identifier.value",
    "birthDate",
    "telecom.value",
    "address.text",
    "address.line",
)


def people_in(resources: Resources) -> People:
    """Return the people some resources are about."""
    return People(word for resource in resources.top for word in _words(resource))


def leads_to_a_person(reference: Node) -> bool:
    """True where a reference names a patient or somebody of theirs."""
    return text(reference, "type") in PERSONS or text(reference, "reference").split("/")[0] in PERSONS


def surrogate(resource: Node, resources: Resources, key: SecretBytes) -> str | None:
    """Return the surrogate of the stay or procedure a resource belongs to, or None where it names none."""
    for path in _CASES:
        for reference in every(resource, path):
            number = _case_number(reference, resource, resources) if isinstance(reference, dict) else ""
            if number:
                return case_reference(number, key)
    return None


def _case_number(reference: Node, resource: Node, resources: Resources) -> str:
    found = resources.find(reference, resource) or {}
    kind = text(found, "resourceType") or text(reference, "type") or text(reference, "reference").split("/")[0]
    if kind not in ENCOUNTERS:
        return ""
    return text(reference, "identifier.value") or text(found, "identifier.value") or text(reference, "reference")


def _words(resource: Node) -> Iterator[str]:
    for one in (resource, *every(resource, "contained")):
        if isinstance(one, dict) and text(one, "resourceType") in PERSONS:
            yield from _told(one)
    for reference in (*_persons(resource), *(one for name in SUBJECTS for one in every(resource, name))):
        if isinstance(reference, dict):
            yield from _referred(reference)


def _persons(node: Any) -> Iterator[Node]:  # noqa: ANN401 - JSON
    """Yield every reference to a person, wherever it stands."""
    if isinstance(node, dict):
        if leads_to_a_person(node):
            yield node
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from _persons(inner)


def _told(person: Node) -> Iterator[str]:
    for path in _TOLD:
        for value in every(person, path):
            yield str(value)
            yield from str(value).split()
    yield text(person, "birthDate").replace("-", "")
    yield text(person, "id")


def _referred(reference: Node) -> Iterator[str]:
    yield text(reference, "display")
    yield from text(reference, "display").split()
    yield text(reference, "identifier.value")
    yield text(reference, "reference").split("/")[-1]
