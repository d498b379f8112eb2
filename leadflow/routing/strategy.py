"""What a strategy is: options that a form can be drawn from, and a pure choice among candidates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from leadflow.routing.fairness import UNIT, Fare


class Options(BaseModel):
    """What every strategy can be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    when_nobody_is_on_shift: Literal["assign", "wait"] = Field(
        default="assign", description="Whether a lead goes to somebody off shift, or waits for the next shift"
    )


class Need(StrEnum):
    """What has to be looked up before a strategy can choose."""

    OPEN = "open"
    KIN = "kin"
    TERRITORY = "territory"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many leads somebody takes within a period."""

    most: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the pool, in the numbers that a choice is made from; `out` says why they cannot be chosen."""

    id: UUID
    out: str = ""
    weight: int = 1
    start: int = 0
    turn: int = 0
    credits: int = 0
    open: int = 0
    kin: str = ""
    """What ties the lead to them: "person" or "company"."""
    belongs: bool = False
    """Whether the lead is of their territory."""
    waited: int | None = None
    """For how many seconds the lead has been offered by this rule; None: not yet."""
    claims: bool = False
    """Whether they are taking it themselves."""


@dataclass(frozen=True, slots=True)
class Choice:
    person: UUID
    how: str
    fare: Fare = Fare.TURN


@dataclass(frozen=True, slots=True)
class Offer:
    """Instead of a person: everybody of the pool may take the lead, for so many seconds or until somebody does."""

    how: str
    seconds: int | None = None


Answer = Choice | Offer | None


def _level(_options: Any, _person: UUID) -> int:  # noqa: ANN401 - each strategy has options of its own
    return 1


def _unlimited(_options: Any) -> Limit | None:  # noqa: ANN401 - each strategy has options of its own
    return None


def _nothing(_options: Any) -> frozenset[Need]:  # noqa: ANN401 - each strategy has options of its own
    return frozenset()


@dataclass(frozen=True, slots=True)
class Strategy:
    """A member of the shelf. Every function is pure: the same options and candidates have the same answer."""

    title: str
    options: type[Options]
    choose: Callable[[Any, Sequence[Candidate]], Answer]
    weight: Callable[[Any, UUID], int] = _level
    limit: Callable[[Any], Limit | None] = _unlimited
    needs: Callable[[Any], frozenset[Need]] = _nothing


SUSPENDED: Final = "suspended"
TURN_RETURNED: Final = "a turn given back"


def fairly(candidates: Sequence[Candidate], how: str) -> Choice | None:
    """Whoever is owed a turn, then whoever is due first of those who are not ahead; ties by who waits longest."""
    owed: Candidate | None = None
    total = weights = 0
    for each in candidates:
        if not each.out:
            total += each.start * each.weight
            weights += each.weight
            if each.credits > 0 and (owed is None or _patience(each) < _patience(owed)):
                owed = each
    if owed is not None:
        return Choice(owed.id, TURN_RETURNED, Fare.CREDIT)
    waiting = (each for each in candidates if not each.out and each.start * weights <= total)
    first = min(waiting, key=lambda each: (each.start + UNIT // each.weight, each.turn, each.id), default=None)
    return Choice(first.id, how) if first else None


def claimed(candidates: Sequence[Candidate]) -> Choice | None:
    """Whoever takes an offered lead has it. That is a turn, as if it had been dealt."""
    taker = next((each for each in candidates if each.claims), None)
    return Choice(taker.id, "claimed") if taker else None


def is_somebodys(candidates: Sequence[Candidate]) -> bool:
    """Whether there is anybody to offer to: whoever is away may claim nevertheless, whoever is suspended may not."""
    return any(each.out != SUSPENDED for each in candidates)


def offering(_options: Any) -> frozenset[Need]:  # noqa: ANN401 - each strategy has options of its own
    return frozenset({Need.OFFER})


def _patience(candidate: Candidate) -> tuple[int, int, UUID]:
    return (-candidate.credits, candidate.turn, candidate.id)
