"""The rules of scores: looked at, tried on the log, made live, and taken back."""

from typing import Annotated, Any

from fastapi import Query
from starlette.responses import Response

from leadflow.api.deps import Answer, Calling, answer, requires, router
from leadflow.api.schemas import problems
from leadflow.api.schemas.scoring import BacktestItem, Contest, ScoringRules, Versions
from leadflow.api.times import milliseconds
from leadflow.kernel.ids import parse_id
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring.backtest import service as backtests
from leadflow.scoring.backtest.commands import Backtest
from leadflow.scoring.config import DEFAULT, ScoringConfig
from leadflow.scoring.contest import service as contest
from leadflow.scoring.contest.commands import Promote, Try
from leadflow.scoring.contest.service import Contest as Tried
from leadflow.scoring.contest.service import Entry
from leadflow.scoring.errors import BacktestNotFound
from leadflow.scoring.models import title
from leadflow.scoring.settings import service, vocabulary
from leadflow.scoring.settings.commands import HIGHEST, Deploy, RollBack
from leadflow.scoring.settings.repository import Version
from leadflow.scoring.settings.service import Told
from leadflow.scoring.success import WORDS

ROUTER = router("scoring")

Before = Annotated[int | None, Query(ge=1, le=HIGHEST, alias="cursor", description="`next_cursor` of the last answer")]
Limit = Annotated[int, Query(ge=1, le=100)]


@ROUTER.get("", response_model=ScoringRules, responses=problems())
@requires(Permission.SETTINGS_MANAGE)
async def rules(call: Calling) -> Response:
    """The rules that are live, and what rules can be about."""
    async with call.reading() as work:
        return answer(_rules(await service.look(work)))


@ROUTER.get("/versions", response_model=Versions, responses=problems())
@requires(Permission.SETTINGS_MANAGE)
async def versions(call: Calling, before: Before = None, limit: Limit = 20) -> Response:
    """Every version there was, newest first, with its author, its reason and what it changed."""
    async with call.reading() as work:
        history = await service.history(work, before, limit)
    return answer({"items": [_version(each) for each in history.items], "next_cursor": history.next_cursor})


@ROUTER.post("/backtests", status_code=202, response_model=BacktestItem, responses=problems(413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def try_out(call: Calling, body: Backtest) -> Response:
    """Have rules tried on what happened in the last days. One that is under way is replaced."""

    async def effect(work: Work) -> Answer:
        return Answer(202, _backtest(await backtests.start(work, body)))

    return await call.once(effect)


@ROUTER.get("/backtests/{backtest_id}", response_model=BacktestItem, responses=problems(404))
@requires(Permission.SETTINGS_MANAGE)
async def backtest(call: Calling, backtest_id: str) -> Response:
    """How far it is, and its report once it is done. Kept for a week."""
    known = parse_id(backtest_id)
    if known is None:
        raise BacktestNotFound
    async with call.reading() as work:
        return answer(_backtest(await backtests.look(work, known)))


@ROUTER.post("/deploy", response_model=ScoringRules, responses=problems(409, 413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def deploy(call: Calling, body: Deploy) -> Response:
    """Make rules live, as a new version. The scores of open leads follow in the background, hot ones first."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _rules(await service.deploy(work, body)))

    return await call.once(effect)


@ROUTER.post("/rollback", response_model=ScoringRules, responses=problems(404, 409, 413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def roll_back(call: Calling, body: RollBack) -> Response:
    """Make the rules of an earlier version live again, as a new one."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _rules(await service.roll_back(work, body)))

    return await call.once(effect)


@ROUTER.get("/models", response_model=Contest, responses=problems())
@requires(Permission.SETTINGS_MANAGE)
async def models(call: Calling) -> Response:
    """The models that there are: the one that scores, those tried in its shadow and how they do, and the others."""
    async with call.reading() as work:
        return answer(_contest(await contest.look(work)))


@ROUTER.post("/models/try", response_model=Contest, responses=problems(404, 409, 413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def try_model(call: Calling, body: Try) -> Response:
    """Try a model in the shadow of the one that scores. It learns from the whole log first; nothing is scored by it."""
    async with call.work() as work:
        return answer(_contest(await contest.begin(work, body.model)))


@ROUTER.post("/models/stop", response_model=Contest, responses=problems(404, 413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def stop_trying(call: Calling, body: Try) -> Response:
    """Stop trying a model."""
    async with call.work() as work:
        return answer(_contest(await contest.end(work, body.model)))


@ROUTER.post("/models/promote", response_model=ScoringRules, responses=problems(404, 409, 413, 415))
@requires(Permission.SETTINGS_MANAGE)
async def promote(call: Calling, body: Promote) -> Response:
    """Let a model that is tried score from now on, as a new version of the rules. The one of before is tried then."""

    async def effect(work: Work) -> Answer:
        return Answer(200, _rules(await contest.promote(work, body)))

    return await call.once(effect)


def _contest(found: Tried) -> dict[str, Any]:
    return {
        "version": found.version,
        "champion": found.champion,
        "words": WORDS[found.goal].to_json(),
        "entries": [_entry(each) for each in found.entries],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    duel = entry.duel
    return {
        "name": entry.name,
        "title": entry.title,
        "about": entry.about,
        "place": entry.place.value,
        "verdict": entry.verdict.value,
        "outcomes": round(duel.outcomes) if duel else None,
        "gain": duel.mean_gain if duel else None,
        "doubt": duel.doubt if duel else None,
    }


def _plain(config: ScoringConfig) -> dict[str, Any]:
    return config.model_dump(mode="json")


def _rules(version: Version) -> dict[str, Any]:
    is_behind = version.number > 0 and version.rescored_at is None
    progress = {"done": version.looked, "of": version.looks, "changed": version.changed}
    if version.looks is not None:
        progress["done"] = min(version.looked, version.looks)
    return {
        "number": version.number,
        "config": _plain(version.config),
        "model": title(version.config.champion),
        "defaults": _plain(DEFAULT),
        "author": version.actor_name,
        "reason": version.reason,
        "deployed_at": milliseconds(version.deployed_at),
        "rescoring": progress if is_behind else None,
        "options": ScoringConfig.model_json_schema(),
        "attributes": [{"key": each.key, "label": each.label, "values": each.values} for each in vocabulary.ATTRIBUTES],
        "behaviours": [{"key": key, "label": label} for key, label in vocabulary.behaviours().items()],
    }


def _version(told: Told) -> dict[str, Any]:
    version = told.version
    return {
        "number": version.number,
        "config": _plain(version.config),
        "author": version.actor_name,
        "reason": version.reason,
        "restores": version.restores,
        "deployed_at": milliseconds(version.deployed_at),
        "is_live": told.is_live,
        "changes": told.changes,
    }


def _backtest(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "made_at": milliseconds(found["made_at"]), "finished_at": milliseconds(found["finished_at"])}
