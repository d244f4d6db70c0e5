"""Sends what lies written and unsent, and sends again, byte for byte, what its partner does not acknowledge in time."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from adapters.documents.outbox import Written
from adapters.store.outbound import Outbound, SentDocument
from adapters.supplier.posted import parcel_of
from adapters.transports.parcel import Sender
from domain.errors import RejectedError, UnavailableError
from domain.identifiers import PartnerCode
from domain.policy import CaseKind, Policy
from starter.acknowledgements import document_case
from starter.interruptions import INTERRUPTIONS

EVERY = timedelta(seconds=1)
BATCH = 50
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)

log = structlog.get_logger()


class Patience(Protocol):
    """How often a partner's page wants an unacknowledged document sent again before a person is asked."""

    def __call__(self, partner: PartnerCode) -> int:
        """Return the number of repeats."""


class Courier:
    """One of any number: whoever takes a document sends it, and a document taken by somebody who died is due again."""

    def __init__(
        self, outbound: Outbound, senders: Mapping[PartnerCode, Sender], policy: Policy, repeats_of: Patience
    ) -> None:
        self._outbound = outbound
        self._senders = senders
        self._policy = policy
        self._repeats_of = repeats_of

    async def run(self) -> None:
        """Go round until cancelled."""
        while True:
            try:
                await self.press(datetime.now(UTC))
                sent = await self.deliver()
            except INTERRUPTIONS as error:
                log.warning("courier interrupted", cause=type(error).__name__)
                sent = 0
            if sent == 0:
                await asyncio.sleep(EVERY.total_seconds())

    async def deliver(self) -> int:
        """Send what is due; return how many documents that were."""
        due = await self._outbound.take_unsent(limit=BATCH)
        by_partner: dict[PartnerCode, list[Written]] = {}
        for document in due:
            by_partner.setdefault(document.partner, []).append(document)
        await asyncio.gather(*(self._deliver_in_sequence(documents) for documents in by_partner.values()))
        return len(due)

    async def press(self, now: datetime) -> None:
        """Have what is not acknowledged in time sent again, as often as its partner's page says; then ask a person."""
        for document in await self._outbound.overdue(now):
            if document.repeats < self._repeats_of(document.partner):
                await self._outbound.repeat_overdue(document.key, now)
            else:
                await self._give_up(document, now)

    async def _deliver_in_sequence(self, documents: list[Written]) -> None:
        for document in documents:
            await self._deliver(document)

    async def _deliver(self, document: Written) -> None:
        sender = self._senders.get(document.partner)
        if sender is None:
            await self._later(document, "its partner has no page, or no way to be sent anything")
            return
        try:
            await sender.send(parcel_of(document))
        except UnavailableError as error:
            await self._later(document, str(error))
        except RejectedError as error:
            await self._refused(document, str(error))
        else:
            await self._outbound.sent(document.key)

    async def _later(self, document: Written, why: str) -> None:
        log.warning("document not sent", document=document.key, attempts=document.attempts)
        pause = min(FIRST_PAUSE * 2 ** min(document.attempts, 10), LONGEST_PAUSE)
        await self._outbound.not_sent(document.key, why, again_at=datetime.now(UTC) + pause)

    async def _refused(self, document: Written, why: str) -> None:
        record = await self._outbound.record(document.key)
        if record is not None:
            summary = f"{document.partner} will not have our {document.kind} {document.about}: {why}"
            case = document_case(CaseKind.REFUSED_DOCUMENT, record, summary, self._policy, datetime.now(UTC))
            await self._outbound.refused(document.key, why, case)

    async def _give_up(self, document: SentDocument, now: datetime) -> None:
        sent = document.repeats + 1
        summary = f"{document.partner} has not acknowledged our {document.kind} {document.about}, sent {sent} times"
        case = document_case(CaseKind.UNACKNOWLEDGED_DOCUMENT, document, summary, self._policy, now)
        await self._outbound.given_up(document.key, f"not acknowledged after {sent} times", case)
