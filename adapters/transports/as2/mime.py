"""MIME entities as raw bytes, because signatures and integrity checks are over exactly those."""

import base64
import binascii
import hashlib
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from itertools import islice, pairwise

LONGEST_HEADERS = 32_768
LONGEST_HEADER = 2_000
MOST_HEADERS = 100
MOST_PARTS = 10

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_LINE = re.compile(r"\r?\n")
_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]")
_AS_IS = frozenset({"", "binary", "7bit", "8bit"})


class MimeError(Exception):
    """Bytes that are not the MIME entity they should be."""


@dataclass(frozen=True)
class Entity:
    """Headers and a body, and both together as they were sent."""

    headers: Mapping[str, str]
    body: bytes
    raw: bytes

    @property
    def content_type(self) -> str:
        """The type in small letters, without parameters."""
        return self._typed().get_content_type()

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type, empty where there is none."""
        try:
            value = self._typed().get_param(name, "")
        except ValueError:
            return ""
        return value if isinstance(value, str) else ""

    @property
    def file_name(self) -> str:
        """The name the sender gave the file, empty where they gave none; never a path to write to."""
        try:
            return self._typed().get_filename("")
        except (ValueError, LookupError):
            return ""

    def content(self) -> bytes:
        """Return the body without its transfer encoding. Raises MimeError."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding in _AS_IS:
            return self.body
        try:
            if encoding == "base64":
                return base64.b64decode(b"".join(self.body.split()), validate=True)
        except binascii.Error as error:
            raise MimeError("a body is not base64") from error
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        raise MimeError("a transfer encoding is unknown")

    def parts(self) -> tuple["Entity", ...]:
        """Return the parts of a multipart body, as sent. Raises MimeError."""
        boundary = self.parameter("boundary")
        if not _BOUNDARY.fullmatch(boundary):
            raise MimeError("a multipart body names no boundary")
        delimiter = rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
        found = list(islice(re.finditer(delimiter, self.body), MOST_PARTS))
        if not any(one.group(1) for one in found):
            raise MimeError("a multipart body does not end")
        parts = []
        for one, following in pairwise(found):
            if one.group(1):
                break
            parts.append(parsed(_without_line_end(self.body[one.end() : following.start()])))
        return tuple(parts)

    def _typed(self) -> Message:
        message = Message()
        for name in ("content-type", "content-disposition"):
            if name in self.headers:
                message[name] = self.headers[name]
        return message


def entity(headers: Mapping[str, str], body: bytes) -> Entity:
    """Return an entity of ours; `headers` are written in their order."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return Entity({name.lower(): value for name, value in headers.items()}, body, f"{head}\r\n".encode() + body)


def multipart(content_type: str, *parts: Entity) -> Entity:
    """Return a multipart entity, its boundary following from what is in it."""
    digest = hashlib.sha256(b"".join(part.raw for part in parts)).hexdigest()
    boundary = f"=_{digest[:40]}"
    pieces = (f"--{boundary}\r\n".encode() + part.raw + b"\r\n" for part in parts)
    body = b"".join(pieces) + f"--{boundary}--\r\n".encode()
    return entity({"Content-Type": f'{content_type}; boundary="{boundary}"'}, body)


def parsed(raw: bytes) -> Entity:
    """Return the entity that bytes are. Raises MimeError."""
    if raw.startswith((b"\r\n", b"\n")):
        return Entity({}, _without_line_end(raw), raw)
    end = _END_OF_HEADERS.search(raw, 0, LONGEST_HEADERS)
    if end is None:
        raise MimeError("headers do not end")
    return Entity(_headers(raw[: end.start()]), raw[end.end() :], raw)


def received(headers: Mapping[str, str], body: bytes) -> Entity:
    """Return a post as an entity, of whose headers only those about the content count. Raises MimeError."""
    lowered = {name.lower(): value for name, value in headers.items() if name.lower().startswith("content-")}
    if any(len(value) > LONGEST_HEADER or not value.isprintable() for value in lowered.values()):
        raise MimeError("a header is too long or unprintable")
    return Entity(lowered, body, body)


def fields_of(body: bytes) -> Mapping[str, str]:
    """Return the fields of a body that is made of header lines. Raises MimeError."""
    return _headers(body[:LONGEST_HEADERS].strip())


def canonical(raw: bytes) -> bytes:
    """Return bytes with the line ends of the network."""
    return re.sub(rb"\r?\n", b"\r\n", raw)


def _headers(head: bytes) -> dict[str, str]:
    lines = _LINE.split(_FOLD.sub(" ", head.decode("ascii", "replace")))
    if len(lines) > MOST_HEADERS:
        raise MimeError("there are too many headers")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or len(value) > LONGEST_HEADER:
            raise MimeError("a header is not one")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _without_line_end(raw: bytes) -> bytes:
    return raw.removeprefix(b"\r\n") if raw.startswith(b"\r\n") else raw.removeprefix(b"\n")
