"""What a partner hands over, whatever carried it: proven by then, taken apart, and on disk before anybody hears yes."""

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from adapters.bad_document import BadDocumentError
from adapters.channels import Channels
from adapters.documents.channel import Channel, Envelope, Part, plain_id
from adapters.documents.findings import Finding, finding_of
from adapters.partners import PartnerProfile, Partners
from adapters.store.inbox import InboundMessage
from adapters.store.transmissions import RawDocument, Receipt, RefusedDocument, Transmission
from domain.exception_case import ExceptionCase, Resolution, case_id
from domain.identifiers import FacilityCode
from domain.policy import CaseKind, Policy
from starter.event_cases import message_case

MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """Some bytes of a partner, as they came."""

    partner: PartnerProfile
    body: bytes
    content_type: str
    received_at: datetime
    via: str
    """What carried them: `https`, `as2`, `sftp`, `folder`."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one interchange or document of a delivery."""

    key: str
    receipt: Receipt
    documents: int
    refused: tuple[Finding, ...] = ()


class Keeping(Protocol):
    """What keeps transmissions, as `adapters.store.transmissions.Transmissions` does."""

    async def take(self, transmission: Transmission) -> Receipt:
        """Keep a transmission and everything in it; return when that is safe."""

    async def raw(self, key: str) -> RawDocument | None:
        """Return a transmission as it came."""


class Reception:
    """Takes deliveries in."""

    def __init__(self, channels: Channels, transmissions: Keeping, policy: Policy) -> None:
        self._channels = channels
        self._transmissions = transmissions
        self._policy = policy

    def speaks(self, partner: PartnerProfile) -> bool:
        """True where the partner sends documents at all."""
        return partner.code in self._channels

    async def take(self, delivery: Delivery) -> tuple[Taken, ...]:
        """Take everything in a delivery; return once all of it is on disk.

        What is not of the partner's language at all is kept as well, and put to a person. A crash in between leaves
        whole interchanges: the same bytes again add the rest.
        """
        channel = self._channels[delivery.partner.code]
        envelopes, fault = await asyncio.to_thread(_received, channel, delivery.body)
        taken = [await self._take(delivery, envelope) for envelope in envelopes]
        if fault is not None:
            taken.append(await self._refuse(delivery, fault))
        return tuple(taken)

    async def _take(self, delivery: Delivery, envelope: Envelope) -> Taken:
        transmission = Transmission(
            partner=delivery.partner.code,
            id=envelope.id,
            content=envelope.content,
            raw=self._channels[delivery.partner.code].kept(delivery.body),
            content_type=delivery.content_type,
            via=delivery.via,
            received_at=delivery.received_at,
            documents=tuple(self._messages(delivery, envelope)),
            refused=tuple(self._refused(delivery, envelope)),
            answers=envelope.answers,
            refusal=self._refusal(delivery, envelope.id, envelope.errors) if envelope.errors else None,
            conflict=self._conflict(delivery, envelope.id),
        )
        receipt = await self._transmissions.take(transmission)
        found = [*envelope.errors, *(finding for part in envelope.parts for finding in part.errors)]
        return Taken(transmission.key, receipt, len(transmission.documents), tuple(found[:MOST_FINDINGS]))

    async def _refuse(self, delivery: Delivery, error: BadDocumentError) -> Taken:
        """Keep what cannot be read at all under the digest of its bytes."""
        finding = finding_of(error)
        identity = plain_id("unreadable", content=delivery.body or b"\x00")
        transmission = Transmission(
            partner=delivery.partner.code,
            id=identity,
            content=hashlib.sha256(delivery.body).digest(),
            raw=self._channels[delivery.partner.code].kept(delivery.body),
            content_type=delivery.content_type,
            via=delivery.via,
            received_at=delivery.received_at,
            refusal=self._refusal(delivery, identity, (finding,)),
        )
        return Taken(transmission.key, await self._transmissions.take(transmission), 0, (finding,))

    async def again(self, key: str, partners: Partners, at: datetime) -> tuple[Taken, ...]:
        """Take what was refused once more, as its partner's page is now."""
        raw = await self._transmissions.raw(key)
        partner = partners.named(raw.partner) if raw else None
        if raw is None or partner is None or not self.speaks(partner):
            return ()
        return await self.take(Delivery(partner, raw.body, raw.content_type, at, raw.via))

    def _messages(self, delivery: Delivery, envelope: Envelope) -> Iterator[InboundMessage]:
        for part in envelope.parts:
            if not part.errors:
                yield self._message(delivery, part)

    def _refused(self, delivery: Delivery, envelope: Envelope) -> Iterator[RefusedDocument]:
        for part in envelope.parts:
            if part.errors:
                message, why = self._message(delivery, part), str(part.errors[0])
                summary = f"{delivery.partner.code}: its {part.kind} cannot be acted on: {why}"
                case = message_case(CaseKind.UNREADABLE_DOCUMENT, message, summary, self._policy)
                yield RefusedDocument(message, why, case)

    def _message(self, delivery: Delivery, part: Part) -> InboundMessage:
        return InboundMessage(
            partner=delivery.partner.code,
            event_id=part.event_id,
            kind=part.kind.value,
            content_type=delivery.content_type,
            body=part.body,
            received_at=delivery.received_at,
            supplier=delivery.partner.supplier,
            facility=self._facility(delivery.partner, part),
            po_number=part.po_number,
        )

    def _facility(self, partner: PartnerProfile, part: Part) -> FacilityCode | None:
        """Return whose stock it is about; what speaks of another facility is about none it may speak for."""
        return part.facility if part.facility in partner.facilities else next(iter(partner.facilities), None)

    def _refusal(self, delivery: Delivery, identity: str, errors: tuple[Finding, ...]) -> ExceptionCase:
        summary = f"{delivery.partner.code} sent what cannot be acted on: {errors[0]}"
        return self._case(CaseKind.UNREADABLE_DOCUMENT, delivery, identity, summary, Resolution.RETRY)

    def _conflict(self, delivery: Delivery, identity: str) -> ExceptionCase:
        summary = f"{delivery.partner.code} used {identity} again for something else, which is kept and not acted on"
        return self._case(CaseKind.CONFLICTING_EVENT, delivery, identity, summary)

    def _case(
        self, kind: CaseKind, delivery: Delivery, identity: str, summary: str, *more: Resolution
    ) -> ExceptionCase:
        subject = f"{delivery.partner.code}/{identity}"
        return ExceptionCase(
            id=case_id("transmission", kind, subject),
            kind=kind,
            subject=subject,
            supplier=delivery.partner.supplier,
            owner=self._policy.owner_of(kind),
            opened_at=delivery.received_at,
            due_at=delivery.received_at + self._policy.resolve_within,
            summary=summary[:500],
            choices=(*more, Resolution.DISMISS),
            suggested=Resolution.DISMISS,
        )


def refused_whole(taken: tuple[Taken, ...]) -> str | None:
    """Return why a delivery is refused, in a word: only where nothing in it could be taken."""
    receipts = {one.receipt for one in taken}
    if receipts <= {Receipt.CONFLICT}:
        return "number-used-before"
    return "unreadable" if receipts <= {Receipt.REFUSED, Receipt.CONFLICT} else None


def _received(channel: Channel, body: bytes) -> tuple[list[Envelope], BadDocumentError | None]:
    """Return what can be read, and what ended the reading; in a thread, because a large file takes seconds."""
    envelopes: list[Envelope] = []
    try:
        for envelope in channel.receive(body):
            envelopes.append(envelope)  # noqa: PERF402 - what came before a fault counts
    except BadDocumentError as error:
        return envelopes, error
    empty = BadDocumentError("the document", "is empty", "send a document", is_syntax=True)
    return envelopes, None if envelopes else empty


def status_of(taken: tuple[Taken, ...]) -> HTTPStatus:
    """Return the HTTP status of a delivery: the worst of its parts where nothing was taken, else what was new.

    A refused set beside others is no reason to refuse the delivery: its functional acknowledgement says so.
    """
    receipts = {one.receipt for one in taken}
    if Receipt.NEW in receipts:
        return HTTPStatus.ACCEPTED
    if Receipt.CONFLICT in receipts:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if Receipt.REFUSED in receipts else HTTPStatus.OK
