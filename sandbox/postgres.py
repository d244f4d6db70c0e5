"""PostgreSQL 18 from the package index, as a child process on a loopback port, with a password of its own."""

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from sandbox import postgres_cluster, process_tree
from sandbox.ports import LOOPBACK, free_port, is_taken
from sandbox.postgres_cluster import SUPERUSER, Home
from sandbox.process import Process, ProcessError

FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
_READY_LINE = 7  # of postmaster.pid, counted from 0


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL server, reached over TCP with a password; sockets and trust are off."""

    data_dir: Path
    home: Home
    process: Process
    port: int

    @property
    def password(self) -> str:
        """The generated password of its one role."""
        return self.home.password

    def url(self, database: str) -> str:
        """Return the address of one of its databases, password included: never log it."""
        return f"postgresql://{SUPERUSER}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement and return what it printed, bare. Raises ProcessError with the server's message."""
        where = ("-h", LOOPBACK, "-p", str(self.port), "-U", SUPERUSER, "-d", database)
        result = subprocess.run(  # noqa: S603 - our own binaries; statements come from the sandbox
            (self.home.program("psql"), "-X", "-q", "-A", "-t", "-w", *where, "-v", "ON_ERROR_STOP=1", "-c", statement),
            check=False,
            capture_output=True,
            text=True,
            env={"PGPASSWORD": self.password},  # on the command line every user could read it
        )
        if result.returncode:
            raise ProcessError(f"psql: {result.stderr.strip()}")
        return result.stdout.strip()

    def has_database(self, name: str) -> bool:
        """True when there is a database of that name."""
        return name in self.sql("SELECT datname FROM pg_database").splitlines()

    def create_database(self, name: str, template: str = "template0") -> None:
        """Create a database, empty or as a copy of another one nobody is connected to."""
        strategy = "WAL_LOG" if template == "template0" else "FILE_COPY"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY {strategy}')

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Shut down without waiting for clients to leave."""
        self.process.stop()

    def discard(self) -> None:
        """Stop, and delete the cluster and all its data."""
        self.stop()
        postgres_cluster.discard(self.data_dir)


def start_postgres(
    data_dir: Path, *, port: int | None = None, durable: bool = True, log: Path | None = None
) -> Postgres:
    """Start PostgreSQL on a data directory, made where there is none.

    `durable=False` trades safety for speed: for tests and for building templates only. After a crash it recovers as
    PostgreSQL does. Raises ProcessError when the directory is served already, when the port is taken, or, with the
    end of its log, when it does not come up.
    """
    data_dir = data_dir.resolve()
    if port and is_taken(port):
        raise ProcessError(f"port {port} for PostgreSQL is taken: choose another, or stop what listens there")
    home = postgres_cluster.prepare(data_dir, durable=durable)
    chosen = port or free_port()
    process = _process(home, chosen, log or data_dir / "postgres.log", durable=durable)
    process.start()
    return Postgres(data_dir, home, process, chosen)


def _process(home: Home, port: int, log: Path, *, durable: bool) -> Process:
    return Process(
        name="postgres",
        command=[
            home.program("postgres"), "-D", str(home.cluster), "-p", str(port),
            "-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories=", "-c", "max_connections=200",
            *(() if durable else FAST),
        ],
        log=log,
        run_as=home.run_as,
        stop_signal=signal.SIGINT,  # the fast shutdown; at SIGTERM it would wait for clients to leave
        before_launch=lambda: _clear_way(home.cluster),
        healthy=lambda process: _is_ready(home.cluster, process.pid),
    )  # fmt: skip


def _is_ready(cluster: Path, pid: int) -> bool:
    """True when our server itself says so: on its port a stranger may answer, and a killed one leaves its file."""
    lines = _lock_lines(cluster)
    return len(lines) > _READY_LINE and lines[0] == str(pid) and lines[_READY_LINE].strip() == "ready"


def _lock_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _clear_way(cluster: Path) -> None:
    """Refuse a second server on the cluster, and end what a killed one left there. Raises ProcessError."""
    lines = _lock_lines(cluster)
    if not lines:
        return
    pid = int(lines[0])
    if _serves(pid, cluster):
        raise ProcessError(f"PostgreSQL (process {pid}, port {lines[3]}) serves {cluster} already: stop it first")
    process_tree.kill(_backends(cluster))  # a busy one would go on, and keep a new server from starting
    if psutil.pid_exists(pid):  # a stranger has the number now, whom PostgreSQL would take for the living server
        (cluster / "postmaster.pid").unlink()


def _serves(pid: int, cluster: Path) -> bool:
    try:
        return str(cluster) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def _backends(cluster: Path) -> list[psutil.Process]:
    """Return the processes of a server that has no head any more: they work in its directory."""
    processes = psutil.process_iter(["name", "cwd"])
    return [one for one in processes if one.info["name"] == "postgres" and one.info["cwd"] == str(cluster)]
