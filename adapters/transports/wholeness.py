"""Is it all there: the end of a document, judged from its bytes alone, in whatever language it is."""

import json
import re

BLANK = b" \t\r\n\x00\x1a"
"""What may stand around a document: white space, and the fill and end-of-file marks of older systems."""
SHORTEST = 4
"""Bytes; fewer are the beginning of a mark or a tag, not a document."""

_UTF16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_INTERCHANGE = re.compile(rb"(?<![A-Za-z0-9])ISA([^A-Za-z0-9\s])")
_LONGEST_HEADER = 120
_ELEMENTS = 16
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL)
_ROOT = re.compile(rb"<([^\s<>/!?]{1,200})(?=[\s/>])")
_EPILOG = re.compile(rb"(?:<!--(?:(?!-->).){0,4096}-->|<\?(?:(?!\?>).){0,4096}\?>)\Z", re.DOTALL)


def is_whole(content: bytes) -> bool:
    """Whether the end of a document is there; true for languages whose end cannot be seen.

    A wrong no only delays a document: a mailbox loses its patience in the end and offers it all the same.
    """
    text = _in_ascii(content).removeprefix(b"\xef\xbb\xbf").strip(BLANK)
    if len(text) < SHORTEST:
        return False
    if text.startswith(b"ISA"):
        return _ends_its_interchange(text)
    if text.startswith(b"<"):
        return _ends_its_root(text)
    if text.startswith((b"{", b"[")):
        return _is_json(text)
    return True


def _in_ascii(content: bytes) -> bytes:
    for mark, encoding in _UTF16:
        if content.startswith(mark):
            return content.removeprefix(mark).decode(encoding, "replace").encode()
    return content


def _ends_its_interchange(text: bytes) -> bool:
    """Whether the last thing is the IEA that repeats the control number of the last ISA."""
    header = _last_header(text)
    if header is None:
        return False
    start, separator = header.start(), header.group(1)
    *elements, rest = text[start : start + _LONGEST_HEADER].split(separator, _ELEMENTS)
    if len(elements) < _ELEMENTS or len(rest) < len(">~"):
        return False
    return _is_closed(text[start:], separator, terminator=rest[1:2], number=elements[-3].strip())


def _last_header(text: bytes) -> re.Match[bytes] | None:
    start = len(text)
    while (start := text.rfind(b"ISA", 0, start)) >= 0:
        if header := _INTERCHANGE.match(text, start):
            return header
    return None


def _is_closed(text: bytes, separator: bytes, *, terminator: bytes, number: bytes) -> bool:
    closed = text.rstrip(BLANK).removesuffix(terminator)
    before, _, after = closed[-60:].rpartition(b"IEA" + separator)
    trailer = after.split(separator)
    if before.rstrip(BLANK + terminator) == before or len(trailer) != len(("IEA01", "IEA02")):
        return False
    repeated, is_terminated = trailer[1].strip(), len(closed) < len(text.rstrip(BLANK))
    return repeated == number or (is_terminated and repeated.lstrip(b"0") == number.lstrip(b"0"))


def _ends_its_root(text: bytes) -> bool:
    start = 0
    while found := _PROLOG.match(text, start):
        start = found.end()
    root = _ROOT.match(text, start)
    if root is None:
        return False
    name = re.escape(root.group(1))
    end = text
    while found := _EPILOG.search(end, max(len(end) - 5_000, 0)):
        end = end[: found.start()].rstrip(BLANK)
    if not re.search(rb"(?:</" + name + rb"\s*|/)>\Z", end[-1_000:]):
        return False
    tags = re.findall(rb"<(/?)" + name + rb"(?=[\s/>])[^<>]*?(/?)>", end[start:])
    return tags.count((b"", b"")) == tags.count((b"/", b""))


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
