"""JSON from strangers: UTF-8 only, no key twice, bounded depth and numbers, decimals exactly as written."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from adapters.bad_document import BadDocumentError

DEEPEST = 32
LONGEST_NUMBER = 30

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_OPENING = re.compile(rb"[\[{]")


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON before its model
    """Return what the JSON says. Raises BadDocumentError, and nothing else."""
    if _depth(body) > DEEPEST:
        raise BadDocumentError("", f"must not be nested deeper than {DEEPEST}", is_syntax=True)
    try:
        text = body.decode("utf-8")
        content = json.loads(
            text, object_pairs_hook=_distinct, parse_float=_decimal, parse_int=_decimal, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise BadDocumentError("", "must be UTF-8", is_syntax=True) from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadDocumentError("", "must be JSON (RFC 8259)", is_syntax=True) from error
    if "\\u" in text and not _is_text(content):
        raise BadDocumentError("", "must not have zero characters or halves of characters", is_syntax=True)
    return content


def _is_text(content: Any) -> bool:  # noqa: ANN401 - JSON before its model
    """True where every string can be written down again: no NUL, no surrogate by itself."""
    if isinstance(content, dict):
        return all(_is_text(name) and _is_text(value) for name, value in content.items())
    if isinstance(content, list):
        return all(_is_text(value) for value in content)
    return not isinstance(content, str) or not _UNWRITABLE.search(content)


def _depth(body: bytes) -> int:
    """Return the deepest nesting, brackets inside strings included: an upper bound is enough to refuse by."""
    deepest = depth = 0
    in_string = escaped = False
    if len(_OPENING.findall(body)) <= DEEPEST:
        return 0
    for byte in body:
        if in_string:
            escaped, in_string = byte == ord("\\") and not escaped, byte != ord('"') or escaped
        elif byte == ord('"'):
            in_string, escaped = True, False
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                return deepest
        elif byte in b"]}":
            depth -= 1
    return deepest


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadDocumentError("", "must not use a key twice in one object", is_syntax=True)
    return found


def _decimal(literal: str) -> Decimal:
    if len(literal) > LONGEST_NUMBER:
        raise BadDocumentError("", f"must not have numbers of more than {LONGEST_NUMBER} characters", is_syntax=True)
    number = _finite(literal)
    if number is None or abs(number.adjusted()) > LONGEST_NUMBER:
        raise BadDocumentError("", f"must not have numbers of more than {LONGEST_NUMBER} digits", is_syntax=True)
    return number


def _finite(literal: str) -> Decimal | None:
    """Return a number; None beyond what can be one. A few characters, as 1E999999999, can fill the memory later on."""
    try:
        return Decimal(literal)
    except InvalidOperation:
        return None


def _no_constant(_: str) -> NoReturn:
    raise BadDocumentError("", "must not have NaN or infinite numbers", is_syntax=True)
