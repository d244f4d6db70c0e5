"""How the sandbox's partners sign, send until they are heard, and check what they are sent: their own code."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

LONGEST_PAUSE = 5.0


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


class Outbox:
    """Events on their way to the gateway, kept in a file until it has said yes: a partner that crashes sends on."""

    def __init__(self, path: Path, url: str, secret: Secret, content_type: str, *, copies: int = 1) -> None:
        self._path = path
        self._url = url
        self._secret = secret
        self._content_type = content_type
        self._copies = copies
        self._waiting: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        self._news = asyncio.Event()
        self.answers: list[tuple[str, int]] = []

    def put(self, event_id: str, content: dict[str, Any]) -> None:
        """Send an event, for as long as it takes."""
        self._waiting.setdefault(event_id, json.dumps(content))
        self._save()
        self._news.set()

    async def send_for_ever(self) -> None:
        """Send what waits; come again when the gateway is away."""
        async with httpx.AsyncClient(timeout=10) as http:
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
                    self._save()
                if not self._waiting:
                    await self._news.wait()

    async def post(self, http: httpx.AsyncClient, event_id: str, body: bytes) -> int:
        """Send one event once and return the answer's status."""
        headers = {"content-type": self._content_type, **self._secret.headers(event_id, body)}
        status = (await http.post(self._url, content=body, headers=headers)).status_code
        self.answers.append((event_id, status))
        return status

    async def _sent(self, http: httpx.AsyncClient, event_id: str, body: bytes) -> bool:
        heard = False
        for _ in range(self._copies):
            with suppress(httpx.HTTPError):
                status = await self.post(http, event_id, body)
                heard = heard or (
                    status < httpx.codes.INTERNAL_SERVER_ERROR and status != httpx.codes.TOO_MANY_REQUESTS
                )
        return heard

    def _save(self) -> None:
        aside = self._path.with_suffix(".new")
        aside.write_text(json.dumps(self._waiting))
        aside.replace(self._path)
