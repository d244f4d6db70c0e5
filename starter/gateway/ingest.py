"""A partner's event: proven, read, stored, and only then acknowledged."""

from datetime import UTC, datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse

from adapters.bad_document import BadDocumentError
from adapters.inbound import CONTENT_TYPES, InboundDocument, NotYoursError, read_document
from adapters.partners import PartnerProfile
from adapters.signatures import SignatureError, verify
from adapters.store.inbox import Acceptance, InboundMessage, InboxFullError, StoreUnavailableError
from starter.gateway.answering import UNPROVEN, slowed, take_token
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem

CONFLICT = Problem(
    HTTPStatus.CONFLICT,
    "event-conflict",
    "This event id came before with another content; the first one stands. Send new content under a new id",
)


async def ingest(request: Request) -> JSONResponse:
    """`POST /v1/partners/{partner}/events`: 202 new, 200 known, 4xx never stored as accepted, 503 send again."""
    parts: Parts = request.app.state.parts
    body = await request.body()
    now = datetime.now(UTC)
    partner, event_id = _proven(request, parts, body, now)
    try:
        take_token(parts, partner)
        _check_content_type(request, partner)
        inbound = _read(partner, event_id, body)
    except Problem as problem:
        parts.rejections.of_partner(partner.code, event_id, f"{problem.status.value} {problem.kind}")
        raise
    message = _message(partner, event_id, inbound, body, now)
    acceptance = await _accept(parts, message)
    status = HTTPStatus.ACCEPTED if acceptance is Acceptance.NEW else HTTPStatus.OK
    return JSONResponse({"event": message.key, "result": acceptance.value}, status_code=status)


def _proven(request: Request, parts: Parts, body: bytes, now: datetime) -> tuple[PartnerProfile, str]:
    """Return who sent it and its id. Whatever is wrong, known partner or not, the answer is the same."""
    claimed: str = request.path_params["partner"]
    partner = parts.partners.named(claimed)
    secrets = parts.secrets.get(partner.code, ()) if partner else ()
    try:
        event_id = verify(secrets, request.headers, body, now)
    except SignatureError as error:
        parts.rejections.of_stranger(partner.code if partner else "unknown", error.reason)
        raise slowed(request, parts) from error
    if partner is None:
        raise UNPROVEN
    return partner, event_id


def _check_content_type(request: Request, partner: PartnerProfile) -> None:
    expected = CONTENT_TYPES[partner.kind]
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != expected or "content-encoding" in request.headers:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type", f"Send {expected}, in UTF-8 and not compressed")


def _read(partner: PartnerProfile, event_id: str, body: bytes) -> InboundDocument:
    try:
        inbound = read_document(partner, body)
    except BadDocumentError as error:
        status = HTTPStatus.BAD_REQUEST if error.is_syntax else HTTPStatus.UNPROCESSABLE_ENTITY
        remedy = f"; {error.remedy}" if error.remedy else ""
        raise Problem(
            status, "malformed" if error.is_syntax else "invalid", f"{error}{remedy}", pointer=error.pointer
        ) from error
    except NotYoursError as error:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "There is no such facility for this partner") from error
    if inbound.event_id is not None and inbound.event_id != event_id:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "/id: must equal webhook-id", pointer="/id")
    return inbound


def _message(
    partner: PartnerProfile, event_id: str, inbound: InboundDocument, body: bytes, now: datetime
) -> InboundMessage:
    return InboundMessage(
        partner=partner.code,
        event_id=event_id,
        kind=inbound.document.kind,
        content_type=CONTENT_TYPES[partner.kind],
        body=body,
        received_at=now,
        supplier=partner.supplier,
        facility=getattr(inbound.document, "facility", None),
        po_number=inbound.po_number,
    )


async def _accept(parts: Parts, message: InboundMessage) -> Acceptance:
    try:
        acceptance = await parts.inbox.accept(message)
    except (InboxFullError, StoreUnavailableError) as error:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "The event may or may not have been kept; sending it again is safe",
            retry_after=error.retry_after,
        ) from error
    if acceptance is Acceptance.CONFLICT:
        parts.rejections.of_partner(message.partner, message.event_id, "409 event-conflict")
        raise CONFLICT
    return acceptance
