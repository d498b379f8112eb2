"""Use cases of tasks: making, changing, doing and deleting them, and taking that back.

The log says that there is a task, whose it is and when it is due. What it is called and what is noted stays with the
task, so that it can be forgotten.
"""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.queries import place_of
from leadflow.tasks import repository
from leadflow.tasks.commands import ChangeTask, CreateTask
from leadflow.tasks.errors import TaskChanged, TaskDeleted
from leadflow.tasks.jobs import tick_at
from leadflow.tasks.models import Reminder, Task
from leadflow.tasks.rules import KEPT, reminder_for

FIELDS = ("title", "note", "kind", "due_at", "all_day", "remind_at")
EMPTY: dict[str, object] = {"note": "", "kind": "todo", "all_day": False}


async def create(work: Work, command: CreateTask) -> UUID:
    """Add a task; with the id of one that is there already, nothing changes.

    Raises:
        LeadNotFound: the lead is not there, or out of sight.
        Forbidden: the lead is for others to change, or the assignee is out of reach.
        Invalid: nobody is named whose it is, or the reminder is of the past.
        TaskNotFound: its id is that of a task which is out of sight.

    """
    work.scope.require(Permission.LEADS_WRITE)
    owner = await _about(work, command.lead)
    assignee = command.assignee or work.scope.person or owner
    if assignee is None:
        raise Invalid(problems=[FieldProblem("assignee", "Say whose task this is.")])
    await _must_be_given_to(work, assignee, owner)
    now = work.clock.now()
    task = Task(
        organization_id=work.organization_id,
        id=command.id or new_id(),
        lead_id=command.lead,
        **command.model_dump(exclude={"id", "lead", "assignee"}),
        reminder=reminder_for(command.remind_at, now, is_open=True),
        assignee_id=assignee,
        created_by_id=work.scope.person,
        created_at=now,
    )
    if not await repository.save_new(work, task):
        return (await repository.get_to_change(work, task.id)).id
    _wake(work, task)
    _record(work, "task.created", task)
    return task.id


async def _about(work: Work, lead_id: UUID | None) -> UUID | None:
    """The owner of the lead that a task is to be about."""
    if lead_id is None:
        return None
    owner, team = await place_of(work, lead_id)
    if not work.scope.reach(Permission.LEADS_WRITE).holds(owner, team):
        raise Forbidden("You can look at this lead, but it is for others to change.")
    return owner


async def _must_be_given_to(work: Work, assignee: UUID, lead_owner: UUID | None) -> None:
    """Work is given to oneself, to whoever has the lead, and to people within reach."""
    is_member, team = await repository.team_of(work, assignee)
    if not is_member:
        raise Invalid(problems=[FieldProblem("assignee", "Choose somebody of your organization.")])
    if assignee in {work.scope.person, lead_owner}:
        return
    if not work.scope.reach(Permission.LEADS_WRITE).holds(assignee, team):
        raise Forbidden("You cannot give tasks to this person.")


async def change(work: Work, task_id: UUID, command: ChangeTask) -> None:
    """Change a task; a new moment to be reminded at takes the place of the one before.

    Raises:
        TaskNotFound: it is not there, or out of sight.
        Forbidden: it may be seen and not changed, or not be given to this person.
        TaskChanged: `command.version` is no longer the current one.
        LeadNotFound: the new lead is not there, or out of sight.
        Invalid: a value cannot be; the problems name the fields.

    """
    work.scope.require(Permission.LEADS_WRITE)
    task = await _to_change(work, task_id)
    if command.version is not None and command.version != task.version:
        raise TaskChanged("Somebody else changed this task while you did.", snapshot(task))
    was_assignee, changed = task.assignee_id, []
    if "lead" in command.model_fields_set and command.lead != task.lead_id:
        await _about(work, command.lead)
        work.touch([task.lead_id] if task.lead_id else [])
        task.lead_id = command.lead
        changed.append("lead")
    for name in FIELDS:
        if name in command.model_fields_set and (value := wanted(command, name)) != getattr(task, name):
            setattr(task, name, value)
            changed.append(name)
    if command.assignee is not None and command.assignee != was_assignee:
        owner = (await place_of(work, task.lead_id))[0] if task.lead_id else None
        await _must_be_given_to(work, command.assignee, owner)
        task.assignee_id = command.assignee
        changed.append("assignee")
    if changed:
        await _save_change(work, task, changed, was_assignee)


def wanted(command: ChangeTask, name: str) -> object:
    """What a given field shall be; given as null, it is emptied.

    Raises:
        Invalid: a task without a title.

    """
    value: object = getattr(command, name)
    if value is None and name == "title":
        raise Invalid(problems=[FieldProblem("title", "Say what is to be done.")])
    return EMPTY.get(name) if value is None else value


async def _save_change(work: Work, task: Task, changed: list[str], was_assignee: UUID) -> None:
    now = work.clock.now()
    if "remind_at" in changed:
        task.reminder = reminder_for(task.remind_at, now, is_open=task.done_at is None)
    if task.due_at is None:
        task.all_day = False
    task.version += 1
    _wake(work, task)
    names: list[JsonValue] = [*changed]
    _record(work, "task.changed", task, changes=names, was_assignee=str(was_assignee))
    await work.session.flush()


def snapshot(task: Task) -> dict[str, JsonValue]:
    """The task's editable fields as they stand: what a conflict shows."""
    return {
        "title": task.title,
        "note": task.note,
        "kind": task.kind,
        "lead": str(task.lead_id) if task.lead_id else None,
        "due_at": _text(task.due_at),
        "all_day": task.all_day,
        "remind_at": _text(task.remind_at),
        "assignee": str(task.assignee_id),
        "version": task.version,
    }


async def complete(work: Work, task_id: UUID) -> None:
    """Check a task off; one that is done stays as it is. Raises as `change` does."""
    work.scope.require(Permission.LEADS_WRITE)
    task = await _to_change(work, task_id)
    if task.done_at is not None:
        return
    task.done_at, task.done_by_id, task.reminder = work.clock.now(), work.scope.person, Reminder.NONE
    await _save(work, "task.completed", task)


async def reopen(work: Work, task_id: UUID) -> None:
    """Take back that a task is done. Raises as `change` does."""
    work.scope.require(Permission.LEADS_WRITE)
    task = await _to_change(work, task_id)
    if task.done_at is None:
        return
    task.done_at = task.done_by_id = None
    task.reminder = reminder_for(task.remind_at, work.clock.now(), is_open=True)
    await _save(work, "task.reopened", task)


async def delete(work: Work, task_id: UUID) -> None:
    """Take a task off every list; for 30 days that can be taken back. Raises as `change` does."""
    work.scope.require(Permission.LEADS_WRITE)
    task = await repository.get_to_change(work, task_id)
    if task.deleted_at is not None:
        return
    task.deleted_at, task.reminder = work.clock.now(), Reminder.NONE
    work.enqueue(tick_at(task.deleted_at + KEPT))
    await _save(work, "task.deleted", task)


async def restore(work: Work, task_id: UUID) -> None:
    """Take back that a task was deleted. Raises as `change` does."""
    work.scope.require(Permission.LEADS_WRITE)
    task = await repository.get_to_change(work, task_id)
    if task.deleted_at is None:
        return
    task.deleted_at = None
    task.reminder = reminder_for(task.remind_at, work.clock.now(), is_open=task.done_at is None)
    await _save(work, "task.restored", task)


async def _to_change(work: Work, task_id: UUID) -> Task:
    task = await repository.get_to_change(work, task_id)
    if task.deleted_at is not None:
        raise TaskDeleted("Restore it first.")
    return task


async def _save(work: Work, kind: str, task: Task) -> None:
    task.version += 1
    _wake(work, task)
    _record(work, kind, task)
    await work.session.flush()


def _wake(work: Work, task: Task) -> None:
    if task.reminder == Reminder.WAITING and task.remind_at is not None:
        work.enqueue(tick_at(task.remind_at))


def _record(work: Work, kind: str, task: Task, **more: JsonValue) -> None:
    said: dict[str, JsonValue] = {
        "task_id": str(task.id),
        "task": str(task.kind),
        "assignee": str(task.assignee_id),
        "due_at": _text(task.due_at),
    }
    work.record(Event(kind, task.lead_id, {**said, **more}))


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
