"""Files on an SSH server we know by its key: written under another name and renamed, picked up whole."""

import asyncio
import secrets
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from typing import cast

import asyncssh
from pydantic import SecretStr

from adapters.transports.looks import Sight
from adapters.transports.parcel import Parcel, Receipt
from adapters.transports.pickup import UnreadableError
from domain.errors import RejectedError, UnavailableError

CONNECT_SECONDS = 15
OPERATION_SECONDS = 120
MOST_ENTRIES = 10_000
"""Of a directory; a server that lists more is not listened to any longer."""


@dataclass(frozen=True)
class Login:
    """Where the server is, how it is recognised, and what we show it."""

    host: str
    port: int
    user: str
    host_keys: tuple[asyncssh.SSHKey, ...]
    password: SecretStr | None = None
    key: asyncssh.SSHKey | None = None


class SftpConnection:
    """One connection, made when it is needed and made again when it has broken."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._making = asyncio.Lock()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Lend the client for one operation. Raises UnavailableError for whatever goes wrong with it."""
        try:
            async with asyncio.timeout(OPERATION_SECONDS):
                yield await self._connected()
        except asyncssh.HostKeyNotVerifiable as error:
            raise UnavailableError("the SFTP server does not have the host key that is configured") from error
        except asyncssh.PermissionDenied as error:
            raise UnavailableError("the SFTP server does not accept our user, password or key") from error
        except asyncssh.SFTPError as error:
            if isinstance(error, asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection):
                await self.close()
            raise UnavailableError(f"the SFTP server cannot do it: {type(error).__name__}") from error
        except (asyncssh.Error, OSError) as error:
            await self.close()
            raise UnavailableError(f"the SFTP server cannot be reached: {type(error).__name__}") from error

    async def close(self) -> None:
        """Hang up; the next session connects again."""
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()
            await connection.wait_closed()

    async def _connected(self) -> asyncssh.SFTPClient:
        async with self._making:
            if self._client is None or self._connection is None or self._connection.is_closed():
                await self.close()
                self._connection = await self._connect()
                self._client = await self._connection.start_sftp_client(path_errors="surrogateescape")
            return self._client

    async def _connect(self) -> asyncssh.SSHClientConnection:
        login = self._login
        return await asyncssh.connect(
            login.host,
            login.port,
            config=None,
            known_hosts=(list(login.host_keys), [], []),
            username=login.user,
            password=login.password.get_secret_value() if login.password else None,
            client_keys=[login.key] if login.key else None,
            agent_path=None,
            gss_host=None,
            preferred_auth=("publickey",) if login.key else ("password", "keyboard-interactive"),
            connect_timeout=CONNECT_SECONDS,
            login_timeout=CONNECT_SECONDS,
            keepalive_interval=30,
        )


class SftpSender:
    """`Sender` into one directory of the server."""

    def __init__(self, connection: SftpConnection, outbox: PurePosixPath, *, temporary_suffix: str) -> None:
        self._connection = connection
        self._outbox = outbox
        self._suffix = temporary_suffix

    async def send(self, parcel: Parcel) -> Receipt:
        """Leave a file; the same bytes under the same name are there already, other bytes are refused."""
        async with self._connection.session() as sftp:
            if not await self._is_there(sftp, parcel):
                await self._write(sftp, parcel)
        return Receipt()

    async def _is_there(self, sftp: asyncssh.SFTPClient, parcel: Parcel) -> bool:
        try:
            there, _ = await _read(sftp, str(self._outbox / parcel.name), len(parcel.body) + 1)
        except asyncssh.SFTPNoSuchFile:
            return False
        if there != parcel.body:
            raise RejectedError("a file of this name with other content is already in the outbox")
        return True

    async def _write(self, sftp: asyncssh.SFTPClient, parcel: Parcel) -> None:
        temporary = str(self._outbox / f"{parcel.name}.{secrets.token_hex(4)}{self._suffix}")
        try:
            async with sftp.open(temporary, "xb") as file:
                await file.write(parcel.body)
                with suppress(asyncssh.SFTPOpUnsupported):
                    await file.fsync()
            await sftp.rename(temporary, str(self._outbox / parcel.name))
        except asyncssh.SFTPError:
            with suppress(asyncssh.SFTPError):
                await sftp.remove(temporary)
            raise


class RemoteDirectory:
    """`Directory` of the server."""

    def __init__(self, connection: SftpConnection, path: PurePosixPath) -> None:
        self._connection = connection
        self._path = path

    async def look(self) -> Mapping[str, Sight]:
        """Return the regular files in it."""
        seen: dict[str, Sight] = {}
        async with self._connection.session() as sftp:
            counted = count(1)
            async for entry in sftp.scandir(str(self._path)):
                sight = _sight_of(entry.attrs)
                if sight is not None:
                    seen[_name_of(entry)] = sight
                if next(counted) == MOST_ENTRIES:
                    break
        return seen

    async def sight(self, name: str) -> Sight | None:
        """Return how one file looks."""
        async with self._connection.session() as sftp:
            return await _sight(sftp, str(self._path / name))

    async def read(self, name: str, most: int) -> tuple[bytes, Sight]:
        """Return up to `most` bytes of a file."""
        async with self._connection.session() as sftp:
            try:
                return await _read(sftp, str(self._path / name), most)
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPPermissionDenied, asyncssh.SFTPFailure) as error:
                raise UnreadableError(f"the file cannot be read: {type(error).__name__}") from error

    async def move(self, name: str, place: PurePosixPath, names: tuple[str, ...]) -> None:
        """Move a file to another directory of the server."""
        async with self._connection.session() as sftp:
            for one in names:
                if await _sight(sftp, str(place / one)) is None:
                    await self._rename(sftp, name, str(place / one))
                    return
        raise UnavailableError("every name for the file is taken where it should be put away")

    async def remove(self, name: str) -> None:
        """Delete a file."""
        async with self._connection.session() as sftp:
            with suppress(asyncssh.SFTPNoSuchFile):
                await sftp.remove(str(self._path / name))

    async def _rename(self, sftp: asyncssh.SFTPClient, name: str, target: str) -> None:
        source = str(self._path / name)
        try:
            await sftp.rename(source, target)
        except asyncssh.SFTPNoSuchFile:
            if await _sight(sftp, source) is not None:
                raise


async def _read(sftp: asyncssh.SFTPClient, path: str, most: int) -> tuple[bytes, Sight]:
    sight = await _sight(sftp, path)
    if sight is None:
        raise asyncssh.SFTPNoSuchFile("not a regular file")
    async with sftp.open(path, "rb") as file:
        content = cast("bytes", await file.read(most))
    after = await _sight(sftp, path)
    if after != sight:
        raise asyncssh.SFTPNoSuchFile("the file has changed")
    return content, sight


async def _sight(sftp: asyncssh.SFTPClient, path: str) -> Sight | None:
    try:
        return _sight_of(await sftp.lstat(path))
    except asyncssh.SFTPNoSuchFile:
        return None


def _sight_of(attributes: asyncssh.SFTPAttrs) -> Sight | None:
    is_regular = attributes.permissions is None or stat.S_ISREG(attributes.permissions)
    if attributes.type != asyncssh.FILEXFER_TYPE_REGULAR or not is_regular or attributes.size is None:
        return None
    return Sight(attributes.size, attributes.mtime or 0)


def _name_of(entry: asyncssh.SFTPName) -> str:
    name = entry.filename
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name
