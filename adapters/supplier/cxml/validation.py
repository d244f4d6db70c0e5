"""Validation against a DTD that lies in a folder of ours: the one a document names is never fetched."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from adapters.documents.findings import Finding, Severity
from adapters.supplier.cxml.tree import Envelope

FILES = {
    "ConfirmationRequest": "Fulfill.dtd",
    "ShipNoticeRequest": "Fulfill.dtd",
    "InvoiceDetailRequest": "InvoiceDetail.dtd",
}
"""The file of the standard that declares a document; cXML.dtd declares the others."""
MOST = 20


def invalidity(envelope: Envelope, folder: Path | None) -> tuple[Finding, ...]:
    """Return how a document departs from its DTD; nothing where no folder is configured."""
    if folder is None:
        return ()
    name = FILES.get(envelope.name, "cXML.dtd")
    try:
        with (folder / name).open("rb") as file:
            dtd = etree.DTD(file)
    except (OSError, etree.LxmlError):
        rule = f"could not be validated: the folder of the profile has no usable {name}"
        return (Finding(severity=Severity.WARNING, code="dtd", position="/cXML", message=rule),)
    return () if dtd.validate(envelope.root) else tuple(_findings(dtd))


def _findings(dtd: etree.DTD) -> Iterator[Finding]:
    log: Any = dtd.error_log  # the stubs do not know that it can be gone through
    for entry in islice(log, MOST):
        yield Finding(
            severity=Severity.WARNING,
            code=str(entry.type_name),
            position=f"line {entry.line}",
            message="does not follow the DTD",
            remedy="validate it against the DTD of the release it names",
        )
