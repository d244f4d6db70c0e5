"""A partner's documents by AS2: opened and proven, stored, and only then answered with a signed disposition."""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import Response

from adapters.transports.as2.dispositions import Mdn, mdn_of
from adapters.transports.as2.messages import OpenedMessage, as2_names, open_message
from domain.errors import RejectedError, UnavailableError
from starter.gateway.answering import slowed, take_delivery, take_token
from starter.gateway.as2_partners import As2Partner
from starter.gateway.edge import LARGEST_DOCUMENT
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem
from starter.reception import Delivery, refused_whole

log = structlog.get_logger()


async def receive(request: Request) -> Response:
    """`POST /v1/as2`: 200 with a disposition once the document is on disk, or with why it is not taken."""
    parts: Parts = request.app.state.parts
    body = await request.body()
    headers, now = dict(request.headers), datetime.now(UTC)
    partner = parts.as2_partners.get(as2_names(headers))
    if partner is None:
        parts.rejections.of_stranger("unknown", "as2 names")
        raise slowed(request, parts)
    opened = await asyncio.to_thread(
        open_message, headers, body, partner.transport, partner.keys, now=now, largest=LARGEST_DOCUMENT
    )
    if not isinstance(opened, OpenedMessage):
        parts.rejections.of_stranger(partner.profile.code, f"as2 {opened.code}")
        return await _answer(partner, opened.mdn)
    take_token(parts, partner.profile)
    delivery = Delivery(partner.profile, opened.body, opened.content_type[:100], now, "as2")
    taken = await take_delivery(parts, delivery)
    if refused_whole(taken) is not None:
        parts.rejections.of_partner(partner.profile.code, taken[0].key, "as2 refused")
        code = "unexpected-processing-error"
        return await _answer(partner, mdn_of(opened.asked, partner.transport, partner.keys, now=now, code=code))
    return await _answer(partner, opened.mdn)


async def _answer(partner: As2Partner, mdn: Mdn | None) -> Response:
    if mdn is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed", "This is no AS2 message of a partnership we know (RFC 4130)")
    if mdn.url is None:
        return Response(mdn.body, headers=dict(mdn.headers))
    try:
        await partner.sender.answer(mdn)
    except (UnavailableError, RejectedError) as error:
        log.warning("disposition not delivered", partner=partner.profile.code, cause=str(error))
    return Response(status_code=HTTPStatus.NO_CONTENT)
