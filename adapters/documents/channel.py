"""A partner's language behind one face: what came in, document by document, and what we write."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import SecretStr

from adapters.bad_document import BadDocumentError
from adapters.documents.findings import Finding
from adapters.documents.outbox import Draft
from adapters.documents.reading import DocumentKind, Reading
from domain.ports import OrderMessage, RemittanceAdvice

LONGEST_ID = 100
_PLAIN = re.compile(r"[^A-Za-z0-9._@-]+")


class OrderMessageKind(StrEnum):
    """What we tell suppliers in documents."""

    ORDER = "purchase order"
    CHANGE = "purchase order change"
    CANCELLATION = "purchase order cancellation"
    INVOICE_REJECTION = "invoice rejection"


class NoSuchMessageError(Exception):
    """The language has no document that says this: a person must, by other means."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a transmission, in bytes that can be read by themselves.

    `errors` are what keeps it from being acted on: then it is put to a person, and `body` is kept for a later reading.
    """

    event_id: str
    body: bytes
    kind: DocumentKind
    number: str | None
    po_number: str | None
    facility: str | None = None
    """Where it says so, and its sender may speak for several."""
    errors: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One interchange, or one document that travels by itself. `content` is what a copy repeats.

    `errors` are those of the envelope: none of its parts is acted on.
    """

    id: str
    content: bytes
    parts: tuple[Part, ...]
    answers: tuple[Draft, ...] = ()
    """Our acknowledgements of it."""
    errors: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a sender is answered in its own language, beside the HTTP status."""

    body: bytes
    content_type: str


def only(readings: tuple[Reading, ...]) -> Reading:
    """Return the one reading there is. Raises BadDocumentError."""
    if len(readings) != 1:
        raise BadDocumentError("the document", "must be one document", "send each document by itself")
    return readings[0]


class Channel(Protocol):
    """How one partner's documents are read and written, by its profile."""

    def proves_itself(self, body: bytes, secrets: Sequence[SecretStr]) -> bool:
        """Return whether a document carries one of the secrets its sender shares with us; False where none can."""

    def receive(self, body: bytes) -> Iterator[Envelope]:
        """Yield what a transmission holds. Raises BadDocumentError where it is not of this language at all."""

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what every document in some bytes says. Raises BadDocumentError."""

    def kept(self, body: bytes) -> bytes:
        """Return what may be kept of a transmission, whether or not it can be read: nothing about a patient."""

    def kept_reading(self, part: bytes) -> Reading:
        """Return what a part that was kept says. Raises BadDocumentError."""

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return the answer to a delivery where the language has one: it was taken below 300, else `text` says why."""

    def judge(self, answer: bytes | None) -> None:
        """Read what a partner answered a document of ours with, where the language has such answers.

        Raises RejectedError where it says no, UnavailableError where it says later.
        """

    def draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        """Return the document that says this about an order. Raises NoSuchMessageError."""

    def remittance(self, advice: RemittanceAdvice) -> Draft | None:
        """Return the document that says an invoice was paid; None where the partner wants none."""


def plain_id(*names: str, content: bytes = b"") -> str:
    """Return an id of printable ASCII without separators; names that do not fit as they are get a digest at the end.

    With `content` the digest is of the content: where names alone do not tell two documents apart.
    """
    joined = "-".join(names)
    plain = _PLAIN.sub("_", joined)[:LONGEST_ID]
    if content or plain != joined or not joined:
        digest = hashlib.sha256(content or joined.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return f"{plain}-{digest}".strip("-")
    return plain
