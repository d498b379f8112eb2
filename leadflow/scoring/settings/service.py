"""Use cases of scoring settings: look at the rules, make others live, go back to earlier ones.

Every change is a new version with its author and reason, and moves the scores of open leads in a job.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from leadflow.kernel.errors import Invalid
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.contest import repository as contest
from leadflow.scoring.errors import ScoringChanged, VersionNotFound
from leadflow.scoring.events import DEPLOYED
from leadflow.scoring.jobs import learn_missing_job, rescore_job
from leadflow.scoring.settings import repository, rules
from leadflow.scoring.settings.commands import HIGHEST, Deploy, RollBack
from leadflow.scoring.settings.repository import Version


@dataclass(frozen=True, slots=True)
class Told:
    """A version, and what it changed of the one before it, in words."""

    version: Version
    changes: tuple[str, ...]
    is_live: bool


@dataclass(frozen=True, slots=True)
class History:
    items: tuple[Told, ...]
    next_cursor: str | None


async def look(work: Work) -> Version:
    """The rules that are live, who made them so, and how far the scores have followed."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    live = (await repository.versions(work, HIGHEST, 1))[0]
    return Version(live.number, await scoring.config(work)) if live.number == 0 else live


async def history(work: Work, before: int | None = None, limit: int = 50) -> History:
    """The versions there were, newest first; `before` is the number to go on below."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    live = await repository.latest_number(work)
    found = await repository.versions(work, HIGHEST if before is None else before - 1, limit + 1)
    older = [*found[1:], found[-1]]
    items = [
        Told(version, rules.changes(one_before.config, version.config), version.number == live)
        for version, one_before in zip(found, older, strict=True)
    ][:limit]
    return History(tuple(items), str(items[-1].version.number) if len(found) > limit else None)


async def deploy(work: Work, command: Deploy) -> Version:
    """Make these rules live; where they are already, nothing changes.

    Raises:
        Invalid: two rules are about the same thing; the problems name them.
        ScoringChanged: another version is live than the one that these were based on.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    if problems := rules.problems(command.config):
        raise Invalid(problems=problems)
    number = await _hold(work, command.based_on)
    return await _put_live(work, number, command.config, command.reason)


async def roll_back(work: Work, command: RollBack) -> Version:
    """Make the rules of an earlier version live again, as a new one.

    Raises:
        VersionNotFound: there is none of this number.
        ScoringChanged: another version is live than the one that the actor knew.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    config = await repository.config_of(work, command.number)
    if config is None:
        raise VersionNotFound
    number = await _hold(work, command.based_on)
    return await _put_live(work, number, config, command.reason, restores=command.number)


async def _hold(work: Work, based_on: int) -> int:
    number = await repository.hold(work)
    if number != based_on:
        raise ScoringChanged(number)
    return number


async def _put_live(
    work: Work, live: int, config: ScoringConfig, reason: str, *, restores: int | None = None
) -> Version:
    before = await scoring.config(work)
    if rules.same(before, config):
        return await look(work)
    actor = work.scope.actor
    version = Version(live + 1, config, reason, restores, work.clock.now(), actor.kind.value, actor.id)
    await repository.put_live(work, version)
    if config.champion != before.champion:
        tried = rules.rivals(await contest.hold(work), before.champion, config.champion)
        await contest.put(work, tried)
    if (config.champion, config.goal) != (before.champion, before.goal):
        work.enqueue(learn_missing_job())
    said: dict[str, JsonValue] = {"number": version.number, "restores": restores, "reason": reason}
    work.record(Event(DEPLOYED, data={**said, "changes": [*rules.changes(before, config)]}))
    work.enqueue(rescore_job(version.number))
    return await look(work)
