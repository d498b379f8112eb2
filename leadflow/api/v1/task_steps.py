"""What becomes of a task: done, reopened, restored, put off, noticed."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response

from leadflow import tasks
from leadflow.api.deps import Answer, Call, Calling, requires, router
from leadflow.api.schemas import WRITES_ONE, TaskItem
from leadflow.api.v1.tasks import known_id, shown
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tasks import Snooze

ROUTER = router("tasks")


async def _take(call: Call, task_id: str, step: Callable[[Work, UUID], Awaitable[None]]) -> Response:
    known = known_id(task_id)

    async def effect(work: Work) -> Answer:
        await step(work, known)
        return Answer(200, await shown(work, known))

    return await call.once(effect)


@ROUTER.post("/{task_id}/complete", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def complete(call: Calling, task_id: str) -> Response:
    """Check a task off. Done again, nothing changes."""
    return await _take(call, task_id, tasks.complete)


@ROUTER.post("/{task_id}/reopen", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def reopen(call: Calling, task_id: str) -> Response:
    """Take back that a task is done."""
    return await _take(call, task_id, tasks.reopen)


@ROUTER.post("/{task_id}/restore", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def restore(call: Calling, task_id: str) -> Response:
    """Take back that a task was deleted."""
    return await _take(call, task_id, tasks.restore)


@ROUTER.post("/{task_id}/snooze", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def snooze(call: Calling, task_id: str, body: Snooze) -> Response:
    """Be reminded of a task of yours again, so many minutes from now."""

    async def step(work: Work, known: UUID) -> None:
        await tasks.snooze(work, known, body)

    return await _take(call, task_id, step)


@ROUTER.post("/{task_id}/seen", response_model=TaskItem, responses=WRITES_ONE)
@requires(Permission.LEADS_WRITE)
async def seen(call: Calling, task_id: str) -> Response:
    """Say that you noticed a reminder: it goes from all your screens, and the task stays."""
    return await _take(call, task_id, tasks.seen)
