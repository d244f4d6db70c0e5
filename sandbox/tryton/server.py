"""The Tryton server process, and the template database it is cloned from."""

import asyncio
import fcntl
import hashlib
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import SecretStr

from adapters.erp.tryton.client import TrytonClient
from sandbox.postgres import Postgres, start_postgres
from sandbox.processes import Process, answers, free_port, start
from sandbox.tryton.bootstrap import bootstrap

MODULES = (
    "account_invoice_stock", "purchase", "purchase_amendment", "purchase_history", "purchase_request",
    "purchase_requisition", "stock_lot", "stock_lot_sled", "stock_supply",
)  # fmt: skip
USER = "admin"
CONFIGURATION = """[database]
uri = {uri}
[session]
authentications = password
max_attempt = 50
[password]
length = 8
[email]
uri = smtp://127.0.0.1:1
[queue]
worker = False
"""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Template:
    """A bootstrapped Tryton as a dump, with its administrator's password."""

    dump: Path

    @property
    def password(self) -> str:
        """The administrator's password, made when the template was."""
        return self.dump.with_suffix(".password").read_text().strip()


@dataclass(frozen=True)
class TrytonServer:
    """A running Tryton."""

    process: Process
    port: int
    database: str
    password: str

    @property
    def url(self) -> str:
        """Where its RPC is."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> TrytonClient:
        """Return a session of its administrator."""
        http = httpx.AsyncClient(base_url=self.url, timeout=60)
        return TrytonClient(http, database=self.database, user=USER, password=SecretStr(self.password))


def template(cache: Path, environment: Path, progress: Progress) -> Template:
    """Return the template, building it (about a minute) where the cache has none of this version.

    Built aside and renamed, under a lock: an interrupted build leaves nothing, and two builders make one.
    """
    dump = cache / f"tryton-{_version()}.dump"
    with _locked(cache / "tryton.lock"):
        if not dump.exists():
            _build(dump, environment, progress)
    return Template(dump)


def restore(chosen: Template, postgres: Postgres, database: str) -> None:
    """Make a database from the template."""
    postgres.create_database(database)
    _postgres_tool(
        postgres, "pg_restore", "--no-owner", "--jobs=2", f"--dbname={postgres.url(database)}", str(chosen.dump)
    )


def start_tryton(
    chosen: Template, postgres: Postgres, database: str, *, environment: Path, run_dir: Path, port: int | None = None
) -> TrytonServer:
    """Start Tryton on a database. Raises ProcessError."""
    return _serve(postgres, database, chosen.password, environment=environment, run_dir=run_dir, port=port)


def _serve(
    postgres: Postgres, database: str, password: str, *, environment: Path, run_dir: Path, port: int | None
) -> TrytonServer:
    listening = port or free_port()
    configuration = _configure(postgres, run_dir)
    process = start(
        "tryton",
        [
            str(environment / "bin" / "gunicorn"), "--bind", f"127.0.0.1:{listening}", "--workers", "1",
            "--worker-class", "gthread", "--threads", "8", "--timeout", "120", "--preload", "trytond.application:app",
        ],
        log=run_dir / "tryton.log",
        environment={"TRYTOND_CONFIG": str(configuration), "TRYTOND_DATABASE_NAMES": database},
        healthy=lambda _: answers(f"http://127.0.0.1:{listening}/"),
    )  # fmt: skip
    return TrytonServer(process, listening, database, password)


def _build(dump: Path, environment: Path, progress: Progress) -> None:
    password = secrets.token_urlsafe(18)
    with tempfile.TemporaryDirectory(dir=dump.parent) as workshop:
        place = Path(workshop)
        postgres = start_postgres(place / "postgres", durable=False)
        try:
            progress("Building Tryton's database (about a minute, once)")
            postgres.create_database("template")
            _install_modules(postgres, environment, place, password)
            progress("Giving it a hospital: accounts, places, suppliers, items")
            server = _serve(postgres, "template", password, environment=environment, run_dir=place, port=None)
            try:
                _in_a_loop_of_its_own(_bootstrap(server))
            finally:
                server.process.stop()
            _postgres_tool(
                postgres, "pg_dump", "--format=custom", "--compress=1", f"--file={place / 'dump'}",
                postgres.url("template"),
            )  # fmt: skip
        finally:
            postgres.stop()
        dump.with_suffix(".password").touch(mode=0o600)
        dump.with_suffix(".password").write_text(password)
        (place / "dump").rename(dump)


def _in_a_loop_of_its_own(work: Coroutine[None, None, None]) -> None:
    """Run it in a thread: a test that asks for the template already has a loop running in its own."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


async def _bootstrap(server: TrytonServer) -> None:
    async with server.client() as tryton:
        await bootstrap(tryton)


def _install_modules(postgres: Postgres, environment: Path, place: Path, password: str) -> None:
    (place / "pass").touch(mode=0o600)
    (place / "pass").write_text(password + "\n")
    subprocess.run(  # noqa: S603 - our own commands
        [
            environment / "bin" / "trytond-admin", "-c", _configure(postgres, place), "-d", "template",
            "-u", *MODULES, "--activate-dependencies", "--email", "admin@example.com",
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "TRYTONPASSFILE": str(place / "pass")},
    )  # fmt: skip


def _configure(postgres: Postgres, place: Path) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    configuration = place / "trytond.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(CONFIGURATION.format(uri=postgres.url("").rstrip("/") + "/"))
    return configuration


def _postgres_tool(postgres: Postgres, program: str, *arguments: str) -> None:
    tool = postgres.home.binaries / "bin" / program
    subprocess.run([tool, *arguments], check=True, capture_output=True)  # noqa: S603 - our own commands


def _version() -> str:
    """Name the template after everything it is made from."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for part in (here / "bootstrap.py", here / "catalogue.py", here.parents[1] / "requirements" / "tryton.lock"):
        digest.update(part.read_bytes())
    digest.update(" ".join(MODULES).encode())
    return digest.hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
