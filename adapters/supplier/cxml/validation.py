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


class NoDtdError(Exception):
    """The folder of the profile has no DTD that can be used: an operator's mistake, not a partner's."""


def invalidity(envelope: Envelope, folder: Path | None) -> tuple[Finding, ...]:
    """Return how a document departs from its DTD; nothing where no folder is configured. Raises NoDtdError."""
    if folder is None:
        return ()
    dtd = _dtd(folder / FILES.get(envelope.name, "cXML.dtd"))
    if dtd.validate(envelope.root):
        return ()
    return tuple(_findings(dtd))


def _dtd(file: Path) -> etree.DTD:
    try:
        with file.open("rb") as opened:
            return etree.DTD(opened)
    except (OSError, etree.LxmlError) as error:
        raise NoDtdError(f"{file.name}: cannot be read as a DTD") from error


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
