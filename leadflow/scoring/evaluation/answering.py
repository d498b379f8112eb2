"""Models going through a timeline: what each said of every row, and what that took."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from time import perf_counter_ns
from typing import Final

from leadflow.scoring import figures
from leadflow.scoring.additive import LEAST_SHARE, SHARE_RATE
from leadflow.scoring.evaluation.boosting import REFIT_EVERY, REFIT_FIRST, Boosting, Forest, Matrix
from leadflow.scoring.evaluation.examples import Example
from leadflow.scoring.evaluation.learners import BaseRate, Learner
from leadflow.scoring.evaluation.timeline import Ask, Teach
from leadflow.scoring.explanation import logit, sigmoid

FEWEST: Final = 50
FOLDS: Final = (0.4, 0.6, 0.8)
_CLOSEST: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Answers:
    """The probability of each row, in order; microseconds for one row; bytes of the state at the end."""

    p: Sequence[float]
    predict_us: float
    learn_us: float
    state_bytes: int


def one_by_one(learner: Learner, steps: Iterable[Ask | Teach]) -> Answers:
    """An online model: the times are medians over all rows, and a row's share of all trainings."""
    p, asked, taught = [], [], []
    for step in steps:
        if isinstance(step, Ask):
            began = perf_counter_ns()
            answer = learner.predict(step.row)
            asked.append(perf_counter_ns() - began)
            p.append(answer)
        else:
            began = perf_counter_ns()
            learner.learn(step.row, step.won, step.weight)
            taught.append(perf_counter_ns() - began)
    learned = median(taught) / 1000.0 + learner.trained_us / len(taught) if taught else 0.0
    return Answers(p, median(asked) / 1000.0, learned, learner.size())


def refitted(boosting: Boosting, matrix: Matrix, steps: Iterable[Ask | Teach], *, first: int, seed: int) -> Answers:
    """A model that is trained anew: at row `first`, and then after every 1,000 lessons, on all that is known by then.

    While little is known it is trained more often (whenever what it knows has doubled, after 100 lessons at least),
    and before that it answers the base rate. Which of its settings it takes is decided once, at the first training,
    by log-loss on the later parts of what it knows then. The times are means: a row's share of all predictions and
    trainings.
    """
    forests = _Forests(boosting, matrix, first, seed)
    for step in steps:
        if isinstance(step, Ask):
            forests.ask(step.row)
        else:
            forests.teach(step)
    return forests.answers()


def blend(parts: Sequence[Answers]) -> Answers:
    """The even mean of several models in log-odds; it takes what all of them take."""
    columns = zip(*(part.p for part in parts), strict=True)
    return Answers(
        [sigmoid(math.fsum(map(_logit, row)) / len(row)) for row in columns],
        sum(part.predict_us for part in parts),
        sum(part.learn_us for part in parts),
        sum(part.state_bytes for part in parts),
    )


def merit(parts: Sequence[Answers], steps: Iterable[Ask | Teach]) -> Answers:
    """Several models in log-odds, each counting as much as it has deserved so far: exponentiated gradient on the
    log-loss of the blend, as for the experts of a mix. It hears of outcomes when they are taught, like its parts.
    """
    said = list(zip(*(map(_logit, part.p) for part in parts), strict=True))
    shares = [1.0 / len(parts)] * len(parts)
    places: dict[int, int] = {}
    p: list[float] = []
    for step in steps:
        if isinstance(step, Ask):
            places[step.row.number] = len(p)
            p.append(sigmoid(_mixed(shares, said[len(p)])))
        elif step.weight > 0.0:
            each = said[places[step.row.number]]
            slope = SHARE_RATE * step.weight * (sigmoid(_mixed(shares, each)) - step.won)
            shares = _moved(shares, [-slope * z for z in each])
    return replace(blend(parts), p=p)


def _mixed(shares: Sequence[float], said: Sequence[float]) -> float:
    return math.fsum(share * z for share, z in zip(shares, said, strict=True))


def _moved(shares: Sequence[float], steps: Sequence[float]) -> list[float]:
    moved = [share * math.exp(min(max(step, -1.0), 1.0)) for share, step in zip(shares, steps, strict=True)]
    kept = [max(each, LEAST_SHARE * sum(moved)) for each in moved]
    return [each / sum(kept) for each in kept]


def _logit(p: float) -> float:
    return logit(min(max(p, _CLOSEST), 1.0 - _CLOSEST))


@dataclass(slots=True)
class _Forests:
    """Rows wait for their answer until the next training, so that they can be predicted together: the trees that
    answer are those that stood when the row was asked about.
    """

    boosting: Boosting
    matrix: Matrix
    first: int
    seed: int
    p: list[float] = field(default_factory=list)
    _base: BaseRate = field(default_factory=BaseRate)
    _known: dict[int, tuple[bool, float]] = field(default_factory=dict)
    _waiting: list[int] = field(default_factory=list)
    _forest: Forest | None = None
    _settings: int | None = None
    _lessons: int = 0
    _next: int = 0
    _nanoseconds: list[int] = field(default_factory=lambda: [0, 0])
    _predicted: int = 0

    def ask(self, row: Example) -> None:
        if len(self.p) + len(self._waiting) >= self.first and self._lessons >= self._next:
            self._answer()
            self._train()
        if self._forest is None:
            self.p.append(self._base.predict(row))
        else:
            self._waiting.append(self.matrix.places[row.number])

    def teach(self, step: Teach) -> None:
        place = self.matrix.places[step.row.number]
        self._base.learn(step.row, step.won, step.weight)
        self._lessons += 1
        if step.weight > 0.0:
            self._known[place] = (step.won, step.weight)
        elif self._known.get(place, (None, 0.0))[0] is step.won:
            del self._known[place]

    def answers(self) -> Answers:
        self._answer()
        predicting, training = self._nanoseconds
        return Answers(
            self.p,
            predicting / max(self._predicted, 1) / 1000.0,
            training / max(self._lessons, 1) / 1000.0,
            self._forest.size() if self._forest else 0,
        )

    def _answer(self) -> None:
        if self._forest is None or not self._waiting:
            return
        began = perf_counter_ns()
        self.p += self._forest.predict(self.matrix.values[self._waiting])
        self._nanoseconds[0] += perf_counter_ns() - began
        self._predicted += len(self._waiting)
        self._waiting = []

    def _train(self) -> None:
        known = list(self._known)
        wins = sum(won for won, _ in self._known.values())
        if min(wins, len(known) - wins) == 0 or len(known) < FEWEST:
            self._next = self._lessons + REFIT_FIRST
            return
        if self._settings is None:
            self._settings = self._choose(known)
        began = perf_counter_ns()
        self._forest = self._fit(known, self._settings)
        self._nanoseconds[1] += perf_counter_ns() - began
        self._next = self._lessons + min(REFIT_EVERY, max(REFIT_FIRST, len(known)))

    def _fit(self, places: Sequence[int], settings: int) -> Forest:
        won, weights = zip(*(self._known[place] for place in places), strict=True)
        x, said = self.matrix.values[list(places)], self.boosting.settings[settings]
        return self.boosting.train(x, won, weights, self.matrix.words, said, self.seed)

    def _choose(self, known: Sequence[int]) -> int:
        """The settings with the lowest log-loss on later parts of what is known, each after training on what is before
        it; the first settings where that cannot be told.
        """
        losses = [0.0] * len(self.boosting.settings)
        for share in FOLDS:
            cut, end = int(share * len(known)), int((share + FOLDS[0] / 2) * len(known))
            if len({self._known[place][0] for place in known[:cut]}) < 2:
                continue
            later = known[cut:end]
            won = [self._known[place][0] for place in later]
            for index in range(len(losses)):
                forest = self._fit(known[:cut], index)
                losses[index] += len(later) * figures.log_loss(forest.predict(self.matrix.values[later]), won)
        return losses.index(min(losses))
