"""What fuzzing starts from: the documents our own tests are written with, of every language there is."""

import importlib
from collections.abc import Iterable
from types import ModuleType
from typing import Any


def x12() -> list[bytes]:
    """Return one interchange of every set, some of them with other delimiters."""
    documents = importlib.import_module("tests.adapters.x12.documents")
    sets = {code: documents.transaction(code, body) for code, body in documents.DOCUMENTS.items()}
    found: list[bytes] = [documents.interchange(one) for one in sets.values()]
    newer = documents.Delimited(element="|", terminator="\n", component=":", version="005010")
    found += [documents.interchange(one, marks=newer) for one in sets.values()]
    note = f"{documents.header()}~TA1*000000017*261126*0915*R*025~IEA*0*000000001~"
    return [*found, b"".join(found[:4]), note.encode()]


def ubl() -> list[bytes]:
    """Return the UBL documents of the tests."""
    return _documents("tests.adapters.ubl.documents")


def cxml() -> list[bytes]:
    """Return the cXML documents of the tests."""
    return _documents("tests.adapters.cxml.documents")


def hl7() -> list[bytes]:
    """Return the HL7 messages of the tests."""
    return _documents("tests.adapters.hl7.messages")


def fhir() -> list[bytes]:
    """Return the FHIR resources of the tests."""
    return _documents("tests.adapters.fhir.resources")


def hibc() -> list[bytes]:
    """Return a few scans of both kinds."""
    return [
        b"+A123BJC5D6E71G",
        b"+A99912345/$$52001510X3",
        b"(01)10614141000415(17)281231(10)LOT-A",
        b"]d20110614141000415",
    ]


def _documents(name: str) -> list[bytes]:
    """Return every text of a module of test documents that looks like one, none where there is no such module."""
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError:
        return []
    return [document for value in vars(module).values() for document in _texts(value) if b"\n" in document]


def _texts(value: Any) -> Iterable[bytes]:
    if isinstance(value, ModuleType):
        return
    values = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value]
    for one in values:
        if isinstance(one, str):
            yield one.encode()
        elif isinstance(one, bytes):
            yield one
