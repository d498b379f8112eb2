"""The last change of a lead's score, and the events that it comes from, in the words of a sales rep. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from leadflow.leads.timeline import title_of
from leadflow.scoring.events import COOLED, DEPLOYED
from leadflow.scoring.features import TEAM
from leadflow.scoring.wording import sentence

TOGETHER_MS: Final = 24 * 3_600_000
"""Changes are told together that lie within a day before the last one."""
MOST: Final = 3
OTHERS: Final = "Smaller changes"
_WORDS: Final = {
    COOLED: "Quiet for a while",
    DEPLOYED: "Your scoring rules were changed",
    "lead.enriched": "Looked up",
    "lead.joined": "Came back",
    "lead.updated": "Something about it was changed",
}


class Step(NamedTuple):
    """One change of a score; `at` is in epoch milliseconds."""

    at: int
    score: int
    before: int
    because: str
    is_first: bool


class Cause(NamedTuple):
    """What happened, how often, and by how many points the score changed with it."""

    label: str
    times: int
    points: int


class Change(NamedTuple):
    """`before` is None where the lead had no score before."""

    before: int | None
    score: int
    since: int
    at: int
    causes: tuple[Cause, ...]
    """The strongest first; together they are the whole change."""


def last_change(steps: Sequence[Step]) -> Change | None:
    """None while the score has not changed; `steps` are the latest, oldest first."""
    moving = [step for step in steps if step.score != step.before or step.is_first]
    if not moving:
        return None
    last = moving[-1]
    run = [step for step in moving if step.at > last.at - TOGETHER_MS]
    first = run[0]
    return Change(
        None if first.is_first else first.before, last.score, first.at, last.at, _causes(run, last.score - first.before)
    )


def _causes(run: Sequence[Step], whole: int) -> tuple[Cause, ...]:
    points: dict[str, list[int]] = defaultdict(list)
    for step in run:
        points[_said(step.because)].append(step.score - step.before)
    causes = [Cause(label, len(each), sum(each)) for label, each in points.items()]
    causes.sort(key=lambda cause: (-abs(cause.points), cause.label))
    shown = [cause for cause in causes[:MOST] if cause.points]
    left = whole - sum(cause.points for cause in shown)
    others = sum(cause.times for cause in causes if cause not in shown)
    return (*shown, Cause(OTHERS, max(others, 1), left)) if left else tuple(shown)


def _said(because: str) -> str:
    family, _, name = because.partition(".")
    if family == "activity":
        return sentence(TEAM + name)
    return _WORDS.get(because) or title_of(because)
