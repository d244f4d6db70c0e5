"""The readers that can be fuzzed, each with ordinary options; imported when asked for, so that one may be missing."""

import importlib
from collections.abc import Callable
from typing import Any

from pydantic import SecretBytes

Read = Callable[[bytes], object]
CASE_KEY = SecretBytes(b"a key of the fuzzing only")


def x12() -> Read:
    """Read X12."""
    return _with_options("adapters.supplier.x12.reading:read", "adapters.supplier.x12.options:X12Options")


def ubl() -> Read:
    """Read UBL."""
    return _with_options("adapters.supplier.ubl.reading:read", "adapters.supplier.ubl.options:UblOptions")


def cxml() -> Read:
    """Read cXML."""
    return _with_options("adapters.supplier.cxml.reading:read", "adapters.supplier.cxml.options:CxmlOptions")


def hl7() -> Read:
    """Read HL7 version 2."""
    return _with_options("adapters.inventory.hl7.reading:read", "adapters.inventory.hl7.options:Hl7Options", CASE_KEY)


def fhir() -> Read:
    """Read FHIR of release 4."""
    read = named("adapters.inventory.fhir.reading:read")
    options = named("adapters.inventory.fhir.options:FhirOptions")(release="R4B")
    return lambda body: read(body, options, CASE_KEY)


def hibc() -> Read:
    """Read what a scanner sends: HIBC and GS1."""
    scan = named("adapters.barcodes.scan:scan")
    return lambda body: scan(body.decode("latin-1"))


def named(path: str) -> Any:
    """Return what `module:name` stands for."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def _with_options(reader: str, options: str, *more: object) -> Read:
    read, chosen = named(reader), named(options)()
    return lambda body: read(body, chosen, *more)


READERS: dict[str, tuple[Callable[[], Read], str]] = {
    "x12": (x12, "adapters.supplier.x12"),
    "ubl": (ubl, "adapters.supplier.ubl"),
    "cxml": (cxml, "adapters.supplier.cxml"),
    "hl7": (hl7, "adapters.inventory.hl7"),
    "fhir": (fhir, "adapters.inventory.fhir"),
    "hibc": (hibc, "adapters.barcodes"),
}
"""How to get each reader, and the package its coverage is measured in."""
