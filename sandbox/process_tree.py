"""Find and kill everything one process started, and never anything else."""

import os
import time

import psutil

_CLOCK_SLACK = 1.0  # seconds; the start time is derived from the boot time, which a clock adjustment moves a little

_DEATH_TAKES = 5.0  # seconds at most
_POLL = 0.01


def started_at(pid: int) -> float | None:
    """Return when the process started (seconds since the epoch), or None when there is no such process."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def members(leader: int, *, born: float) -> list[psutil.Process]:
    """Return the leader, its descendants and its session, but nothing that began before the leader.

    The start time tells our process from a stranger that got the same number later.
    """
    found = _session(leader)
    leader_start = started_at(leader)
    if leader_start is not None:
        if abs(leader_start - born) > _CLOCK_SLACK:
            return []
        found |= _descendants(leader)
    return [process for process in found if _began_after(process, born)]


def kill(processes: list[psutil.Process]) -> None:
    """Kill with SIGKILL and wait until each is dead; psutil refuses a number that was reused meanwhile."""
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    _wait_until_dead(processes)


def _wait_until_dead(processes: list[psutil.Process]) -> None:
    """Wait for the deaths, not for the burials: in a container nobody may ever reap an orphan."""
    end = time.monotonic() + _DEATH_TAKES
    while not all(map(_is_dead, processes)) and time.monotonic() < end:
        time.sleep(_POLL)


def _is_dead(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _session(leader: int) -> set[psutil.Process]:
    found = set()
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == leader:
                found.add(process)
        except OSError:  # gone, or not ours to ask
            continue
    return found


def _descendants(leader: int) -> set[psutil.Process]:
    try:
        process = psutil.Process(leader)
        return {process, *process.children(recursive=True)}
    except psutil.NoSuchProcess:
        return set()


def _began_after(process: psutil.Process, born: float) -> bool:
    begun = started_at(process.pid)
    return begun is not None and begun >= born - _CLOCK_SLACK
