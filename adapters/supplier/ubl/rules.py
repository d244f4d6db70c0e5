"""The official word on a document: the OASIS schemas and compiled schematron, where a profile has them.

Schemas are read by lxml. Schematron is XSLT 2 and needs `saxonche`, of the extra `schematron`; both are compiled once a
process and kept. Nothing of either is part of this project: the profile says where they lie.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

from adapters.documents.findings import Finding, Severity
from adapters.documents.xml import name_of
from adapters.supplier.ubl.fields import MOST_FINDINGS
from adapters.supplier.ubl.names import NAMESPACES, PREFIXES
from adapters.supplier.ubl.options import UblOptions

SVRL = "http://purl.oclc.org/dsdl/svrl"
FATAL = frozenset({"fatal", "error", ""})
LONGEST_MESSAGE = 500

_STEP = re.compile(r"/(?:\*:|Q\{([^}]*)\})?([\w.:-]+)(?:\[namespace-uri\(\)='([^']*)'\])?(?:\[([0-9]+)\])?")
_ROOT = re.compile(r"^/\*(?!:)")
"""How libxml2 writes an element in the default namespace."""
_EXPECTED = re.compile(r"Expected is (?:one of )?\( [^)]* \)")
_one_at_a_time = Lock()
"""Saxon's processor is shared by all threads of a worker."""


class RulesNotInstalledError(RuntimeError):
    """A profile asks for rules that this installation cannot run: which, and what to do."""


def official_findings(root: etree._Element, options: UblOptions) -> tuple[Finding, ...]:
    """Return what the profile's schemas and schematron say of a document; nothing where it has none.

    Raises RulesNotInstalledError where what is configured cannot be run.
    """
    return tuple(_official(root, options))


def _official(root: etree._Element, options: UblOptions) -> Iterator[Finding]:
    name = name_of(root)
    if options.schemas is not None:
        schema = _schema(options.schemas, name)
        yield from [] if schema is None else _schema_findings(root, schema)
    for path in options.schematron.get(name, ()):
        yield from _schematron_findings(root, path)


@cache
def _schema(folder: Path, document: str) -> etree.XMLSchema | None:
    """Return the compiled schema of a kind of document, of the newest UBL 2 in the folder."""
    found = sorted(folder.glob(f"maindoc/UBL-{document}-2.*.xsd"))
    if not found:
        return None
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    try:
        return etree.XMLSchema(etree.parse(str(found[-1]), parser))
    except etree.LxmlError as error:
        raise RulesNotInstalledError(f"schema {found[-1].name} cannot be read, or what it includes") from error


def _schema_findings(root: etree._Element, schema: etree.XMLSchema) -> Iterator[Finding]:
    with _one_at_a_time:
        if schema.validate(root):
            return
        log: Any = schema.error_log  # the stubs do not know that it can be read
        entries = list(log)[:MOST_FINDINGS]
    for entry in entries:
        position = _readable(entry.path or "", root)
        yield Finding(severity=Severity.ERROR, code=entry.type_name, position=position, message=_broken(entry))


def _broken(entry: Any) -> str:  # noqa: ANN401 - an entry of libxml2's log
    """Say which elements a schema expects; what it says of values would repeat them."""
    expected = _EXPECTED.search(entry.message)
    if expected is None:
        return "is not as the schema wants it"
    names = re.sub(r"\{[^}]*\}", "", expected[0])
    return f"is not as the schema wants it: {names[0].lower()}{names[1:]}"[:LONGEST_MESSAGE]


@cache
def _saxon() -> Any:  # noqa: ANN401 - no types
    try:
        import saxonche  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - an extra
    except ImportError as error:
        rule = "schematron is configured, and saxonche is not installed: install the extra `schematron`"
        raise RulesNotInstalledError(rule) from error
    return saxonche, saxonche.PySaxonProcessor(license=False)


@cache
def _stylesheet(path: Path) -> Any:  # noqa: ANN401 - no types
    module, processor = _saxon()
    if not path.is_file():
        raise RulesNotInstalledError(f"schematron {path.name} is configured, and there is no such file")
    try:
        return processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
    except module.PySaxonApiError as error:
        raise RulesNotInstalledError(f"schematron {path.name} does not compile: compile it to XSLT first") from error


def _schematron_findings(root: etree._Element, path: Path) -> Iterator[Finding]:
    module, processor = _saxon()
    with _one_at_a_time:
        stylesheet = _stylesheet(path)
        try:
            document = processor.parse_xml(xml_text=etree.tostring(root, encoding="unicode", with_tail=False))
            report = stylesheet.transform_to_string(xdm_node=document)
        except module.PySaxonApiError:
            report = None
    if report is None:
        rule = f"could not be judged by {path.name}: an element or value is not what its rules expect"
        yield Finding(severity=Severity.ERROR, code="schematron", position=f"/{name_of(root)}", message=rule)
        return
    asserts = etree.fromstring(report.encode()).iter(f"{{{SVRL}}}failed-assert", f"{{{SVRL}}}successful-report")
    for number, broken in enumerate(asserts):
        if number < MOST_FINDINGS:
            yield _told(broken, root)


def _told(broken: etree._Element, root: etree._Element) -> Finding:
    flag = (broken.get("flag") or broken.get("role") or "").lower()
    words = " ".join(" ".join(str(part) for part in broken.itertext()).split())
    return Finding(
        severity=Severity.ERROR if flag in FATAL else Severity.WARNING,
        code=broken.get("id") or "schematron",
        position=_readable(broken.get("location") or "", root),
        message=words[:LONGEST_MESSAGE] or "breaks a rule of its schematron",
    )


def _readable(location: str, root: etree._Element) -> str:
    """Write a location as we do: prefixes we know, and an index only where there are several."""
    steps = []
    path = ""
    for inner, name, outer, index in _STEP.findall(_ROOT.sub(f"/{name_of(root)}", location, count=1)):
        local = name.rpartition(":")[2]
        prefix = PREFIXES.get(inner or outer, "") or (name.partition(":")[0] if ":" in name else "")
        prefix = prefix if prefix in NAMESPACES else ""
        step = f"{prefix}:{local}" if prefix else local
        path += f"/*[local-name()='{local}']"
        several = index and index != "1"
        steps.append(f"{step}[{index}]" if several or _is_first_of_several(root, path, index) else step)
    return "/" + "/".join(steps) if steps else f"/{name_of(root)}"


def _is_first_of_several(root: etree._Element, path: str, index: str) -> bool:
    found = root.xpath(f"count({path})") if index == "1" else 0
    return isinstance(found, float) and found > 1
