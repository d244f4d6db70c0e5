"""Sample documents through a partner's own channel: received, read, judged, and answered, without any other part."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from adapters.bad_document import BadDocumentError
from adapters.channels import channel_of
from adapters.documents.channel import Channel, Envelope, Part, Reply
from adapters.documents.findings import Finding, Severity, finding_of
from adapters.documents.outbox import ControlNumbers, Draft
from adapters.documents.reading import Reading
from adapters.partners import PartnerProfile
from domain.policy import CaseKind, Policy
from domain.purchase_order import PurchaseOrder
from starter.onboarding.checked import (
    Answer,
    Check,
    CheckedDocument,
    CheckedFile,
    CheckedTransmission,
    Outcome,
    Verdict,
)
from starter.onboarding.events import checked_event
from starter.onboarding.senders import strangers
from starter.onboarding.verdicts import Judge

FIRST = ControlNumbers(interchange=1, group=1)
"""What our answers are numbered with: a check numbers nothing."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a sample file; a larger one belongs to a rehearsal."""
ACCEPTED, UNPROCESSABLE = 202, 422


def check(
    profile: PartnerProfile,
    files: Sequence[Path],
    *,
    at: datetime,
    against: Sequence[PurchaseOrder] = (),
    policy: Policy | None = None,
) -> Check:
    """Return what every file holds and what would become of it. What is wrong with a file is in its own place."""
    judge = Judge(profile, {order.name: order for order in against}, policy or Policy(), at)
    secret = _stand_in(files)
    checker = _Checker(judge, channel_of(profile, secret_of=lambda _: secret))
    return Check(
        partner=profile.code, language=profile.language, files=tuple(checker.file(str(path), path) for path in files)
    )


class _Checker:
    """Remembers what it has seen: an id used again is a copy or a conflict."""

    def __init__(self, judge: Judge, channel: Channel | None) -> None:
        self._judge = judge
        self._channel = channel
        self._seen: dict[str, bytes] = {}

    def file(self, name: str, path: Path) -> CheckedFile:
        try:
            if path.stat().st_size > LARGEST:
                return _unreadable(name, f"is larger than {LARGEST} bytes", "check a part of it")
            body = path.read_bytes()
        except OSError as error:
            return _unreadable(name, error.strerror or type(error).__name__, "name a file that can be read")
        if self._channel is None:
            return checked_event(self._judge, name, body)
        return self._documents(name, body, self._channel)

    def _documents(self, name: str, body: bytes, channel: Channel) -> CheckedFile:
        envelopes: list[Envelope] = []
        fault: Finding | None = None
        try:
            for envelope in channel.receive(body):
                envelopes.append(envelope)  # noqa: PERF402 - what came before a fault counts
        except BadDocumentError as error:
            fault = finding_of(error)
        if not envelopes and fault is None:
            return _unreadable(name, "is empty", "send a document")
        transmissions = [self._transmission(envelope, body, channel) for envelope in envelopes]
        return CheckedFile(file=name, error=fault, transmissions=tuple(_beside_the_whole(transmissions, body, channel)))

    def _transmission(self, envelope: Envelope, body: bytes, channel: Channel) -> CheckedTransmission:
        about_sender = tuple(strangers(self._judge.profile, body))
        errors = (*_of(about_sender, Severity.ERROR), *envelope.errors)
        documents = [self._document(parts, channel) for parts in _by_document(envelope.parts)]
        return CheckedTransmission(
            id=envelope.id,
            errors=errors,
            warnings=tuple(_of(about_sender, Severity.WARNING)),
            repeats=self._repeats(envelope),
            answers=(
                *_answers(envelope, channel, self._judge.at),
                *_reply(errors, envelope, body, channel, self._judge.at),
            ),
            documents=tuple(_refused(document.reading, errors[0]) if errors else document for document in documents),
        )

    def _repeats(self, envelope: Envelope) -> Literal["copy", "conflict"] | None:
        known = self._seen.setdefault(envelope.id, envelope.content)
        if known is envelope.content:
            return None
        return "copy" if known == envelope.content else "conflict"

    def _document(self, parts: list[Part], channel: Channel) -> CheckedDocument:
        """Read a part by itself, as the dispatcher does."""
        try:
            kept = channel.kept_reading(parts[0].body)
        except BadDocumentError as error:
            return CheckedDocument(reading=None, verdicts=tuple(self._judge.unreadable(part, error) for part in parts))
        reading = _with_errors(kept, parts[0].errors)
        return CheckedDocument(reading=reading, verdicts=tuple(self._judge.verdict(reading, part) for part in parts))


def _stand_in(files: Sequence[Path]) -> SecretStr:
    """Return what stands in for every secret: nothing that is written leaves, and cases are known by no live key.

    It comes of the files themselves: the same samples are read the same, and who has not got them finds no case.
    """
    digest = hashlib.sha256()
    for path in files:
        with suppress(OSError):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return SecretStr(digest.hexdigest())


def _of(findings: tuple[Finding, ...], severity: Severity) -> Iterator[Finding]:
    return (finding for finding in findings if finding.severity is severity)


def _by_document(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield the parts of each document: one for every order it is about."""
    together: list[Part] = []
    for part in parts:
        if together and (part.body != together[0].body or part.po_number in {one.po_number for one in together}):
            yield together
            together = []
        together.append(part)
    if together:
        yield together


def _with_errors(reading: Reading, errors: tuple[Finding, ...]) -> Reading:
    """Errors that only show inside the whole transmission, as a set number used twice, belong to the reading."""
    return reading.with_findings(*(error for error in errors if error not in reading.findings))


def _beside_the_whole(
    transmissions: Sequence[CheckedTransmission], body: bytes, channel: Channel
) -> Iterator[CheckedTransmission]:
    """Add what shows only in the whole file: remarks on where a document stood in it, and what was not taken apart.

    Nothing of the latter is acted on, and people want to know what it was.
    """
    whole: dict[str, list[Reading]] = {}
    with suppress(BadDocumentError):
        for reading in channel.read(body):
            whole.setdefault(reading.message_id, []).append(reading)
    remarked = [[_remarked(document, whole) for document in one.documents] for one in transmissions]
    unseen = [reading for readings in whole.values() for reading in readings]
    for one, documents in zip(transmissions, remarked, strict=True):
        filled = tuple(doc if doc.reading else _filled(doc, unseen) for doc in documents)
        more = tuple(_refused(reading, one.errors[0]) for reading in _belonging(one, unseen)) if one.errors else ()
        yield one.model_copy(update={"documents": (*filled, *more)})


def _remarked(document: CheckedDocument, whole: dict[str, list[Reading]]) -> CheckedDocument:
    same = whole.get(document.reading.message_id) if document.reading else None
    if document.reading is None or not same:
        return document
    found = same.pop(0).findings
    kept = tuple(finding for finding in document.reading.findings if finding not in found)
    return document.model_copy(update={"reading": document.reading.model_copy(update={"findings": (*found, *kept)})})


def _belonging(transmission: CheckedTransmission, unseen: list[Reading]) -> list[Reading]:
    """Take out what a refused transmission holds: the readings with its errors, else all there are."""
    errors = set(transmission.errors)
    found = [reading for reading in unseen if errors & set(reading.findings)] or list(unseen)
    unseen[:] = [reading for reading in unseen if reading not in found]
    return found


def _filled(document: CheckedDocument, unseen: list[Reading]) -> CheckedDocument:
    return document.model_copy(update={"reading": unseen.pop(0) if unseen else None})


def _refused(reading: Reading | None, error: Finding) -> CheckedDocument:
    """Nothing of a refused transmission is acted on, whatever each of its documents says."""
    summary = f"refused with all of its transmission: {error}"
    verdict = Verdict(outcome=Outcome.REFUSED, is_acted_on=False, case=CaseKind.UNREADABLE_DOCUMENT, summary=summary)
    return CheckedDocument(reading=reading, verdicts=(verdict,))


def _answers(envelope: Envelope, channel: Channel, at: datetime) -> Iterator[Answer]:
    for draft in envelope.answers:
        yield _answer(draft, channel, at)


def _answer(draft: Draft, channel: Channel, at: datetime) -> Answer:
    """Write an acknowledgement and read it again: what it says is what its receiver understands."""
    try:
        readings = channel.read(draft.write(FIRST, at))
    except BadDocumentError:
        return Answer(kind=draft.kind)
    if not readings:
        return Answer(kind=draft.kind)
    return Answer(kind=draft.kind, verdict=readings[0].raw_type, says=tuple(_said(readings[0])))


def _said(reading: Reading) -> Iterator[str]:
    for line in reading.lines:
        about = " ".join([*(named.value for named in line.references), line.number or ""]).strip()
        yield f"{about}: {' '.join(line.raw_codes)}"
        yield from line.notes
    yield from reading.notes


def _reply(
    errors: Sequence[Finding], envelope: Envelope, body: bytes, channel: Channel, at: datetime
) -> Iterator[Answer]:
    """What a language says in the HTTP answer itself."""
    is_taken = not errors and any(not part.errors for part in envelope.parts)
    found = [*errors, *(error for part in envelope.parts for error in part.errors)]
    status = ACCEPTED if is_taken else UNPROCESSABLE
    reply: Reply | None = channel.reply(body, status=status, text=str(found[0]) if found else "", at=at)
    if reply is not None:
        yield Answer(kind=f"the answer to its post, {reply.content_type}", verdict=str(status))


def _unreadable(name: str, rule: str, remedy: str) -> CheckedFile:
    error = Finding(severity=Severity.ERROR, code="file", position="the file", message=rule, remedy=remedy)
    return CheckedFile(file=name, error=error)
