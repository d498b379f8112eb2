"""`python -m bench._importer ORGANIZATION IMPORT`: one import in a process of its own, as a worker runs it.

Prints how many seconds it took, and the most memory the process had, in megabytes, before and after.
"""

import json
import os
import sys
import time
from pathlib import Path

import uvloop
from pydantic import SecretStr

from leadflow.bootstrap import build
from leadflow.intake import importing
from leadflow.kernel.ids import parse_id
from leadflow.settings import Settings
from leadflow.tenancy.service import system_scope


async def main(organization: str, number: str) -> None:
    organization_id, import_id = parse_id(organization), parse_id(number)
    assert organization_id and import_id
    settings = Settings(
        database_url=os.environ["DATABASE_URL"],
        redis_url=os.environ["REDIS_URL"],
        secret_key=SecretStr(os.environ["LEADFLOW_SECRET_KEY"]),
        home=Path(os.environ["LEADFLOW_HOME"]),
        log_level="WARNING",
    )
    scope = system_scope(organization_id)
    async with build(settings) as app:
        before, started = _megabytes(), time.perf_counter()
        is_whole = False
        while not is_whole:
            is_whole = await importing.run_import(app, scope, import_id)
            async with app.work(scope) as work:
                await importing.conclude(work, import_id, is_whole=is_whole)
        seconds = time.perf_counter() - started
    sys.stdout.write(json.dumps({"seconds": seconds, "before_mb": before, "most_mb": _megabytes()}))


def _megabytes() -> float:
    """The most that this program has had. What `getrusage` says begins with what the parent had when it forked."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
