"""Errors as problem+json (RFC 9457). They name the field and the rule, and never repeat what was sent."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from temporalio.service import RPCError

MEDIA_TYPE = "application/problem+json"
COME_AGAIN_SECONDS = 2
AWAY = (SQLAlchemyError, OSError, TimeoutError, RPCError)
"""What our own parts raise while they are away."""

log = structlog.get_logger()


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Ends a request with an error answer. `kind` is its page in docs/api-errors.md."""

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        detail: str,
        *,
        pointer: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.pointer = pointer
        self.retry_after = retry_after

    def response(self) -> JSONResponse:
        """Return the answer."""
        content = {
            "type": f"/problems/{self.kind}",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.pointer is not None:
            content["pointer"] = self.pointer
        headers: dict[str, str] = {}
        if self.retry_after is not None:
            headers["retry-after"] = str(max(1, round(self.retry_after)))
        if self.status is HTTPStatus.UNAUTHORIZED:
            headers["www-authenticate"] = "Bearer"
        return JSONResponse(content, status_code=self.status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for away in AWAY:
        app.add_exception_handler(away, _unavailable)


def not_found(what: str) -> Problem:
    """Return the problem of something that is not there."""
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no {what}")


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - registered for nothing else
    return error.response()


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    fault: Mapping[str, object] = error.errors()[0]
    place = fault["loc"]
    parts = [str(part) for part in place] if isinstance(place, tuple | list) else [str(place)]
    if fault["type"] == "json_invalid":
        return Problem(HTTPStatus.BAD_REQUEST, "malformed", "The body must be JSON (RFC 8259)").response()
    pointer = "/" + "/".join(parts[1:])
    message = str(fault["msg"]).removeprefix("Value error, ")
    detail = f"{parts[0]} {pointer}: {message}"
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, pointer=pointer).response()


async def _unavailable(_: Request, error: Exception) -> JSONResponse:
    log.warning("a part is away", cause=type(error).__name__)
    detail = "The store or Temporal does not answer; what was asked for may or may not have been done"
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail, retry_after=COME_AGAIN_SECONDS).response()


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    status = HTTPStatus(error.status_code)
    kind = status.phrase.lower().replace(" ", "-")
    return Problem(status, kind, f"{status.phrase}: see the API's description at /v1/openapi.json").response()
