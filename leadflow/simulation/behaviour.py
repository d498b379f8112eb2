"""What a person does on their own between two moments: the better the hidden fit, the more of what matters."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadflow.simulation import texts
from leadflow.simulation.hours import OfficeHours
from leadflow.simulation.steps import Scalar, Stage

AWAKE = range(6, 24)
SETTLES_AFTER = timedelta(days=2)
"""People look most in the first days of a stage; a longer wait brings little more."""
FIRST_HOURS = timedelta(hours=5)
MOST_OF_A_KIND = 6


@dataclass(frozen=True, slots=True)
class Habit:
    """`mean` times per stage at average fit, multiplied by e for each `1 / pull` of fit."""

    mean: float
    pull: float


_OPENS, _CLICKS, _REPLIES = Habit(1.2, 0.1), Habit(0.3, 0.6), Habit(0.25, 0.8)
_UNSUBSCRIBES = Habit(0.04, -0.7)

HABITS: Mapping[Stage, Mapping[str, Habit]] = {
    "new": {"page_viewed": Habit(1.5, 0.3), "pricing_visited": Habit(0.25, 0.7), "demo_requested": Habit(0.08, 0.8)},
    "contacted": {
        "page_viewed": Habit(1.1, 0.3),
        "pricing_visited": Habit(0.3, 0.7),
        "email_opened": _OPENS,
        "email_clicked": _CLICKS,
        "email_replied": _REPLIES,
        "form_submitted": Habit(0.05, 0.4),
        "demo_requested": Habit(0.1, 0.8),
        "unsubscribed": _UNSUBSCRIBES,
    },
    "qualified": {
        "page_viewed": Habit(0.9, 0.3),
        "pricing_visited": Habit(0.4, 0.6),
        "email_opened": _OPENS,
        "email_clicked": _CLICKS,
        "email_replied": _REPLIES,
        "meeting_booked": Habit(0.5, 0.5),
    },
    "proposal": {
        "page_viewed": Habit(0.6, 0.3),
        "pricing_visited": Habit(0.6, 0.6),
        "email_opened": _OPENS,
        "email_clicked": _CLICKS,
        "email_replied": _REPLIES,
    },
}
ONCE = frozenset({"demo_requested", "meeting_booked", "unsubscribed", "form_submitted"})


@dataclass(frozen=True, slots=True)
class Act:
    at: datetime
    kind: str
    data: Mapping[str, Scalar]


def acts(  # a draw needs them all
    rng: random.Random, stage: Stage, fit: float, start: datetime, end: datetime, hours: OfficeHours, rest: float = 1.0
) -> list[Act]:
    """Everything the person does in the stage, in time order, at an hour when people are awake.

    `rest` is the part of the stage that is still to come: below one, the eager first hours are over.
    """
    share = rest * (1.0 - math.exp(-((end - start) / rest / SETTLES_AFTER) * 3.0))
    eager = rest >= 1.0
    done: list[Act] = []
    for kind, habit in HABITS[stage].items():
        times = poisson(rng, share * habit.mean * math.exp(habit.pull * max(-3.0, min(fit, 2.5))))
        times = min(times, 1 if kind in ONCE else MOST_OF_A_KIND)
        done += [Act(_moment(rng, start, end, hours, eager=eager), kind, _details(rng, kind)) for _ in range(times)]
    return sorted(done, key=lambda act: act.at)


def poisson(rng: random.Random, mean: float) -> int:
    """Knuth's method: right for the small means used here."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def _moment(rng: random.Random, start: datetime, end: datetime, hours: OfficeHours, *, eager: bool) -> datetime:
    window = (end - start).total_seconds()
    at = start
    for _ in range(6):
        early = rng.expovariate(1.0 / FIRST_HOURS.total_seconds())
        at = start + timedelta(seconds=early if eager and early < window else rng.uniform(0.0, window))
        if hours.local(at).hour in AWAKE:
            break
    return at


def _details(rng: random.Random, kind: str) -> Mapping[str, Scalar]:
    match kind:
        case "page_viewed":
            return {"path": rng.choice(texts.PAGES), "seconds": rng.randrange(5, 240)}
        case "pricing_visited":
            return {"path": "/pricing", "seconds": rng.randrange(15, 400)}
        case "email_opened" | "email_clicked" | "email_replied":
            return {"subject": rng.choice(texts.SUBJECTS)}
        case "demo_requested" | "form_submitted":
            return {"interest": rng.choice(texts.INTERESTS)}
        case _:
            return {}
