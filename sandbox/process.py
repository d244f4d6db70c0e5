"""One real process: started, found healthy, restarted, killed, and never left behind.

It gets a session of its own: Ctrl-C reaches only us, and we stop it. On Linux the kernel also sends it the stop signal
when we die, our own kill -9 included. The kernel ties that to the thread that started it: start processes from a thread
that lives as long as they should, which the main thread does.
"""

import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tenacity

from sandbox import child, process_tree

CHECKOUT = Path(__file__).parents[1]
_POLL = 0.05  # seconds between two looks at a starting process
_TAIL = 20  # lines of log shown when a start fails


class ProcessError(RuntimeError):
    """A process did not come up; the message ends with the last lines of its log."""


@dataclass(kw_only=True)
class Process:
    """A child process and how it was started, so that it can be started again."""

    name: str
    command: Sequence[str]
    log: Path
    healthy: Callable[["Process"], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to our own."""
    run_as: str | None = None
    """A user's name, when we are root."""
    patience: float = 60
    """Seconds it may take to become healthy."""
    stop_signal: signal.Signals = signal.SIGTERM
    before_launch: Callable[[], None] = lambda: None
    """Clears the way before each launch, or raises ProcessError when it may not be launched."""
    record: Path | None = None
    """Where its number and start time are kept, for a supervisor that comes after us."""
    child: subprocess.Popen[bytes] = field(init=False)
    _born: float = field(init=False, default=0.0)
    _log_start: int = field(init=False, default=0)

    @property
    def is_running(self) -> bool:
        """True while it has not exited."""
        return hasattr(self, "child") and self.child.poll() is None

    @property
    def pid(self) -> int:
        """Its number, the same before and after it became what it was started for."""
        return self.child.pid

    def start(self) -> None:
        """Start it and wait until it is healthy. Raises ProcessError."""
        self.launch()
        self.wait_until_healthy()

    def launch(self) -> None:
        """Start it without waiting, so that several can come up together; its output is added to the log."""
        if self.is_running:
            raise ProcessError(f"{self.name} is running already as process {self.pid}")
        self.before_launch()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self.child = subprocess.Popen(  # noqa: S603 - commands come from the sandbox
                guarded(self.command, run_as=self.run_as, death_signal=self.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                cwd="/" if self.run_as else CHECKOUT,  # the checkout may be closed to that user
                start_new_session=True,
            )
        self._born = process_tree.started_at(self.pid) or 0.0
        self.write_record()

    def wait_until_healthy(self) -> None:
        """Wait until the health check passes. Raises ProcessError when it exits first, or when patience ends."""
        looks = tenacity.Retrying(
            stop=tenacity.stop_after_delay(self.patience),
            wait=tenacity.wait_fixed(_POLL),
            retry=tenacity.retry_if_result(lambda up: not up),
        )
        try:
            looks(self._is_up)
        except tenacity.RetryError as error:
            self.kill()
            raise self._failure(f"was not healthy within {self.patience:g} s") from error

    def stop(self, grace: float = 10) -> None:
        """Ask it to end, and insist after `grace` seconds; what it started ends with it."""
        self._end(self.stop_signal, grace)

    def interrupt(self, grace: float = 10) -> None:
        """As stop, by SIGINT."""
        self._end(signal.SIGINT, grace)

    def kill(self) -> None:
        """End it and all it started the hard way, as a power cut would."""
        if hasattr(self, "child"):
            process_tree.kill(process_tree.members(self.pid, born=self._born))
            self.child.wait()

    def restart(self) -> None:
        """Stop it if it runs, and start it again. Raises ProcessError."""
        self.stop()
        self.start()

    def write_record(self) -> None:
        """Keep its number and start time where the supervisor wants them."""
        if self.record and hasattr(self, "child"):
            self.record.write_text(json.dumps({"pid": self.pid, "born": self._born}), encoding="utf-8")

    def said(self, words: str) -> bool:
        """True when it has written these words to its log since it was last started."""
        return words in self._words()

    def log_tail(self) -> str:
        """Return the last lines it wrote since it was last started."""
        return "\n".join(self._words().splitlines()[-_TAIL:]) or "(it wrote nothing)"

    def _words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _end(self, number: signal.Signals, grace: float) -> None:
        if not hasattr(self, "child"):
            return
        family = process_tree.members(self.pid, born=self._born)
        if self.is_running:
            self.child.send_signal(number)
            self._wait(grace)
        process_tree.kill([process for process in family if process.is_running()])
        self.kill()  # what was born while it ended

    def _wait(self, seconds: float) -> None:
        try:
            self.child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return

    def _is_up(self) -> bool:
        if self.is_running:
            return self.healthy(self)
        raise self._failure(f"exited with status {self.child.returncode} while starting")

    def _failure(self, what: str) -> ProcessError:
        return ProcessError(f"{self.name} {what}; the end of its log {self.log}:\n{self.log_tail()}")


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
    process = Process(
        name=name,
        command=command,
        log=log,
        healthy=healthy,
        environment=environment or {},
        run_as=run_as,
        patience=patience,
    )
    process.start()
    return process


def guarded(command: Sequence[str], *, run_as: str | None, death_signal: signal.Signals) -> list[str]:
    """Return the command that runs the given one as that user, and ends it when we die (see `sandbox.child`)."""
    uid, gid = (-1, -1) if run_as is None else (pwd.getpwnam(run_as).pw_uid, pwd.getpwnam(run_as).pw_gid)
    ours = (os.getpid(), int(death_signal), uid, gid)
    return [sys.executable, "-I", "-S", child.__file__, *(str(number) for number in ours), *command]
