"""Bytes to HL7 v2 messages: framing, character sets, segment ends, escape sequences, fields by their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import hl7  # type: ignore[import-untyped]

from adapters.bad_document import BadDocumentError

LARGEST = 1_000_000
MOST_SEGMENTS = 5_000
MOST_MESSAGES = 200

CHARACTER_SETS = {
    "": "utf-8",
    "ASCII": "utf-8",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "cp1252",
    "8859/2": "iso8859-2",
    "8859/3": "iso8859-3",
    "8859/4": "iso8859-4",
    "8859/5": "iso8859-5",
    "8859/6": "iso8859-6",
    "8859/7": "iso8859-7",
    "8859/8": "iso8859-8",
    "8859/9": "iso8859-9",
    "8859/15": "iso8859-15",
    "WINDOWS-1252": "cp1252",
    "BIG-5": "big5",
    "BIG5": "big5",
    "GB 18030-2000": "gb18030",
    "ISO IR87": "iso2022_jp",
    "KS X 1001": "euc_kr",
}
"""MSH-18, table 0211. Blank and ASCII are read as UTF-8, and where that fails, as Windows 1252."""

_FRAME = b"\x0b\x1c"
_ENDS = re.compile(r"\r\n|\r|\n")
_HEADER = re.compile(rb"MSH([!-/:-@\[-`{-~])")
_NAME = re.compile(r"^[A-Z][A-Z0-9]{2}$")
_ESCAPE_LIMIT = 200
_LEAST_HEADER = len("MSH|^~")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, its number among those of its name, and its fields as written from number 0, its name."""

    name: str
    number: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message and its delimiters: field, component, repetition, escape, subcomponent."""

    delimiters: str
    segments: tuple[Segment, ...]

    def text(self, path: str, segment: Segment) -> str:
        """Return a component of a field of this segment, unescaped: `FT1-7.2`, its first repetition."""
        number, _, component = path.partition("-")[2].partition(".")
        field = segment.fields[int(number)] if int(number) < len(segment.fields) else ""
        if segment.name == "MSH" and number in {"1", "2"}:
            return field
        parts = field.split(self.delimiters[2])[0].split(self.delimiters[1])
        place = int(component or 1) - 1
        return self._plain(parts[place].split(self.delimiters[4])[0]) if place < len(parts) else ""

    def all_of(self, name: str) -> tuple[Segment, ...]:
        """Return the segments of that name."""
        return tuple(segment for segment in self.segments if segment.name == name)

    def header(self, path: str) -> str:
        """Return a component of the header."""
        return self.text(path, self.segments[0])

    def repetitions(self, segment: Segment, number: int) -> tuple[tuple[str, ...], ...]:
        """Return the components of every repetition of a field, unescaped."""
        field = segment.fields[number] if number < len(segment.fields) else ""
        marks = re.compile("[" + re.escape(self.delimiters[1] + self.delimiters[4]) + "]")
        return tuple(tuple(map(self._plain, marks.split(one))) for one in field.split(self.delimiters[2]))

    def _plain(self, text: str) -> str:
        text = text.strip()
        if text == '""':
            return ""
        escape = self.delimiters[3]
        if escape not in text:
            return text
        pattern = re.compile(f"{re.escape(escape)}([^{re.escape(escape)}]{{0,{_ESCAPE_LIMIT}}}){re.escape(escape)}")
        return pattern.sub(lambda found: self._unescaped(found[1]), text).strip()

    def _unescaped(self, code: str) -> str:
        named = {letter: self.delimiters[place] for place, letter in enumerate("FSRET")}
        if code in named:
            return named[code]
        if code.startswith("X") and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", code[1:]):
            return bytes.fromhex(code[1:]).decode("cp1252", errors="replace")
        return " " if code.startswith(".") else ""


def messages_of(body: bytes) -> tuple[Message, ...]:
    """Return the messages in a body. Raises BadDocumentError, and nothing else."""
    if len(body) > LARGEST:
        raise BadDocumentError("the message", f"must have at most {LARGEST} bytes", "send fewer messages at a time")
    parts = _split(body)
    if not parts or len(parts) > MOST_MESSAGES:
        rule = f"must be 1 to {MOST_MESSAGES} HL7 v2 messages, each beginning with MSH"
        raise BadDocumentError(
            "MSH", rule, "send HL7 v2 with | and ^~\\& or what MSH-1 and MSH-2 declare", is_syntax=True
        )
    return tuple(_message(part) for part in parts)


def is_framed(body: bytes) -> bool:
    """True where a body is in the block of the minimal lower layer protocol."""
    return body[:1] == _FRAME[:1]


def framed(body: bytes) -> bytes:
    """Return a message in the block of the minimal lower layer protocol."""
    return _FRAME[:1] + body + _FRAME[1:] + b"\r"


def _split(body: bytes) -> list[bytes]:
    """Return what begins with MSH each; batch headers and what stands before the first message are left out."""
    plain = body.removeprefix(b"\xef\xbb\xbf").translate(None, _FRAME)
    starts = [found.start() for found in _HEADER.finditer(plain) if plain[max(found.start() - 1, 0)] in b"M\r\n"]
    before = plain[: starts[0]].strip() if starts else b"?"
    if before and not before.startswith((b"FHS", b"BHS")):
        return []
    return [plain[start:end] for start, end in zip(starts, [*starts[1:], len(plain)], strict=True)]


def _message(part: bytes) -> Message:
    text = _decoded(part)
    lines = [line for line in _ENDS.split(text) if line.strip()]
    delimiters = _delimiters(lines[0])
    if len(lines) > MOST_SEGMENTS:
        raise BadDocumentError("the message", f"must have at most {MOST_SEGMENTS} segments", is_syntax=True)
    kept = [line for line in lines if line[:3] not in {"BTS", "FTS", "BHS", "FHS"}]
    try:
        parsed = hl7.parse("\r".join(kept))
    except (hl7.HL7Exception, AssertionError, IndexError, KeyError, ValueError) as error:
        raise BadDocumentError("the message", "must be segments of HL7 v2", is_syntax=True) from error
    return Message(delimiters, tuple(_segments(parsed)))


def _segments(parsed: hl7.Message) -> Iterator[Segment]:
    numbers: dict[str, int] = {}
    for segment in parsed:
        name = str(segment[0])
        numbers[name] = numbers.get(name, 0) + 1
        if not _NAME.match(name):
            rule = "must begin with the name of a segment: three capital letters or digits"
            raise BadDocumentError("a segment", rule, "escape line breaks inside fields", is_syntax=True)
        yield Segment(name, numbers[name], tuple(str(field) for field in segment))


def _delimiters(header: str) -> str:
    field = header[3:4]
    named = header[4:].partition(field)[0]
    marks = field + named[:4] + "^~\\&"[len(named) :]
    if len(named) < 2 or len(set(marks)) != len(marks) or any(mark.isalnum() or mark.isspace() for mark in marks):  # noqa: PLR2004 - component and repetition
        rule = "must declare different delimiters, none a letter, digit or blank"
        raise BadDocumentError("MSH-2", rule, "send |^~\\&", is_syntax=True)
    return marks


def _decoded(part: bytes) -> str:
    header = _ENDS.split(part[:2000].decode("latin-1"))[0]
    fields = header.split(header[3:4])
    repeated = fields[17].upper().split("~") if len(fields) > 17 else [""]  # noqa: PLR2004 - MSH-18
    declared = next((name.strip() for name in reversed(repeated) if name.strip()), "")
    if declared not in CHARACTER_SETS:
        known = ", ".join(sorted(filter(None, CHARACTER_SETS)))
        raise BadDocumentError("MSH-18", "must be a character set we read", f"use one of {known}", is_syntax=True)
    try:
        return part.decode(CHARACTER_SETS[declared])
    except UnicodeDecodeError as error:
        if declared not in {"", "ASCII"}:
            raise BadDocumentError("MSH-18", "is not the character set of the message", is_syntax=True) from error
        return part.decode("cp1252", errors="replace")
