"""Tasks and reminders."""

from typing import Literal

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class TaskItem(Shape):
    """Something to be done. Of a lead out of your reach you see nothing; null is also what your role does not see."""

    id: str
    title: str
    note: str
    kind: Literal["todo", "call", "email", "meeting"]
    all_day: bool = Field(description="Due on a day, of which `due_at` is the end")
    due_at: int | None
    remind_at: int | None
    reminder: Literal["none", "waiting", "shown"] = Field(
        description="Whether its reminder waits for `remind_at`, or is shown until somebody answers it"
    )
    assignee: str
    assignee_name: str
    created_by: str | None = Field(description="A person's id; null: a system with a key")
    created_at: int
    done_at: int | None
    lead: str | None
    lead_name: str | None
    lead_company: str | None
    version: int


class TaskPage(Shape):
    items: list[TaskItem]
    next_cursor: str | None


class Reminders(Shape):
    items: list[TaskItem]


class MyDay(Shape):
    """Your day from midnight to midnight, and how many of your tasks are when."""

    starts: int
    ends: int
    zone: str
    overdue: int
    today: int
    upcoming: int
    undated: int
    done_today: int


class FoundLead(Shape):
    id: str
    name: str
    company: str | None


class ReadLine(Shape):
    """A line as a task, not saved."""

    title: str
    kind: Literal["todo", "call", "email", "meeting"]
    due_at: int | None
    all_day: bool
    remind_at: int | None
    whom: str | None = Field(description="The words that seem to name somebody")
    leads: list[FoundLead] = Field(
        description="Leads that these words may mean, the best first, where they are asked for"
    )
