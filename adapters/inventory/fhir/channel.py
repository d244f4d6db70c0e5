"""FHIR as a channel: usage, requests, receipts and stock reports taken in, patients left at the door."""

from collections.abc import Callable
from datetime import datetime

from pydantic import SecretBytes

from adapters.documents.channel import Reply
from adapters.documents.points_of_use_channel import PointOfUseChannel
from adapters.documents.reading import Reading
from adapters.inventory.fhir.options import FhirOptions
from adapters.inventory.fhir.reading import read
from adapters.inventory.fhir.redacting import redacted


class FhirChannel(PointOfUseChannel):
    """One sender's FHIR, of one release. `case_key` is fetched when a resource is read."""

    def __init__(self, options: FhirOptions, case_key: Callable[[], SecretBytes]) -> None:
        super().__init__(options)
        self._fhir = options
        self._case_key = case_key

    def read(self, body: bytes) -> tuple[Reading, ...]:
        """Return what every resource says, without its patients. Raises BadDocumentError."""
        return read(body, self._fhir, self._case_key())

    def redacted(self, body: bytes) -> bytes:
        """Return the resources without their patients. Raises BadDocumentError."""
        return redacted(body, self._fhir)

    def reply(self, body: bytes, *, status: int, text: str, at: datetime) -> Reply | None:
        """Return None: the HTTP status and its JSON say it."""
        del body, status, text, at
        return None
