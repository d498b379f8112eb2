"""How the scoring model does, and whether leads wait while it is in alarm."""

import math
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import problems
from leadflow.api.schemas.scoring_model import AlarmReport, ModelReport, TrustItem
from leadflow.api.times import milliseconds
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.trust import service as trust
from leadflow.routing.trust.commands import GoOn, StopOnAlarm
from leadflow.routing.trust.service import Standing
from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring import service, wording
from leadflow.scoring.monitoring.inputs import NOTABLE, SHIFTED, Shift
from leadflow.scoring.monitoring.queries import FEWEST, AlarmTold, Behaviour, Learned, ModelFigures
from leadflow.scoring.monitoring.reading import Group, Summary
from leadflow.scoring.monitoring.running import WINDOW
from leadflow.scoring.success import WORDS

ROUTER = router("scoring")

Days = Annotated[int, Query(ge=7, le=180, description="Of how many days, today included")]
_SHARES = 4


@ROUTER.get("/model", response_model=ModelReport, responses=problems())
@requires(Permission.ROUTING_MANAGE)
async def model(call: Calling, days: Days = 30) -> Response:
    """How well the model knows who will come to the goal, what comes in, what it learned, and alarms."""
    async with call.reading() as work:
        page, standing = await service.look(work, days), await trust.look(work)
    return answer(
        {
            "today": page.today,
            "days": days,
            "words": WORDS[page.goal].to_json(),
            "minimum": FEWEST,
            "window": WINDOW,
            "models": [_model(each, page.goal) for each in page.models],
            "inputs": [_shift(label, each) for label, each in page.inputs],
            "behaviours": [_behaviour(each) for each in page.behaviours],
            "alarms": [_alarm(each) for each in page.alarms],
            "learned": _learned(page.learned, is_today=page.learned.day == page.today) if page.learned else None,
            "trust": _trust(standing),
        }
    )


@ROUTER.get("/alarms", response_model=AlarmReport, responses=problems())
@requires(Permission.ROUTING_MANAGE)
async def alarms(call: Calling) -> Response:
    """Alarms about scores that stand, and whether leads wait because of them."""
    async with call.reading() as work:
        standing, trusted = await service.standing_alarms(work), await trust.look(work)
    return answer({"standing": [_alarm(each) for each in standing], "trust": _trust(trusted)})


@ROUTER.put("/model/stop", response_model=TrustItem, responses=problems(413, 415))
@requires(Permission.ROUTING_MANAGE)
async def stop(call: Calling, body: StopOnAlarm) -> Response:
    """Have leads that go by their scores wait while scores are in alarm, or not."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _trust(await trust.set_stop(work, body)))

    return await call.once(effect)


@ROUTER.post("/model/resume", response_model=TrustItem, responses=problems(409, 413, 415))
@requires(Permission.ROUTING_MANAGE)
async def resume(call: Calling, body: GoOn) -> Response:
    """Let leads go by their scores in spite of the alarms that stand; the next alarm makes them wait again."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _trust(await trust.go_on(work, body)))

    return await call.once(effect)


def _model(told: ModelFigures, goal: Goal) -> dict[str, Any]:
    return {
        "name": told.name,
        "title": told.title,
        "headline": wording.headline(told.period, goal) if told.period else "",
        "is_champion": told.is_champion,
        "outcomes": told.outcomes,
        "figures": _figures(told.period),
        "points": [
            {"day": each.day, "outcomes": each.outcomes, "figures": _figures(each.figures)} for each in told.points
        ],
        "groups": [_group(each) for each in told.groups],
        "bands": [{"band": band.value, "figures": _group(group)} for band, group in told.bands.items()],
        "evidence": [
            {"says": wording.alarm(f"error:{wrong}", {}, goal), "part": part} for wrong, part in told.evidence.items()
        ],
    }


def _figures(told: Summary | None) -> dict[str, Any] | None:
    if told is None:
        return None
    names = ("outcomes", "said", "won", "auc", "log_loss", "expected_loss", "usual_loss", "skill", "brier")
    return {**{name: getattr(told, name) for name in names}, "calibration_error": told.calibration_error}


def _group(told: Group | None) -> dict[str, Any] | None:
    if told is None:
        return None
    low, high = told.within
    names = ("low", "high", "outcomes", "wins", "said", "won")
    return {**{name: getattr(told, name) for name in names}, "won_low": low, "won_high": high}


def _shift(label: str, told: Shift) -> dict[str, Any]:
    state = "shifted" if told.exceeds(SHIFTED) else "notable" if told.exceeds(NOTABLE) else "steady"
    shares = [{"value": each.value, "before": each.before, "lately": each.lately} for each in told.shares[:_SHARES]]
    leads = {"leads_before": told.leads_before, "leads_lately": told.leads_lately}
    return {"label": label, "index": told.index, "state": state, **leads, "shares": shares}


def _behaviour(told: Behaviour) -> dict[str, Any]:
    silence = told.silence
    silent = (
        {"since": silence.since, "days": silence.days, "came": silence.came, "usual": silence.usual}
        if silence
        else None
    )
    return {"label": told.label, "lately": told.lately, "before": told.before, "silence": silent}


def _alarm(told: AlarmTold) -> dict[str, Any]:
    return {
        "id": told.id,
        "kind": told.cause.partition(":")[0],
        "says": told.says,
        "because": told.because,
        "stops": told.stops,
        "raised_at": milliseconds(told.raised_at),
        "cleared_at": milliseconds(told.cleared_at),
    }


def _learned(told: Learned, *, is_today: bool) -> dict[str, Any]:
    changes = [
        {
            "says": says,
            "by": change.by,
            "odds": math.exp(change.by),
            "outcomes": change.wins + change.losses,
            "wins": change.wins,
        }
        for says, change in told.changes
    ]
    return {"day": told.day, "is_today": is_today, **told.counts, "changes": changes}


def _trust(standing: Standing) -> dict[str, Any]:
    known = standing.trust
    return {
        "stops": known.stops,
        "is_stopped": known.is_stopped,
        "waiting": standing.waiting,
        "passed": sorted(says for alarm, says in known.alarms.items() if alarm in known.passed),
        "passed_by": known.by_name,
        "passed_at": milliseconds(known.at),
        "reason": known.reason,
    }
