"""HL7 v2 as a channel: usage and requests taken in, each message acknowledged, patients left at the door."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from pydantic import SecretBytes

from adapters.documents.channel import Reply
from adapters.documents.points_of_use_channel import PointOfUseChannel
from adapters.documents.reading import Reading
from adapters.inventory.hl7.acknowledging import AckCode, acknowledge
from adapters.inventory.hl7.options import Hl7Options
from adapters.inventory.hl7.reading import read
from adapters.inventory.hl7.redacting import redacted

CONTENT_TYPE = "application/hl7-v2"


class Hl7Channel(PointOfUseChannel):
    """One sender's HL7 v2. `case_key` is fetched when a message is read."""

    def __init__(self, options: Hl7Options, case_key: Callable[[], SecretBytes]) -> None:
        super().__init__(options)
        self._hl7 = options
        self._case_key = case_key

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what every message says, without its patients. Raises BadDocumentError."""
        return read(body, self._hl7, self._case_key())

    def redacted(self, body: bytes) -> bytes:
        """Return the messages without their patients. Raises BadDocumentError."""
        return redacted(body, self._hl7)

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return the ACK: AA taken, AE to be corrected."""
        code = AckCode.ACCEPTED if status < HTTPStatus.BAD_REQUEST else AckCode.ERROR
        return Reply(acknowledge(body, at, code, text), CONTENT_TYPE)
