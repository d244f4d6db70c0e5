"""A partner's SFTP server on loopback: asyncssh, shut up in one directory, with faults on demand."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh

PASSWORD = "hunter2"
Fault = Callable[[asyncssh.SSHServerConnection | None, str], None]


@cache
def host_key(name: str) -> asyncssh.SSHKey:
    return asyncssh.generate_private_key("ssh-ed25519", comment=name)


class Door(asyncssh.SSHServer):
    """Lets the hospital in, with its password or its key."""

    def begin_auth(self, username: str) -> bool:
        del username
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("hospital", PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == "hospital" and key == host_key("hospital").convert_to_public()


class Server:
    """What the tests know of the server."""

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.port = port
        self.fault: Fault = lambda *_: None
        self.sessions = 0

    def names(self, place: str) -> set[str]:
        return {path.name for path in (self.root / place).iterdir()}


@asynccontextmanager
async def serving(root: Path) -> AsyncIterator[Server]:
    for name in ("in", "out", "out/archive", "out/refused"):
        (root / name).mkdir()
    server = Server(root, 0)

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: Any) -> None:
            super().__init__(channel, chroot=str(root).encode())
            self._connection = channel.get_connection()
            server.sessions += 1

        def write(self, file_obj: object, offset: int, data: bytes) -> int:
            server.fault(self._connection, "write")
            return super().write(file_obj, offset, data)  # type: ignore[return-value]

        def read(self, file_obj: object, offset: int, size: int) -> bytes:
            server.fault(self._connection, "read")
            return super().read(file_obj, offset, size)  # type: ignore[return-value]

        def rename(self, oldpath: bytes, newpath: bytes) -> None:
            server.fault(self._connection, "rename")
            super().rename(oldpath, newpath)

    listening = await asyncssh.listen(
        "127.0.0.1", 0, server_factory=Door, server_host_keys=[host_key("north")], sftp_factory=Files, config=None
    )
    server.port = listening.get_port()
    try:
        yield server
    finally:
        listening.close()
        await listening.wait_closed()
