"""An inventory platform over HTTP: what is expected is put under the order's key, so twice is once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import httpx
from pydantic import SecretBytes, ValidationError

from adapters.http_client import PartnerHttp
from adapters.inventory.platform.mapping import expected_delivery_of
from adapters.inventory.platform.wire import OnHand
from adapters.signatures import sign
from domain.errors import RejectedError
from domain.identifiers import ItemCode, LocationCode
from domain.ports import ExpectedDelivery
from domain.purchase_order import PurchaseOrder
from domain.quantities import Quantity

Clock = Callable[[], datetime]


class PlatformInventory:
    """`domain.ports.Inventory` for one partner."""

    def __init__(self, http: httpx.AsyncClient, partner: str, secret: SecretBytes, clock: Clock) -> None:
        self._http = PartnerHttp(http, partner)
        self._partner = partner
        self._secret = secret
        self._clock = clock

    async def announce_delivery(self, delivery: ExpectedDelivery) -> None:
        """Say what is coming."""
        notice = delivery.ship_notice.number if delivery.ship_notice else "order"
        path = f"expected/{quote(delivery.order.key)}/{quote(notice, safe='')}"
        await self._request("PUT", path, json.dumps(expected_delivery_of(delivery), sort_keys=True).encode())

    async def withdraw_delivery(self, order: PurchaseOrder) -> None:
        """Say that nothing more is coming."""
        await self._request("DELETE", f"expected/{quote(order.key)}", b"")

    async def on_hand(self, item: ItemCode, location: LocationCode) -> Quantity:
        """Return what is on hand."""
        answer = await self._request("GET", f"on-hand/{quote(location)}/{quote(item)}", b"")
        try:
            found = OnHand.model_validate_json(answer.content)
            return Quantity(value=found.quantity, unit=found.unit)
        except ValidationError as error:
            raise RejectedError(f"{self._partner} answered on-hand with something else") from error

    async def _request(self, method: str, path: str, body: bytes) -> httpx.Response:
        event_id = "msg_" + hashlib.sha256(f"{method} {path}".encode() + body).hexdigest()[:32]
        signature = sign(self._secret, event_id, self._clock(), body)
        headers = {"content-type": "application/json", **signature}
        return await self._http.request(method, path, content=body, headers=headers)
