"""Loads and saves views, pins and defaults."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from leadflow.kernel.errors import FieldProblem, Forbidden, Invalid
from leadflow.kernel.work import Work
from leadflow.views.saved.errors import ViewNotFound
from leadflow.views.saved.models import Layout, SavedView
from leadflow.views.saved.rules import may_change, may_see

UNIQUE_NAMES = {
    "uq_saved_view_own": "You have a view of this name already.",
    "uq_saved_view_shared": "A view of this name is shared already.",
}

_PIN = text("""
    INSERT INTO view_pin (organization_id, person_id, view_id, place)
    SELECT :organization_id, :person, :view, coalesce(max(place), 0) + 1
    FROM view_pin WHERE organization_id = :organization_id AND person_id = :person
    ON CONFLICT DO NOTHING
""")
_UNPIN = text("""
    DELETE FROM view_pin WHERE organization_id = :organization_id AND person_id = :person AND view_id = :view
""")
_ARRANGE = text("""
    UPDATE view_pin p SET place = ordered.place
    FROM (
        SELECT x.view_id, row_number() OVER (ORDER BY w.place NULLS LAST, x.place, x.view_id)::int AS place
        FROM view_pin x
        LEFT JOIN unnest(CAST(:views AS uuid[])) WITH ORDINALITY AS w (view_id, place) ON w.view_id = x.view_id
        WHERE x.organization_id = :organization_id AND x.person_id = :person
    ) ordered
    WHERE p.organization_id = :organization_id AND p.person_id = :person AND p.view_id = ordered.view_id
      AND p.place <> ordered.place
""")
_CHOOSE = text("""
    INSERT INTO view_default (organization_id, person_id, layout, view_id)
    VALUES (:organization_id, :person, :layout, CAST(:view AS uuid))
    ON CONFLICT (organization_id, person_id, layout) DO UPDATE SET view_id = excluded.view_id
    WHERE view_default.view_id IS DISTINCT FROM excluded.view_id
""")
_CHOOSE_NOTHING = text("""
    DELETE FROM view_default WHERE organization_id = :organization_id AND person_id = :person AND layout = :layout
""")
# One after the other: there is one default of a page at any moment. Not FOR UPDATE: whatever refers to it would wait.
_HOLD = text("SELECT FROM organization WHERE id = :organization_id FOR NO KEY UPDATE")
_NO_DEFAULT = text("""
    UPDATE saved_view SET is_default = false
    WHERE organization_id = :organization_id AND layout = :layout AND is_default AND deleted_at IS NULL
      AND id IS DISTINCT FROM CAST(:view AS uuid)
""")
_BE_DEFAULT = text("""
    UPDATE saved_view SET is_default = true
    WHERE organization_id = :organization_id AND id = :view AND NOT is_default
""")
_HAS_DEFAULT = text("""
    SELECT EXISTS (SELECT FROM saved_view WHERE organization_id = :organization_id AND layout = :layout
                   AND is_default AND deleted_at IS NULL)
""")
_OWN = text("""
    SELECT count(*) FROM saved_view
    WHERE organization_id = :organization_id AND owner_id = :person AND deleted_at IS NULL
""")
_NAMES = text("""
    SELECT name FROM saved_view WHERE organization_id = :organization_id AND id <> :view AND deleted_at IS NULL
      AND (owner_id = CAST(:owner AS uuid) OR (is_shared AND :is_shared))
""")
_IS_MEMBER = text("""
    SELECT EXISTS (SELECT FROM membership WHERE organization_id = :organization_id AND account_id = :person
                   AND state = 'active')
""")
_FORGET = text("""
    DELETE FROM saved_view WHERE organization_id = :organization_id
      AND (deleted_at <= :until OR (owner_id IS NULL AND NOT is_shared))
""")
_NEXT = text(
    "SELECT min(deleted_at) FROM saved_view WHERE organization_id = :organization_id AND deleted_at IS NOT NULL"
)


async def get_to_open(work: Work, view_id: UUID) -> SavedView:
    """The view, locked, also one that is deleted. Raises ViewNotFound for one that is out of sight."""
    query = select(SavedView).where(
        col(SavedView.organization_id) == work.organization_id, col(SavedView.id) == view_id
    )
    found: SavedView | None = (await work.session.execute(query.with_for_update(of=SavedView))).scalar_one_or_none()
    if found is None or not may_see(work.scope, found.owner_id, is_shared=found.is_shared):
        raise ViewNotFound
    return found


async def get_to_change(work: Work, view_id: UUID) -> SavedView:
    """The same, for whoever may change it.

    Raises:
        ViewNotFound: there is none, or it is out of sight; the two look the same.
        Forbidden: it is somebody else's.

    """
    view = await get_to_open(work, view_id)
    if not may_change(work.scope, view.owner_id, is_shared=view.is_shared):
        raise Forbidden("This view is somebody else's to change. Save one of your own from it.")
    return view


async def save(work: Work, view: SavedView) -> None:
    """Write it down. Raises Invalid when its name is taken."""
    work.session.add(view)
    try:
        await work.session.flush()
    except IntegrityError as error:
        for key, words in UNIQUE_NAMES.items():
            if key in str(error.orig):
                raise Invalid(problems=[FieldProblem("name", words)]) from error
        raise


async def own_count(work: Work, person: UUID) -> int:
    return int((await work.session.execute(_OWN, _of(work, person=person))).scalar_one())


async def names_beside(work: Work, view: SavedView) -> Sequence[str]:
    """Names that this view cannot have."""
    values = _of(work, view=view.id, owner=view.owner_id, is_shared=view.is_shared)
    return (await work.session.execute(_NAMES, values)).scalars().all()


async def is_member(work: Work, person: UUID) -> bool:
    return bool((await work.session.execute(_IS_MEMBER, _of(work, person=person))).scalar_one())


async def pin(work: Work, person: UUID, view_id: UUID) -> bool:
    """As the last of their tabs; says whether it was none of them before."""
    return await _changes(work, _PIN, person=person, view=view_id)


async def unpin(work: Work, person: UUID, view_id: UUID) -> bool:
    return await _changes(work, _UNPIN, person=person, view=view_id)


async def arrange(work: Work, person: UUID, views: Sequence[UUID]) -> bool:
    """These first, in this order; says whether anything moved."""
    return await _changes(work, _ARRANGE, person=person, views=list(views))


async def choose(work: Work, person: UUID, layout: Layout, view_id: UUID | None) -> bool:
    """A person's own default; None: all leads."""
    return await _changes(work, _CHOOSE, person=person, layout=layout.value, view=view_id)


async def choose_nothing(work: Work, person: UUID, layout: Layout) -> bool:
    return await _changes(work, _CHOOSE_NOTHING, person=person, layout=layout.value)


async def hold_defaults(work: Work) -> None:
    """Nobody else changes what the organization opens by default until this transaction ends. Ahead of any view."""
    await work.session.execute(_HOLD, _of(work))


async def choose_for_all(work: Work, layout: Layout, view_id: UUID | None) -> bool:
    """The organization's default, while one holds it; None: it has none."""
    has_changed = await _changes(work, _NO_DEFAULT, layout=layout.value, view=view_id)
    return (view_id is not None and await _changes(work, _BE_DEFAULT, view=view_id)) or has_changed


async def has_default(work: Work, layout: str) -> bool:
    """Whether the organization has one, while one holds it."""
    return bool((await work.session.execute(_HAS_DEFAULT, _of(work, layout=layout))).scalar_one())


async def forget(work: Work, until: datetime) -> None:
    """Remove for good what was deleted until then, and what was the own of somebody who is gone."""
    await work.session.execute(_FORGET, _of(work, until=until))


async def next_moment(work: Work, kept: timedelta) -> datetime | None:
    """When there is something to forget."""
    found: datetime | None = (await work.session.execute(_NEXT, _of(work))).scalar_one()
    return found + kept if found else None


async def _changes(work: Work, statement: TextClause, **values: object) -> bool:
    """Whether it changed any row."""
    found = await work.session.execute(statement, _of(work, **values))
    return bool(found.rowcount)  # type: ignore[attr-defined]  # of whatever changes rows


def _of(work: Work, **values: object) -> dict[str, object]:
    return {"organization_id": work.organization_id, **values}
