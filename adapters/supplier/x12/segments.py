"""X12 bytes to segments, as they come: any delimiters, several interchanges, memory for one segment at a time.

The delimiters are those of each ISA segment (X12.5, Interchange Control Structures): the fourth character separates
elements, ISA16 components, the character after it ends segments, and from release 00402 ISA11 separates repetitions.
Text is read as ISO 8859-1, which never fails; `text_of` reads what turns out to be UTF-8.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.strict_json import BadDocumentError

Segment = list[str]
"""The segment's id and its elements: `["ST", "855", "0001"]`; element n is at index n."""

ISA_ELEMENTS = 16
LONGEST_SEGMENT = 100_000
"""Characters. Longer is no segment but a lost terminator."""
LONGEST_ISA = 400
BLANKS = " \t\r\n"
_FIRST_REPEATING = "00402"


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
        self._is_over = False
        self.delimiters = Delimiters()
        self.is_cut = False
        """True when the file ended inside a segment."""
        self.isa_was_broken = False
        """True when the last ISA had line breaks inside."""

    def __iter__(self) -> Iterator[Segment]:
        """Yield every segment."""
        if not self._begin():
            return
        while True:
            segment = self._next()
            if segment is None:
                return
            yield segment
            if segment[0] == "IEA" and not self._begin():
                return

    def _begin(self) -> bool:
        """Find the next interchange, or a bare group or set; False at the end of the file."""
        self._skip_blanks()
        if self._buffer.startswith("ISA", self._position):
            self._read_delimiters()
            return True
        if self._position >= len(self._buffer):
            return False
        if self._buffer.startswith(("GS", "ST", "TA1"), self._position):
            self._guess_delimiters()
        return True

    def _skip_blanks(self) -> None:
        while True:
            while self._position < len(self._buffer) and self._buffer[self._position] in BLANKS + "\x00\x1a":
                self._position += 1
            if self._position < len(self._buffer) or not self._refill():
                break
        while len(self._buffer) - self._position < LONGEST_ISA and self._refill():
            pass
        if self._buffer.startswith("\xef\xbb\xbf", self._position):
            self._position += 3

    def _read_delimiters(self) -> None:
        isa = self._buffer[self._position : self._position + LONGEST_ISA]
        element = isa[3:4]
        start = -1
        for _ in range(ISA_ELEMENTS):
            start = isa.find(element, start + 1)
            if start < 0:
                remedy = "send a whole interchange header"
                raise BadDocumentError("ISA", "must have 16 elements", remedy, is_syntax=True)
        tail = isa[start + 1 :]
        component, terminator = tail[:1], tail[1:2]
        if terminator == "\r" and tail[2:3] == "\n":
            terminator = "\n"
        if terminator == "\n" and _ends_lines(component, tail[2:]):
            component, terminator = "", component
        if not terminator or len({element, component, terminator}) < len("esc"):
            rule = "must be followed by three different delimiters"
            raise BadDocumentError("ISA", rule, "see X12.5 on ISA16 and the segment terminator", is_syntax=True)
        fields = isa[: start + 1].split(element)
        self.isa_was_broken = any(mark in isa[: start + 2] for mark in "\r\n") and terminator not in "\r\n"
        repetition = fields[11].strip() if fields[12].strip() >= _FIRST_REPEATING else ""
        is_mark = len(repetition) == 1 and not repetition.isalnum()
        self.delimiters = Delimiters(element, component, terminator, repetition if is_mark else "")

    def _guess_delimiters(self) -> None:
        """A bare GS or ST says only what separates elements; the terminator is the usual one that occurs."""
        head = self._buffer[self._position : self._position + LONGEST_ISA]
        length = len("TA1") if head.startswith("TA1") else len("ST")
        terminator = next((mark for mark in "~\n'" if mark in head), "~")
        self.delimiters = Delimiters(element=head[length : length + 1] or "*", terminator=terminator)

    def _next(self) -> Segment | None:
        while True:
            end = self._buffer.find(self.delimiters.terminator, self._position)
            if end < 0:
                if len(self._buffer) - self._position > LONGEST_SEGMENT:
                    rule = "must end within 100,000 characters"
                    raise BadDocumentError("a segment", rule, "check the segment terminator", is_syntax=True)
                if not self._refill():
                    return self._rest()
                continue
            text = self._buffer[self._position : end].strip("\r\n")
            self._position = end + 1
            if text and text[0] in BLANKS:
                text = text.lstrip()
            if text:
                return text.split(self.delimiters.element)

    def _rest(self) -> Segment | None:
        text = self._buffer[self._position :].strip(BLANKS + "\x00\x1a")
        self._position = len(self._buffer)
        self.is_cut = bool(text)
        return text.split(self.delimiters.element) if text else None

    def _refill(self) -> bool:
        chunk = next(self._chunks, None)
        if chunk is None:
            self._is_over = True
            return False
        self._buffer = self._buffer[self._position :] + chunk.decode("latin-1")
        self._position = 0
        return True


def _ends_lines(mark: str, rest: str) -> bool:
    """True where ISA16 is missing: what stands in its place ends the next line as well."""
    return mark in "~'" or rest.lstrip("\r\n").partition("\n")[0].rstrip("\r").endswith(mark)


def text_of(element: str) -> str:
    """Return an element as text: UTF-8 where it is UTF-8, else ISO 8859-1; without the blanks around it."""
    if element.isascii():
        return element.strip()
    try:
        return element.encode("latin-1").decode().strip()
    except UnicodeDecodeError:
        return element.strip()


def pieces(body: bytes, size: int = 65536) -> Iterator[bytes]:
    """Yield a body in pieces."""
    for start in range(0, len(body), size):
        yield body[start : start + size]
