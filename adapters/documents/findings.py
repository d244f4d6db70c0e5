"""What reading a document turned up: where, which rule, how bad, and what its sender should do."""

from enum import StrEnum

from adapters.bad_document import BadDocumentError
from domain.document import Document


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The document cannot be acted on."""
    WARNING = "warning"
    """Acted on, as the finding says."""
    IGNORED = "ignored"
    """Understood or not, nothing is done with it."""


class Finding(Document):
    """One remark about a document. `message` names the field and the rule, and never quotes the value.

    `position` is where it is in the sender's own terms: `ISA13 000000049, ST02 0008, segment 14 (SN1), element 2` in
    X12, an XPath in UBL and cXML, `FT1[1]-7` in HL7 v2, a FHIRPath in FHIR. `code` is the standard's own number of the
    rule where it has one (an AK403 code, `BR-CO-15`, `PEPPOL-EN16931-R120`), else a short name of ours.
    """

    severity: Severity
    code: str
    position: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.position}: {self.message}{remedy}"


def finding_of(error: BadDocumentError) -> Finding:
    """Return what kept a document from being read at all as a finding."""
    code = "syntax" if error.is_syntax else "invalid"
    position = error.pointer or "the document"
    return Finding(severity=Severity.ERROR, code=code, position=position, message=error.rule, remedy=error.remedy)


class Findings:
    """A list being made while a document is read."""

    def __init__(self) -> None:
        self._found: list[Finding] = []

    def error(self, code: str, position: str, message: str, remedy: str = "") -> None:
        """Note what makes the document unusable."""
        self._add(Severity.ERROR, code, position, message, remedy)

    def warning(self, code: str, position: str, message: str, remedy: str = "") -> None:
        """Note what was read in spite of a fault."""
        self._add(Severity.WARNING, code, position, message, remedy)

    def ignored(self, code: str, position: str, message: str, remedy: str = "") -> None:
        """Note what was left out."""
        self._add(Severity.IGNORED, code, position, message, remedy)

    def extend(self, findings: "tuple[Finding, ...]") -> None:
        """Add findings made elsewhere."""
        self._found.extend(findings)

    def all(self) -> tuple[Finding, ...]:
        """Return everything found, in the order it was."""
        return tuple(self._found)

    def _add(self, severity: Severity, code: str, position: str, message: str, remedy: str) -> None:
        self._found.append(Finding(severity=severity, code=code, position=position, message=message, remedy=remedy))
