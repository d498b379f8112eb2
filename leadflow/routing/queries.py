"""Rules, absences, proofs, who knows a lead, and the leads that a draft of rules is tried on."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, text
from sqlmodel import col, select

from leadflow.kernel.permissions import Permission
from leadflow.kernel.reach import Team
from leadflow.kernel.work import Work
from leadflow.leads.queries import in_sight, require_in_sight
from leadflow.routing.conditions import facts_of
from leadflow.routing.dealing import LeadToRoute
from leadflow.routing.models import Absence, AssignmentRule
from leadflow.routing.wording import standings
from leadflow.tenancy.models import Membership

MOST_PROOFS, MOST_ABSENCES = 100, 10_000

_PROOFS = """
    SELECT p.id::text AS id, (extract(epoch FROM p.at) * 1000)::bigint AS at, p.rule_id::text AS rule, p.rule_name,
           p.strategy, p.options, p.chosen::text AS chosen, p.how, p.fare, p.candidates,
           (extract(epoch FROM p.returned_at) * 1000)::bigint AS returned_at
    FROM assignment p WHERE p.organization_id = :organization_id AND p.lead_id = :lead_id {in_sight}
    ORDER BY p.id DESC LIMIT :limit
"""
_NAMES = text("""
    SELECT a.id::text AS id, a.name FROM membership m JOIN account a ON a.id = m.account_id
    WHERE m.organization_id = :organization_id AND m.account_id = ANY(CAST(:ids AS uuid[]))
""")
_LEAD = text("""
    SELECT l.id, l.source, l.country, l.company, l.domain, l.title, l.value, l.score, l.band, l.custom FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = :lead_id
""")
_RECENT = """
    SELECT l.id, l.source, l.country, l.company, l.domain, l.title, l.value, l.score, l.band, l.custom, l.captured_at
    FROM lead l WHERE l.organization_id = :organization_id AND l.captured_at > :since{clause}
    ORDER BY l.captured_at DESC, l.id DESC LIMIT :limit
"""

# Of a company are those whose address is known to be a company's: a free mail provider's customers know nobody.
_COMPANY_KIN = """
    SELECT l.id, o.owner_id, 'company' AS kin FROM lead l CROSS JOIN LATERAL (
        SELECT k.owner_id, k.facts FROM lead k
        WHERE k.organization_id = l.organization_id AND k.domain = l.domain AND k.domain <> '' AND k.id <> l.id
        ORDER BY k.captured_at DESC LIMIT 20
    ) o
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) AND o.owner_id IS NOT NULL
      AND o.facts -> 'email_kind' ->> 'value' IN ('business', 'role')
"""
_KIN = f"""
    {_COMPANY_KIN} UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (a.lead_id) a.lead_id, a.chosen, 'person' FROM assignment a
        WHERE a.organization_id = :organization_id AND a.lead_id = ANY(:ids) AND a.chosen IS NOT NULL
        ORDER BY a.lead_id, a.id DESC
    ) earlier
"""


class Past(NamedTuple):
    """A lead that came in, and when."""

    lead: LeadToRoute
    at: datetime


async def proofs(work: Work, lead_id: UUID) -> list[dict[str, Any]]:
    """How a lead came to its owners, latest first: each decision and each failed attempt with all its candidates.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    await require_in_sight(work, lead_id)
    clause, values = in_sight(work, "p.lead_id")
    organization = {"organization_id": work.organization_id}
    found = await work.session.execute(
        text(_PROOFS.format(in_sight=clause)), {**organization, "lead_id": lead_id, "limit": MOST_PROOFS, **values}
    )
    rows = [dict(row) for row in found.mappings()]
    ids = {each["id"] for row in rows for each in row["candidates"]}
    named = await work.session.execute(_NAMES, {**organization, "ids": sorted(ids)}) if ids else ()
    names = {row.id: row.name for row in named}
    for row in rows:
        row["candidates"] = named_and_said(row["strategy"], row["options"], row["candidates"], names)
    return rows


def named_and_said(
    strategy: str, options: Mapping[str, Any], candidates: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The candidates of a proof with their names, and with what their numbers mean."""
    said = standings(strategy, options, candidates)
    return [
        {**each, "name": names.get(str(each["id"]), ""), "said": words}
        for each, words in zip(candidates, said, strict=True)
    ]


async def lead_to_route(work: Work, lead_id: UUID, *, with_kin: bool) -> LeadToRoute:
    """A lead as routing sees it, whoever owns it.

    Raises:
        LeadNotFound: it is not there, or out of sight.

    """
    await require_in_sight(work, lead_id)
    values = {"organization_id": work.organization_id, "lead_id": lead_id}
    row = (await work.session.execute(_LEAD, values)).mappings().one()
    kin = await kin_of(work, [lead_id]) if with_kin else {}
    return LeadToRoute(lead_id, facts_of(dict(row)), kin.get(lead_id, {}))


async def all_rules(work: Work) -> list[AssignmentRule]:
    found = await work.session.execute(
        select(AssignmentRule)
        .where(col(AssignmentRule.organization_id) == work.organization_id)
        .order_by(col(AssignmentRule.position), col(AssignmentRule.id))
    )
    return list(found.scalars())


async def rule(work: Work, rule_id: UUID) -> AssignmentRule | None:
    return await work.session.get(AssignmentRule, (work.organization_id, rule_id))


async def absences(work: Work, since: datetime, until: datetime | None) -> list[tuple[Absence, Team]]:
    """Everybody's, with the team that each is in; those that end after `since` and, if said, begin before `until`."""
    whose = and_(
        col(Membership.organization_id) == col(Absence.organization_id),
        col(Membership.account_id) == col(Absence.account_id),
    )
    asked = (
        select(Absence, col(Membership.team_id))
        .join(Membership, whose)
        .where(col(Absence.organization_id) == work.organization_id, col(Absence.ends_at) > since)
        .order_by(col(Absence.starts_at), col(Absence.id))
        .limit(MOST_ABSENCES)
    )
    if until is not None:
        asked = asked.where(col(Absence.starts_at) < until)
    return [(row[0], row[1]) for row in await work.session.execute(asked)]


async def absence(work: Work, absence_id: UUID) -> Absence | None:
    return await work.session.get(Absence, (work.organization_id, absence_id))


async def recent(work: Work, days: int, limit: int) -> list[Past]:
    """The latest leads within reach that came in during the last days, the first first."""
    clause, values = work.scope.within(Permission.LEADS_READ)
    since = work.clock.now() - timedelta(days=days)
    found = await work.session.execute(
        text(_RECENT.format(clause=clause)),
        {"organization_id": work.organization_id, "since": since, "limit": limit, **values},
    )
    rows = [dict(row) for row in found.mappings()]
    return [Past(LeadToRoute(row["id"], facts_of(row)), row["captured_at"]) for row in reversed(rows)]


async def company_kin(work: Work, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Who owns other leads of the same companies, by lead."""
    return await _kin(work, _COMPANY_KIN, lead_ids)


async def kin_of(work: Work, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Who owns other leads of the same companies, or had the leads before, by lead."""
    return await _kin(work, _KIN, lead_ids)


async def _kin(work: Work, asked: str, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    found: dict[UUID, dict[UUID, str]] = {}
    for lead, owner, tie in await work.session.execute(text(asked), values):
        if found.setdefault(lead, {}).get(owner) != "person":
            found[lead][owner] = tie
    return found
