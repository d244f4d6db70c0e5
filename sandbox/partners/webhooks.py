"""How the sandbox's partners prove themselves, send until they are heard, and check what they get: their own code."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import httpx

LONGEST_PAUSE = 5.0


class Proof(Protocol):
    """How a partner shows who it is."""

    def headers(self, event_id: str, body: bytes) -> dict[str, str]:
        """Return what a post carries beside its body."""


class Nothing:
    """Nothing in the headers: the document itself says who sent it."""

    def headers(self, event_id: str, body: bytes) -> dict[str, str]:
        """Return no headers."""
        del event_id, body
        return {}


class Password:
    """A user and a password, read from a file."""

    def __init__(self, user: str, path: Path) -> None:
        self._value = "Basic " + base64.b64encode(f"{user}:{path.read_text().strip()}".encode()).decode()

    def headers(self, event_id: str, body: bytes) -> dict[str, str]:
        """Return the one header."""
        del event_id, body
        return {"authorization": self._value}

    def fits(self, headers: Any) -> bool:  # noqa: ANN401 - any mapping of headers
        """True when the headers carry this user and password."""
        return hmac.compare_digest(self._value.encode(), headers.get("authorization", "").encode())


class Secret:
    """A webhook secret, read from a file holding `whsec_` and base64."""

    def __init__(self, path: Path) -> None:
        self._key = base64.b64decode(path.read_text().strip().removeprefix("whsec_"))

    def headers(self, event_id: str, body: bytes) -> dict[str, str]:
        """Return the three headers of a signed event."""
        moment = str(int(time.time()))
        return {
            "webhook-id": event_id,
            "webhook-timestamp": moment,
            "webhook-signature": self._sign(event_id, moment, body),
        }

    def fits(self, headers: Any, body: bytes) -> bool:  # noqa: ANN401 - any mapping of headers
        """True when the headers sign the body."""
        expected = self._sign(headers.get("webhook-id", ""), headers.get("webhook-timestamp", ""), body)
        return hmac.compare_digest(expected, headers.get("webhook-signature", ""))

    def _sign(self, event_id: str, moment: str, body: bytes) -> str:
        digest = hmac.new(self._key, f"{event_id}.{moment}.".encode() + body, hashlib.sha256).digest()
        return "v1," + base64.b64encode(digest).decode()


def is_heard(answer: httpx.Response) -> bool:
    """True when it is no use to send the same again: it was taken, or refused for good."""
    return (
        answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR and answer.status_code != httpx.codes.TOO_MANY_REQUESTS
    )


class Outbox:
    """What is on its way to the gateway, kept in a file until it has said yes: a partner that crashes sends on.

    What was put once under an id goes out as the same bytes, however often it is put again.
    """

    def __init__(
        self,
        path: Path,
        url: str,
        proof: Proof,
        content_type: str,
        *,
        copies: int = 1,
        heard: Callable[[httpx.Response], bool] = is_heard,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._path = path
        self._url = url
        self._proof = proof
        self._content_type = content_type
        self._copies = copies
        self._is_heard = heard
        self._transport = transport
        kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"waiting": {}, "sent": []}
        self._waiting: dict[str, str] = kept["waiting"]
        self._done: set[str] = set(kept["sent"])
        self._news = asyncio.Event()
        self.answers: list[tuple[str, int]] = []

    @property
    def heard(self) -> frozenset[str]:
        """The ids of what need not be sent again."""
        return frozenset(self._done)

    def put(self, event_id: str, content: dict[str, Any]) -> None:
        """Send an event, for as long as it takes."""
        self.put_text(event_id, json.dumps(content))

    def put_text(self, event_id: str, text: str) -> None:
        """Send a document, for as long as it takes."""
        if event_id not in self._done:
            self._waiting.setdefault(event_id, text)
        self._save()
        self._news.set()

    async def send_for_ever(self) -> None:
        """Send what waits; come again when the gateway is away."""
        async with httpx.AsyncClient(timeout=10, transport=self._transport) as http:
            pause = 0.1
            while True:
                self._news.clear()
                for event_id, body in list(self._waiting.items()):
                    if not await self._sent(http, event_id, body.encode()):
                        pause = min(pause * 2, LONGEST_PAUSE)
                        await asyncio.sleep(pause)
                        break
                    pause = 0.1
                    self._waiting.pop(event_id)
                    self._done.add(event_id)
                    self._save()
                if not self._waiting:
                    await self._news.wait()

    async def post(self, http: httpx.AsyncClient, event_id: str, body: bytes) -> int:
        """Send one event once and return the answer's status."""
        return (await self._post(http, event_id, body)).status_code

    async def _post(self, http: httpx.AsyncClient, event_id: str, body: bytes) -> httpx.Response:
        headers = {"content-type": self._content_type, **self._proof.headers(event_id, body)}
        answer = await http.post(self._url, content=body, headers=headers)
        self.answers.append((event_id, answer.status_code))
        return answer

    async def _sent(self, http: httpx.AsyncClient, event_id: str, body: bytes) -> bool:
        heard = False
        for _ in range(self._copies):
            with suppress(httpx.HTTPError):
                heard = self._is_heard(await self._post(http, event_id, body)) or heard
        return heard

    def _save(self) -> None:
        aside = self._path.with_suffix(".new")
        aside.write_text(json.dumps({"waiting": self._waiting, "sent": sorted(self._done)}))
        aside.replace(self._path)
