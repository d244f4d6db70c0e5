"""The Response a cXML sender waits for: whether its document was taken, and why not."""

from datetime import datetime

from adapters.supplier.cxml.composing import add, document, envelope, payload_id_of, worded
from adapters.supplier.cxml.options import CxmlOptions

TEXTS = {
    200: "OK",
    201: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    406: "Not Acceptable",
    409: "Conflict",
    412: "Precondition Failed",
    417: "Expectation Failed",
    450: "Not Implemented",
    475: "Signature Required",
    476: "Signature Verification Failed",
    477: "Signature Unacceptable",
    500: "Internal Server Error",
    550: "Unable to reach cXML server",
    551: "Unable to forward request",
    560: "Temporary server error",
}
"""The codes of the standard. 4xx is final; 5xx, 409 of ours and 560 ask the sender to come again."""


def respond(
    in_reply_to: str, at: datetime, code: int, *, options: CxmlOptions, text: str = "", detail: str = ""
) -> bytes:
    """Return the Response to a message, the same bytes for the same arguments.

    Its payloadID is made from `in_reply_to`, the transmission it answers. `detail` is told to the sender as it is.
    """
    root = envelope(payload_id_of(f"{in_reply_to} {code}", "response", options), at, options)
    status = {"code": str(code), "text": text or TEXTS.get(code, "")}
    worded(add(root, "Response"), "Status", detail, options, **status)
    return document(root, options)
