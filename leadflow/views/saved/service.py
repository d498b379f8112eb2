"""Use cases of saved views: making, changing, sharing and deleting them, and taking that back.

The log names views that are shared; what somebody calls their own, and what they look for, stays with the view.
"""

from uuid import UUID

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views.saved import repository
from leadflow.views.saved.commands import LONGEST_NAME, ChangeView, SaveView
from leadflow.views.saved.errors import ViewChanged, ViewDeleted
from leadflow.views.saved.jobs import forget_at
from leadflow.views.saved.models import SavedView
from leadflow.views.saved.rules import KEPT, MOST_OWN, asks_about, cleaned, free_name, problems_of, withheld


def person_of(work: Work) -> UUID:
    """Who acts. Raises Forbidden for whatever is no person: a key has no tabs."""
    person = work.scope.person
    if person is None:
        raise Forbidden("Views belong to people: log in to save one.")
    return person


async def save(work: Work, command: SaveView) -> UUID:
    """Save a view of the actor's own.

    Raises:
        Invalid: the name is taken, or a parameter cannot be; the problems name it.
        Forbidden: it is filtered or sorted by a hidden field, or the actor may not share.

    """
    work.scope.require(Permission.LEADS_READ)
    me, now = person_of(work), work.clock.now()
    if command.is_shared:
        work.scope.require(Permission.LEADS_WRITE)
    if await repository.own_count(work, me) >= MOST_OWN:
        raise Invalid(problems=[FieldProblem("name", f"You have {MOST_OWN} views. Delete some that you do not need.")])
    view = SavedView(
        organization_id=work.organization_id,
        id=new_id(),
        owner_id=me,
        name=command.name,
        layout=command.layout.value,
        icon=command.icon,
        params=_checked(work, command.params),
        written_by_id=me,
        is_shared=command.is_shared,
        made_at=now,
        changed_at=now,
        changed_by_id=me,
    )
    await repository.save(work, view)
    _record(work, "view.saved", view)
    if view.is_shared:
        _record(work, "view.shared", view)
    if command.is_pinned and await repository.pin(work, me, view.id):
        record_own(work, "view.pinned", view_id=str(view.id))
    return view.id


def _checked(work: Work, params: dict[str, str]) -> dict[str, str]:
    if problems := problems_of(params):
        raise Invalid(problems=problems)
    kept = cleaned(params)
    for field in sorted(asks_about(kept, is_author=True)):
        work.scope.fields.require_read(field)
    return kept


async def change(work: Work, view_id: UUID, command: ChangeView) -> None:
    """Change a view, share it or keep it to its owner, or give a shared one to somebody else.

    Raises:
        ViewNotFound: it is not there, or out of sight.
        Forbidden: it is somebody else's, its parameters are kept from the actor, or as `save`.
        ViewChanged: `command.version` is no longer the current one.
        ViewDeleted: it has to be restored first.
        Invalid: as `save`; or the new owner is none of the organization.

    """
    work.scope.require(Permission.LEADS_READ)
    person_of(work)
    view = await _to_change(work, view_id)
    if command.version is not None and command.version != view.version:
        raise ViewChanged("Somebody else changed this view while you did.", snapshot(work, view))
    was_shared, changed = view.is_shared, _set(work, view, command)
    if command.is_shared is not None and command.is_shared != was_shared:
        if command.is_shared:
            work.scope.require(Permission.LEADS_WRITE)
        view.is_shared, view.is_default = command.is_shared, view.is_default and command.is_shared
    if command.owner is not None and command.owner != view.owner_id:
        await _hand_over(work, view, command.owner)
        changed.append("owner")
    if not changed and was_shared == view.is_shared:
        return
    _mark(work, view)
    await repository.save(work, view)
    if changed:
        names: list[JsonValue] = [*changed]
        _record(work, "view.changed", view, changes=names)
    if was_shared != view.is_shared:
        _record(work, "view.shared" if view.is_shared else "view.unshared", view, is_public=True)


def _set(work: Work, view: SavedView, command: ChangeView) -> list[str]:
    changed = []
    if command.name is not None and command.name != view.name:
        view.name = command.name
        changed.append("name")
    if command.icon is not None and command.icon != view.icon:
        view.icon = command.icon
        changed.append("icon")
    if command.params is not None:
        if withheld(work.scope, view.params, view.written_by_id):
            raise Forbidden("This view is filtered by what your role does not see.")
        if (params := _checked(work, command.params)) != view.params:
            view.params, view.written_by_id = params, work.scope.person
            changed.append("params")
    return changed


async def _hand_over(work: Work, view: SavedView, owner: UUID) -> None:
    if not view.is_shared:
        raise Invalid(problems=[FieldProblem("owner", "Share the view first: nobody else sees it.")])
    if not await repository.is_member(work, owner):
        raise Invalid(problems=[FieldProblem("owner", "Choose somebody of your organization.")])
    view.owner_id = owner


def snapshot(work: Work, view: SavedView) -> dict[str, JsonValue]:
    """The view's editable fields as they stand, and as far as the actor is told them: what a conflict shows."""
    hidden = withheld(work.scope, view.params, view.written_by_id)
    return {
        "name": view.name,
        "icon": view.icon,
        "params": {} if hidden else {**view.params},
        "is_shared": view.is_shared,
        "version": view.version,
    }


async def delete(work: Work, view_id: UUID) -> None:
    """Take a view off every list; for 30 days that can be taken back. Raises ViewNotFound and Forbidden as `change`."""
    work.scope.require(Permission.LEADS_READ)
    person_of(work)
    view = await repository.get_to_change(work, view_id)
    if view.deleted_at is not None:
        return
    view.deleted_at = work.clock.now()
    _mark(work, view)
    work.enqueue(forget_at(view.deleted_at + KEPT))
    await repository.save(work, view)
    _record(work, "view.deleted", view)


async def restore(work: Work, view_id: UUID) -> None:
    """Take back that a view was deleted, pins and defaults with it. If its name has been given away meanwhile, it gets
    one like it. Raises as `delete` does.
    """
    work.scope.require(Permission.LEADS_READ)
    person_of(work)
    await repository.hold_defaults(work)
    view = await repository.get_to_change(work, view_id)
    if view.deleted_at is None:
        return
    view.name = free_name(view.name, await repository.names_beside(work, view), LONGEST_NAME)
    if view.is_default and await repository.has_default(work, view.layout):
        view.is_default = False
    view.deleted_at = None
    _mark(work, view)
    await repository.save(work, view)
    _record(work, "view.restored", view)


async def forget(work: Work) -> None:
    """Forget what was deleted long ago, and come back when the next of it is due."""
    work.scope.require(Permission.LEADS_WRITE)
    await repository.forget(work, work.clock.now() - KEPT)
    if moment := await repository.next_moment(work, KEPT):
        work.enqueue(forget_at(moment))


async def _to_change(work: Work, view_id: UUID) -> SavedView:
    view = await repository.get_to_change(work, view_id)
    if view.deleted_at is not None:
        raise ViewDeleted("Restore it first.")
    return view


def _mark(work: Work, view: SavedView) -> None:
    view.version += 1
    view.changed_at, view.changed_by_id = work.clock.now(), work.scope.person


def _record(work: Work, kind: str, view: SavedView, *, is_public: bool = False, **more: JsonValue) -> None:
    """Told to everybody's screens where it is shared, and else to its owner's."""
    said: dict[str, JsonValue] = {"view_id": str(view.id), "layout": view.layout}
    if view.is_shared or is_public:
        said["name"] = view.name
    else:
        said["person"] = str(view.owner_id)
    work.record(Event(kind, data={**said, **more}))


def record_own(work: Work, kind: str, **more: JsonValue) -> None:
    """What somebody does with views for themselves is told to their own screens."""
    work.record(Event(kind, data={"person": str(person_of(work)), **more}))
