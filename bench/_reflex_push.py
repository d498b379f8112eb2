"""The same push through Reflex state: what one delivery costs the process that holds the tabs' states."""

import asyncio
import sys
import time

import orjson
from redis.asyncio import Redis

from bench._product import HOME, Running, free_port, server, wait_for_port
from bench._reflex_board import CHANNEL, ROWS
from bench._stand import Stand
from bench._viewers import Viewers, viewers
from leadflow.cli.installation import ROOT
from leadflow.infra.serving import production_environment

VIEWERS, UPDATES_PER_S, SECONDS = 100, 4, 6
LAST_FRAMES_S = 1.0
CONFIG = """import reflex as rx

config = rx.Config(
    app_name="board", app_module_import="bench._reflex_board", telemetry_enabled=False,
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
)
"""


async def measure(where: Stand, rounds: int) -> list[float]:
    """Microseconds of processor time per delivery, once per round."""
    home = HOME / "bench-reflex"
    home.mkdir(parents=True, exist_ok=True)
    (home / "rxconfig.py").write_text(CONFIG)
    port, log = free_port(), home / "web.log"
    environment = {
        **production_environment(where.settings),
        "BENCH_REDIS_URL": where.settings.redis_url,
        "PYTHONPATH": str(ROOT),
        "REFLEX_SOCKET_INTERVAL": "300",
        "REFLEX_CORS_ALLOWED_ORIGINS": "*",
    }
    del environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"]
    target = "bench._reflex_board:create"
    command = [sys.executable, "-m", "granian", target, "--factory", "--interface", "asgi", "--port", str(port)]
    with server(command, environment, log, cwd=home) as pid:
        wait_for_port(port, log)
        path = "/_event/?EIO=4&transport=websocket&token=tab{place}"
        with viewers(port, VIEWERS, path=path, messages=["40/_event,"]) as tabs:
            await asyncio.sleep(LAST_FRAMES_S)
            return [await _round(where, Running(pid, port), tabs) for _ in range(rounds)]


async def _round(where: Stand, web: Running, tabs: Viewers) -> float:
    frames, used = tabs.count(), web.cpu_s()
    async with Redis.from_url(where.settings.redis_url) as redis:
        started = time.perf_counter()
        for place in range(UPDATES_PER_S * SECONDS):
            await redis.publish(CHANNEL, orjson.dumps({"row": place % ROWS, "score": place}))
            await asyncio.sleep(max(started + (place + 1) / UPDATES_PER_S - time.perf_counter(), 0))
    await asyncio.sleep(LAST_FRAMES_S)
    return (web.cpu_s() - used) / (tabs.count() - frames) * 1e6
