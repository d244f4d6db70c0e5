"""p2p doctor: looks at every part of a deployment and says what is wrong and what to do."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import asyncpg
import httpx
from pydantic import ValidationError
from temporalio.service import RPCError

from adapters.erp.tryton.client import TrytonClient
from adapters.operators import load_operators
from adapters.partners import load_partners
from adapters.policies import load_policy
from adapters.settings import Settings
from adapters.temporal import connect
from adapters.yaml_files import ConfigurationError
from domain.errors import RejectedError, UnavailableError
from starter.cli.doctor_partners import check_secrets, reach
from starter.cli.environment import read_env_file

RUNNING_DEMO = Path(__file__).parents[2] / ".run" / "demo" / "deployment.env"
FAILURES = (
    ConfigurationError, RejectedError, UnavailableError, RPCError, RuntimeError, OSError, TimeoutError,
    asyncpg.PostgresError, asyncpg.InterfaceError, httpx.HTTPError,
)  # fmt: skip
PATIENCE_SECONDS = 10.0
CLOCK_TOLERANCE_SECONDS = 60.0


@dataclass(frozen=True)
class Finding:
    """One part looked at."""

    part: str
    ok: bool
    detail: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Look at every part; one that fails does not keep the others from being looked at."""
    if RUNNING_DEMO.exists() and "SUPPLYLINE_DATABASE_URL" not in os.environ:
        os.environ.update(read_env_file(RUNNING_DEMO))
    try:
        settings = Settings()
    except ValidationError as error:
        missing = ", ".join(f"SUPPLYLINE_{str(fault['loc'][0]).upper()}" for fault in error.errors())
        return [Finding("settings", False, f"missing or wrong: {missing}", "see docs/configuration.md")]  # noqa: FBT003
    return [Finding("settings", True, "complete"), *asyncio.run(_parts(settings))]  # noqa: FBT003


def as_rows(findings: list[Finding]) -> list[tuple[str, str, str, str]]:
    """Return the findings as a table's rows."""
    return [(finding.part, "ok" if finding.ok else "WRONG", finding.detail, finding.remedy) for finding in findings]


def as_documents(findings: list[Finding]) -> list[dict[str, object]]:
    """Return the findings as JSON."""
    return [asdict(finding) for finding in findings]


async def _parts(settings: Settings) -> list[Finding]:
    gateway = f"http://{settings.gateway_host}:{settings.gateway_port}"
    return [
        await _look("configuration", lambda: _configuration(settings), "correct the file it names"),
        await _look(
            "database",
            lambda: _database(settings),
            "check SUPPLYLINE_DATABASE_URL; run python -m adapters.store.migrate",
        ),
        await _look(
            "temporal", lambda: _temporal(settings), "check SUPPLYLINE_TEMPORAL_ADDRESS, and that a worker runs"
        ),
        await _look("erp", lambda: _erp(settings), "check SUPPLYLINE_ERP_URL, _DATABASE, _USER and _PASSWORD"),
        await _look("gateway", lambda: _gateway(gateway), "start it: python -m starter.gateway"),
        await _look(
            "partners", lambda: _partners(settings), "check its page in partners/; calls wait until they answer"
        ),
    ]


async def _look(part: str, look: Callable[[], Awaitable[str]], remedy: str) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return Finding(part, True, await look())  # noqa: FBT003
    except FAILURES as error:
        return Finding(part, False, str(error) or type(error).__name__, remedy)  # noqa: FBT003


async def _configuration(settings: Settings) -> str:
    partners, operators = load_partners(settings.config_dir), load_operators(settings.config_dir)
    await check_secrets(partners)
    policy = load_policy(settings.config_dir)
    return f"{len(partners.partners)} partners, {len(operators.operators)} operators, policy {policy.version}"


async def _database(settings: Settings) -> str:
    connection = await asyncpg.connect(str(settings.database_url))
    try:
        version = await connection.fetchval("SELECT version_num FROM alembic_version")
        waiting = await connection.fetchval("SELECT count(*) FROM inbox WHERE state IN ('received', 'delivered')")
    finally:
        await connection.close()
    return f"migration {version}, {waiting} events on their way"


async def _temporal(settings: Settings) -> str:
    client = await connect(settings)
    running = await client.count_workflows("ExecutionStatus = 'Running'")
    return f"{settings.temporal_namespace}: {running.count} lifecycles running"


async def _erp(settings: Settings) -> str:
    http = httpx.AsyncClient(base_url=str(settings.erp_url), timeout=PATIENCE_SECONDS)
    tryton = TrytonClient(http, database=settings.erp_database, user=settings.erp_user, password=settings.erp_password)
    async with tryton:
        company = await tryton.find("company.company", [], ["rec_name"], limit=1)
    return f"Tryton of {company[0]['rec_name']}" if company else "Tryton without a company"


async def _gateway(url: str) -> str:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
        answer = (await http.get(f"{url}/v1/health/ready")).raise_for_status()
    date = answer.headers.get("date")
    apart = abs((parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()) if date else 0.0
    if apart > CLOCK_TOLERANCE_SECONDS:
        raise RuntimeError(f"its clock is {apart:.0f} s away from ours: partners' signatures would be refused")
    return f"ready at {url}"


async def _partners(settings: Settings) -> str:
    return f"{await reach(load_partners(settings.config_dir))} looked at"
