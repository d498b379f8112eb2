"""Use cases of editing many leads: what would become of a selection, doing it, and taking it back.

What changes is first written down as a whole. A thousand leads change in the same transaction, the rest in a job: a
longer transaction would hold back every reader of the log. Each lead has the events that it would have by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from leadflow.intake.editing import repository
from leadflow.intake.editing.commands import Change, EditLeads
from leadflow.intake.editing.errors import EditNotFound, TooLateToUndo
from leadflow.intake.editing.jobs import edit_job
from leadflow.intake.editing.repository import Made
from leadflow.intake.editing.rules import (
    FIELDS,
    Held,
    Picked,
    Plan,
    Values,
    back,
    changed,
    onward,
    plan,
    restored,
    targets,
    told,
)
from leadflow.kernel.errors import FieldProblem, Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.ids import new_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads import repository as leads
from leadflow.leads.fields import fields_of
from leadflow.leads.models import StageKind
from leadflow.leads.rules import search_words
from leadflow.views.selecting import queries as selecting

AT_ONCE: Final = 1_000
"""Leads that change per unit of work."""
UNDO_FOR: Final = timedelta(days=1)
EDITED: Final = "leads.edited"
PUT_BACK: Final = "leads.put_back"
IN_BULK: Final = "in bulk"
TAKEN_BACK: Final = "taken back"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A selection and what shall change, judged."""

    plan: Plan
    wanted: Values
    missing: int
    """Leads that are named and not in sight."""


@dataclass(frozen=True, slots=True)
class Edited:
    id: UUID | None
    """What to take back by; None when nothing was to change."""
    leads: int
    """How many were to change."""
    skipped: int
    """How many of them somebody else had changed a moment before."""
    remaining: int
    """How many change in the background."""


@dataclass(frozen=True, slots=True)
class Undone:
    returned: int
    kept: int
    """Leads that say something else by now, or that are out of reach."""
    remaining: int
    """How many go back in the background."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an edit, or taking it back, has come."""

    is_undone: bool
    changed: int
    skipped: int
    returned: int
    kept: int
    remaining: int
    has_stopped: bool
    """The rest does not go on by itself: it has failed too often."""


async def prepare(work: Work, command: EditLeads) -> Prepared:
    """What would become of the leads, were they edited now. Changes nothing.

    Raises:
        Forbidden: a field is not theirs to set; the problems name it.
        Invalid: there is no such stage, or more leads match than can be edited at once.

    """
    work.scope.require(Permission.LEADS_READ)
    work.scope.require(Permission.LEADS_WRITE)
    wanted = targets(command.change)
    work.scope.fields.require_write(fields_of(wanted))
    if "stage" in wanted and wanted["stage"] not in (kinds := await leads.stage_kinds(work)):
        there = f"{wanted['stage']!r} is not a stage. There are: {', '.join(kinds)}."
        raise Invalid(problems=[FieldProblem("change.stage", there)])
    rows = await selecting.picked(work, command, FIELDS)
    picked = [
        Picked(row.id, row.owner_id, row.team_id, row.is_open, {name: getattr(row, name) for name in FIELDS})
        for row in rows
    ]
    reach = work.scope.reach(Permission.LEADS_WRITE)
    planned = plan(picked, wanted, reach, with_closed=command.with_closed)
    return Prepared(planned, wanted, command.missing(len(picked)))


async def edit(work: Work, command: EditLeads) -> Edited:
    """Change the leads, the first thousand now and the rest in a job. Raises as `prepare` does."""
    prepared = await prepare(work, command)
    edits = prepared.plan.edits
    if not edits:
        return Edited(None, 0, 0, 0)
    edit = new_id()
    await repository.forget(work, work.clock.now() - UNDO_FOR)
    await repository.add(work, edit, command.change.model_dump(mode="json", exclude_unset=True), edits)
    wanted: dict[str, JsonValue] = {**prepared.wanted}
    work.record(Event(EDITED, data={"edit_id": str(edit), "leads": len(edits), "set": wanted}))
    await go_on(work, edit, is_undo=False)
    counts = await repository.counts(work, edit)
    remaining = counts.get("planned", 0)
    if remaining:
        await _leave_to_a_job(work, edit, is_undo=False)
    return Edited(edit, len(edits), counts.get("skipped", 0), remaining)


async def _leave_to_a_job(work: Work, edit: UUID, *, is_undo: bool) -> None:
    job = edit_job(edit, work.scope.actor, is_undo=is_undo)
    work.enqueue(job)
    await repository.give_to(work, edit, job.id)


async def go_on(work: Work, edit: UUID, *, is_undo: bool) -> bool:
    """Change the next leads, or put the next back; says whether there may be more. Safe to repeat."""
    work.scope.require(Permission.LEADS_WRITE)
    made = await repository.get_to_change(work, edit)
    if made is None or is_undo != (made.undone_at is not None):
        return False
    await (_put_back(work, made) if is_undo else _change(work, made))
    counts = await repository.counts(work, edit)
    return bool(counts.get("changed" if is_undo else "planned"))


async def _change(work: Work, made: Made) -> None:
    change = Change.model_validate(made.change)
    wanted, kinds, now = targets(change), await leads.stage_kinds(work), work.clock.now()
    held = await repository.lock(work, made, "planned", AT_ONCE)
    becomes = {each.id: values for each in held if (values := onward(each, wanted))}
    after = [
        changed(each, becomes[each.id], kinds, now, by_person=work.scope.person is not None)
        for each in held
        if each.id in becomes
    ]
    await repository.note(work, made, [each.id for each in held], "skipped")
    await _write(work, made, after, becomes, "changed")
    _tell(work, held, becomes, kinds, reason=change.reason, more={"how": IN_BULK, "edit_id": str(made.id)})


async def _put_back(work: Work, made: Made) -> None:
    wanted, kinds = targets(Change.model_validate(made.change)), await leads.stage_kinds(work)
    held = await repository.lock(work, made, "changed", AT_ONCE)
    becomes = {each.id: values for each in held if (values := back(each, wanted))}
    after = [restored(each, becomes[each.id]) for each in held if each.id in becomes]
    await repository.note(work, made, [each.id for each in held], "kept")
    await _write(work, made, after, becomes, "returned")
    _tell(work, held, becomes, kinds, reason=TAKEN_BACK, more={"how": TAKEN_BACK, "edit_id": str(made.id)})


async def _write(work: Work, made: Made, after: list[Held], becomes: Mapping[UUID, Values], state: str) -> None:
    await repository.write(work, made, after, state=state)
    words = {
        each.id: search_words(each.name, each.email, each.phone, str(each.values["company"]))
        for each in after
        if "company" in becomes[each.id]
    }
    if words:
        await leads.make_searchable(work, words)


def _tell(
    work: Work,
    held: list[Held],
    becomes: Mapping[UUID, Values],
    kinds: Mapping[str, StageKind],
    *,
    reason: str,
    more: Mapping[str, JsonValue],
) -> None:
    for each in held:
        if each.id in becomes:
            work.record_all(told(each, becomes[each.id], kinds, reason=reason, more=more))


async def undo(work: Work, edit: UUID) -> Undone:
    """Put each field back that still says what the edit made it say, a thousand leads now; repeated, it only tells how
    it stands.

    For whoever edited them, and those who may change every lead.

    Raises:
        EditNotFound: there is none, or it is somebody else's.
        Forbidden: a field is not theirs to set any more.
        TooLateToUndo: it was more than a day ago.

    """
    work.scope.require(Permission.LEADS_WRITE)
    made = await repository.get_to_change(work, edit)
    if made is None or not _is_theirs(work, made):
        raise EditNotFound
    if made.undone_at is None:
        if work.clock.now() - made.made_at > UNDO_FOR:
            raise TooLateToUndo("A change can be taken back for a day. Change the leads anew.")
        work.scope.fields.require_write(fields_of(targets(Change.model_validate(made.change))))
        await _begin_undo(work, made)
    counts = await repository.counts(work, edit)
    return Undone(counts.get("returned", 0), counts.get("kept", 0), counts.get("changed", 0))


def _is_theirs(work: Work, made: Made) -> bool:
    actor, reach = work.scope.actor, work.scope.reach(Permission.LEADS_WRITE)
    return (actor.kind == made.actor_kind and actor.id == made.actor_id) or reach.is_all


async def _begin_undo(work: Work, made: Made) -> None:
    counts = await repository.counts(work, made.id)
    await repository.undo(work, made)
    work.record(Event(PUT_BACK, data={"edit_id": str(made.id), "leads": counts.get("changed", 0)}))
    if await go_on(work, made.id, is_undo=True):
        await _leave_to_a_job(work, made.id, is_undo=True)


async def progress(work: Work, edit: UUID) -> Progress:
    """How far it has come. Raises EditNotFound where there is none, or it is somebody else's."""
    work.scope.require(Permission.LEADS_WRITE)
    made = await repository.get(work, edit)
    if made is None or not _is_theirs(work, made):
        raise EditNotFound
    counts = await repository.counts(work, edit)
    is_undone = made.undone_at is not None
    changed, planned = counts.get("changed", 0), counts.get("planned", 0)
    remaining = changed if is_undone else planned
    return Progress(
        is_undone,
        changed,
        counts.get("skipped", 0),
        counts.get("returned", 0),
        counts.get("kept", 0),
        remaining,
        remaining > 0 and await repository.has_stopped(work, made),
    )
