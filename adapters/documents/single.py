"""Languages in which every document travels by itself: one body, one reading, one event."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import SecretStr

from adapters.documents.channel import Envelope, Part, Reply, only
from adapters.documents.findings import Severity
from adapters.documents.outbox import Draft
from adapters.documents.reading import Reading
from domain.ports import RemittanceAdvice


class SingleDocuments(ABC):
    """What such channels have in common; a document with an error is refused whole."""

    @abstractmethod
    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what the document says. Raises BadDocumentError."""

    @abstractmethod
    def identity(self, reading: Reading) -> str:
        """Return what a copy of this document repeats, as `plain_id` writes it."""

    def kept(self, body: bytes) -> bytes:
        """Return all of it."""
        return body

    def receive(self, body: bytes) -> Iterator[Envelope]:
        """Yield the one document. Raises BadDocumentError."""
        yield self._envelope(only(self.read(body)), body)

    def kept_reading(self, part: bytes) -> Reading:
        """Return what a kept document says. Raises BadDocumentError."""
        return only(self.read(part))

    def proves_itself(self, body: bytes, secrets: Sequence[SecretStr]) -> bool:
        """Return False: the language carries no secret."""
        del body, secrets
        return False

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return None: the HTTP status and its JSON say it."""
        del body, status, text, at
        return None

    def judge(self, answer: bytes | None) -> None:
        """Do nothing: documents are answered by documents of their own."""
        del answer

    def remittance(self, advice: RemittanceAdvice) -> Draft | None:
        """Return None: nobody wants one in this language."""
        del advice
        return None

    def _envelope(self, reading: Reading, body: bytes) -> Envelope:
        identity = self.identity(reading)
        errors = tuple(finding for finding in reading.findings if finding.severity is Severity.ERROR)
        return Envelope(
            id=identity,
            content=body,
            parts=() if errors else tuple(_parts(reading, identity, body)),
            errors=errors,
        )


def _parts(reading: Reading, identity: str, body: bytes) -> Iterator[Part]:
    """Yield the document once for every order it is about."""
    named = [reading.po_number, *(line.po_number for line in reading.lines)]
    orders: tuple[str | None, ...] = tuple(dict.fromkeys(name for name in named if name)) or (None,)
    for place, po_number in enumerate(orders):
        yield Part(
            event_id=identity if place == 0 else f"{identity}-{place + 1}",
            body=body,
            kind=reading.kind,
            number=reading.number,
            po_number=po_number,
        )
