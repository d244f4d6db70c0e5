"""Become a child that does not outlive its parent: leave root if told to, ask the kernel, then exec.

Run as a script by `sandbox.process`, so that nothing has to happen between fork and exec in the supervisor itself.
It imports only the standard library and is read before any privilege is dropped.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1
_CANNOT_RUN = 127


def leave_root(uid: int, gid: int) -> None:
    """Become the given user for good, without root's groups."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with(parent: int, death_signal: int) -> None:
    """Have the kernel send `death_signal` when the parent's starting thread ends; Linux only.

    After setuid, because a change of user clears the request. A parent that died before the request is found by
    its number.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(f"the parent {parent} ended before its child started")


def main(arguments: list[str]) -> None:
    """Take `parent signal uid gid argv...`; a uid of -1 keeps the present user."""
    parent, death_signal, uid, gid = (int(argument) for argument in arguments[:4])
    argv = arguments[4:]
    if uid >= 0:
        leave_root(uid, gid)
    die_with(parent, death_signal)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - the argv comes from the sandbox, never from a user
    except OSError as error:
        sys.stderr.write(f"cannot run {argv[0]}: {error.strerror}\n")
        sys.exit(_CANNOT_RUN)


if __name__ == "__main__":
    main(sys.argv[1:])
