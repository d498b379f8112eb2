"""How the web process is started: one command line and one environment, on a laptop as in production."""

import sys
from collections.abc import Mapping

from leadflow.settings import Settings

TARGET = "leadflow.main:create"
GRACE_SECONDS = 8


def production_environment(settings: Settings) -> Mapping[str, str]:
    """Reflex as a library inside our ASGI application: prebuilt pages, no Node, no compiling."""
    environment = {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_BACKEND_ONLY": "true",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_SOCKET_INTERVAL": "15",
        "REFLEX_SOCKET_TIMEOUT": "10",
        "REFLEX_REDIS_TOKEN_EXPIRATION": "3600",
        "REFLEX_CORS_ALLOWED_ORIGINS": settings.public_origin,
        "REFLEX_TRUSTED_PROXY_HOPS": str(settings.trusted_proxy_hops),
        "REFLEX_STATES_WORKDIR": str(settings.home / "states"),
        "REFLEX_DIR": str(settings.home / "reflex"),
        "REFLEX_STATE_MANAGER_MODE": "memory",
    }
    if settings.log_json:
        environment["REFLEX_LOG_JSON"] = "1"
    if settings.web_workers > 1:
        # A tab's state has to be reachable from every process; alone, one process keeps it in memory. Reflex's
        # optimistic lock stays off: it asks for Redis 7, and 6.2 is what we promise to run on.
        environment["REFLEX_STATE_MANAGER_MODE"] = "redis"
        environment["REFLEX_REDIS_URL"] = settings.redis_url
    return environment


def web_command(settings: Settings) -> list[str]:
    return [
        sys.executable, "-m", "granian", TARGET,
        "--factory",
        "--interface", "asgi",
        "--loop", "uvloop",
        "--host", settings.host,
        "--port", str(settings.port),
        "--workers", str(settings.web_workers),
        "--workers-kill-timeout", str(GRACE_SECONDS),
        "--respawn-failed-workers",
        "--log-level", settings.log_level.lower(),
    ]  # fmt: skip


def worker_command() -> list[str]:
    return [sys.executable, "-m", "workers"]
