"""A watched folder: files appear in it whole, in one step, and are picked up whole."""

import asyncio
import errno
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from adapters.transports.looks import Sight
from adapters.transports.parcel import Parcel, Receipt
from adapters.transports.pickup import UnreadableError
from domain.errors import RejectedError, UnavailableError

_ONLY_A_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is an error, a pipe does not keep us waiting."""


class FolderSender:
    """`Sender` into one folder of this machine."""

    def __init__(self, outbox: PurePosixPath, *, temporary_suffix: str) -> None:
        self._outbox = Path(outbox)
        self._suffix = temporary_suffix

    async def send(self, parcel: Parcel) -> Receipt:
        """Leave a file; the same bytes under the same name are there already, other bytes are refused."""
        await asyncio.to_thread(self._leave, parcel)
        return Receipt()

    def _leave(self, parcel: Parcel) -> None:
        target = self._outbox / parcel.name
        try:
            if not self._is_there(target, parcel.body):
                self._write(target, parcel.body)
        except OSError as error:
            raise _unavailable(error) from error

    @staticmethod
    def _is_there(target: Path, body: bytes) -> bool:
        try:
            there, _ = _read(target, len(body) + 1)
        except FileNotFoundError:
            return False
        if there != body:
            raise RejectedError("a file of this name with other content is already in the outbox")
        return True

    def _write(self, target: Path, body: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._outbox, prefix=f".{target.name}.", suffix=self._suffix)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fchmod(file.fileno(), 0o640)
                os.fsync(file.fileno())
            temporary.rename(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync(self._outbox)


class LocalDirectory:
    """`Directory` of this machine."""

    def __init__(self, path: PurePosixPath) -> None:
        self._path = Path(path)

    async def look(self) -> Mapping[str, Sight]:
        """Return the regular files in it."""
        return await asyncio.to_thread(self._look)

    async def sight(self, name: str) -> Sight | None:
        """Return how one file looks."""
        return await asyncio.to_thread(self._sight, name)

    async def read(self, name: str, most: int) -> tuple[bytes, Sight]:
        """Return up to `most` bytes of a file."""
        return await asyncio.to_thread(self._read, name, most)

    async def move(self, name: str, place: PurePosixPath, names: tuple[str, ...]) -> None:
        """Move a file to another directory of the same file system."""
        await asyncio.to_thread(self._move, name, Path(place), names)

    async def remove(self, name: str) -> None:
        """Delete a file."""
        await asyncio.to_thread(self._remove, name)

    def _look(self) -> dict[str, Sight]:
        try:
            with os.scandir(self._path) as entries:
                sights = {entry.name: _regular(entry) for entry in entries}
        except OSError as error:
            raise _unavailable(error) from error
        return {name: sight for name, sight in sights.items() if sight is not None}

    def _sight(self, name: str) -> Sight | None:
        try:
            return _sight_of((self._path / name).lstat())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(error) from error

    def _read(self, name: str, most: int) -> tuple[bytes, Sight]:
        try:
            return _read(self._path / name, most)
        except OSError as error:
            raise UnreadableError(f"the file cannot be read: {error.strerror or type(error).__name__}") from error

    def _move(self, name: str, place: Path, names: tuple[str, ...]) -> None:
        free = next((place / one for one in names if not os.path.lexists(place / one)), None)
        if free is None:
            raise UnavailableError("every name for the file is taken where it should be put away")
        try:
            with suppress(FileNotFoundError):
                (self._path / name).rename(free)
            _sync(place)
            _sync(self._path)
        except OSError as error:
            raise _unavailable(error) from error

    def _remove(self, name: str) -> None:
        try:
            (self._path / name).unlink(missing_ok=True)
            _sync(self._path)
        except OSError as error:
            raise _unavailable(error) from error


def _regular(entry: os.DirEntry[str]) -> Sight | None:
    try:
        return _sight_of(entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return None


def _sight_of(status: os.stat_result) -> Sight | None:
    return Sight(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _read(path: Path, most: int) -> tuple[bytes, Sight]:
    with os.fdopen(os.open(path, _ONLY_A_FILE), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        content = file.read(most)
        status = os.fstat(file.fileno())
    return content, Sight(status.st_size, status.st_mtime_ns)


def _sync(directory: Path) -> None:
    """Make a rename outlive a loss of power."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unavailable(error: OSError) -> UnavailableError:
    return UnavailableError(f"the folder cannot be used: {error.strerror or type(error).__name__}")
