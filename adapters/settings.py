"""Where everything is, from the environment: one place, no default secrets, nothing guessed."""

from pathlib import Path

from pydantic import Field, HttpUrl, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The deployment's settings, read from `SUPPLYLINE_*` variables."""

    model_config = SettingsConfigDict(env_prefix="SUPPLYLINE_", extra="ignore")

    database_url: PostgresDsn
    """`postgresql://user:password@host:port/database`; the store."""
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    config_dir: Path
    """Holds partners/, operators.yaml and policy.yaml; see docs/configuration.md."""

    erp_url: HttpUrl
    erp_database: str
    erp_user: str
    erp_password: SecretStr
    erp_timeout_seconds: float = Field(default=45.0, gt=0)
    """Tryton answers 503 only after waiting 30 s for its database, so writes wait longer than that."""

    gateway_host: str = "127.0.0.1"
    gateway_port: int = Field(default=8400, ge=0, le=65535)
