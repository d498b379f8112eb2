"""The report of a backtest for somebody's screen: names within reach only, and without hidden fields."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.leads.fields import visible
from leadflow.scoring.goals import Goal
from leadflow.scoring.success import WORDS
from leadflow.tenancy import repository as tenancy

NAMED: Final = 50
_NAMES = """
    SELECT l.id::text AS id, l.name, l.company, l.owner_id::text AS owner FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = ANY(CAST(:ids AS uuid[]))
"""


async def told(work: Work, report: dict[str, Any]) -> dict[str, Any]:
    """With the names of people, of the first leads in sight whose band would be another, and words for the goal."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    people = {str(person.id): person.name for person in await tenancy.people(work)}
    workload = [{**each, "name": people.get(each["owner"] or "")} for each in report["workload"]]
    goal = Goal(report.get("goal", Goal.WON))
    rest = {key: value for key, value in report.items() if key != "goal"}
    changed = await _changed(work, report["changed"])
    return {**rest, "words": WORDS[goal].to_json(), "workload": workload, "changed": changed}


async def _changed(work: Work, changed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    names = await _names(work, [UUID(each["lead"]) for each in changed])
    seen = [{**each, **names[each["lead"]]} for each in changed if each["lead"] in names]
    return seen[:NAMED]


async def _names(work: Work, ids: Sequence[UUID]) -> dict[str, dict[str, Any]]:
    clause, values = work.scope.within(Permission.LEADS_READ)
    found = await work.session.execute(
        text(f"{_NAMES}{clause}"), {"organization_id": work.organization_id, "ids": list(ids), **values}
    )
    rows = [visible(dict(row), work.scope.fields) for row in found.mappings()]
    return {row["id"]: {"name": row["name"], "company": row["company"], "owner": row["owner"]} for row in rows}
