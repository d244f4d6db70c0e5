"""Loopback ports: a free one, and whether somebody listens or answers there."""

import socket

import httpx

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """Return a loopback port nobody listens on at this moment; somebody may take it before we do."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """True when we could not listen on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
        return False


def is_listening(port: int) -> bool:
    """True when somebody accepts connections on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def answers(url: str) -> bool:
    """True when an HTTP server answers there, whatever it says."""
    return _status(url) is not None


def is_serving(url: str) -> bool:
    """True when the address answers 2xx."""
    status = _status(url)
    return status is not None and httpx.codes.is_success(status)


def _status(url: str) -> int | None:
    try:
        return httpx.get(url, timeout=1, trust_env=False).status_code  # a proxy in the environment is not for loopback
    except httpx.HTTPError:
        return None
