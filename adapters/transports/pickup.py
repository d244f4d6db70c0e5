"""Picking up files, local or remote: only whole ones, each until it is put away, none of them lost."""

import asyncio
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Protocol

from adapters.transports.looks import Elapsed, Looks, Sight
from adapters.transports.options import FolderTransport, SftpTransport
from adapters.transports.parcel import Letter, is_code
from domain.errors import RejectedError, UnavailableError

LARGEST_LETTER = 10 * 1024 * 1024
"""Bytes; as much as the gateway takes."""
MOST_AT_ONCE = 100
"""Letters offered by one look; the rest is offered by the next."""
LONGEST_FOREIGN_NAME = 150
"""Bytes; what is put away may carry a reason and a time behind its name."""

IsWhole = Callable[[bytes], bool]


class UnreadableError(UnavailableError):
    """One file cannot be read, the others may."""


class Directory(Protocol):
    """One directory, wherever it is. Every method raises UnavailableError where it cannot be reached."""

    async def look(self) -> Mapping[str, Sight]:
        """Return the regular files directly in it; no link is followed, no directory entered."""

    async def sight(self, name: str) -> Sight | None:
        """Return how one file looks, None where it is gone."""

    async def read(self, name: str, most: int) -> tuple[bytes, Sight]:
        """Return up to `most` bytes and how the file looked when they had been read. Raises UnreadableError."""

    async def move(self, name: str, place: PurePosixPath, names: tuple[str, ...]) -> None:
        """Move a file in one step, under the first name that is free; gone already is fine."""

    async def remove(self, name: str) -> None:
        """Delete a file; gone already is fine."""


class FileMailbox:
    """`Mailbox` over one directory. One collector works on it at a time."""

    def __init__(
        self,
        directory: Directory,
        transport: FolderTransport | SftpTransport,
        *,
        is_whole: IsWhole,
        clock: Elapsed,
        largest: int = LARGEST_LETTER,
    ) -> None:
        if transport.refused is None:
            raise ValueError("a mailbox has a directory for refused letters")
        self._directory = directory
        self._transport = transport
        self._refused = transport.refused
        self._archive = transport.archive if transport.after == "archive" else None
        self._looks = Looks(settle_seconds=transport.settle_seconds, clock=clock)
        self._is_whole = is_whole
        self._largest = largest
        self._judged: dict[str, tuple[Sight, bool]] = {}

    async def waiting(self) -> tuple[Letter, ...]:
        """Return the files at rest whose end is there, and those at rest for so long that nothing more will come."""
        found = await self._directory.look()
        seen = {name: sight for name, sight in found.items() if self._is_ours(name)}
        self._judged = {name: judged for name, judged in self._judged.items() if seen.get(name) == judged[0]}
        letters: list[Letter] = []
        for name in self._looks.at_rest(seen):
            if len(letters) == MOST_AT_ONCE:
                break
            if await self._is_complete(name, seen[name]):
                letters.append(Letter(name, seen[name].size, seen[name].modified))
        return tuple(letters)

    async def read(self, letter: Letter) -> bytes:
        """Return the letter's bytes, exactly those that were offered."""
        if letter.size > self._largest:
            raise RejectedError(f"a file of more than {self._largest} bytes is not read")
        content, sight = await self._directory.read(letter.name, self._largest)
        if sight != _sight_of(letter) or len(content) != letter.size:
            raise UnavailableError("the file has changed since it was offered")
        return content

    async def taken(self, letter: Letter) -> None:
        """Archive or delete a letter, as configured."""
        if not await self._is_still(letter):
            return
        if self._archive is None:
            await self._directory.remove(letter.name)
        else:
            await self._directory.move(letter.name, self._archive, _free_names(letter.name, letter))

    async def refused(self, letter: Letter, why_code: str) -> None:
        """Move a letter to the refused directory."""
        if not is_code(why_code):
            raise ValueError("a reason is a short code of small letters, digits and hyphens")
        if await self._is_still(letter):
            names = _free_names(f"{letter.name}.{why_code}", letter)
            await self._directory.move(letter.name, self._refused, names)

    def _is_ours(self, name: str) -> bool:
        if not is_plain(name) or name.endswith(self._transport.temporary_suffix):
            return False
        return fnmatchcase(name, self._transport.pattern)

    async def _is_still(self, letter: Letter) -> bool:
        return await self._directory.sight(letter.name) == _sight_of(letter)

    async def _is_complete(self, name: str, sight: Sight) -> bool:
        if sight.size > self._largest or self._looks.quiet_for(name) >= self._transport.patience_seconds:
            return True
        known, is_whole = self._judged.get(name, (None, False))
        if known != sight:
            is_whole = await self._has_its_end(name, sight)
            self._judged[name] = (sight, is_whole)
        return is_whole

    async def _has_its_end(self, name: str, sight: Sight) -> bool:
        try:
            content, now = await self._directory.read(name, self._largest)
        except UnreadableError:
            return False
        if now != sight or len(content) != sight.size:
            return False
        return await asyncio.to_thread(self._is_whole, content)


def is_plain(name: str) -> bool:
    """Whether a name is that of a file in the directory itself: nothing hidden, no path, nothing unprintable."""
    if not name or name.startswith(".") or not name.isprintable() or set(name) & {"/", "\\"}:
        return False
    return len(name.encode()) <= LONGEST_FOREIGN_NAME


def _sight_of(letter: Letter) -> Sight:
    return Sight(letter.size, letter.modified)


def _free_names(name: str, letter: Letter) -> tuple[str, ...]:
    """Return the names to try: partners use one name for many files."""
    dated = f"{name}.{letter.modified}"
    return (name, dated, *(f"{dated}.{number}" for number in range(1, 10)))
