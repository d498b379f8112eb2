"""Background work that editing many leads asks for."""

from uuid import UUID

from leadflow.kernel.jobs import Job
from leadflow.kernel.scope import Actor

EDIT = "leads.edit"


def edit_job(edit: UUID, actor: Actor, *, is_undo: bool) -> Job:
    """Change the rest of many leads, or put the rest back, in the name of whoever asked for it."""
    who = {"actor_kind": actor.kind.value, "actor_id": str(actor.id) if actor.id else None}
    return Job(EDIT, {"edit": str(edit), "is_undo": is_undo, **who}, f"{edit}{' undo' if is_undo else ''}")
