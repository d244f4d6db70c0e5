"""What every partner's request is answered before anybody looks into it."""

from http import HTTPStatus

from starlette.requests import Request

from adapters.partners import PartnerProfile, RateLimit
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem

FAILURES = RateLimit(per_second=20, burst=100)
"""Failed proofs answered per source; only those who fail are ever slowed down by it."""

UNPROVEN = Problem(
    HTTPStatus.UNAUTHORIZED,
    "unauthorized",
    "This is not proven to come from a partner we know; see docs/supplier-webhooks.md and docs/partner-documents.md",
)


def slowed(request: Request, parts: Parts) -> Problem:
    """Return the answer to an unproven request: the same for every reason, and slower for whoever fails often."""
    source = request.client.host if request.client else "unknown"
    pause = parts.rate_limits.wait(f"failures of {source}", FAILURES)
    return UNPROVEN if pause == 0 else _too_many(pause)


def take_token(parts: Parts, partner: PartnerProfile) -> None:
    """Count a request of a partner. Raises Problem where it is one too many."""
    pause = parts.rate_limits.wait(f"partner {partner.code}", partner.rate_limit)
    if pause:
        raise _too_many(pause)


def _too_many(pause: float) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many", "Too many at once; nothing is lost: send again", retry_after=pause
    )
