"""Use cases of the contest: look at the models, try one in shadow, stop, and let one take over.

A challenger learns from the whole log first, so that what it is judged by begins with the first outcome. It scores
nothing. Taking over is a new version of the scoring rules, and going back is going back to the version before.
"""

from dataclasses import dataclass
from enum import StrEnum

from leadflow.kernel.errors import Conflict
from leadflow.kernel.events import Event
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.scoring import repository as scoring
from leadflow.scoring.contest import repository
from leadflow.scoring.contest.commands import Promote
from leadflow.scoring.contest.repository import Standing
from leadflow.scoring.duel import Duel, Verdict
from leadflow.scoring.errors import ModelNotFound
from leadflow.scoring.events import TRIAL_BEGAN, TRIAL_ENDED
from leadflow.scoring.goals import Goal
from leadflow.scoring.jobs import learn_missing_job
from leadflow.scoring.learner import MOST_CHALLENGERS
from leadflow.scoring.learning import LineUp
from leadflow.scoring.models import shelf, title
from leadflow.scoring.settings import service as settings
from leadflow.scoring.settings.commands import Deploy
from leadflow.scoring.settings.repository import Version


class Place(StrEnum):
    """Where a model of the shelf stands."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    LEARNING = "learning"
    """Wanted, and not yet done with the log."""
    SHELF = "shelf"


@dataclass(frozen=True, slots=True)
class Entry:
    """One model; `duel` is against the champion."""

    name: str
    title: str
    about: str
    place: Place
    duel: Duel | None = None
    verdict: Verdict = Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Contest:
    """All models of the shelf, the champion first, then the challengers. `version` is that of the live rules."""

    version: int
    champion: str
    goal: Goal
    """What they are compared by."""
    entries: tuple[Entry, ...]


async def look(work: Work) -> Contest:
    """Who scores, who is tried, and how they do."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    live = await settings.look(work)
    _, wanted = await scoring.rules(work)
    found = await repository.standing(work)
    names = sorted(shelf(), key=lambda name: (name != wanted.champion, name not in wanted, title(name)))
    entries = tuple(_entry(name, wanted, found) for name in names)
    return Contest(live.number, wanted.champion, found.goal or wanted.goal, entries)


def _entry(name: str, wanted: LineUp, found: Standing) -> Entry:
    fought = found.duels.get(name) if found.champion == wanted.champion else None
    if name == wanted.champion:
        place = Place.CHAMPION if found.champion in ("", name) else Place.LEARNING
    elif name in wanted:
        place = Place.CHALLENGER if fought else Place.LEARNING
    else:
        place, fought = Place.SHELF, None
    verdict = fought.verdict(len(wanted.challengers)) if fought else Verdict.OPEN
    return Entry(name, title(name), shelf()[name].about, place, fought, verdict)


async def begin(work: Work, name: str) -> Contest:
    """Try a model in the shadow of the one that scores; said again, nothing changes.

    Raises:
        ModelNotFound: there is none of this name.
        Conflict: it is the one that scores, or as many as possible are tried already.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    _known(name)
    challengers = await repository.hold(work)
    config, _ = await scoring.rules(work)
    if name == config.champion:
        raise Conflict(f"{title(name)} is the model that scores.")
    if name not in challengers:
        if len(challengers) >= MOST_CHALLENGERS:
            raise Conflict(f"{MOST_CHALLENGERS} models are tried already. Stop one of them first.")
        await repository.put(work, challengers | {name})
        work.record(Event(TRIAL_BEGAN, data={"model": name, "title": title(name)}))
        work.enqueue(learn_missing_job())
    return await look(work)


async def end(work: Work, name: str) -> Contest:
    """Stop trying a model; one that is not tried stays as it is.

    Raises:
        ModelNotFound: there is none of this name.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    _known(name)
    challengers = await repository.hold(work)
    if name in challengers:
        await repository.put(work, challengers - {name})
        work.record(Event(TRIAL_ENDED, data={"model": name, "title": title(name)}))
    return await look(work)


async def promote(work: Work, command: Promote) -> Version:
    """Let a challenger score from now on, and the champion of before be tried in its shadow.

    Raises:
        ModelNotFound: there is none of this name.
        Conflict: it is not tried, or has not learned from the whole log yet.
        ScoringChanged: another version is live than the one that the actor knew.

    """
    work.scope.require(Permission.SETTINGS_MANAGE)
    name = command.model
    _known(name)
    config, _ = await scoring.rules(work)
    if name != config.champion:
        place = next(each.place for each in (await look(work)).entries if each.name == name)
        if place is Place.LEARNING:
            raise Conflict(f"{title(name)} has not learned from your whole history yet. Try again in a moment.")
        if place is not Place.CHALLENGER:
            raise Conflict(f"{title(name)} is not tried. Try it first, to see how it does.")
    changed = config.model_copy(update={"champion": name})
    return await settings.deploy(work, Deploy(config=changed, reason=command.reason, based_on=command.based_on))


def _known(name: str) -> None:
    if name not in shelf():
        raise ModelNotFound
