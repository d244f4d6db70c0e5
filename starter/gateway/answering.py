"""What every partner's request is answered before anybody looks into it."""

from http import HTTPStatus

from starlette.requests import Request

from adapters.partners import PartnerProfile, RateLimit
from adapters.store.inbox import StoreUnavailableError
from starter.gateway.parts import Parts
from starter.gateway.problems import Problem
from starter.reception import Delivery, Taken

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


async def take_delivery(parts: Parts, delivery: Delivery) -> tuple[Taken, ...]:
    """Take a delivery in. Raises Problem where the store is away: sending it again is safe."""
    try:
        return await parts.reception.take(delivery)
    except StoreUnavailableError as error:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "unavailable",
            "The document may or may not have been kept; sending it again is safe",
            retry_after=error.retry_after,
        ) from error


def take_token(parts: Parts, partner: PartnerProfile) -> None:
    """Count a request of a partner. Raises Problem where it is one too many."""
    pause = parts.rate_limits.wait(f"partner {partner.code}", partner.rate_limit)
    if pause:
        raise _too_many(pause)


def _too_many(pause: float) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many", "Too many at once; nothing is lost: send again", retry_after=pause
    )
