"""Tasks: what somebody wants to have done, by when, about which lead, and when to be reminded of it."""

from leadflow.tasks.commands import ChangeTask, CreateTask, Snooze
from leadflow.tasks.reminding import seen, snooze, tick
from leadflow.tasks.service import change, complete, create, delete, reopen, restore

__all__ = [
    "ChangeTask",
    "CreateTask",
    "Snooze",
    "change",
    "complete",
    "create",
    "delete",
    "reopen",
    "restore",
    "seen",
    "snooze",
    "tick",
]
