"""Posting AS2 messages, and believing they have arrived only when a signed disposition says so."""

from collections.abc import Callable
from datetime import datetime

import httpx

from adapters.http_client import PartnerHttp
from adapters.transports.as2.dispositions import Disposition, Mdn, open_disposition
from adapters.transports.as2.keys import Keys
from adapters.transports.as2.messages import SealedMessage, seal_message
from adapters.transports.options import As2Transport
from adapters.transports.parcel import Parcel, Receipt
from domain.errors import RejectedError

Clock = Callable[[], datetime]


class As2Sender:
    """`Sender` to one AS2 partner."""

    def __init__(
        self, http: httpx.AsyncClient, transport: As2Transport, keys: Keys, *, partner: str, clock: Clock
    ) -> None:
        self._http = PartnerHttp(http, partner)
        self._transport = transport
        self._keys = keys
        self._clock = clock

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a parcel; return when it is proven to have arrived, or is on its way to an asynchronous disposition."""
        sealed = seal_message(parcel, self._transport, self._keys, now=self._clock())
        url = str(self._transport.url)
        response = await self._http.request("POST", url, content=sealed.body, headers=sealed.headers)
        is_answered = response.headers.get("content-type", "").strip().lower().startswith("multipart/")
        if self._transport.mdn == "async" and not is_answered:
            return Receipt(message_id=sealed.message_id, mic=sealed.mic, awaits_disposition=True)
        prove(open_disposition(response.headers, response.content, self._transport, self._keys), sealed)
        return Receipt(message_id=sealed.message_id, mic=sealed.mic)

    async def answer(self, mdn: Mdn) -> None:
        """Post a disposition of ours where it is wanted asynchronously. Raises UnavailableError, RejectedError."""
        if mdn.url is None:
            raise ValueError("this disposition is a reply, not a post")
        await self._http.request("POST", mdn.url, content=mdn.body, headers=mdn.headers)


def prove(disposition: Disposition, sealed: SealedMessage) -> None:
    """Check that a disposition is about this message. Raises UnavailableError, RejectedError."""
    if disposition.message_id != sealed.message_id:
        raise RejectedError("the disposition is about another message")
    disposition.prove(sealed.mic)
