"""Loads what a batch is decided from, and saves what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from leadflow.kernel.work import Work
from leadflow.routing.commands import Pool, Promise
from leadflow.routing.conditions import TERRITORY, Condition, facts_of
from leadflow.routing.dealing import Floor, LeadToRoute, Rule, built_in
from leadflow.routing.eligibility import Person
from leadflow.routing.fairness import Ledger, Standing
from leadflow.routing.offers.repository import offer_of
from leadflow.routing.queries import kin_of
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Limit, Need
from leadflow.routing.territories.queries import known_territories
from leadflow.tenancy import repository as tenancy
from leadflow.tenancy.holidays import repository as days_off
from leadflow.tenancy.holidays.rules import Holidays
from leadflow.tenancy.worktime import AHEAD

_DAY: Final = timedelta(days=1)

_RULES = text("""
    SELECT id, name, conditions, pool, strategy, options, promise FROM assignment_rule
    WHERE organization_id = :organization_id AND is_on ORDER BY position, id
""")
_PEOPLE = text("""
    SELECT m.account_id, a.name, m.role, m.team_id, m.state <> 'active' AS is_suspended,
           coalesce(nullif(m.time_zone, ''), o.time_zone) AS zone, m.working_hours,
           array_agg(b.starts_at ORDER BY b.id) FILTER (WHERE b.id IS NOT NULL) AS starts,
           array_agg(b.ends_at ORDER BY b.id) FILTER (WHERE b.id IS NOT NULL) AS ends,
           (SELECT json_agg(json_build_array(s.rule_id, s.start, s.weight, s.turn, s.seen, s.given, s.credits))
            FROM assignment_standing s
            WHERE s.organization_id = m.organization_id AND s.account_id = m.account_id) AS standings,
           EXISTS (SELECT 1 FROM holiday h
                   WHERE h.organization_id = :organization_id AND h.day BETWEEN :first AND :last) AS has_holidays
    FROM membership m
    JOIN account a ON a.id = m.account_id
    JOIN organization o ON o.id = m.organization_id
    LEFT JOIN absence b ON b.organization_id = m.organization_id AND b.account_id = m.account_id
        AND b.ends_at > :since
    WHERE m.organization_id = :organization_id
    GROUP BY m.organization_id, m.account_id, a.id, o.id
""")
_UNOWNED = text("""
    SELECT l.id, l.source, l.country, l.company, l.domain, l.title, l.value, l.score, l.band, l.custom,
           o.rule_id AS offered_by, o.offered_at, o.until AS offered_until
    FROM lead l
    LEFT JOIN lead_offer o ON o.organization_id = l.organization_id AND o.lead_id = l.id AND NOT o.is_over
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) AND l.owner_id IS NULL
    ORDER BY l.id FOR NO KEY UPDATE OF l
""")
_WAITING = text("""
    SELECT l.id, l.captured_at FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.owner_id IS NULL AND s.kind = 'open'
      AND (l.captured_at, l.id) > (:captured_at, :id)
      AND (:with_offers OR NOT EXISTS (
          SELECT 1 FROM lead_offer o WHERE o.organization_id = l.organization_id AND o.lead_id = l.id
            AND NOT o.is_over AND (o.until IS NULL OR o.until > :now)))
    ORDER BY l.captured_at, l.id LIMIT :limit
""")
_OPEN = text("""
    SELECT l.owner_id, count(*) AS leads FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.owner_id = ANY(:people) AND s.kind = 'open' GROUP BY l.owner_id
""")
_TAKEN = text("""
    SELECT p.id, t.at FROM unnest(CAST(:people AS uuid[])) AS p (id) CROSS JOIN LATERAL (
        SELECT a.at FROM assignment a
        WHERE a.organization_id = :organization_id AND a.chosen = p.id AND a.at > :since
        ORDER BY a.at DESC LIMIT :most
    ) t ORDER BY p.id, t.at
""")


async def rules(work: Work) -> list[Rule]:
    """Those that are on, in order; the built-in one for an organization that has none."""
    rows = await work.session.execute(_RULES, {"organization_id": work.organization_id})
    return [rule_of(row.id, dict(row._mapping)) for row in rows] or [built_in()]  # noqa: SLF001 - SQLAlchemy's name


def rule_of(rule_id: UUID, stored: Mapping[str, Any]) -> Rule:
    """A rule as it is stored, ready to decide."""
    strategy = shelf()[stored["strategy"]]
    return Rule(
        rule_id,
        stored["name"],
        Pool.model_validate(stored["pool"]),
        stored["strategy"],
        strategy,
        strategy.options.model_validate(stored["options"]),
        Condition.model_validate(stored["conditions"]) if stored["conditions"] else None,
        Promise.model_validate(stored["promise"]) if stored["promise"] else None,
    )


async def floor(work: Work, with_rules: list[Rule], since: datetime) -> Floor:
    """Everything that decisions are made from, in a handful of statements however many leads there are."""
    everybody, standings = await _people(work, since)
    territories = await known_territories(work) if _asks_for_territories(with_rules) else []
    pools = [*(rule.pool for rule in with_rules), *(territory.pool for territory in territories)]
    found = Floor(
        with_rules,
        everybody,
        await tenancy.teams_above(work) if any(pool.teams for pool in pools) else {},
        {rule: Ledger(known) for rule, known in standings.items()},
        territories=territories,
    )
    if needs(with_rules, Need.OPEN):
        rows = await work.session.execute(
            _OPEN, {"organization_id": work.organization_id, "people": list(found.people)}
        )
        found.open = {row.owner_id: row.leads for row in rows}
    if limits := [limit for rule in with_rules if (limit := rule.strategy.limit(rule.options))]:
        found.taken = await _taken(work, found.people, limits, since)
    return found


def _asks_for_territories(with_rules: Sequence[Rule]) -> bool:
    asked = (rule.conditions.values_of(TERRITORY) for rule in with_rules if rule.conditions)
    return needs(with_rules, Need.TERRITORY) or any(asked)


def needs(with_rules: Iterable[Rule], need: Need) -> bool:
    return any(need in rule.strategy.needs(rule.options) for rule in with_rules)


async def _people(work: Work, since: datetime) -> tuple[dict[UUID, Person], dict[UUID, dict[UUID, Standing]]]:
    """Everybody with the absences and holidays that have not ended by `since`, and where they stand in each rule."""
    # Midnight comes up to 14 hours sooner in some zone, and 12 hours later in another.
    first, last = (since - _DAY).date(), (work.clock.now() + AHEAD + _DAY).date()
    values = {"organization_id": work.organization_id, "since": since, "first": first, "last": last}
    rows = (await work.session.execute(_PEOPLE, values)).all()
    holidays = await _holidays(work, first, last) if rows and rows[0].has_holidays else None
    found: dict[UUID, Person] = {}
    standings: dict[UUID, dict[UUID, Standing]] = {}
    for who, name, role, team, is_suspended, zone, hours, starts, ends, stands, _ in rows:
        away = tuple(zip(starts or (), ends or (), strict=True))
        free = holidays.of(who, team, zone) if holidays else ()
        found[who] = Person(who, name, role, team, is_suspended, zone, hours, away, free)
        for rule_id, *numbers in stands or ():
            standings.setdefault(UUID(rule_id), {})[who] = Standing(*numbers)
    return found, standings


async def _holidays(work: Work, first: date, last: date) -> Holidays:
    known = await days_off.known(work, first, last)
    parents = await tenancy.teams_above(work) if any(each.team for each in known) else {}
    return Holidays(known, parents)


async def _taken(
    work: Work, people_: Iterable[UUID], limits: Sequence[Limit], now: datetime
) -> dict[UUID, list[datetime]]:
    values = {
        "organization_id": work.organization_id,
        "people": list(people_),
        "since": now - max(limit.period for limit in limits),
        "most": max(limit.most for limit in limits),
    }
    found: dict[UUID, list[datetime]] = {}
    for row in await work.session.execute(_TAKEN, values):
        found.setdefault(row.id, []).append(row.at)
    return found


async def unowned(work: Work, lead_ids: Sequence[UUID], *, with_kin: bool) -> list[LeadToRoute]:
    """Those of the leads that have no owner, locked, oldest first."""
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    rows = (await work.session.execute(_UNOWNED, values)).mappings().all()
    kin = await kin_of(work, lead_ids) if with_kin and rows else {}
    return [
        LeadToRoute(row["id"], facts_of(dict(row)), kin.get(row["id"], {}), offer=offer_of(dict(row))) for row in rows
    ]


async def waiting(
    work: Work, after: tuple[datetime, UUID], limit: int, *, with_offers: bool
) -> list[tuple[UUID, datetime]]:
    """Open leads that nobody owns, in the order of their capture; those that are offered only `with_offers`."""
    captured_at, lead_id = after
    place = {"organization_id": work.organization_id, "captured_at": captured_at, "id": lead_id, "limit": limit}
    values = {**place, "with_offers": with_offers, "now": work.clock.now()}
    return [(row.id, row.captured_at) for row in await work.session.execute(_WAITING, values)]
