"""The connection to Temporal: it waits for the server, not for ever, and carries our settings."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import HttpUrl, PostgresDsn, SecretStr
from temporalio.contrib.pydantic import pydantic_data_converter

from adapters.settings import Settings
from adapters.temporal import TemporalUnreachableError, connect
from sandbox.ports import free_port
from sandbox.temporal_server import TemporalServer, start_temporal

SOON = timedelta(seconds=0.5)


def settings(address: str, *, namespace: str = "default") -> Settings:
    return Settings(
        database_url=PostgresDsn("postgresql://nobody@127.0.0.1/none"),
        temporal_address=address,
        temporal_namespace=namespace,
        config_dir=Path(),
        erp_url=HttpUrl("http://127.0.0.1"),
        erp_database="none",
        erp_user="none",
        erp_password=SecretStr("none"),
    )


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TemporalServer]:
    running = start_temporal(tmp_path / "temporal")
    yield running
    running.stop()
    await asyncio.sleep(0.3)  # the SDK's threads outlive its client; see tests/time_skipping.py


@pytest.mark.servers
async def test_the_client_speaks_our_documents_in_our_namespace(server: TemporalServer) -> None:
    client = await connect(settings(server.address))
    assert client.namespace == "default"
    assert client.data_converter is pydantic_data_converter
    assert await client.service_client.check_health()


@pytest.mark.servers
async def test_a_server_that_comes_up_later_is_waited_for(server: TemporalServer) -> None:
    server.process.kill()
    connecting = asyncio.create_task(connect(settings(server.address)))
    await asyncio.sleep(0)
    server.process.start()
    client = await connecting
    assert await client.service_client.check_health()


async def test_a_server_that_never_comes_is_named_with_what_to_do() -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(TemporalUnreachableError, match=f"no Temporal at {address} .* SUPPLYLINE_TEMPORAL_ADDRESS"):
        await connect(settings(address), patience=SOON)


async def test_a_certificate_from_temporals_own_settings_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", "/no/such/certificate.pem")
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_KEY_PATH", "/no/such/key.pem")
    with pytest.raises(FileNotFoundError, match=r"certificate\.pem"):
        await connect(settings("127.0.0.1:1"), patience=SOON)


async def test_the_api_key_stays_out_of_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_API_KEY", "key-4711-secret")
    with pytest.raises(TemporalUnreachableError) as raised:
        await connect(settings(f"127.0.0.1:{free_port()}"), patience=SOON)
    assert "key-4711-secret" not in f"{raised.value} {raised.value.__cause__}"
