"""Bytes to FHIR resources: JSON or XML, checked against the models of their release, references followed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from pydantic import ValidationError

from adapters.bad_document import BadDocumentError
from adapters.inventory.fhir.options import Release
from adapters.strict_json import parse

LARGEST = 2_000_000
MOST_ENTRIES = 2_000
_DEEPEST_XML = 40
_NAME = re.compile(r"^[a-z][A-Za-z0-9]{0,39}$")
_TYPE = re.compile(r"^[A-Z][A-Za-z]{1,39}$")
_NAMESPACE = "http://hl7.org/fhir"

Node = dict[str, Any]
"""An element as JSON has it."""


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of a body, in its order, and those that only others refer to."""

    top: tuple[Node, ...]
    by_reference: dict[str, Node] = field(default_factory=dict)
    checked: tuple[str, ...] | None = None
    """What its release wants and it lacks, where that was found out while it was parsed."""

    def find(self, reference: Node, within: Node) -> Node | None:
        """Return what a reference leads to, inside its resource or beside it."""
        target = text(reference, "reference")
        if target.startswith("#"):
            return next((one for one in every(within, "contained") if text(one, "id") == target[1:]), None)
        return self.by_reference.get(target) or self.by_reference.get("/".join(target.split("/")[-2:]))


def every(node: Node, path: str) -> list[Any]:
    """Return everything at a path, through lists: `identifier.value`."""
    found: list[Any] = [node]
    for name in path.split("."):
        found = [inner for one in found if isinstance(one, dict) for inner in _listed(one.get(name))]
    return found


def first(node: Node, path: str) -> Node:
    """Return the first element at a path, or an empty one."""
    return next((one for one in every(node, path) if isinstance(one, dict)), {})


def text(node: Node, path: str) -> str:
    """Return the first value at a path as text, or nothing."""
    found = next((one for one in every(node, path) if not isinstance(one, dict)), None)
    return "" if found is None else str(found).strip()


def resources_of(body: bytes, release: Release) -> Resources:
    """Return the resources of a body. Raises BadDocumentError, and nothing else."""
    if len(body) > LARGEST:
        raise BadDocumentError("the resource", f"must have at most {LARGEST} bytes", "send fewer at a time")
    checked: tuple[str, ...] | None = None
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        whole, checked = _from_xml(body, release)
    else:
        whole = parse(body.removeprefix(b"\xef\xbb\xbf"))
    if not isinstance(whole, dict) or not _is_typed(whole):
        remedy = "send FHIR as JSON or XML"
        raise BadDocumentError("resourceType", "must name a resource of FHIR", remedy, is_syntax=True)
    top = _bundled(whole) if whole["resourceType"] == "Bundle" else [(whole, "")]
    known = {name: resource for resource, url in top for name, resource in _named(resource, url)}
    return Resources(tuple(resource for resource, _ in top), known, checked)


def check(resource: Node, release: Release) -> tuple[str, ...]:
    """Return what a resource lacks that its release wants. Raises BadDocumentError where it is another thing.

    Senders drop mandatory elements for reasons of their own, a patient's reference above all: that is not worth losing
    the usage of an implant.
    """
    name = str(resource["resourceType"])
    try:
        _model(name, release).model_validate(resource)
    except ValidationError as error:
        return _lacking(name, error, release)
    except (TypeError, ValueError, AttributeError, LookupError, AssertionError) as error:
        raise BadDocumentError(name, f"must be what FHIR {release} says", "check it with a validator") from error
    return ()


def _bundled(bundle: Node) -> list[tuple[Node, str]]:
    entries = every(bundle, "entry")
    if len(entries) > MOST_ENTRIES:
        raise BadDocumentError("Bundle.entry", f"must be at most {MOST_ENTRIES}", "send several bundles")
    return [
        (resource, text(entry, "fullUrl"))
        for entry in entries
        if isinstance(entry, dict) and text(entry, "request.method") != "DELETE"
        for resource in every(entry, "resource")
        if isinstance(resource, dict) and _is_typed(resource)
    ]


def _named(resource: Node, url: str) -> Iterator[tuple[str, Node]]:
    if text(resource, "id"):
        yield f"{resource['resourceType']}/{text(resource, 'id')}", resource
    if url:
        yield url, resource


def _is_typed(resource: Node) -> bool:
    name = resource.get("resourceType")
    return isinstance(name, str) and _TYPE.match(name) is not None


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON before its model
    if value is None:
        return []
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def _model(name: str, release: Release) -> Any:  # noqa: ANN401 - a model of the library, by name
    """Return the library's model; imported late, because the library takes a third of a second."""
    from fhir.resources import get_fhir_model_class as r5  # noqa: PLC0415
    from fhir.resources.R4B import get_fhir_model_class as r4b  # noqa: PLC0415

    try:
        return (r5 if release is Release.R5 else r4b)(name)
    except (LookupError, ValueError) as error:
        remedy = "send the release of the partner's profile, or correct the profile (release)"
        raise BadDocumentError("resourceType", f"is no resource of FHIR {release}", remedy) from error


def _from_xml(body: bytes, release: Release) -> tuple[Any, tuple[str, ...]]:
    root = _tree(body)
    name = etree.QName(root).localname
    if etree.QName(root).namespace != _NAMESPACE or not _TYPE.match(name):
        raise BadDocumentError("the resource", f"must be XML of the namespace {_NAMESPACE}", is_syntax=True)
    model = _model(name, release)
    try:
        found = model.model_validate_xml(etree.tostring(root), xmlparser=_parser())
        return parse(found.model_dump_json().encode()), ()
    except ValidationError as error:
        return _plain(root), _lacking(name, error, release)
    except (TypeError, ValueError, AttributeError, LookupError, AssertionError, etree.LxmlError) as error:
        raise BadDocumentError(name, f"must be what FHIR {release} says", "check it with a validator") from error


def _plain(element: etree._Element) -> Any:  # noqa: ANN401 - as JSON
    """Return an element as JSON would have it, except that what comes once is no list."""
    found: Node = {}
    for child in element:
        tag = etree.QName(child)
        if tag.namespace != _NAMESPACE:
            continue
        if tag.localname[:1].isupper():
            return _plain(child)
        found.setdefault(tag.localname, []).append(_plain(child))
    plain = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    name = etree.QName(element).localname
    if name[:1].isupper():
        return {"resourceType": name, **plain}
    return plain or element.get("value")


def _tree(body: bytes) -> etree._Element:
    try:
        root = etree.fromstring(body, _parser())
    except (etree.LxmlError, ValueError) as error:
        raise BadDocumentError("the resource", "must be well-formed XML", is_syntax=True) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadDocumentError("the resource", "must have no DOCTYPE", "send it without", is_syntax=True)
    if _depth(root) > _DEEPEST_XML:
        raise BadDocumentError("the resource", f"must not be nested deeper than {_DEEPEST_XML}", is_syntax=True)
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _depth(root: etree._Element) -> int:
    deepest, level = 0, [root]
    while level and deepest <= _DEEPEST_XML:
        deepest += 1
        level = [child for one in level for child in one]
    return deepest


def _lacking(name: str, error: ValidationError, release: Release) -> tuple[str, ...]:
    """Return the elements that are missing. Raises BadDocumentError where more is wrong than that."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    for fault in faults:
        if not fault["type"].endswith("missing"):
            is_extra = fault["type"] == "extra_forbidden"
            rule = f"is no element of FHIR {release}" if is_extra else f"is not what FHIR {release} allows there"
            remedy = f"send FHIR {release}, or correct the partner's profile (release)"
            raise BadDocumentError(_position(name, fault["loc"]), rule, remedy) from None
    return tuple(_position(name, fault["loc"]) for fault in faults)


def _position(name: str, loc: tuple[int | str, ...]) -> str:
    steps = [f"[{part}]" if isinstance(part, int) else f".{part if _NAME.match(part) else '?'}" for part in loc]
    return name + "".join(steps)
