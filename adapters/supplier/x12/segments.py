"""X12 bytes to segments, as they come: any delimiters, several interchanges, memory for one piece of a file.

The delimiters are those of each ISA segment (X12.5, Interchange Control Structures): the fourth character separates
elements, ISA16 components, the character after it ends segments, and from release 00402 ISA11 separates repetitions.
Text is read as ISO 8859-1, which never fails; `text_of` reads what turns out to be UTF-8.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from adapters.bad_document import BadDocumentError

Segment = list[str]
"""The segment's id and its elements: `["ST", "855", "0001"]`; element n is at index n."""


class JoinedSegment(list[str]):
    """A segment that stood inside another: a line break, but no terminator, before it."""


ISA_ELEMENTS = 16
LONGEST_SEGMENT = 100_000
"""Characters. Longer is no segment but a lost terminator."""
LONGEST_ISA = 400
PIECE = 65_536
"""How much of a file is looked at in one go."""
BLANKS = " \t\r\n"
FILL = BLANKS + "\x00\x1a"
"""What may stand before, between and after interchanges."""
_BYTE_ORDER_MARK = "\xef\xbb\xbf"
_FIRST_REPEATING = "00402"
_MARK = r"[^A-Za-z0-9 \r\n]"
_ISA = re.compile(rf"(?<![A-Za-z0-9])ISA{_MARK}")
_BARE = re.compile(rf"(?:GS|ST|TA1){_MARK}")
_BEFORE_TERMINATOR = {"GS": 8, "ST": 2, "TA1": 5}
"""How many elements a segment that opens a file without ISA has at least."""
_SEGMENT_IDS = re.compile(
    "ACK|ADX|AK[1-59]|AMT|BAK|BC[AHT]|BEG|BI[AG]|BPR|BPT|BSN|CAD|CT[PT]|CUR|DTM|ENT|FOB|GE|GS|HL|IEA|IK[345]|ISS|IT1|"
    "ITD|LIN|MAN|MEA|MSG|MTX|N[1-49]|NTE|PER|PID|PO[14C]|PRF|PTD|QTY|REF|RMR|SAC|SCH|SDQ|SE|SLN|SN1|ST|TD[1345S]|TRN|"
    "TXI|UIT"
)
"""Segments that a line break alone may separate, where the terminator was forgotten."""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates elements, components and repetitions, and what ends a segment."""

    element: str = "*"
    component: str = ">"
    terminator: str = "~"
    repetition: str = ""


class SegmentReader:
    """Iterates over the segments of a file given in pieces. `delimiters` are those of the segment just returned.

    Raises BadDocumentError where there is no X12 at all, or a segment never ends.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = ""
        self._position = 0
        self.delimiters = Delimiters()
        self.length = 0
        """Characters of the segment just returned."""
        self.isa_was_broken = False
        """True when the last ISA had line breaks inside: then line breaks mean nothing up to its IEA."""
        self.has_stray_text = False
        """True when text between interchanges was left out."""

    def __iter__(self) -> Iterator[Segment]:
        """Yield every segment."""
        if not self._begin():
            remedy = "send X12: a file that begins with an ISA segment"
            raise BadDocumentError("the file", "must hold an X12 interchange", remedy, is_syntax=True)
        while True:
            yield from self._interchange()
            if not self._begin():
                return

    def _begin(self) -> bool:
        """Find the next interchange, or a bare group or set; False at the end of the file."""
        self.isa_was_broken = False
        self._skip_fill()
        if self._position >= len(self._buffer):
            return False
        if _BARE.match(self._buffer, self._position):
            self._guess_delimiters()
            return True
        if not _ISA.match(self._buffer, self._position) and not self._find_isa():
            return False
        self._read_delimiters()
        return True

    def _skip_fill(self) -> None:
        while True:
            rest = self._buffer[self._position : self._position + PIECE]
            kept = rest.lstrip(FILL)
            if kept.startswith(_BYTE_ORDER_MARK):
                kept = kept[len(_BYTE_ORDER_MARK) :].lstrip(FILL)
            self._position += len(rest) - len(kept)
            is_enough = len(self._buffer) - self._position >= LONGEST_ISA
            if kept and is_enough:
                return
            if not is_enough and not self._refill():
                return

    def _find_isa(self) -> bool:
        """Leave out what is no X12 up to the next ISA."""
        self.has_stray_text = True
        while True:
            found = _ISA.search(self._buffer, self._position)
            if found:
                self._position = found.start()
                while len(self._buffer) - self._position < LONGEST_ISA and self._refill():
                    pass
                return True
            self._position = max(self._position, len(self._buffer) - len("-ISA"))
            if not self._refill():
                self._position = len(self._buffer)
                return False

    def _read_delimiters(self) -> None:
        isa = self._buffer[self._position : self._position + LONGEST_ISA]
        element = isa[3:4]
        start = -1
        for _ in range(ISA_ELEMENTS):
            start = isa.find(element, start + 1)
            if start < 0:
                remedy = "send a whole interchange header"
                raise BadDocumentError("ISA", "must have 16 elements", remedy, is_syntax=True)
        component, terminator = _ends_of(isa[start + 1 :])
        if not terminator or terminator.isalnum() or element in {component, terminator}:
            rule = "must be followed by three different delimiters"
            raise BadDocumentError("ISA", rule, "see X12.5 on ISA16 and the segment terminator", is_syntax=True)
        fields = isa[: start + 1].split(element)
        self.isa_was_broken = any(mark in isa[: start + 2] for mark in "\r\n") and terminator not in "\r\n"
        repetition = fields[11].strip() if fields[12].strip() >= _FIRST_REPEATING else ""
        is_mark = len(repetition) == 1 and not repetition.isalnum()
        self.delimiters = Delimiters(element, component, terminator, repetition if is_mark else "")

    def _guess_delimiters(self) -> None:
        """A bare GS or ST says only what separates elements; what ends them is the first mark after the last one."""
        head = self._buffer[self._position : self._position + LONGEST_ISA]
        name = "TA1" if head.startswith("TA1") else head[:2]
        element = head[len(name)]
        start = 0
        for _ in range(_BEFORE_TERMINATOR[name]):
            start = head.find(element, start) + 1 or len(head)
        ending = re.compile(rf"[^A-Za-z0-9 {re.escape(element)}]").search(head, start)
        terminator = ending.group() if ending else "~"
        if terminator == "\r" and head[ending.end() if ending else 0 :][:1] == "\n":
            terminator = "\n"
        self.delimiters = Delimiters(element=element, terminator=terminator)

    def _interchange(self) -> Iterator[Segment]:
        """Yield the segments up to an IEA, the ISA of the next interchange, or the end of the file."""
        is_first = True
        while (end := self._end_of_piece()) is not None:
            texts = self._buffer[self._position : end].split(self.delimiters.terminator)
            for text in texts:
                if text[:1] > "I" and text.isprintable() and len(text) <= LONGEST_SEGMENT:
                    self._position += len(text) + 1
                    self.length = len(text)
                    yield text.split(self.delimiters.element)
                    continue
                if not is_first and text.lstrip(BLANKS).startswith("ISA"):
                    return
                is_first = False
                self._position += len(text) + 1
                for segment in self._segments(text):
                    yield segment
                    if segment[0] == "IEA":
                        return
        yield from self._rest()

    def _end_of_piece(self) -> int | None:
        """Return where the last whole segment of the next piece ends; None at the end of the file."""
        while True:
            limit = self._position + PIECE
            end = self._buffer.rfind(self.delimiters.terminator, self._position, limit)
            if end < 0:
                end = self._buffer.find(self.delimiters.terminator, limit)
            if end >= 0:
                return end
            if len(self._buffer) - self._position > LONGEST_SEGMENT:
                raise _unending()
            if not self._refill():
                return None

    def _segments(self, text: str) -> Iterator[Segment]:
        """Yield the one segment of a text, or those of which only line breaks show where they begin."""
        self.length = len(text)
        if self.length > LONGEST_SEGMENT:
            raise _unending()
        if "\n" in text or "\r" in text:
            text = text.strip(BLANKS)
            if self.isa_was_broken:
                text = text.replace("\r", "").replace("\n", "")
            elif "\n" in text:
                yield from self._joined(text)
                return
        text = text.lstrip(BLANKS)
        if text:
            yield text.split(self.delimiters.element)

    def _joined(self, text: str) -> Iterator[Segment]:
        mark = re.escape(self.delimiters.element)
        begins = [
            found.start(1)
            for found in re.finditer(rf"\n[ \t]*(([A-Z][A-Z0-9]{{1,2}}){mark})", text)
            if _SEGMENT_IDS.fullmatch(found.group(2))
        ]
        for number, (start, end) in enumerate(pairwise([0, *begins, len(text)])):
            elements = text[start:end].strip(BLANKS).split(self.delimiters.element)
            yield elements if number == 0 else JoinedSegment(elements)

    def _rest(self) -> Iterator[Segment]:
        """Yield what the file ends with, without a terminator."""
        text = self._buffer[self._position :].strip(FILL)
        self._position = len(self._buffer)
        if text:
            yield from self._segments(text)

    def _refill(self) -> bool:
        found: list[bytes] = []
        size = 0
        for chunk in self._chunks:
            found.append(chunk)
            size += len(chunk)
            if size >= PIECE:
                break
        if not size:
            return False
        self._buffer = self._buffer[self._position :] + b"".join(found).decode("latin-1")
        self._position = 0
        return True


def _unending() -> BadDocumentError:
    rule = f"must end within {LONGEST_SEGMENT:,} characters"
    return BadDocumentError("a segment", rule, "check the segment terminator", is_syntax=True)


def _ends_of(tail: str) -> tuple[str, str]:
    """Return ISA16 and the terminator from what follows the last separator of an ISA; ISA16 may be missing."""
    component, terminator = tail[:1], tail[1:2]
    if component in {"\r", "\n"}:
        return "", "\n" if tail.startswith("\r\n") else component
    if terminator == "\r" and tail[2:3] == "\n":
        terminator = "\n"
    if terminator == "\n" and _ends_lines(component, tail[2:]):
        return "", component
    if terminator == component:
        return component, ""
    return "" if component.isalnum() or component.isspace() else component, terminator


def _ends_lines(mark: str, rest: str) -> bool:
    """True where ISA16 is missing: what stands in its place ends the next line as well."""
    return mark in "~'" or rest.lstrip("\r\n").partition("\n")[0].rstrip("\r").endswith(mark)


def text_of(element: str) -> str:
    """Return an element as text: UTF-8 where it is UTF-8, else ISO 8859-1; without blanks and zero bytes around it.

    A zero byte inside is read as a blank: no store and no reader after us takes one.
    """
    if "\x00" in element:
        element = element.replace("\x00", " ")
    if element.isascii():
        return element.strip()
    try:
        return element.encode("latin-1").decode().strip()
    except UnicodeDecodeError:
        return element.strip()


def pieces(body: bytes, size: int = PIECE) -> Iterator[bytes]:
    """Yield a body in pieces."""
    for start in range(0, len(body), size):
        yield body[start : start + size]
