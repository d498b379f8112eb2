"""Saves what was decided, and gives turns back. The ledger has one writer: routing's projection."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.routing.dealing import Decision
from leadflow.routing.fairness import Fare, Ledger, Standing
from leadflow.routing.models import EVERYBODY
from leadflow.routing.proof import proof_of

ASKED_WITHIN = timedelta(days=7)

# Somebody who has just asked waits for an answer; an old lead that is taken in or given on does not.
_IS_PROMISED = "lead.touched_at IS NULL AND lead.captured_at > :asked_since"
# Owners, clocks, standings and proofs: one round trip for a batch. Waiting on for the same reason is no news.
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
    FROM proofs p
    LEFT JOIN LATERAL (
        SELECT a.rule_id, a.how FROM assignment a
        WHERE p.chosen IS NULL AND a.organization_id = :organization_id AND a.lead_id = p.lead_id
        ORDER BY a.id DESC LIMIT 1
    ) last ON true
    WHERE p.chosen IS NOT NULL OR last.how IS DISTINCT FROM p.how OR last.rule_id IS DISTINCT FROM p.rule_id
    ORDER BY p.id
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


async def save(
    work: Work,
    decisions: Sequence[Decision],
    ledgers: Mapping[UUID, Ledger],
    due: Mapping[UUID, Due],
    claimed: Iterable[UUID] = (),
) -> None:
    """Owners, standings, proofs, until when somebody gets in touch; and standings of rules with `claimed` leads."""
    touched = {*claimed, *(each.rule.id for each in decisions if each.rule and each.choice)} & ledgers.keys()
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
