"""Use cases of monitoring: see whether there is cause for alarm, and look at how the model does."""

from datetime import UTC, date, timedelta
from typing import Final

from pydantic import JsonValue

from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.events import ALARM_CLEARED, ALARM_RAISED
from leadflow.scoring.jobs import check_at
from leadflow.scoring.monitoring import queries, repository, wording
from leadflow.scoring.monitoring.alarms import findings
from leadflow.scoring.monitoring.inputs import BEFORE, LATELY
from leadflow.scoring.monitoring.queries import AlarmTold, ModelPage
from leadflow.scoring.rules import RuleBook

AGAIN: Final = timedelta(hours=1)
REMEMBERED: Final = timedelta(days=730)
"""How far back outcomes are evidence for or against a model."""
_LOOKS_BACK: Final = timedelta(days=LATELY + BEFORE)


async def check(work: Work) -> None:
    """Raise and clear alarms, each once, and look again in a while; safe to repeat."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    today = today_of(work)
    config = await scoring.config(work)
    labels = RuleBook(config).labels
    inputs = await queries.inputs(work, today - _LOOKS_BACK)
    grades = await queries.grades(work, config.champion, today - REMEMBERED)
    standing = {alarm.cause: alarm for alarm in await repository.standing(work)}
    goal = await queries.goal(work, config)
    found = {each.cause: each for each in findings(grades, inputs, today, standing.keys(), goal)}
    for cause, finding in found.items():
        known = standing.get(cause)
        if known is not None:
            if known.evidence != finding.evidence:
                await repository.update_alarm(work, known.id, finding)
        elif raised := await repository.raise_alarm(work, finding):
            said: dict[str, JsonValue] = {"alarm": str(raised), "cause": cause, "stops": finding.stops}
            says, _ = wording.told(cause, labels, finding.evidence, goal)
            told: dict[str, JsonValue] = {"says": says, "evidence": dict(finding.evidence)}
            work.record(Event(ALARM_RAISED, data={**said, **told}))
    for cause, alarm in standing.items():
        if cause not in found and await repository.lift_alarm(work, alarm.id):
            data: dict[str, JsonValue] = {"alarm": str(alarm.id), "cause": cause, "stops": alarm.stops}
            says, _ = wording.told(cause, labels, alarm.evidence, goal)
            work.record(Event(ALARM_CLEARED, data={**data, "says": says}))
    if inputs or standing or found:
        work.enqueue(check_at(work.clock.now() + AGAIN))


async def look(work: Work, days: int) -> ModelPage:
    """How the models did in the last days, what comes in, what was learned, and which alarms there were."""
    work.scope.require(Permission.ROUTING_MANAGE)
    return await queries.model_page(work, await scoring.config(work), today_of(work), days)


async def standing_alarms(work: Work) -> list[AlarmTold]:
    """The alarms that stand."""
    work.scope.require(Permission.ROUTING_MANAGE)
    told = await queries.alarms(work, await scoring.config(work))
    return [each for each in told if each.cleared_at is None]


def today_of(work: Work) -> date:
    return work.clock.now().astimezone(UTC).date()
