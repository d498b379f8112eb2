"""Typed settings: every environment variable that LeadFlow reads, in one place."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once per process, by `bootstrap`; everything else is handed what it needs."""

    model_config = SettingsConfigDict(env_prefix="LEADFLOW_", populate_by_name=True, extra="ignore")

    database_url: str = Field(
        default="", validation_alias=AliasChoices("DATABASE_URL", "LEADFLOW_DATABASE_URL", "database_url")
    )
    redis_url: str = Field(default="", validation_alias=AliasChoices("REDIS_URL", "LEADFLOW_REDIS_URL", "redis_url"))
    migrator_database_url: str = ""
    admin_database_url: str = ""
    home: Path = Path(".leadflow")
    public_url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 1
    secret_key: SecretStr = SecretStr("")
    trusted_proxy_hops: int = 0
    log_json: bool = False
    log_level: str = "INFO"
    dns_servers: str = ""
    """Comma-separated name servers for enrichment; the machine's own when empty."""

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of the public address: the only origin that may write with a cookie."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()
