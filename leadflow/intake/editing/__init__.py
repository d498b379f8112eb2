"""Many leads edited at once: looked at before, and taken back after."""

from leadflow.intake.editing.commands import Change, EditLeads
from leadflow.intake.editing.jobs import EDIT
from leadflow.intake.editing.preview import Preview, preview
from leadflow.intake.editing.service import Edited, Progress, Undone, edit, go_on, progress, undo

__all__ = [
    "EDIT",
    "Change",
    "EditLeads",
    "Edited",
    "Preview",
    "Progress",
    "Undone",
    "edit",
    "go_on",
    "preview",
    "progress",
    "undo",
]
