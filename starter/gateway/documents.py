"""A partner's documents over HTTP: proven, taken apart, stored, and only then acknowledged."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from adapters.documents.findings import Finding
from adapters.partners import PartnerProfile
from adapters.store.transmissions import Receipt
from starter.gateway.answering import UNPROVEN, slowed, take_delivery, take_token
from starter.gateway.parts import Parts
from starter.gateway.problems import MEDIA_TYPE, Problem
from starter.gateway.proofs import NOBODY, ProofError
from starter.reception import Delivery, Taken, status_of

REASONS = {
    HTTPStatus.CONFLICT: ("event-conflict", "Its control number was used before for something else"),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("invalid", "Nothing in it can be acted on"),
}


async def receive(request: Request) -> Response:
    """`POST /v1/partners/{partner}/documents`: 202 new, 200 known, 409 number used before, 422 unreadable and kept."""
    parts: Parts = request.app.state.parts
    body = await request.body()
    now = datetime.now(UTC)
    partner = _proven(request, parts, body, now)
    try:
        take_token(parts, partner)
        _check_encoding(request)
    except Problem as problem:
        parts.rejections.of_partner(partner.code, "document", f"{problem.status.value} {problem.kind}")
        raise
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    taken = await take_delivery(parts, Delivery(partner, body, content_type[:100], now, "https"))
    return _answer(parts, partner, body, taken, now)


def _proven(request: Request, parts: Parts, body: bytes, now: datetime) -> PartnerProfile:
    """Return who sent it. Whatever is wrong, known partner or not, the answer is the same."""
    partner = parts.partners.named(request.path_params["partner"])
    proof = parts.proofs.get(partner.code, NOBODY) if partner else NOBODY
    try:
        proof.check(request.headers, body, now)
    except ProofError as error:
        parts.rejections.of_stranger(partner.code if partner else "unknown", error.reason)
        raise slowed(request, parts) from error
    if partner is None or not parts.reception.speaks(partner):
        raise UNPROVEN
    return partner


def _check_encoding(request: Request) -> None:
    if "content-encoding" in request.headers:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type", "Send it not compressed")


def _answer(parts: Parts, partner: PartnerProfile, body: bytes, taken: tuple[Taken, ...], now: datetime) -> Response:
    status = status_of(taken)
    is_refused = status >= HTTPStatus.BAD_REQUEST
    for one in taken:
        if one.receipt in {Receipt.CONFLICT, Receipt.REFUSED}:
            parts.rejections.of_partner(partner.code, one.key, f"{status.value} {one.receipt.value}")
    why = next((str(finding) for one in taken for finding in one.refused), "") if is_refused else ""
    reply = parts.channels[partner.code].reply(body, status=status.value, text=why, at=now)
    if reply is not None:
        return Response(reply.body, status_code=status, media_type=reply.content_type)
    content: dict[str, Any] = {"transmissions": [_shown(one) for one in taken]}
    if is_refused:
        kind, title = REASONS[status]
        detail = f"{title}; it is kept, and a person will look at it{': ' + why if why else ''}"
        problem = {"type": f"/problems/{kind}", "title": status.phrase, "status": status.value, "detail": detail}
        return JSONResponse({**problem, **content}, status_code=status, media_type=MEDIA_TYPE)
    return JSONResponse(content, status_code=status)


def _shown(taken: Taken) -> dict[str, Any]:
    return {
        "transmission": taken.key,
        "result": taken.receipt.value,
        "documents": taken.documents,
        "refused": [_finding(finding) for finding in taken.refused],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "position": finding.position,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
    }
