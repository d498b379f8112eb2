"""Use cases of reminders: they come when they are due, and whoever is reminded answers once for all their screens."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from leadflow.kernel.errors import Forbidden
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.tasks import repository
from leadflow.tasks.commands import Snooze
from leadflow.tasks.errors import TaskDeleted
from leadflow.tasks.jobs import tick_at
from leadflow.tasks.models import Reminder, Task
from leadflow.tasks.rules import KEPT

AT_ONCE: Final = 500


async def tick(work: Work) -> None:
    """Remind of what is due, forget what was deleted long ago, and come back when the next of it is due.

    What was checked off, deleted or put off meanwhile is not due: the row decides, and not what was once asked for.
    """
    work.scope.require(Permission.LEADS_WRITE)
    now = work.clock.now()
    for task_id, person in await repository.remind(work, now, AT_ONCE):
        work.record(Event("task.reminded", data={"task_id": str(task_id), "assignee": str(person)}))
    await repository.forget(work, now - KEPT, AT_ONCE)
    if moment := await repository.next_moment(work, KEPT):
        work.enqueue(tick_at(moment))


async def snooze(work: Work, task_id: UUID, command: Snooze) -> None:
    """Be reminded again later.

    Raises:
        TaskNotFound: it is not there, or out of sight.
        Forbidden: it is somebody else's.
        TaskDeleted: it is deleted.

    """
    task = await _own(work, task_id)
    task.remind_at = work.clock.now() + timedelta(minutes=command.minutes)
    task.reminder = Reminder.WAITING if task.done_at is None else Reminder.NONE
    task.version += 1
    if task.reminder is Reminder.WAITING:
        work.enqueue(tick_at(task.remind_at))
    await _answer(work, "task.snoozed", task)


async def seen(work: Work, task_id: UUID) -> None:
    """Say that a reminder was noticed: it goes from all screens. Raises as `snooze` does."""
    task = await _own(work, task_id)
    if task.reminder != Reminder.SHOWN:
        return
    task.reminder = Reminder.NONE
    await _answer(work, "task.seen", task)


async def _own(work: Work, task_id: UUID) -> Task:
    work.scope.require(Permission.LEADS_WRITE)
    task = await repository.get_to_change(work, task_id)
    if task.assignee_id != work.scope.person:
        raise Forbidden("A reminder is for whoever has the task.")
    if task.deleted_at is not None:
        raise TaskDeleted("Restore it first.")
    return task


async def _answer(work: Work, kind: str, task: Task) -> None:
    """Told to the assignee's screens; it is no part of the lead's story."""
    work.record(Event(kind, data={"task_id": str(task.id), "assignee": str(task.assignee_id)}))
    await work.session.flush()
