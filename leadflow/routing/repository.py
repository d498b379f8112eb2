"""Loads what a batch is decided from, and saves what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.routing.commands import Pool, Promise
from leadflow.routing.conditions import Condition, Facts
from leadflow.routing.dealing import Decision, Floor, LeadToRoute, Rule, built_in, proof_of
from leadflow.routing.eligibility import Person
from leadflow.routing.fairness import Fare, Ledger, Standing
from leadflow.routing.models import EVERYBODY
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Limit, Need
from leadflow.tenancy import repository as tenancy

ASKED_WITHIN = timedelta(days=7)

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
            WHERE s.organization_id = m.organization_id AND s.account_id = m.account_id) AS standings
    FROM membership m
    JOIN account a ON a.id = m.account_id
    JOIN organization o ON o.id = m.organization_id
    LEFT JOIN absence b ON b.organization_id = m.organization_id AND b.account_id = m.account_id
        AND b.ends_at > :since
    WHERE m.organization_id = :organization_id
    GROUP BY m.organization_id, m.account_id, a.id, o.id
""")
_UNOWNED = text("""
    SELECT l.id, l.source, l.country, l.company, l.domain, l.title, l.value, l.score, l.band, l.custom FROM lead l
    WHERE l.organization_id = :organization_id AND l.id = ANY(:ids) AND l.owner_id IS NULL
    ORDER BY l.id FOR NO KEY UPDATE
""")
_WAITING = text("""
    SELECT l.id, l.captured_at FROM lead l
    JOIN stage s ON s.organization_id = l.organization_id AND s.key = l.stage
    WHERE l.organization_id = :organization_id AND l.owner_id IS NULL AND s.kind = 'open'
      AND (l.captured_at, l.id) > (:captured_at, :id)
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
# Somebody who has just asked waits for an answer; an old lead that is taken in or given on does not.
_IS_PROMISED = "lead.touched_at IS NULL AND lead.captured_at > :asked_since"
# Owners, clocks, standings and proofs: one round trip for a batch.
_SAVE = text(f"""
    WITH proofs AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:proofs AS json)) AS p (
            id uuid, lead_id uuid, at timestamptz, rule_id uuid, rule_name text, strategy text, options jsonb,
            chosen uuid, how text, fare text, candidates jsonb, clock_rule uuid, step smallint, due_at timestamptz,
            remind_at timestamptz)
    ), owned AS (
        UPDATE lead SET owner_id = p.chosen, touch_due_at = CASE WHEN {_IS_PROMISED} THEN p.due_at END,
               touch_remind_at = CASE WHEN {_IS_PROMISED} THEN p.remind_at END
        FROM proofs p
        WHERE lead.organization_id = :organization_id AND lead.id = p.lead_id AND p.chosen IS NOT NULL
        RETURNING lead.id, lead.touch_due_at
    ), clock AS (
        INSERT INTO lead_clock AS c (organization_id, lead_id, rule_id, step, due_at, next_at)
        SELECT :organization_id, p.lead_id, p.clock_rule, p.step, p.due_at, coalesce(p.remind_at, p.due_at)
        FROM owned o JOIN proofs p ON p.lead_id = o.id WHERE o.touch_due_at IS NOT NULL
        ON CONFLICT (organization_id, lead_id) DO UPDATE SET
            rule_id = excluded.rule_id, step = excluded.step, due_at = excluded.due_at, next_at = excluded.next_at
    ), standing AS (
        INSERT INTO assignment_standing (organization_id, rule_id, account_id, start, weight, turn, seen, given,
                                         credits)
        SELECT :organization_id, s.rule_id, s.account_id, s.start, s.weight, s.turn, s.seen, s.given, s.credits
        FROM json_to_recordset(CAST(:standings AS json)) AS s (
            rule_id uuid, account_id uuid, start bigint, weight smallint, turn bigint, seen bigint, given bigint,
            credits bigint)
        ON CONFLICT (organization_id, rule_id, account_id) DO UPDATE SET
            start = excluded.start, weight = excluded.weight, turn = excluded.turn, seen = excluded.seen,
            given = excluded.given, credits = excluded.credits
    )
    INSERT INTO assignment (organization_id, id, lead_id, at, rule_id, rule_name, strategy, options, chosen, how, fare,
                            candidates)
    SELECT :organization_id, p.id, p.lead_id, p.at, p.rule_id, p.rule_name, p.strategy, p.options, p.chosen, p.how,
           p.fare, p.candidates
    FROM proofs p ORDER BY p.id
""")
# Once per assignment, whatever happens to the lead afterwards.
_GIVE_BACK = text("""
    WITH last AS (
        SELECT DISTINCT ON (a.lead_id) a.id FROM assignment a
        WHERE a.organization_id = :organization_id AND a.lead_id = ANY(:ids) AND a.chosen IS NOT NULL
        ORDER BY a.lead_id, a.id DESC
    ), returned AS (
        UPDATE assignment a SET returned_at = :now FROM last
        WHERE a.organization_id = :organization_id AND a.id = last.id AND a.returned_at IS NULL AND a.fare <> 'free'
        RETURNING coalesce(a.rule_id, CAST(:everybody AS uuid)) AS rule_id, a.chosen
    ), owed AS (
        SELECT rule_id, chosen, count(*) AS turns FROM returned GROUP BY rule_id, chosen
    )
    UPDATE assignment_standing s SET credits = s.credits + owed.turns FROM owed
    WHERE s.organization_id = :organization_id AND s.rule_id = owed.rule_id AND s.account_id = owed.chosen
""")
_CLOSE = text("DELETE FROM assignment_standing WHERE organization_id = :organization_id AND rule_id = :rule_id")


class Due(Protocol):
    """Until when somebody gets in touch, and when they are reminded."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def remind_at(self) -> datetime | None: ...


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
    found = Floor(
        with_rules,
        everybody,
        await tenancy.teams_above(work) if any(rule.pool.teams for rule in with_rules) else {},
        {rule: Ledger(known) for rule, known in standings.items()},
    )
    if needs(with_rules, Need.OPEN):
        rows = await work.session.execute(
            _OPEN, {"organization_id": work.organization_id, "people": list(found.people)}
        )
        found.open = {row.owner_id: row.leads for row in rows}
    if limits := [limit for rule in with_rules if (limit := rule.strategy.limit(rule.options))]:
        found.taken = await _taken(work, found.people, limits, since)
    return found


def needs(with_rules: Iterable[Rule], need: Need) -> bool:
    return any(need in rule.strategy.needs(rule.options) for rule in with_rules)


async def _people(work: Work, since: datetime) -> tuple[dict[UUID, Person], dict[UUID, dict[UUID, Standing]]]:
    """Everybody with the absences that have not ended by `since`, and where they stand in each rule."""
    rows = await work.session.execute(_PEOPLE, {"organization_id": work.organization_id, "since": since})
    found: dict[UUID, Person] = {}
    standings: dict[UUID, dict[UUID, Standing]] = {}
    for who, name, role, team, is_suspended, zone, hours, starts, ends, stands in rows:
        away = tuple(zip(starts or (), ends or (), strict=True))
        found[who] = Person(who, name, role, team, is_suspended, zone, hours, away)
        for rule_id, *numbers in stands or ():
            standings.setdefault(UUID(rule_id), {})[who] = Standing(*numbers)
    return found, standings


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
    known = await kin(work, lead_ids) if with_kin and rows else {}
    return [LeadToRoute(row["id"], facts_of(dict(row)), known.get(row["id"], {})) for row in rows]


async def kin(work: Work, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Who had these leads before, or owns other leads of the same companies, by lead."""
    return await _kin(work, _KIN, lead_ids)


async def company_kin(work: Work, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Who owns other leads of the same companies, by lead."""
    return await _kin(work, _COMPANY_KIN, lead_ids)


async def _kin(work: Work, asked: str, lead_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, str]]:
    values = {"organization_id": work.organization_id, "ids": list(lead_ids)}
    found: dict[UUID, dict[UUID, str]] = {}
    for lead, owner, tie in await work.session.execute(text(asked), values):
        if found.setdefault(lead, {}).get(owner) != "person":
            found[lead][owner] = tie
    return found


def facts_of(row: Mapping[str, Any]) -> Facts:
    """What conditions can ask of a lead."""
    own = {f"custom.{key}": value for key, value in row["custom"].items()}
    return own | {name: value for name, value in row.items() if name not in {"id", "custom", "captured_at"}}


async def waiting(work: Work, after: tuple[datetime, UUID], limit: int) -> list[tuple[UUID, datetime]]:
    """Open leads that nobody owns, in the order of their capture."""
    captured_at, lead_id = after
    values = {"organization_id": work.organization_id, "captured_at": captured_at, "id": lead_id, "limit": limit}
    return [(row.id, row.captured_at) for row in await work.session.execute(_WAITING, values)]


async def save(
    work: Work, decisions: Sequence[Decision], ledgers: Mapping[UUID, Ledger], due: Mapping[UUID, Due]
) -> None:
    """Owners, standings, proofs, and until when somebody gets in touch."""
    touched = {each.rule.id for each in decisions if each.rule and each.choice}
    rows = [_standing(rule, who, s) for rule in touched for who, s in ledgers[rule].standings().items()]
    values = {
        "organization_id": work.organization_id,
        "standings": orjson.dumps(rows).decode(),
        "proofs": orjson.dumps([_proof(each, due.get(each.lead)) for each in decisions]).decode(),
        "asked_since": work.clock.now() - ASKED_WITHIN,
    }
    await work.session.execute(_SAVE, values)


def _standing(rule_id: UUID, account_id: UUID, standing: Standing) -> dict[str, Any]:
    return {
        "rule_id": rule_id,
        "account_id": account_id,
        "start": standing.start,
        "weight": standing.weight,
        "turn": standing.turn,
        "seen": standing.seen,
        "given": standing.given,
        "credits": standing.credits,
    }


def _proof(decision: Decision, due: Due | None) -> dict[str, Any]:
    rule, choice = decision.rule, decision.choice
    return {
        "id": new_id(),
        "lead_id": decision.lead,
        "at": decision.at,
        "rule_id": rule.id if rule and rule.id != EVERYBODY else None,
        "rule_name": rule.name if rule else "",
        "strategy": rule.strategy_name if rule else "",
        "options": rule.options.model_dump(mode="json") if rule else {},
        "chosen": choice.person if choice else None,
        "how": decision.how,
        "fare": choice.fare.value if choice else Fare.FREE.value,
        "candidates": proof_of(decision),
        "clock_rule": (rule.origin or rule.id) if rule and due else None,
        "step": rule.step if rule else 0,
        "due_at": due.due_at if due else None,
        "remind_at": due.remind_at if due else None,
    }


async def give_back(work: Work, lead_ids: Sequence[UUID]) -> None:
    """Whoever was given these leads last is owed the turn."""
    values = {"organization_id": work.organization_id, "ids": list(lead_ids), "now": work.clock.now()}
    await work.session.execute(_GIVE_BACK, {**values, "everybody": EVERYBODY})


async def close_ledger(work: Work, rule_id: UUID) -> None:
    await work.session.execute(_CLOSE, {"organization_id": work.organization_id, "rule_id": rule_id})
