"""Each document is one POST: the answer is kept, for languages that answer in it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import HttpUrl, SecretBytes, SecretStr

from adapters.http_client import PartnerHttp
from adapters.signatures import sign
from adapters.transports.parcel import Parcel, Receipt

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Signing:
    """Proves each post with a shared secret."""

    secret: SecretBytes
    clock: Clock

    def headers(self, parcel: Parcel) -> dict[str, str]:
        """Return the headers of Standard Webhooks, the id following from the parcel's key."""
        return sign(self.secret, webhook_id(parcel), self.clock(), parcel.body)


@dataclass(frozen=True)
class Basic:
    """Shows a user and a password."""

    user: str
    password: SecretStr

    def headers(self, _: Parcel) -> dict[str, str]:
        """Return the credentials of RFC 7617, in UTF-8."""
        shown = f"{self.user}:{self.password.get_secret_value()}".encode()
        return {"authorization": f"Basic {base64.b64encode(shown).decode()}"}


@dataclass(frozen=True)
class Bearer:
    """Shows a token."""

    token: SecretStr

    def headers(self, _: Parcel) -> dict[str, str]:
        """Return the token of RFC 6750."""
        return {"authorization": f"Bearer {self.token.get_secret_value()}"}


@dataclass(frozen=True)
class Nobody:
    """Shows nothing."""

    def headers(self, _: Parcel) -> dict[str, str]:
        """Return no headers."""
        return {}


Proof = Signing | Basic | Bearer | Nobody


class HttpsSender:
    """`Sender` to one address."""

    def __init__(self, http: httpx.AsyncClient, url: HttpUrl, *, partner: str, proof: Proof) -> None:
        self._http = PartnerHttp(http, partner)
        self._url = str(url)
        self._proof = proof

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a parcel and return what was answered."""
        headers = {
            "content-type": parcel.content_type,
            "idempotency-key": f'"{parcel.digest}"',
            **self._proof.headers(parcel),
        }
        response = await self._http.request("POST", self._url, content=parcel.body, headers=headers)
        return Receipt(body=response.content)


def webhook_id(parcel: Parcel) -> str:
    """Return the event id of a parcel: the same key, the same id."""
    return f"msg_{parcel.digest[:32]}"
