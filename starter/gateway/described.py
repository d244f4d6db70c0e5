"""The routes partners use, described for OpenAPI: they read raw bytes, so FastAPI cannot describe them by itself."""

from http import HTTPStatus
from typing import Any

INGEST = "/v1/partners/{partner}/events"
DOCUMENTS = "/v1/partners/{partner}/documents"
AS2 = "/v1/as2"

REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
PARTNER = {"name": "partner", "in": "path", "required": True, "schema": {"type": "string"}}
SIGNATURE = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
]
RESPONSES = {
    "202": {"description": "New, and stored"},
    "200": {"description": "Known already; nothing changes"},
    **{str(status.value): {"description": status.phrase} for status in REFUSALS},
}


def _post(summary: str, description: str, *, headers: list[dict[str, Any]], media: dict[str, str]) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": kind}} for media_type, kind in media.items()}
    return {
        "post": {
            "tags": ["partners"],
            "summary": summary,
            "description": description,
            "parameters": headers,
            "requestBody": {"required": True, "content": content},
            "responses": RESPONSES,
        }
    }


DESCRIBED = {
    INGEST: _post(
        "Report an event",
        "Signed with Standard Webhooks; see docs/supplier-webhooks.md and docs/inventory-events.md.",
        headers=[PARTNER, *SIGNATURE],
        media={"application/json": "object", "application/cloudevents+json": "object"},
    ),
    DOCUMENTS: _post(
        "Hand over documents",
        "X12 interchanges, UBL, cXML, HL7 or FHIR, proven as the partner's page says; see docs/partner-documents.md.",
        headers=[PARTNER],
        media={"application/edi-x12": "string", "application/xml": "string", "text/xml": "string"},
    ),
    AS2: _post(
        "Hand over documents by AS2",
        "Signed and encrypted as RFC 4130 says; answered 200 with a signed disposition; see docs/transports.md.",
        headers=[
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in ("as2-from", "as2-to", "message-id")
        ],
        media={"application/pkcs7-mime": "string", "multipart/signed": "string"},
    ),
}
