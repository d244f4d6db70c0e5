"""Names and numbers of people in a document, gathered once so that they can be kept out of everything read from it."""

import re
from collections.abc import Iterable

_LEAST = 4
_ORDINARY = re.compile(
    r"^(?:TEST|PATIENT|ADULT|CHILD|BABY|LARGE|SMALL|MALE|FEMALE|UNKNOWN|NONE|LEFT|RIGHT|EXAMPLE)$", re.IGNORECASE
)
_LEFT_OUT = "..."


class People:
    """The words of a document that are about people; shorter ones than four letters and ordinary ones are not."""

    def __init__(self, words: Iterable[str]) -> None:
        telling = {word.strip() for word in words}
        longest_first = sorted(filter(_tells, telling), key=lambda word: (-len(word), word))
        listed = "|".join(map(re.escape, longest_first))
        self._words = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if listed else None

    def out_of(self, text: str) -> str:
        """Return some text without their names and numbers."""
        return self._words.sub(_LEFT_OUT, text) if self._words else text

    def are_in(self, text: str) -> bool:
        """True where some text has one of their names or numbers in it."""
        return self._words is not None and self._words.search(text) is not None


def _tells(word: str) -> bool:
    return len(word) >= _LEAST and not _ORDINARY.match(word)
