"""The outermost layer: bodies are read here, whole, bounded in size and time, before anything looks at them."""

import asyncio
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from starter.gateway.problems import Problem

LARGEST_BODY = 1024 * 1024
LARGEST_DOCUMENT = 16 * 1024 * 1024
"""Of interchanges, which hold a day's documents; what is larger goes by file."""
BODY_WITHIN_SECONDS = 10.0
DOCUMENT_ROUTES = ("/documents", "/as2")

TOO_SLOW = Problem(
    HTTPStatus.REQUEST_TIMEOUT, "too-slow", f"The body must arrive within {BODY_WITHIN_SECONDS:g} seconds"
)


class BoundedBodies:
    """ASGI middleware: 413 beyond the size, chunked or not; 408 beyond the time."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._read(scope, receive)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """Return the body; None when the client has gone."""
        largest = LARGEST_DOCUMENT if scope["path"].endswith(DOCUMENT_ROUTES) else LARGEST_BODY
        if _announced(scope) > largest:
            raise _too_large(largest)
        parts, size = [], 0
        try:
            async with asyncio.timeout(BODY_WITHIN_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > largest:
                        raise _too_large(largest)
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError as error:
            raise TOO_SLOW from error


def _too_large(largest: int) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", f"The body must not exceed {largest} bytes")


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed
