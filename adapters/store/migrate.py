"""Bring the store's tables up to date: `python -m adapters.store.migrate`. Safe to run from several places at once."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from pydantic import PostgresDsn
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, text

from adapters.store.database import engine_for

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_305_001


class _DatabaseSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SUPPLYLINE_", extra="ignore")

    database_url: PostgresDsn


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration over an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(url: PostgresDsn | str) -> None:
    """Upgrade to the newest version; others that try meanwhile wait, and find it done."""
    engine = engine_for(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.run_sync(lambda sync: command.upgrade(alembic_config(sync), "head"))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(migrate(_DatabaseSettings().database_url))
