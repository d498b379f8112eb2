"""The `leadflow` command as an operator runs it."""

import asyncio
import os
import sys
from pathlib import Path

from leadflow.bootstrap import App
from tests.fixtures.installation import ROOT


async def leadflow(app: App, *arguments: str) -> tuple[int | None, str]:
    """Its status and what it printed."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": app.settings.database_url,
        "REDIS_URL": app.settings.redis_url,
        "LEADFLOW_SECRET_KEY": app.settings.secret_key.get_secret_value(),
        "LEADFLOW_HOME": str(app.settings.home),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "leadflow.cli", *arguments,
        cwd=Path(ROOT), env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    return process.returncode, output.decode()
