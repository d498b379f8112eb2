"""Saved views as screens and the API show them."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.views.saved.errors import ViewNotFound
from leadflow.views.saved.models import Layout
from leadflow.views.saved.rules import may_change, withheld

ALL: Final = "all"
"""Stands for all leads, where a view is chosen."""

_VIEWS = text("""
    SELECT v.id::text AS id, v.name, v.layout, v.icon, v.params, v.is_shared, v.is_default, v.version,
           (extract(epoch FROM v.changed_at) * 1000)::bigint AS changed_at, coalesce(c.name, '') AS changed_by,
           v.owner_id AS owner, coalesce(a.name, '') AS owner_name,
           coalesce(m.state = 'active', false) AS owner_is_here, p.place AS pin, v.written_by_id
    FROM saved_view v
    LEFT JOIN account a ON a.id = v.owner_id
    LEFT JOIN account c ON c.id = v.changed_by_id
    LEFT JOIN membership m ON m.organization_id = v.organization_id AND m.account_id = v.owner_id
    LEFT JOIN view_pin p ON p.organization_id = v.organization_id AND p.view_id = v.id AND p.person_id = :me
    WHERE v.organization_id = :organization_id AND v.deleted_at IS NULL AND (v.is_shared OR v.owner_id = :me)
      AND (CAST(:only AS uuid) IS NULL OR v.id = :only)
    ORDER BY lower(v.name), v.id
""")
_CHOSEN = text("""
    SELECT d.layout, d.view_id::text FROM view_default d
    WHERE d.organization_id = :organization_id AND d.person_id = :me
""")


@dataclass(frozen=True, slots=True)
class Views:
    """All that somebody sees, and what each of their pages opens with."""

    items: list[dict[str, Any]]
    defaults: dict[str, dict[str, str | None]]


async def listed(work: Work) -> Views:
    """The actor's own views and those that are shared, by name."""
    work.scope.require(Permission.LEADS_READ)
    items = await _views(work)
    values = {"organization_id": work.organization_id, "me": work.scope.person}
    chosen = {layout: view or ALL for layout, view in await work.session.execute(_CHOSEN, values)}
    return Views(items, {layout.value: _default(layout, items, chosen.get(layout.value)) for layout in Layout})


async def one(work: Work, view_id: UUID) -> dict[str, Any]:
    """A view as lists show it. Raises ViewNotFound when it is not there, or out of sight."""
    work.scope.require(Permission.LEADS_READ)
    found = await _views(work, view_id)
    if not found:
        raise ViewNotFound
    return found[0]


async def _views(work: Work, only: UUID | None = None) -> list[dict[str, Any]]:
    values = {"organization_id": work.organization_id, "me": work.scope.person, "only": only}
    rows = await work.session.execute(_VIEWS, values)
    return [_told(work, dict(row)) for row in rows.mappings()]


def _told(work: Work, row: dict[str, Any]) -> dict[str, Any]:
    """Without the parameters, where these tell of a field that the actor's role does not see."""
    owner: UUID | None = row["owner"]
    hidden = withheld(work.scope, row["params"], row["written_by_id"])
    return {
        **{name: value for name, value in row.items() if name != "written_by_id"},
        "owner": str(owner) if owner else None,
        "params": {} if hidden else row["params"],
        "withheld": hidden,
        "is_mine": owner is not None and owner == work.scope.person,
        "may_change": may_change(work.scope, owner, is_shared=row["is_shared"]),
    }


def _default(layout: Layout, items: list[dict[str, Any]], chosen: str | None) -> dict[str, str | None]:
    """What a person has chosen counts for as long as they see it, and then what their organization has."""
    here = {each["id"]: each for each in items if each["layout"] == layout}
    mine = chosen if chosen == ALL or chosen in here else None
    organization = next((each["id"] for each in here.values() if each["is_default"]), None)
    opens = mine or organization
    can_be_shown = opens == ALL or (opens in here and not here[opens]["withheld"])
    return {"mine": mine, "organization": organization, "opens": opens if can_be_shown else None}
