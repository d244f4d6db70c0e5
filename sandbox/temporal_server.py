"""The Temporal dev server with its UI, from the package index, on a file that survives its restarts."""

import sysconfig
from dataclasses import dataclass
from pathlib import Path

from sandbox.processes import Process, free_port, is_listening, start
from workflows.names import SEARCH_ATTRIBUTES


@dataclass(frozen=True)
class TemporalServer:
    """A running Temporal server."""

    process: Process
    port: int
    ui_port: int

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self.port}"

    @property
    def ui_url(self) -> str:
        """Where operators read histories."""
        return f"http://127.0.0.1:{self.ui_port}"


def temporal_binary() -> Path:
    """Return the server's program, as installed beside this Python."""
    return Path(sysconfig.get_path("scripts")) / "temporal"


def start_temporal(
    run_dir: Path, *, port: int | None = None, ui_port: int | None = None, extra: tuple[str, ...] = ()
) -> TemporalServer:
    """Start Temporal on the file in `run_dir`. Raises ProcessError."""
    run_dir.mkdir(parents=True, exist_ok=True)
    chosen, chosen_ui = port or free_port(), ui_port or free_port()
    attributes = [part for key in SEARCH_ATTRIBUTES for part in ("--search-attribute", f"{key.name}=Keyword")]
    process = start(
        "temporal",
        [
            str(temporal_binary()), "server", "start-dev", "--ip", "127.0.0.1",
            "--port", str(chosen), "--ui-port", str(chosen_ui), "--http-port", str(free_port()),
            "--metrics-port", str(free_port()), "--db-filename", str(run_dir / "temporal.db"),
            "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1",
            "--log-level", "error", *attributes, *extra,
        ],
        log=run_dir / "temporal.log",
        healthy=lambda _: is_listening(chosen),
    )  # fmt: skip
    return TemporalServer(process, chosen, chosen_ui)
