"""Figures that say how well scores told who comes to the goal from who does not. Pure.

A figure comes with the number of leads that it rests on, and without a value where these are too few.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from leadflow.scoring import figures
from leadflow.scoring.config import ScoringConfig
from leadflow.scoring.explanation import logit, sigmoid
from leadflow.scoring.success import Words

MINIMUM: Final = 20
"""Leads that a figure has to rest on."""
TOP: Final = 0.1
_NEVER_SURE: Final = 1e-6


class Outcome(NamedTuple):
    """One that is known, and what one configuration had made of the lead before."""

    won: bool
    early: float
    was_hot: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A value, and how many leads it rests on; None where they are too few or all ended alike."""

    value: float | None
    evidence: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that can be had of outcomes, in words; where these have braces, those of the goal go there."""

    key: str
    label: str
    help: str
    unit: str
    better: str
    of: Callable[[Sequence[Outcome], ScoringConfig], Figure]

    def said(self, words: Words) -> tuple[str, str]:
        """Its label and help where this is what leads come to."""
        label, help_ = (text.format(**words.to_json()) for text in (self.label, self.help))
        return label[:1].upper() + label[1:], help_


def precision(outcomes: Sequence[Outcome]) -> Figure:
    """The share of hot leads that were won."""
    hot = [outcome.won for outcome in outcomes if outcome.was_hot]
    return Figure(sum(hot) / len(hot) if len(hot) >= MINIMUM else None, len(hot))


def foresight(outcomes: Sequence[Outcome]) -> Figure:
    """The share of won leads that were hot before."""
    won = [outcome.was_hot for outcome in outcomes if outcome.won]
    return Figure(sum(won) / len(won) if len(won) >= MINIMUM else None, len(won))


def lift(outcomes: Sequence[Outcome]) -> Figure:
    """How many times as many leads were won among the tenth with the best scores as among all.

    Leads with the score on which the tenth ends count in part, so that their order does not matter.
    """
    if not _is_enough(outcomes):
        return Figure(None, len(outcomes))
    room = TOP * len(outcomes)
    left, won = room, 0.0
    ordered = sorted(outcomes, key=_by_score, reverse=True)
    for _, tied in groupby(ordered, key=_by_score):
        group = [outcome.won for outcome in tied]
        part = min(left / len(group), 1.0)
        won += part * sum(group)
        left -= part * len(group)
        if left <= 0.0:
            break
    return Figure((won / room) / (wins(outcomes) / len(outcomes)), len(outcomes))


def auc(outcomes: Sequence[Outcome]) -> Figure:
    """The chance that a won lead had a better score than a lost one."""
    if not _is_enough(outcomes):
        return Figure(None, len(outcomes))
    scores, ends = [outcome.early for outcome in outcomes], [outcome.won for outcome in outcomes]
    return Figure(figures.auc(scores, ends), len(outcomes))


def log_loss(outcomes: Sequence[Outcome], config: ScoringConfig) -> Figure:
    """The mean surprise at the outcomes, in nats, if scores are taken for chances."""
    if not _is_enough(outcomes):
        return Figure(None, len(outcomes))
    chances, ends = [chance(outcome.early, config) for outcome in outcomes], [outcome.won for outcome in outcomes]
    return Figure(figures.log_loss(chances, ends), len(outcomes))


def chance(score: float, config: ScoringConfig) -> float:
    """The chance of winning that a score stands for: the usual score is that of the usual win rate.

    >>> from leadflow.scoring.config import DEFAULT
    >>> round(chance(DEFAULT.usual_score, DEFAULT), 12) == DEFAULT.usual_win_rate
    True
    """
    share = min(max(score / 100.0, _NEVER_SURE), 1.0 - _NEVER_SURE)
    p = sigmoid(logit(share) - logit(config.usual_score / 100.0) + logit(config.usual_win_rate))
    return min(max(p, _NEVER_SURE), 1.0 - _NEVER_SURE)


def _is_enough(outcomes: Sequence[Outcome]) -> bool:
    return len(outcomes) >= MINIMUM and 0 < wins(outcomes) < len(outcomes)


def wins(outcomes: Iterable[Outcome]) -> int:
    return sum(outcome.won for outcome in outcomes)


def _by_score(outcome: Outcome) -> float:
    return outcome.early


MEASURES: Final = (
    Measure(
        "precision",
        "Hot leads that {those_did}",
        "Of the leads that were hot at some time and then ended, the share that {did}.",
        "share",
        "up",
        lambda outcomes, _: precision(outcomes),
    ),
    Measure(
        "foresight",
        "Hot before they {those_did}",
        "Of the leads that {those_did}, the share that had been hot before that.",
        "share",
        "up",
        lambda outcomes, _: foresight(outcomes),
    ),
    Measure(
        "lift",
        "{many} in the top tenth",
        "How many times as many leads {those_did} in the tenth with the best scores as among all. A score counts as it "
        "stood a day after the lead came in, or before the outcome if that was sooner.",
        "times",
        "up",
        lambda outcomes, _: lift(outcomes),
    ),
    Measure(
        "auc",
        "Right order",
        "How often a lead that {did} had a better score than one of the others, over all pairs (AUC): 50 % is "
        "guessing. Scores as a day after the lead came in.",
        "share",
        "up",
        lambda outcomes, _: auc(outcomes),
    ),
    Measure(
        "log_loss",
        "Surprise at the outcomes",
        "The mean surprise at how leads ended, if their scores are taken for chances (log-loss); lower is better. "
        "Scores as a day after the lead came in.",
        "nats",
        "down",
        log_loss,
    ),
)
