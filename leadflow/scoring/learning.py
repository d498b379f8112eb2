"""What an online model must be able to do, and how well its scores have told winners from losers so far."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from leadflow.scoring.goals import Goal
from leadflow.scoring.weights import Origin, Tables


class OnlineModel(Protocol):
    """Learns from one outcome at a time; the same outcomes in the same order give the same model.

    `x` holds finite numbers by feature name, as `features.vector` makes them. A name's attribute is what stands before
    its "=": "source=google" and "source=other" are two values of the attribute "source". Features never seen before,
    and features that are missing, are fine; NaN and infinity are refused with `FeatureNotFinite` and change nothing.
    """

    wins: float
    losses: float

    @property
    def intercept(self) -> float:
        """The log-odds of the average lead learned from."""
        ...

    def predict_logit(self, x: Mapping[str, float]) -> float:
        """The log-odds of winning: the intercept plus all contributions."""
        ...

    def contributions(self, x: Mapping[str, float]) -> dict[str, float]:
        """How far each attribute moves this lead from the average one, in log-odds; also those that `x` lacks."""
        ...

    def learn(self, x: Mapping[str, float], y: bool, weight: float = 1.0) -> float:  # noqa: FBT001 - an outcome
        """One outcome; a weight of -1 takes one back that turned out to be none. Returns what `predict_logit` would
        have said of it before.
        """
        ...

    def adopt(self, origin: Origin, tables: Tables) -> None:
        """Something was trained anew elsewhere: what each feature adds by it. A model without a place for it passes it
        over.
        """
        ...

    def snapshot(self) -> dict[str, object]:
        """Plain JSON from which `restore` makes an equal model."""
        ...

    def restore(self, snapshot: Mapping[str, object]) -> None:
        """Become the model of the snapshot.

        Raises:
            SnapshotUnreadable: it is not one of this model's.

        """
        ...


class Grade(NamedTuple):
    """What a model said of one example, in log-odds, before it was told how it ended."""

    model: str
    day: float
    """When it was told, in days since 2020."""
    said: float
    won: bool
    weight: float


@dataclass(frozen=True, slots=True)
class LineUp:
    """Which models of the shelf learn from an organization's outcomes, one that scores and others in its shadow; and
    what is an outcome.
    """

    champion: str
    challengers: frozenset[str] = frozenset()
    goal: Goal = Goal.WON

    def __contains__(self, name: str) -> bool:
        return name == self.champion or name in self.challengers


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What a file on the shelf `scoring.models` exports as `MODEL`."""

    title: str
    about: str
    """What it is good at, in a sentence for somebody who knows no statistics."""
    create: Callable[[], OnlineModel]


class RunningAuc:
    """The chance that a won lead had the higher score than a lost one, over all pairs so far; ties count half.

    Exact, with every score kept in order.

    >>> auc = RunningAuc()
    >>> for score, won in ((30, False), (60, True), (60, False), (90, True)): auc.add(score, won)
    >>> auc.value
    0.875
    """

    def __init__(self) -> None:
        self._won: list[float] = []
        self._lost: list[float] = []
        self._ordered = 0.0

    def add(self, score: float, won: bool) -> None:  # noqa: FBT001 - an outcome, not a switch
        if won:
            self._ordered += (bisect_left(self._lost, score) + bisect_right(self._lost, score)) / 2.0
            insort(self._won, score)
        else:
            above = 2 * len(self._won) - bisect_left(self._won, score) - bisect_right(self._won, score)
            self._ordered += above / 2.0
            insort(self._lost, score)

    @property
    def value(self) -> float | None:
        """None until there is a winner and a loser to compare."""
        pairs = len(self._won) * len(self._lost)
        return self._ordered / pairs if pairs else None
