"""What the model page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text

from leadflow.kernel.fields import FieldRights
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring.attributes import field_of
from leadflow.scoring.config import Band, ScoringConfig
from leadflow.scoring.goals import Goal
from leadflow.scoring.learner import NAME
from leadflow.scoring.models import shelf
from leadflow.scoring.monitoring import wording
from leadflow.scoring.monitoring.diary import Change, changes
from leadflow.scoring.monitoring.drift import Wrong, courses
from leadflow.scoring.monitoring.inputs import (
    BEFORE,
    LATELY,
    NEW_LEADS,
    OTHER,
    Day,
    Shift,
    Silence,
    attribute_of,
    shifts,
    silences,
)  # fmt: skip
from leadflow.scoring.monitoring.reading import Group, Summary, by_band, groups, merged, summary
from leadflow.scoring.monitoring.running import Point, running
from leadflow.scoring.monitoring.tally import Tally
from leadflow.scoring.rules import RuleBook
from leadflow.scoring.wording import news

FEWEST: Final = 50
"""Outcomes that figures have to rest on."""
_REMEMBERED: Final = timedelta(days=730)
_CHANGES: Final = 8
_ALARMS: Final = 30
_ALL = timedelta(days=BEFORE + LATELY)

_GRADES = text("""
    SELECT model, day, weight, wins, said, log_loss, expected_loss, usual_loss, brier, more, fewer, flatter, bins
    FROM model_grade
    WHERE organization_id = :organization_id AND (:model = '' OR model = :model) AND day >= :since ORDER BY model, day
""")
_INPUTS = text("""
    SELECT day, leads, facts, behaviours FROM scoring_input
    WHERE organization_id = :organization_id AND day >= :since ORDER BY day
""")
_ALARM_HISTORY = text("""
    SELECT id, cause, stops, evidence, raised_at, cleared_at FROM scoring_alarm
    WHERE organization_id = :organization_id
    ORDER BY cleared_at IS NOT NULL, cleared_at IS NULL AND stops DESC, raised_at DESC, id DESC LIMIT :most
""")
_GOAL = text("""
    SELECT state ->> 'goal' FROM model_snapshot WHERE organization_id = :organization_id AND name = :name
""")
_LESSON = text("""
    SELECT l.day, l.before, l.after, l.seen, d.won, d.lost, d.timed_out, d.taken_back FROM model_lesson l
    LEFT JOIN scoring_day d ON d.organization_id = l.organization_id AND d.day = l.day
    WHERE l.organization_id = :organization_id AND l.model = :model ORDER BY l.day DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """How one model did. `period` is None where there are too few outcomes to say."""

    name: str
    title: str
    is_champion: bool
    outcomes: float
    """In the period."""
    period: Summary | None
    points: Sequence[Point]
    groups: Sequence[Group]
    bands: Mapping[Band, Group | None]
    evidence: Mapping[Wrong, float]
    """That it is wrong in some way; 1: enough for an alarm."""


@dataclass(frozen=True, slots=True)
class AlarmTold:
    id: str
    cause: str
    says: str
    because: str
    stops: bool
    raised_at: datetime
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Learned:
    """What the champion learned on the last day on which it learned anything."""

    day: date
    counts: Mapping[str, int]
    changes: Sequence[tuple[str, Change]]
    """In words, strongest first."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    label: str
    lately: float
    """A day, in the last whole days."""
    before: float
    silence: Silence | None


@dataclass(frozen=True, slots=True)
class ModelPage:
    today: date
    goal: Goal
    """What all of it is about: the one that was learned, also while another is being learned."""
    models: Sequence[ModelFigures]
    inputs: Sequence[tuple[str, Shift]]
    behaviours: Sequence[Behaviour]
    alarms: Sequence[AlarmTold]
    learned: Learned | None


async def model_page(work: Work, config: ScoringConfig, today: date, days: int) -> ModelPage:
    """All of it, without what tells of fields hidden from the actor."""
    work.scope.require(Permission.ROUTING_MANAGE)
    labels, fields = RuleBook(config).labels, work.scope.fields
    known, learned_for = await inputs(work, today - _ALL), await goal(work, config)
    return ModelPage(
        today=today,
        goal=learned_for,
        models=await _models(work, config, today, days),
        inputs=[(wording.title(each.attribute), each) for each in shifts(known, today) if _is_told(each, fields)],
        behaviours=_behaviours(known, labels, today),
        alarms=await alarms(work, config),
        learned=await _learned(work, config.champion, learned_for, labels, fields),
    )


async def goal(work: Work, config: ScoringConfig) -> Goal:
    """What the models have learned to foretell; while nothing is learned, what they will."""
    found = await work.session.execute(_GOAL, {"organization_id": work.organization_id, "name": NAME})
    return Goal(found.scalar_one_or_none() or config.goal)


async def grades(work: Work, model: str, since: date) -> list[tuple[date, Tally]]:
    """One model's days, in order."""
    return (await _grades(work, since, model)).get(model, [])


async def inputs(work: Work, since: date) -> dict[date, Day]:
    rows = await work.session.execute(_INPUTS, {"organization_id": work.organization_id, "since": since})
    return {row.day: Day(row.leads, row.facts, row.behaviours) for row in rows}


async def _grades(work: Work, since: date, model: str = "") -> dict[str, list[tuple[date, Tally]]]:
    values = {"organization_id": work.organization_id, "model": model, "since": since}
    found: dict[str, list[tuple[date, Tally]]] = {}
    for row in (await work.session.execute(_GRADES, values)).mappings():
        found.setdefault(row["model"], []).append((row["day"], Tally.from_json(dict(row))))
    return found


async def _models(work: Work, config: ScoringConfig, today: date, days: int) -> list[ModelFigures]:
    """The champion first; also when it has not been graded yet."""
    known = await _grades(work, today - _REMEMBERED)
    names = [config.champion, *sorted(known.keys() - {config.champion})]
    return [_figures(name, known.get(name, []), config, today, days) for name in names]


def _figures(
    name: str, graded: Sequence[tuple[date, Tally]], config: ScoringConfig, today: date, days: int
) -> ModelFigures:
    first = today - timedelta(days=days - 1)
    period = merged(tally for day, tally in graded if day >= first)
    told = summary(period)
    is_known = told is not None and told.outcomes >= FEWEST
    member = shelf().get(name)
    return ModelFigures(
        name=name,
        title=member.title if member else name,
        is_champion=name == config.champion,
        outcomes=told.outcomes if told else 0.0,
        period=told if is_known else None,
        points=running(graded, first, today),
        groups=groups(period) if is_known else (),
        bands=by_band(period, config) if is_known else dict.fromkeys(Band),
        evidence={wrong: course.part for wrong, course in courses(graded).items()},
    )


def _is_told(shift: Shift, fields: FieldRights) -> bool:
    return shift.is_known and field_of(attribute_of(shift.attribute)) not in fields.hidden


def _behaviours(days: Mapping[date, Day], labels: Mapping[str, str], today: date) -> list[Behaviour]:
    """New leads first, then what is usual to come, most frequent first."""
    silent = {each.behaviour: each for each in silences(days, today)}
    start = today - timedelta(days=LATELY)
    old = [day for at, day in days.items() if at < start]
    new = [day for at, day in days.items() if start <= at < today]
    span = max((start - min(days)).days, 0) if days else 0
    names = {name for day in (*old, *new) for name in day.behaviours if name != OTHER}

    def counted(name: str, of: Sequence[Day]) -> int:
        return sum(day.leads if name == NEW_LEADS else day.behaviours.get(name, 0) for day in of)

    found = [
        Behaviour(
            wording.behaviour(name, labels), counted(name, new) / LATELY,
            counted(name, old) / span if span else 0.0, silent.get(name),
        )
        for name in (NEW_LEADS, *sorted(names))
    ]  # fmt: skip
    return [*found[:1], *sorted(found[1:], key=lambda each: -(each.before + each.lately))] if days else []


async def alarms(work: Work, config: ScoringConfig) -> list[AlarmTold]:
    """Those that stand first, the graver before others, then the latest; without what tells of hidden fields."""
    work.scope.require(Permission.ROUTING_MANAGE)
    labels, fields = RuleBook(config).labels, work.scope.fields
    now = await goal(work, config)
    rows = await work.session.execute(_ALARM_HISTORY, {"organization_id": work.organization_id, "most": _ALARMS})
    return [
        AlarmTold(str(id_), cause, *wording.told(cause, labels, evidence, now), stops, raised_at, cleared_at)
        for id_, cause, stops, evidence, raised_at, cleared_at in rows
        if wording.field_told(cause) not in fields.hidden
    ]


async def _learned(
    work: Work, model: str, goal: Goal, labels: Mapping[str, str], fields: FieldRights
) -> Learned | None:
    found = await work.session.execute(_LESSON, {"organization_id": work.organization_id, "model": model})
    row = found.one_or_none()
    if row is None:
        return None
    told = [
        (news(each.feature, labels, good=each.by > 0.0, goal=goal), each)
        for each in changes(row.before, row.after, row.seen)
        if wording.field_of_feature(each.feature) not in fields.hidden
    ]
    counts = {name: getattr(row, name) or 0 for name in ("won", "lost", "timed_out", "taken_back")}
    return Learned(row.day, counts, told[:_CHANGES])
