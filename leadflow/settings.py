"""Typed settings: every environment variable that LeadFlow reads, in one place."""

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


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
    database_turns: int = max(os.cpu_count() or 1, 2)
    """How many requests of one web process work with the database at the same time, as long as they are quick. The
    number of cores when the database is on this machine; more when it is elsewhere and answers slowly.
    """
    secret_key: SecretStr = SecretStr("")
    trusted_proxy_hops: int = 0
    log_json: bool = False
    log_level: str = "INFO"
    dns_servers: str = ""
    """Comma-separated name servers for enrichment; the machine's own when empty."""
    smtp_url: SecretStr = SecretStr("")
    """smtp://user:password@host:587 (STARTTLS), smtps://… (TLS from the start), or smtp+plain://… (none)."""
    mail_from: str = ""
    """`LeadFlow <leads@example.com>`; no-reply at the public address's host when empty."""
    mail_catcher: bool = False
    """Without a mail server, keep mail for owners and admins to read, also where the public address is not local."""

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of the public address: the only origin that may write with a cookie."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def catches_mail(self) -> bool:
        """On one's own machine, or when told so: who reads caught mail can take over the accounts that it is for."""
        is_local = (urlsplit(self.public_url).hostname or "") in LOCAL
        return not self.smtp_url.get_secret_value() and (self.mail_catcher or is_local)

    @property
    def has_mail(self) -> bool:
        """Whether mail to people arrives anywhere."""
        return bool(self.smtp_url.get_secret_value()) or self.catches_mail

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings()
