"""Webhook signatures on raw bytes: Standard Webhooks 1.0, HMAC-SHA256 over `id.timestamp.body`, version `v1`.

Our own verifier, because the reference package raises other errors than its own on hostile input (docs/adr/0006).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import SecretBytes

TOLERANCE = timedelta(seconds=300)
MOST_SIGNATURES = 8
LONGEST_ID = 120
LONGEST_TIMESTAMP = 12

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"


class SignatureError(Exception):
    """The event is not proven to come from its partner. `reason` is for the audit trail, never for the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def sign(secret: SecretBytes, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that prove a body is ours."""
    timestamp = str(int(at.timestamp()))
    signature = base64.b64encode(_digest(secret, event_id, timestamp, body)).decode()
    return {ID: event_id, TIMESTAMP: timestamp, SIGNATURE: f"v1,{signature}"}


def verify(secrets: Sequence[SecretBytes], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the event id of a body signed with one of the secrets, not more than five minutes ago or ahead.

    Every secret is tried against every signature, whichever fits. Raises SignatureError, and nothing else.
    """
    event_id = headers.get(ID, "")
    timestamp = headers.get(TIMESTAMP, "")
    if not event_id or len(event_id) > LONGEST_ID or "." in event_id or not event_id.isascii():
        raise SignatureError("id")
    if not event_id.isprintable() or " " in event_id or "/" in event_id:
        raise SignatureError("id")
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > LONGEST_TIMESTAMP:
        raise SignatureError("timestamp")
    offered = _signatures(headers.get(SIGNATURE, ""))
    fits = [
        hmac.compare_digest(_digest(secret, event_id, timestamp, body), signature)
        for secret in secrets
        for signature in offered
    ]
    if not any(fits):
        raise SignatureError("signature")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise SignatureError("stale")
    return event_id


def _signatures(header: str) -> list[bytes]:
    if not header.isascii():
        raise SignatureError("signature")
    parts = header.split(" ")
    if len(parts) > MOST_SIGNATURES:
        raise SignatureError("signature")
    versions = (part.partition(",") for part in parts)
    return [_decoded(text) for version, _, text in versions if version == "v1"]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SignatureError("signature") from error


def _digest(secret: SecretBytes, event_id: str, timestamp: str, body: bytes) -> bytes:
    signed = f"{event_id}.{timestamp}.".encode() + body
    return hmac.new(secret.get_secret_value(), signed, hashlib.sha256).digest()
