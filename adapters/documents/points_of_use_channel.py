"""Points of use as a channel: what is kept is the reading, because the message itself speaks of patients."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import SecretStr, ValidationError

from adapters.bad_document import BadDocumentError
from adapters.documents.channel import Envelope, NoSuchMessageError, OrderMessageKind, Part, Reply, plain_id
from adapters.documents.findings import Severity
from adapters.documents.outbox import Draft
from adapters.documents.points_of_use import PointOfUse, facility_of
from adapters.documents.reading import Reading
from domain.ports import OrderMessage, RemittanceAdvice


class PointOfUseChannel(ABC):
    """`adapters.documents.channel.Channel` for messages about supplies in which patients are named."""

    def __init__(self, options: PointOfUse) -> None:
        self._options = options

    @abstractmethod
    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what every message says, without its patients. Raises BadDocumentError."""

    @abstractmethod
    def redacted(self, body: bytes) -> bytes:
        """Return the messages without their patients. Raises BadDocumentError."""

    @abstractmethod
    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return the answer to a delivery, in its own language where that has one."""

    def kept(self, body: bytes) -> bytes:
        """Return the messages without their patients; of what cannot be read, nothing is kept."""
        try:
            return self.redacted(body)
        except BadDocumentError:
            return b""

    def receive(self, body: bytes) -> Iterator[Envelope]:
        """Yield every message. Raises BadDocumentError."""
        for reading in self.read(body):
            yield self._envelope(reading)

    def kept_reading(self, part: bytes) -> Reading:
        """Return the reading that was kept of a message. Raises BadDocumentError."""
        try:
            return Reading.model_validate_json(part)
        except ValidationError as error:
            raise BadDocumentError("the document", "must be a reading we kept", is_syntax=True) from error

    def proves_itself(self, body: bytes, secrets: Sequence[SecretStr]) -> bool:
        """Return False: these messages carry no secret."""
        del body, secrets
        return False

    def judge(self, answer: bytes | None) -> None:
        """Do nothing: points of use are sent no documents."""
        del answer

    def draft(self, kind: OrderMessageKind, message: OrderMessage, *, invoice_number: str = "") -> Draft:
        """Raise NoSuchMessageError: points of use take no orders."""
        del message, invoice_number
        raise NoSuchMessageError(f"{kind}: points of use take none")

    def remittance(self, advice: RemittanceAdvice) -> Draft | None:
        """Return None: nobody wants one in this language."""
        del advice
        return None

    def _envelope(self, reading: Reading) -> Envelope:
        kept = reading.model_dump_json(exclude_defaults=True).encode()
        identity = plain_id(reading.language.split()[0], reading.message_id)
        errors = tuple(finding for finding in reading.findings if finding.severity is Severity.ERROR)
        part = Part(
            event_id=identity,
            body=kept,
            kind=reading.kind,
            number=reading.number,
            po_number=reading.po_number,
            facility=facility_of(reading, self._options),
        )
        return Envelope(id=identity, content=kept, parts=() if errors else (part,), errors=errors)
