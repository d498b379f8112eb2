"""Changes the rest of many leads."""

from uuid import UUID

from leadflow.infra.jobs import JobRun
from leadflow.intake import editing
from leadflow.kernel.scope import Actor, ActorKind


async def edit(run: JobRun) -> None:
    """Some per transaction, until nothing is left; in the name of whoever asked for it."""
    told = run.job.payload
    who = Actor(ActorKind(str(told["actor_kind"])), UUID(str(told["actor_id"])) if told["actor_id"] else None)
    is_more = True
    while is_more:
        async with run.app.work(run.scope.acting_as(who)) as work:
            is_more = await editing.go_on(work, UUID(str(told["edit"])), is_undo=bool(told["is_undo"]))


HANDLERS = {editing.EDIT: edit}
