"""The answer to a message: an ACK that echoes its control id and nothing of its patient."""

import hashlib
import re
from datetime import datetime
from enum import StrEnum

from adapters.bad_document import BadDocumentError
from adapters.inventory.hl7.message import Message, framed, is_framed, messages_of

_LONGEST_TEXT = 80
_LONGEST_ID = 20


class AckCode(StrEnum):
    """HL7 table 0008."""

    ACCEPTED = "AA"
    ERROR = "AE"
    """Understood, and wrong: send a corrected message."""
    REJECTED = "AR"
    """Not understood, or not now: the same message may come again."""


def acknowledge(body: bytes, at: datetime, code: AckCode, text: str = "") -> bytes:
    """Return the acknowledgement of a message, framed where the message was; one we cannot read is answered too."""
    try:
        message = messages_of(body)[0]
    except BadDocumentError:
        message = Message("|^~\\&", ())
    answer = "\r".join((_header(message, at), _accepted(message, code, text))) + "\r"
    encoded = answer.encode()
    return framed(encoded) if is_framed(body) else encoded


def _header(message: Message, at: datetime) -> str:
    control = _of(message, 10)
    kind = _component(message, 9, 1)
    number = hashlib.sha256(control.encode()).hexdigest()[:_LONGEST_ID].upper()
    fields = (
        "MSH",
        "^~\\&",
        _of(message, 5),
        _of(message, 6),
        _of(message, 3),
        _of(message, 4),
        at.strftime("%Y%m%d%H%M%S%z"),
        "",
        f"ACK^{kind}^ACK" if kind else "ACK",
        number,
        _of(message, 11) or "P",
        _component(message, 12, 0) or "2.5",
    )
    return "|".join(fields)


def _accepted(message: Message, code: AckCode, text: str) -> str:
    plain = re.sub(r"[^ -~]|[|^~\\&]", " ", text)[:_LONGEST_TEXT].strip()
    return "|".join(("MSA", code, _of(message, 10), plain)).rstrip("|")


def _of(message: Message, number: int) -> str:
    """Return a field of the header in our own delimiters."""
    return "^".join(_component(message, number, place) for place in range(3)).rstrip("^")


def _component(message: Message, number: int, place: int) -> str:
    if not message.segments:
        return ""
    text = message.header(f"MSH-{number}.{place + 1}")
    return re.sub(r"[^ -~]|[|^~\\&]", " ", text)[:_LONGEST_TEXT].strip()
