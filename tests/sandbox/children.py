"""Small real programs for the tests of processes: each says that it is up by making a file."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from sandbox.process import Process

SITS = "signal.pause()"
IGNORES_SIGTERM = "signal.signal(signal.SIGTERM, signal.SIG_IGN); up(); signal.pause()"
LEAVES_A_CHILD = (
    "import subprocess; child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
    "pathlib.Path(sys.argv[1] + '.child').write_text(str(child.pid))"
)
HAS_A_CHILD = f"{LEAVES_A_CHILD}; up(); {SITS}"
_PREAMBLE = "import pathlib, signal, sys, time\ndef up(): pathlib.Path(sys.argv[1]).touch()\n"


def a_process(place: Path, code: str = f"up(); {SITS}", *, name: str = "child", patience: float = 10) -> Process:
    """Return a process, not started, that runs the code."""
    up = place / f"{name}.up"
    command = [sys.executable, "-c", _PREAMBLE + code, str(up)]
    return Process(
        name=name, command=command, log=place / f"{name}.log", healthy=lambda _: up.exists(), patience=patience
    )


def child_of(process: Process) -> psutil.Process:
    """Return the child that a process with HAS_A_CHILD or LEAVES_A_CHILD started."""
    up = process.command[-1]
    return psutil.Process(int(Path(f"{up}.child").read_text()))


def is_gone(pid: int) -> bool:
    """True when there is no such process, or only its body waiting for its parent."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def eventually(condition: Callable[[], bool], *, within: float = 10) -> bool:
    """Wait for something the kernel does and gives no event for."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
