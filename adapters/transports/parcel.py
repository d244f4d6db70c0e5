"""What travels and what carries it: parcels out through a sender, letters in through a mailbox."""

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

LONGEST_KEY = 400
LONGEST_NAME = 120

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Parcel:
    """One document on its way out. The same key is the same document: however often sent, it arrives once."""

    key: str
    name: str
    """A file name safe on any file system; `file_name_of` makes one from the key."""
    content_type: str
    body: bytes

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise ValueError(f"the key of a parcel has 1 to {LONGEST_KEY} characters")
        if not is_safe_name(self.name):
            raise ValueError("the name of a parcel is not safe on every file system")
        if not self.content_type.isascii() or not self.content_type.isprintable():
            raise ValueError("the content type of a parcel is printable ASCII")

    @property
    def digest(self) -> str:
        """Forty hexadecimal characters that stand for the key where its own characters cannot go."""
        return digest_of(self.key)


@dataclass(frozen=True)
class Receipt:
    """What the other side gave back for a parcel it took."""

    body: bytes | None = None
    """The answer to an HTTPS post, bounded: some languages answer in it."""
    message_id: str | None = None
    """AS2: the id a disposition names; it follows from the parcel's key."""
    mic: str | None = None
    """AS2: the digest an asynchronous disposition must repeat; keep it until that arrives."""
    awaits_disposition: bool = False
    """AS2, asynchronous: taken for transport only. The parcel has arrived when its disposition has."""


@dataclass(frozen=True)
class Letter:
    """One whole file waiting for us, as it looked when it was offered."""

    name: str
    size: int
    modified: int
    """As the other system counts it; together with the size it tells a replaced file from the one offered."""


class Sender(Protocol):
    """The way out to one partner."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Hand a parcel over.

        Raises UnavailableError where it may be tried again, the same parcel being one file or one message however
        often it is sent, and RejectedError where trying again cannot help.
        """


class Mailbox(Protocol):
    """The way in from one partner who leaves files.

    Read, store, then say `taken`. A crash in between means only that the same bytes are offered again.
    """

    async def waiting(self) -> tuple[Letter, ...]:
        """Return the files that are there whole, oldest first. Raises UnavailableError, RejectedError."""

    async def read(self, letter: Letter) -> bytes:
        """Return what a letter says.

        Raises UnavailableError where it is gone, has changed or cannot be reached, RejectedError where it is too large.
        """

    async def taken(self, letter: Letter) -> None:
        """Put a stored letter away, in one step. Again is fine; a file changed since it was read stays."""

    async def refused(self, letter: Letter, why_code: str) -> None:
        """Put a letter aside that will never be read, the reason in its name. Again is fine."""


def digest_of(key: str) -> str:
    """Return forty hexadecimal characters: the same key, the same digest."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def is_safe_name(name: str) -> bool:
    """Whether a file may have this name on any file system: no path, no device, nothing hidden."""
    if len(name) > LONGEST_NAME or name.endswith(".") or _DEVICE.match(name):
        return False
    return _SAFE_NAME.fullmatch(name) is not None


def file_name_of(key: str, extension: str) -> str:
    """Return a safe name that reads like the key and differs wherever the key does, capitals included."""
    readable = re.sub(r"[^A-Za-z0-9]+", "-", key, flags=re.ASCII).strip("-")[:60].strip("-")
    stem = f"{readable}-" if readable else ""
    return f"{stem}{digest_of(key)[:16]}.{extension}"


def is_code(why_code: str) -> bool:
    """Whether a reason is a short code, fit to stand in a file name."""
    return len(why_code) <= LONGEST_NAME // 2 and _CODE.fullmatch(why_code) is not None
