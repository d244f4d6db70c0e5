"""A mailbox of a value-added network: directories behind SFTP, and a book of everything ever left in them."""

import asyncio
import json
from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path

import asyncssh

POLL_SECONDS = 0.2
UNFINISHED = ".part"


class Visitor(asyncssh.SSHServer):
    """Lets in one user by password."""

    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password

    def password_auth_supported(self) -> bool:
        """Return True."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Return whether it is the one user."""
        return compare_digest(username, self._user) and compare_digest(password.encode(), self._password.encode())


class Mailbox:
    """`in/` is where our partner leaves letters, `out/` where it finds ours; what we read goes to `read/`.

    It moves what it took to `fetched/`, and what it cannot read to `refused/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("in", "out", "read", "fetched", "refused"):
            (root / name).mkdir(parents=True, exist_ok=True)

    def leave(self, name: str, text: str) -> None:
        """Put a letter out: under another name until it is whole."""
        unfinished = self.root / "out" / f"{name}{UNFINISHED}"
        unfinished.write_text(text)
        unfinished.replace(self.root / "out" / name)

    def letters(self) -> list[Path]:
        """Return what came and is whole, oldest first."""
        came = [path for path in (self.root / "in").iterdir() if path.is_file() and path.suffix != UNFINISHED]
        return sorted(came, key=lambda path: (path.stat().st_mtime_ns, path.name))

    def put_away(self, letter: Path) -> None:
        """Keep a letter that was read."""
        letter.replace(self.root / "read" / letter.name)

    def read_letters(self) -> list[str]:
        """Return every letter that was put away, by name."""
        return [path.read_text() for path in sorted((self.root / "read").iterdir())]

    async def read_for_ever(self, read: Callable[[str], None]) -> None:
        """Read what comes, as long as it takes; a crash before a letter is put away reads it again."""
        while True:
            for letter in self.letters():
                read(letter.read_text())
                self.put_away(letter)
            await asyncio.sleep(POLL_SECONDS)

    async def open(self, port: int, host_key: Path, user: str, password: str) -> asyncssh.SSHAcceptor:
        """Let the partner in over SFTP, and nowhere but here."""
        return await asyncssh.listen(
            "127.0.0.1",
            port,
            server_host_keys=[asyncssh.read_private_key(host_key)],
            server_factory=lambda: Visitor(user, password),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(self.root).encode()),
            allow_scp=False,
        )


class Ledger:
    """Everything ever written, by what it says: written once, under one number, whatever crashes in between."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._written: dict[str, dict[str, str | int]] = json.loads(file.read_text()) if file.exists() else {}

    def once(self, name: str, write: Callable[[int], str]) -> tuple[int, str]:
        """Return the number and text of a document, written now if it never was."""
        if name not in self._written:
            number = len(self._written) + 1
            self._written[name] = {"number": number, "text": write(number)}
            aside = self._file.with_suffix(".new")
            aside.write_text(json.dumps(self._written))
            aside.replace(self._file)
        kept = self._written[name]
        return int(kept["number"]), str(kept["text"])
