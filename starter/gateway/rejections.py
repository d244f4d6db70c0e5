"""Every rejected event leaves a record, written in groups so that a flood fills neither disk nor time."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.store.audit import Audit, AuditEntry, Refusal

EVERY_SECONDS = 0.5
MOST_WAITING = 20_000

log = structlog.get_logger()


class Rejections:
    """Collects rejections and writes them twice a second. Authenticated ones get a row each, others are counted."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._entries: list[AuditEntry] = []
        self._refusals: list[Refusal] = []
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write."""
        self._writer = asyncio.create_task(self._write_regularly(), name="rejections writer")

    async def close(self) -> None:
        """Write what waits, then stop."""
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer
        await self.flush()

    def of_partner(self, partner: str, event_id: str, reason: str) -> None:
        """A partner we know sent something we do not take."""
        if len(self._entries) < MOST_WAITING:
            self._entries.append(AuditEntry(partner, "event rejected", event_id, reason))

    def of_stranger(self, claimed: str, reason: str) -> None:
        """Somebody who may not be the partner they claim to be was turned away."""
        if len(self._refusals) < MOST_WAITING:
            self._refusals.append(Refusal(claimed, reason, datetime.now(UTC)))

    async def flush(self) -> None:
        """Write what has been collected; what the store does not take is kept for the next time."""
        entries, self._entries = self._entries, []
        refusals, self._refusals = self._refusals, []
        try:
            if entries:
                await self._audit.append(*entries)
                entries = []
            if refusals:
                await self._audit.count(refusals)
                refusals = []
        except (SQLAlchemyError, OSError) as error:
            log.warning("rejections not yet written", cause=type(error).__name__)
            self._entries = [*entries, *self._entries][:MOST_WAITING]
            self._refusals = [*refusals, *self._refusals][:MOST_WAITING]

    async def _write_regularly(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            await self.flush()
