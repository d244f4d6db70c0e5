"""A Temporal server whose clock tests can move; the SDK calls this experimental, so it is started only here.

A workflow started through `env.client` skips its timers at once when nothing is in flight. A test that sends signals
starts under `env.with_time_skipping_disabled()` and moves the clock with `env.fast_forward(handle, duration)`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from sandbox.temporal_server import temporal_binary
from workflows.names import SEARCH_ATTRIBUTES

_SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="1ms"',  # by default each skipped timer takes a second
)
_LAST_WORDS = 0.3  # seconds; a Python that ends right after the shutdown may abort (temporalio/sdk-python#300)


@asynccontextmanager
async def time_skipping_environment(*extra: str) -> AsyncIterator[WorkflowEnvironment]:
    """Start the server, in memory, with our search attributes, our data converter and whatever `extra` options say."""
    env = await WorkflowEnvironment.start_time_skipping_v2(
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
        search_attributes=list(SEARCH_ATTRIBUTES),
        dev_server_extra_args=[*_SKIPPING, *extra],
    )
    try:
        yield env
    finally:
        await env.shutdown()
        await asyncio.sleep(_LAST_WORDS)
