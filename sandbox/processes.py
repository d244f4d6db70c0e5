"""The processes of one run: stopped in the reverse of the order they were started in, never two runs in one place."""

import fcntl
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sandbox import process_tree
from sandbox.ports import answers, free_port, is_listening
from sandbox.process import CHECKOUT, Process, ProcessError, start

__all__ = [
    "CHECKOUT",
    "AlreadyRunningError",
    "Process",
    "ProcessError",
    "Supervisor",
    "answers",
    "free_port",
    "is_listening",
    "start",
]


class AlreadyRunningError(ProcessError):
    """Another supervisor, alive, keeps the same records."""


class Supervisor:
    """The processes of one run, by name; as a context manager it stops them all.

    Given a directory of its own for records, which outlives the run, it keeps their numbers and start times there, and
    its construction ends what an earlier supervisor that was killed left behind (`cleared`). Raises
    AlreadyRunningError when the earlier one lives.
    """

    def __init__(self, records: Path | None = None) -> None:
        self._processes: dict[str, Process] = {}
        self._records = records
        self._lock: IO[str] | None = None
        self.cleared: tuple[str, ...] = ()
        if self._records:
            self._records.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(self._records / "supervisor.lock")
            self.cleared = _clear_leftovers(self._records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __getitem__(self, name: str) -> Process:
        """Return the process of that name."""
        return self._processes[name]

    def add(self, process: Process) -> Process:
        """Take charge of a process, started or not yet."""
        self._processes[process.name] = process
        if self._records:
            process.record = self._records / f"{process.name}.json"
            process.write_record()
        return process

    def fallen(self) -> tuple[str, ...]:
        """Return the names of those that do not run, in the order they were added: restart them."""
        return tuple(name for name, process in self._processes.items() if not process.is_running)

    def pids(self) -> dict[str, int]:
        """Return the number of each that runs."""
        return {name: process.pid for name, process in self._processes.items() if process.is_running}

    def stop(self) -> None:
        """Stop them all, the last added first, and give the directory back."""
        for process in reversed(list(self._processes.values())):
            process.stop()
            if process.record:
                process.record.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()


def _lock(path: Path) -> IO[str]:
    """Take the directory for this process; the kernel gives it back if we die."""
    lock = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip()
        lock.close()
        message = f"process {holder} holds {path.parent}; end it first (Ctrl-C there, or kill {holder})"
        raise AlreadyRunningError(message) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _clear_leftovers(records: Path) -> tuple[str, ...]:
    cleared = []
    for record in sorted(records.glob("*.json")):
        if _clear(record):
            cleared.append(record.stem)
        record.unlink()
    return tuple(cleared)


def _clear(record: Path) -> bool:
    """Kill what the record names; one cut short by a crash names nothing."""
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        pid, born = int(known["pid"]), float(known["born"])
    except (ValueError, KeyError, TypeError):
        return False
    left = process_tree.members(pid, born=born)
    process_tree.kill(left)
    return bool(left)
