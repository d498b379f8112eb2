"""Inputs of the use cases of tasks. Unknown fields are refused, so that a typo is never silently lost."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from leadflow.tasks.models import TaskKind

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
LONGEST_TITLE: Final = 200
LONGEST_SNOOZE: Final = 60 * 24 * 31

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TITLE, pattern=r"^[^\x00-\x1f\x7f]*$"),
]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000)]


def _can_be(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"Choose a day between {EARLIEST:%Y} and {LATEST.year - 1}.")
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_can_be)]


class Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CreateTask(Command):
    """A new task, the actor's own unless said otherwise. With an `id`, the same one is made once."""

    id: UUID | None = None
    title: Title
    note: Note = ""
    kind: TaskKind = TaskKind.PLAIN
    lead: UUID | None = None
    due_at: Moment | None = None
    all_day: bool = Field(default=False, description="Due on a day, of which `due_at` is the end")
    remind_at: Moment | None = None
    assignee: UUID | None = Field(default=None, description="A person's id; yours if left out")


class ChangeTask(Command):
    """Fields to change: absent ones stay, null empties one; `version` is what the caller has seen."""

    title: Title | None = None
    note: Note | None = None
    kind: TaskKind | None = None
    lead: UUID | None = None
    due_at: Moment | None = None
    all_day: bool | None = None
    remind_at: Moment | None = None
    assignee: UUID | None = None
    version: int | None = None


class Snooze(Command):
    """Be reminded again, so many minutes from now."""

    minutes: int = Field(default=60, ge=1, le=LONGEST_SNOOZE)
