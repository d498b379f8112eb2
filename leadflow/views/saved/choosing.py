"""Use cases of what somebody makes of views for themselves: pins in their order, and what a page opens with."""

from uuid import UUID

from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views.saved import repository
from leadflow.views.saved.commands import ArrangePins, ChooseDefault
from leadflow.views.saved.errors import ViewDeleted
from leadflow.views.saved.models import SavedView
from leadflow.views.saved.service import person_of, record_own


async def pin(work: Work, view_id: UUID) -> None:
    """Make a view the last of the actor's tabs; one that is among them stays where it is.

    Raises:
        ViewNotFound: it is not there, or out of sight.
        ViewDeleted: it has to be restored first.
        Forbidden: no person acts.

    """
    work.scope.require(Permission.LEADS_READ)
    me = person_of(work)
    view = await _open(work, view_id)
    if await repository.pin(work, me, view.id):
        record_own(work, "view.pinned", view_id=str(view_id))


async def unpin(work: Work, view_id: UUID) -> None:
    """Take a view off the actor's tabs. Raises as `pin` does."""
    work.scope.require(Permission.LEADS_READ)
    me = person_of(work)
    view = await repository.get_to_open(work, view_id)
    if await repository.unpin(work, me, view.id):
        record_own(work, "view.unpinned", view_id=str(view_id))


async def arrange(work: Work, command: ArrangePins) -> None:
    """Put the actor's tabs in order. What is none of them is passed over: it was unpinned elsewhere meanwhile."""
    work.scope.require(Permission.LEADS_READ)
    if await repository.arrange(work, person_of(work), list(dict.fromkeys(command.views))):
        record_own(work, "view.arranged")


async def choose_default(work: Work, command: ChooseDefault) -> None:
    """Say what a page opens with: for oneself, or for everybody who has chosen nothing else.

    Raises:
        ViewNotFound: it is not there, or out of sight.
        Invalid: it is a view of another page, or one that not everybody sees.
        Forbidden: no person acts, or it is for those to choose who manage settings.

    """
    work.scope.require(Permission.LEADS_READ)
    me = person_of(work)
    if command.whose == "organization":
        work.scope.require(Permission.SETTINGS_MANAGE)
        await repository.hold_defaults(work)
    view = await _open(work, command.view) if isinstance(command.view, UUID) else None
    if view is not None and view.layout != command.layout:
        raise Invalid(problems=[FieldProblem("view", f"This view is none of the {command.layout.value}.")])
    if command.whose == "organization":
        await _choose_for_all(work, command, view)
        return
    if command.view is None:
        has_changed = await repository.choose_nothing(work, me, command.layout)
    else:
        has_changed = await repository.choose(work, me, command.layout, view.id if view else None)
    if has_changed:
        record_own(work, "view.default_set", layout=command.layout.value, view_id=str(command.view or ""))


async def _choose_for_all(work: Work, command: ChooseDefault, view: SavedView | None) -> None:
    if view is not None and not view.is_shared:
        raise Invalid(problems=[FieldProblem("view", "Share the view first: not everybody sees it.")])
    if await repository.choose_for_all(work, command.layout, view.id if view else None):
        named = {"view_id": str(view.id), "name": view.name} if view else {}
        work.record(Event("view.default_chosen", data={"layout": command.layout.value, **named}))


async def _open(work: Work, view_id: UUID) -> SavedView:
    view = await repository.get_to_open(work, view_id)
    if view.deleted_at is not None:
        raise ViewDeleted("Restore it first.")
    return view
