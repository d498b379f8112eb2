"""Tasks: my day, those of a lead, and reminders on every page."""

from leadflow.ui.wrappers.source import Island, local


class MyDay(Island):
    library = local("day.jsx")
    tag = "MyDay"


class DayCount(Island):
    """How many of my tasks are late or due today; nothing where none is."""

    library = local("day_count.jsx")
    tag = "DayCount"


class LeadTasks(Island):
    library = local("lead_tasks.jsx")
    tag = "LeadTasks"


class TaskReminders(Island):
    library = local("task_reminders.jsx")
    tag = "TaskReminders"
