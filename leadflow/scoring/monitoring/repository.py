"""Keeps what monitoring counts, and which alarms stand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import text

from leadflow.kernel.ids import new_id
from leadflow.kernel.work import Work
from leadflow.scoring.labels import TAKEN_BACK, Told
from leadflow.scoring.monitoring.alarms import Finding
from leadflow.scoring.monitoring.diary import Page
from leadflow.scoring.monitoring.inputs import Day
from leadflow.scoring.monitoring.tally import Tally, date_of

LESSONS_KEPT: Final = timedelta(days=14)
"""How long it is remembered what a model learned on a day."""

_SUMS = "weight, wins, said, log_loss, expected_loss, usual_loss, brier, more, fewer, flatter"
_TOTALS = text("""
    SELECT model, sum(weight)::bigint, sum(wins)::bigint FROM model_grade
    WHERE organization_id = :organization_id AND model = ANY(:models) GROUP BY model
""")
_GRADES = text(f"""
    SELECT g.model, g.day, {_SUMS}, bins FROM model_grade g
    JOIN json_to_recordset(CAST(:keys AS json)) AS k (model text, day date) ON k.model = g.model AND k.day = g.day
    WHERE g.organization_id = :organization_id
""")
_SAVE_GRADES = text(f"""
    INSERT INTO model_grade (organization_id, model, day, {_SUMS}, bins)
    SELECT :organization_id, g.* FROM json_to_recordset(CAST(:rows AS json)) AS g (
        model text, day date, weight bigint, wins bigint, said bigint, log_loss bigint, expected_loss bigint,
        usual_loss bigint, brier bigint, more bigint, fewer bigint, flatter bigint, bins jsonb)
    ON CONFLICT (organization_id, model, day) DO UPDATE SET
        weight = excluded.weight, wins = excluded.wins, said = excluded.said, log_loss = excluded.log_loss,
        expected_loss = excluded.expected_loss, usual_loss = excluded.usual_loss, brier = excluded.brier,
        more = excluded.more, fewer = excluded.fewer, flatter = excluded.flatter, bins = excluded.bins
""")
_LESSONS = text("""
    SELECT l.model, l.day, before, after, seen FROM model_lesson l
    JOIN json_to_recordset(CAST(:keys AS json)) AS k (model text, day date) ON k.model = l.model AND k.day = l.day
    WHERE l.organization_id = :organization_id
""")
_SAVE_LESSONS = text("""
    INSERT INTO model_lesson (organization_id, model, day, before, after, seen)
    SELECT :organization_id, l.* FROM json_to_recordset(CAST(:rows AS json)) AS l (
        model text, day date, before jsonb, after jsonb, seen jsonb)
    ON CONFLICT (organization_id, model, day) DO UPDATE SET after = excluded.after, seen = excluded.seen
""")
_FORGET_LESSONS = text("""
    DELETE FROM model_lesson l WHERE organization_id = :organization_id AND day <= (
        SELECT max(day) - CAST(:days AS int) FROM model_lesson m
        WHERE m.organization_id = :organization_id AND m.model = l.model)
""")
_ADD_DAYS = text("""
    INSERT INTO scoring_day (organization_id, day, won, lost, timed_out, taken_back)
    SELECT :organization_id, d.* FROM json_to_recordset(CAST(:rows AS json)) AS d (
        day date, won int, lost int, timed_out int, taken_back int)
    ON CONFLICT (organization_id, day) DO UPDATE SET won = scoring_day.won + excluded.won,
        lost = scoring_day.lost + excluded.lost, timed_out = scoring_day.timed_out + excluded.timed_out,
        taken_back = scoring_day.taken_back + excluded.taken_back
""")
_CLEAR = [
    text("DELETE FROM model_grade WHERE organization_id = :organization_id"),
    text("DELETE FROM model_lesson WHERE organization_id = :organization_id"),
    text("DELETE FROM scoring_day WHERE organization_id = :organization_id"),
]
_INPUTS = text("""
    SELECT day, leads, facts, behaviours FROM scoring_input
    WHERE organization_id = :organization_id AND day = ANY(:days)
""")
_SAVE_INPUTS = text("""
    INSERT INTO scoring_input (organization_id, day, leads, facts, behaviours)
    SELECT :organization_id, i.* FROM json_to_recordset(CAST(:rows AS json)) AS i (
        day date, leads int, facts jsonb, behaviours jsonb)
    ON CONFLICT (organization_id, day) DO UPDATE SET
        leads = excluded.leads, facts = excluded.facts, behaviours = excluded.behaviours
""")
_STANDING = text("""
    SELECT id, cause, stops, evidence, raised_at FROM scoring_alarm
    WHERE organization_id = :organization_id AND cleared_at IS NULL ORDER BY raised_at, cause
""")
_RAISE = text("""
    INSERT INTO scoring_alarm (organization_id, id, cause, stops, evidence, raised_at)
    VALUES (:organization_id, :id, :cause, :stops, CAST(:evidence AS jsonb), :now)
    ON CONFLICT (organization_id, cause) WHERE cleared_at IS NULL DO NOTHING RETURNING id
""")
_UPDATE = text("""
    UPDATE scoring_alarm SET evidence = CAST(:evidence AS jsonb) WHERE organization_id = :organization_id AND id = :id
""")
_LIFT = text("""
    UPDATE scoring_alarm SET cleared_at = :now
    WHERE organization_id = :organization_id AND id = :id AND cleared_at IS NULL RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One that stands."""

    id: UUID
    cause: str
    stops: bool
    evidence: Mapping[str, Any]
    raised_at: datetime


async def totals(work: Work, models: Collection[str]) -> dict[str, tuple[int, int]]:
    """Weight and wins of all grades so far, by model."""
    rows = await work.session.execute(_TOTALS, _of(work, models=list(models)))
    return {model: (weight, wins) for model, weight, wins in rows}


async def add_grades(work: Work, days: Mapping[tuple[str, date], Tally]) -> None:
    stored = await work.session.execute(_GRADES, _of(work, keys=_keys(days)))
    whole = {(row["model"], row["day"]): Tally.from_json(dict(row)) for row in stored.mappings()}
    for key, tally in days.items():
        whole.setdefault(key, Tally()).merge(tally)
    rows = [{"model": model, "day": day, **tally.to_json()} for (model, day), tally in sorted(whole.items())]
    await work.session.execute(_SAVE_GRADES, _of(work, rows=_dumps(rows)))


async def add_lessons(work: Work, pages: Mapping[tuple[str, date], Page]) -> None:
    stored = await work.session.execute(_LESSONS, _of(work, keys=_keys(pages)))
    whole = {
        (row.model, row.day): Page(row.before, row.after, {name: (won, lost) for name, (won, lost) in row.seen.items()})
        for row in stored
    }
    for key, page in pages.items():
        whole[key] = whole[key].then(page) if key in whole else page
    rows = [{"model": model, "day": day, **page.to_json()} for (model, day), page in sorted(whole.items())]
    await work.session.execute(_SAVE_LESSONS, _of(work, rows=_dumps(rows)))
    await work.session.execute(_FORGET_LESSONS, _of(work, days=LESSONS_KEPT.days))


async def add_days(work: Work, tally: Mapping[tuple[int, str], int]) -> None:
    """How many leads the learner was told of, by day since 2020 and as what."""
    rows = [
        {
            "day": date_of(day),
            "won": tally.get((day, Told.WON.value), 0),
            "lost": tally.get((day, Told.LOST.value), 0),
            "timed_out": tally.get((day, Told.TIMED_OUT.value), 0),
            "taken_back": tally.get((day, TAKEN_BACK), 0),
        }
        for day in sorted({day for day, _ in tally})
    ]
    await work.session.execute(_ADD_DAYS, _of(work, rows=_dumps(rows)))


async def clear(work: Work) -> None:
    """Forget what was learned, and how well; what came in and which alarms stand stays."""
    for statement in _CLEAR:
        await work.session.execute(statement, _of(work))


async def inputs(work: Work, days: Collection[date]) -> dict[date, Day]:
    rows = await work.session.execute(_INPUTS, _of(work, days=list(days)))
    return {row.day: Day(row.leads, row.facts, row.behaviours) for row in rows}


async def save_inputs(work: Work, days: Mapping[date, Day]) -> None:
    rows = [{"day": day, **counts.to_json()} for day, counts in sorted(days.items())]
    await work.session.execute(_SAVE_INPUTS, _of(work, rows=_dumps(rows)))


async def standing(work: Work) -> list[Alarm]:
    """The alarms that stand, oldest first."""
    return [Alarm(*row) for row in await work.session.execute(_STANDING, _of(work))]


async def raise_alarm(work: Work, finding: Finding) -> UUID | None:
    """None: one of this cause stands already."""
    values = {"id": new_id(), "cause": finding.cause, "stops": finding.stops, "now": work.clock.now()}
    evidence = _dumps(dict(finding.evidence))
    raised = await work.session.execute(_RAISE, _of(work, **values, evidence=evidence))
    return raised.scalar_one_or_none()


async def update_alarm(work: Work, alarm: UUID, finding: Finding) -> None:
    await work.session.execute(_UPDATE, _of(work, id=alarm, evidence=_dumps(dict(finding.evidence))))


async def lift_alarm(work: Work, alarm: UUID) -> bool:
    """Says whether it stood."""
    lifted = await work.session.execute(_LIFT, _of(work, id=alarm, now=work.clock.now()))
    return lifted.scalar_one_or_none() is not None


def _keys(of: Collection[tuple[str, date]]) -> str:
    return _dumps([{"model": model, "day": day} for model, day in sorted(of)])


def _of(work: Work, **values: object) -> dict[str, object]:
    return {"organization_id": work.organization_id, **values}


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()
