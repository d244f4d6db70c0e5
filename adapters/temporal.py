"""The connection to Temporal, the same for every process of ours."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.service import GrpcCompression, RPCError
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_exponential

from adapters.settings import Settings

PATIENCE = timedelta(minutes=2)
"""How long a process waits at its start for Temporal to come up."""


async def connect(settings: Settings) -> Client:
    """Connect with our data converter, waiting at most two minutes for the server.

    TLS and API keys come from Temporal's own `TEMPORAL_*` variables. Raises RuntimeError when it stays away.
    """
    config = ClientConfig.load_client_connect_config()
    config["target_host"] = settings.temporal_address
    config["namespace"] = settings.temporal_namespace
    attempts = AsyncRetrying(
        stop=stop_after_delay(PATIENCE),
        wait=wait_exponential(multiplier=0.1, max=2),
        retry=retry_if_exception_type((RuntimeError, RPCError)),
        reraise=True,
    )
    async for attempt in attempts:
        with attempt:
            return await Client.connect(
                **config, data_converter=pydantic_data_converter, grpc_compression=GrpcCompression.NONE
            )
    raise RuntimeError(f"Temporal at {settings.temporal_address} does not answer")
