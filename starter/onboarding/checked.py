"""What a check of a partner's sample documents found: for people to read and for programs to compare."""

from enum import StrEnum
from typing import Literal

from adapters.documents.findings import Finding
from adapters.documents.reading import Reading
from adapters.partners import Language
from domain.document import Document
from domain.exception_case import Discrepancy
from domain.order_state import PartnerDocument
from domain.par_breach import ParBreach
from domain.policy import CaseKind
from domain.purchase_order import PurchaseOrder
from domain.usage import ReplenishmentRequest, Usage

Heard = PartnerDocument | ParBreach | Usage | ReplenishmentRequest
"""What our own JSON events say."""


class Outcome(StrEnum):
    """What would become of a document."""

    APPLIED = "applied"
    WAITS = "waits"
    """Applied, and not finished: an invoice waits for its goods."""
    KEPT = "kept"
    """Read and kept; it changes no order."""
    FILED = "filed"
    """A functional acknowledgement, under the document of ours it is about."""
    TO_A_PERSON = "put to a person"
    REFUSED = "refused"
    """Never acted on; kept for a person, and its sender told in its own language where that can say so."""


class Verdict(Document):
    """What would become of a document beside one order. `case` is opened for a person, also where it is applied."""

    event_id: str = ""
    po_number: str | None = None
    outcome: Outcome
    is_acted_on: bool
    """False where nothing happens until a person mends something."""
    case: CaseKind | None = None
    summary: str
    says: tuple[str, ...] = ()
    """What would happen, sentence by sentence."""
    discrepancies: tuple[Discrepancy, ...] = ()
    order_is: Literal["given", "implied", "none"] = "none"
    """Whose order it was placed beside: one that was given, or the one the document itself implies."""
    order: PurchaseOrder | None = None
    document: Heard | None = None
    """The document as the order's lifecycle, or replenishment, would hear it."""


class CheckedDocument(Document):
    """One document: what was read, and what would become of it beside every order it is about."""

    reading: Reading | None
    """None for one of our own JSON events, which is `event`, and where it could not be read."""
    event: Heard | None = None
    verdicts: tuple[Verdict, ...]

    @property
    def is_acted_on(self) -> bool:
        """True when it would be acted on beside every order it is about."""
        return all(verdict.is_acted_on for verdict in self.verdicts)


class Answer(Document):
    """A document we would send back: what it is, and what it says."""

    kind: str
    verdict: str = ""
    """The code of the whole group or interchange: A, E, P or R in X12."""
    says: tuple[str, ...] = ()


class CheckedTransmission(Document):
    """One interchange, or one document that travels by itself."""

    id: str
    errors: tuple[Finding, ...] = ()
    """Of the envelope: nothing in it is acted on."""
    warnings: tuple[Finding, ...] = ()
    repeats: Literal["copy", "conflict"] | None = None
    """It has the id of an earlier one: with the same content, or with another."""
    answers: tuple[Answer, ...] = ()
    documents: tuple[CheckedDocument, ...] = ()

    @property
    def is_taken(self) -> bool:
        """True when its documents are heard at all."""
        return not self.errors and self.repeats != "conflict"


class CheckedFile(Document):
    """One file. `error` is what ended the reading; what came before it counts."""

    file: str
    error: Finding | None = None
    transmissions: tuple[CheckedTransmission, ...] = ()

    @property
    def is_acted_on(self) -> bool:
        """True when everything in it would be acted on."""
        documents = (document for one in self.transmissions for document in one.documents)
        return (
            self.error is None
            and all(one.is_taken for one in self.transmissions)
            and all(document.is_acted_on for document in documents)
        )


class Check(Document):
    """Everything one check found."""

    partner: str
    language: Language
    files: tuple[CheckedFile, ...]

    @property
    def is_acted_on(self) -> bool:
        """True when everything in every file would be acted on."""
        return bool(self.files) and all(file.is_acted_on for file in self.files)
