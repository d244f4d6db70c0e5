"""Real processes: started, found healthy, restarted, killed, and never left behind.

On Linux every child is told by the kernel when we die, so nothing survives even our own kill -9.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

CHECKOUT = Path(__file__).parents[1]
_PR_SET_PDEATHSIG = 1
_LOG_TAIL = 2000
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ProcessError(RuntimeError):
    """A process did not come up; the message ends with the last lines of its log."""


@dataclass
class Process:
    """A child process and how it was started, so that it can be started again."""

    name: str
    command: list[str]
    log: Path
    environment: Mapping[str, str]
    run_as: str | None
    healthy: Callable[["Process"], bool]
    patience: float
    child: subprocess.Popen[bytes] = field(init=False)
    _log_start: int = field(init=False, default=0)

    def start(self) -> None:
        """Start it and wait until it is healthy. Raises ProcessError."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(  # noqa: S603 - commands come from the sandbox
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                user=self.run_as,
                cwd="/" if self.run_as else CHECKOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, no locks
            )
        self._await_health()

    @property
    def is_running(self) -> bool:
        """True while it has not exited."""
        return self.child.poll() is None

    def said(self, words: str) -> bool:
        """True when it has written these words to its log since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return words.encode() in log.read()

    def kill(self) -> None:
        """End it the hard way, with everything it started: SIGKILL to its process group."""
        self._signal(signal.SIGKILL)
        self.child.wait()

    def stop(self, grace: float = 10) -> None:
        """Ask it to end, and insist after `grace` seconds."""
        self._end(signal.SIGTERM, grace)

    def interrupt(self, grace: float = 10) -> None:
        """As stop, by SIGINT: PostgreSQL's fast shutdown."""
        self._end(signal.SIGINT, grace, group=False)

    def _end(self, number: signal.Signals, grace: float, *, group: bool = True) -> None:
        if self.is_running:
            self._signal(number) if group else self.child.send_signal(number)
        try:
            self.child.wait(timeout=grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            return

    def _await_health(self) -> None:
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            if not self.is_running:
                raise ProcessError(f"{self.name} exited with status {self.child.returncode}\n{self._last_words()}")
            if self.healthy(self):
                return
            time.sleep(0.05)
        self.kill()
        raise ProcessError(f"{self.name} was not healthy within {self.patience:g} s\n{self._last_words()}")

    def _last_words(self) -> str:
        return self.log.read_bytes()[-_LOG_TAIL:].decode(errors="replace")


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    healthy: Callable[[Process], bool],
    environment: Mapping[str, str] | None = None,
    run_as: str | None = None,
    patience: float = 60,
) -> Process:
    """Start a process and wait until it is healthy. Raises ProcessError."""
    process = Process(name, list(command), log, environment or {}, run_as, healthy, patience)
    process.start()
    return process


class Supervisor:
    """The processes of one run, stopped in the reverse of the order they were started in."""

    def __init__(self) -> None:
        self._processes: dict[str, Process] = {}

    def add(self, process: Process) -> Process:
        """Take charge of a process."""
        self._processes[process.name] = process
        return process

    def __getitem__(self, name: str) -> Process:
        """Return the process of that name."""
        return self._processes[name]

    def stop(self) -> None:
        """Stop them all."""
        for process in reversed(list(self._processes.values())):
            process.interrupt() if process.name == "postgres" else process.stop()


def free_port() -> int:
    """Return a loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    """True when an HTTP server answers there, whatever it says."""
    try:
        httpx.get(url, timeout=1)
    except httpx.HTTPError:
        return False
    return True


def is_listening(port: int) -> bool:
    """True when somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _die_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
