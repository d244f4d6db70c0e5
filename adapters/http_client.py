"""HTTP failures as our partners' failures: what is worth asking again and what is not."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from domain.errors import RejectedError, UnavailableError

LARGEST_ANSWER = 10 * 1024 * 1024
"""Bytes; a partner that sends more is not believed."""

ASK_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class PartnerHttp:
    """One partner's HTTP service. Redirects are not followed, timeouts are the client's, retries are Temporal's."""

    def __init__(self, client: httpx.AsyncClient, partner: str) -> None:
        self._client = client
        self._partner = partner

    async def request(
        self, method: str, path: str, *, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send one request and return the 2xx answer, read whole.

        Raises UnavailableError where the outcome is unknown or asking again may help, RejectedError where not.
        """
        try:
            async with self._client.stream(
                method, path, content=content, headers=headers, follow_redirects=False
            ) as response:
                await self._read(response)
        except httpx.DecodingError as error:
            raise RejectedError(f"{self._partner} sent an answer that cannot be decoded") from error
        except httpx.TransportError as error:
            raise UnavailableError(f"{self._partner} did not answer: {type(error).__name__}") from error
        self._judge(response)
        return response

    async def _read(self, response: httpx.Response) -> None:
        body, size = [], 0
        async for chunk in response.aiter_bytes():
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise RejectedError(f"{self._partner} sent more than {LARGEST_ANSWER} bytes")
            body.append(chunk)
        response._content = b"".join(body)  # noqa: SLF001 - httpx has no bounded read; this is where aread() puts it

    def _judge(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        message = f"{self._partner} answered {response.status_code}"
        if response.is_server_error or response.status_code in ASK_AGAIN:
            raise UnavailableError(message, retry_after=retry_after(response.headers, datetime.now(UTC)))
        raise RejectedError(message)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the pause a Retry-After header asks for, in seconds from now (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
