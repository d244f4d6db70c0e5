"""Our documents on their way to a partner: written once, kept, and sent as the same bytes however often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class CannotBeWrittenError(ValueError):
    """A partner's language cannot say this: which element, and why."""


HIGHEST = 999_999_999
"""Nine digits: element I12."""


@dataclass(frozen=True, slots=True)
class ControlNumbers:
    """The next numbers of a partnership, from 1 and without gaps; `transaction_set` counts within its group."""

    interchange: int
    group: int
    transaction_set: int = 1

    def __post_init__(self) -> None:
        if not all(0 < number <= HIGHEST for number in (self.interchange, self.group, self.transaction_set)):
            raise CannotBeWrittenError(f"control numbers are 1 to {HIGHEST}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A document about to be written under the next control numbers.

    `write` makes the bytes; it may be called again only after its transaction has failed. `awaits` says how long the
    partner's functional acknowledgement may take, None where it sends none.
    """

    key: str
    """Names the message, not the attempt: the same message is the same document."""
    partner: str
    kind: str
    about: str
    content_type: str
    suffix: str
    write: Callable[[ControlNumbers, datetime], bytes]
    functional_id: str | None = None
    """GS01 in X12; None where the language numbers nothing."""
    awaits: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it is kept."""

    key: str
    partner: str
    kind: str
    about: str
    name: str
    """A file name, the same for the same document."""
    content_type: str
    body: bytes
    is_sent: bool
    attempts: int = 0


class Outbox(Protocol):
    """Keeps what we write."""

    async def write(self, draft: Draft) -> Written:
        """Return the document of this key, writing it where there is none yet."""

    async def sent(self, key: str) -> None:
        """The partner has the bytes."""
