"""In turn, up to so many leads in a period; whoever has had them is passed over until some have aged."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal

from pydantic import Field

from leadflow.routing.strategy import Candidate, Choice, Limit, Options, Strategy, fairly

PERIODS: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "30 days": timedelta(days=30)}


class Capacity(Options):
    """At most `most` leads per person within any day, week or 30 days."""

    most: int = Field(default=20, ge=1, le=10_000, title="Leads per person, at most")
    per: Literal["day", "week", "30 days"] = Field(default="day", title="Within any")


def choose(_options: Capacity, candidates: Sequence[Candidate]) -> Choice | None:
    return fairly(candidates, "within capacity")


def limit(options: Capacity) -> Limit:
    return Limit(options.most, PERIODS[options.per])


STRATEGY: Final = Strategy("Up to a capacity", Capacity, choose, limit=limit)
