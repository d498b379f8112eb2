"""Reads an organization's log for scoring, or learns it anew, in a process that a test can kill.

`python -m tests.crash.reader read|relearn ORGANIZATION`. It begins when it is given a line.
"""

import asyncio
import sys
from dataclasses import replace
from typing import Final
from uuid import UUID

from leadflow.bootstrap import App, build
from leadflow.infra.projector import Projector
from leadflow.scoring import relearning
from leadflow.scoring.repository import signer
from leadflow.settings import Settings
from leadflow.tenancy.permissions import SYSTEM_PERMISSIONS
from leadflow.tenancy.service import system_scope
from tests.fixtures.installation import is_unread

READERS: Final = ("scoring", "scoring_inputs")
BATCH: Final = 40


async def read(app: App, organization_id: UUID) -> None:
    """To the end of the log, with both readers at the same time, some events at a time."""

    async def to_the_end(projector: Projector) -> None:
        while await is_unread(app, organization_id, [projector.projection.name]):
            await projector.catch_up(organization_id)

    async with asyncio.TaskGroup() as group:
        for each in app.projections:
            if each.name in READERS:
                projector = Projector(app.database, replace(each, batch=BATCH), frozenset(SYSTEM_PERMISSIONS))
                group.create_task(to_the_end(projector))


async def relearn(app: App, organization_id: UUID) -> None:
    sign = signer(app.settings.secret_key.get_secret_value())
    await relearning.run(app, system_scope(organization_id), sign)


async def main(what: str, organization_id: UUID) -> None:
    async with build(Settings()) as app:
        await asyncio.to_thread(sys.stdin.readline)
        await (relearn if what == "relearn" else read)(app, organization_id)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], UUID(sys.argv[2])))
