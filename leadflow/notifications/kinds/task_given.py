"""Somebody is given a task by somebody else. Tasks that go with their lead come with the lead's own notification."""

from collections.abc import Iterator
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell, Told, by, person_in

CHANGED: Final = "task.changed"


def judge(event: RecordedEvent, _: Known) -> Iterator[Tell]:
    assignee, giver = person_in(event.data, "assignee"), by(event)
    if assignee is not None and giver and _is_given(event):
        yield Tell(assignee, giver["by"], {**giver, "task": str(event.data.get("task_id"))})


def _is_given(event: RecordedEvent) -> bool:
    changes = event.data.get("changes")
    return event.kind != CHANGED or (isinstance(changes, list) and "assignee" in changes)


def words(told: Told) -> str:
    return "{who} gave you a task: {task}" if told.count == 1 else f"{{who}} gave you {told.count:,} tasks"


NOTICE = Notice(
    "Somebody gives you a task",
    "A new one, or one that somebody else had.",
    ("task.created", CHANGED),
    judge,
    words,
    position=60,
    href=lambda _: "/day",
    is_about_leads=False,
)
