"""Functional acknowledgements of partners: which of our documents they are about, and what is to be done then."""

from collections.abc import Iterator
from datetime import datetime

from adapters.documents.outbox import HIGHEST
from adapters.documents.reading import Reading, ReadLine
from adapters.store.outbound import Outbound, SentDocument
from domain.exception_case import ExceptionCase, Resolution, case_id
from domain.policy import CaseKind, Policy

ACCEPTED = frozenset({"A", "E"})
"""Accepted, and accepted with errors noted (elements 715 and 717): the syntax was read. No order is accepted by it."""


class UnknownDocumentError(Exception):
    """The acknowledgement is about a group we never sent."""


class Acknowledgements:
    """Files them."""

    def __init__(self, outbound: Outbound, policy: Policy) -> None:
        self._outbound = outbound
        self._policy = policy

    async def heard(self, partner: str, reading: Reading, at: datetime) -> str:
        """File an acknowledgement under the document it is about; return what it says, in words.

        An accepted interchange (TA1) settles nothing: its group is still to be acknowledged.
        Raises UnknownDocumentError where we sent no such group or interchange.
        """
        document = await self._about(partner, reading)
        if document is None:
            raise UnknownDocumentError
        verdict = verdict_of(reading)
        is_read = verdict in ACCEPTED
        note = "; ".join(_notes(reading))
        if not (is_read and is_of_interchange(reading)):
            case = None if is_read else self._refused(document, note, at)
            await self._outbound.answered(document.key, verdict, note=note, case=case)
        return f"{document.kind} {document.about}: {'read' if is_read else 'refused'} ({verdict})"

    async def _about(self, partner: str, reading: Reading) -> SentDocument | None:
        if is_of_interchange(reading):
            return await self._outbound.about_interchange(partner, _number(reading.number or ""))
        group = _number(reading.details.get("acknowledged group", ""))
        return await self._outbound.about_group(partner, reading.details.get("acknowledged functional id", ""), group)

    def _refused(self, document: SentDocument, note: str, at: datetime) -> ExceptionCase:
        summary = f"{document.partner} could not read our {document.kind} {document.about}"
        return document_case(
            CaseKind.REFUSED_DOCUMENT, document, f"{summary}: {note}" if note else summary, self._policy, at
        )


def is_of_interchange(reading: Reading) -> bool:
    """True for an acknowledgement of a whole interchange, which names no group."""
    return "acknowledged group" not in reading.details


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST)) else 0


def document_case(kind: CaseKind, document: SentDocument, summary: str, policy: Policy, at: datetime) -> ExceptionCase:
    """Return the case about a document of ours: send the same bytes once more, or settle it with the partner."""
    return ExceptionCase(
        id=case_id("outbound", kind, document.key),
        kind=kind,
        subject=document.key,
        owner=policy.owner_of(kind),
        opened_at=at,
        due_at=at + policy.resolve_within,
        summary=summary[:500],
        choices=(Resolution.RETRY, Resolution.DISMISS),
        suggested=Resolution.RETRY if kind is CaseKind.UNACKNOWLEDGED_DOCUMENT else Resolution.DISMISS,
    )


def verdict_of(reading: Reading) -> str:
    """Return the set's verdict, our groups having one set each, else the group's."""
    own = [line.raw_codes[0] for line in reading.lines if line.raw_codes]
    return next(iter(own), "") or reading.details.get("group verdict", "") or "?"


def _notes(reading: Reading) -> Iterator[str]:
    lines: tuple[ReadLine, ...] = reading.lines
    for line in lines:
        yield from line.notes
        if line.raw_codes[1:]:
            yield f"codes {' '.join(line.raw_codes[1:])}"
    if reading.details.get("group codes"):
        yield f"group codes {reading.details['group codes']}"
