"""The connection to Temporal: our data converter, the deployment's credentials, a bounded wait at start-up."""

import dataclasses
from datetime import timedelta

import tenacity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfigProfile
from temporalio.service import GrpcCompression

from adapters.settings import Settings

PATIENCE = timedelta(seconds=60)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0  # seconds between attempts
_ATTEMPT = timedelta(seconds=5)


class TemporalUnreachableError(RuntimeError):
    """Temporal did not answer at start-up within our patience; the message says where it was looked for."""


async def connect(settings: Settings, *, patience: timedelta = PATIENCE) -> Client:
    """Connect to Temporal, waiting for it to come up. Raises TemporalUnreachableError.

    Address and namespace are ours (`SUPPLYLINE_TEMPORAL_ADDRESS`, `..._NAMESPACE`); TLS and API key are Temporal's own
    settings (`TEMPORAL_TLS_CLIENT_CERT_PATH`, `TEMPORAL_API_KEY`, or a profile file): see temporalio.envconfig.
    """
    attempts = tenacity.AsyncRetrying(
        stop=tenacity.stop_after_delay(patience),
        wait=tenacity.wait_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE),
        retry=tenacity.retry_if_exception_type(RuntimeError),  # what the SDK raises when it cannot connect
    )
    try:
        return await attempts(_connect_once, _profile(settings))
    except tenacity.RetryError as error:
        raise TemporalUnreachableError(_explanation(settings, patience)) from error.last_attempt.exception()


def _profile(settings: Settings) -> ClientConfigProfile:
    configured = ClientConfigProfile.load()
    return dataclasses.replace(configured, address=settings.temporal_address, namespace=settings.temporal_namespace)


async def _connect_once(profile: ClientConfigProfile) -> Client:
    return await Client.connect(
        **profile.to_client_connect_config(),
        data_converter=pydantic_data_converter,
        grpc_compression=GrpcCompression.NONE,  # on a local network it only burns CPU
        connect_timeout=_ATTEMPT,
    )


def _explanation(settings: Settings, patience: timedelta) -> str:
    return (
        f"no Temporal at {settings.temporal_address} (namespace {settings.temporal_namespace}) within "
        f"{patience.total_seconds():g} s: start it, or set SUPPLYLINE_TEMPORAL_ADDRESS; TLS and API key come from "
        "TEMPORAL_* (see temporalio.envconfig)"
    )
