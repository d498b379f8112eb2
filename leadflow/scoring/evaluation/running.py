"""The whole evaluation: every model, under every policy, over every order of the rows."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from leadflow.scoring import figures
from leadflow.scoring.evaluation import answering
from leadflow.scoring.evaluation.answering import Answers
from leadflow.scoring.evaluation.boosting import BOOSTING, LIGHTGBM, Matrix
from leadflow.scoring.evaluation.errors import DataUnusable, ModelUnknown
from leadflow.scoring.evaluation.examples import Example, Examples
from leadflow.scoring.evaluation.learners import BASE_RATE, NIGHTLY, learners
from leadflow.scoring.evaluation.offered import ORACLE, POLICIES, WAIT
from leadflow.scoring.evaluation.policies import Terms
from leadflow.scoring.evaluation.timeline import Ask, Teach, steps

WARM_UP: Final = 0.2
"""The share of rows, the first ones, whose predictions are not judged."""
SEEDS: Final = 5
PLUS: Final = "+"
TIMES: Final = "*"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """One model under one policy over one order of the rows. Regrets are None where there is no delay."""

    auc: float
    log_loss: float
    brier: float
    ece: float
    chance: float
    predicted: float
    actual: float
    predict_us: float
    learn_us: float
    state_bytes: float
    regret: float | None = None
    strict_regret: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All runs of one model under one policy, one for each seed."""

    model: str
    policy: str
    runs: tuple[Figures, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found out, and on how much it stands."""

    examples: Examples
    rows: int
    judged: int
    outcomes: tuple[Outcome, ...]


def chosen(names: Sequence[str], default: str) -> tuple[str, ...]:
    """The models named, or all there are here: trees only where their library is installed.

    Raises:
        ModelUnknown: there is none of a name, or its library is missing.

    """
    online = learners()
    needs = {**BOOSTING, NIGHTLY: BOOSTING[LIGHTGBM]}
    known = [name for name in (*online, *BOOSTING) if name not in needs or needs[name].is_there]
    if LIGHTGBM in known and default in known:
        known += [f"{default}{PLUS}{LIGHTGBM}", TIMES.join((default, NIGHTLY, LIGHTGBM))]
    for part in dict.fromkeys(part for name in names for part in _parts(name)):
        if part in needs and not needs[part].is_there:
            raise ModelUnknown(
                f"{part} needs the library {needs[part].module}, which is not installed or does not load."
            )
        if part not in online and part not in BOOSTING:
            raise ModelUnknown(f"There is no model {part!r}. There are: {', '.join(known)}.")
    return tuple(dict.fromkeys(names)) or tuple(known)


def evaluate(examples: Examples, models: Sequence[str], *, seeds: int, most: int | None, tell: Tell) -> Evaluation:
    """Test, then train: `seeds` orders where the rows have none of their own, at most `most` rows of each.

    Raises:
        DataUnusable: too little is left to tell anything apart.

    """
    outcomes: dict[tuple[str, str], list[Figures]] = {}
    rows: Sequence[Example] = ()
    for seed in range(seeds if examples.is_shuffled else 1):
        rows = _ordered(examples, seed)[:most]
        first = int(WARM_UP * len(rows))
        if len({row.won for row in rows[first:]}) < 2:
            raise DataUnusable(f"{examples.name}: of {len(rows):,} rows, those to be judged all ended alike.")
        told = _order_told(seed, seeds if examples.is_shuffled else 1, tell)
        for key, found in _one_order(examples, rows, models, first, seed, told).items():
            outcomes.setdefault(key, []).append(found)
    return Evaluation(
        examples,
        len(rows),
        len(rows) - int(WARM_UP * len(rows)),
        tuple(Outcome(model, policy, tuple(runs)) for (model, policy), runs in outcomes.items()),
    )


def _ordered(examples: Examples, seed: int) -> list[Example]:
    rows = list(examples.rows)
    if examples.is_shuffled:
        random.Random(seed).shuffle(rows)  # noqa: S311 - an order, not a secret
    return rows


def _order_told(seed: int, seeds: int, tell: Tell) -> Tell:
    return lambda what: tell(f"{what}, order {seed + 1} of {seeds}" if seeds > 1 else what)


def _one_order(
    examples: Examples, rows: Sequence[Example], models: Sequence[str], first: int, seed: int, tell: Tell
) -> dict[tuple[str, str], Figures]:
    """Figures by model and policy, the models in the order in which they were asked for."""
    parts = dict.fromkeys(part for model in models for part in _parts(model))
    if examples.horizon is not None:
        parts.setdefault(BASE_RATE)
    matrix = Matrix.of(examples) if any(part in BOOSTING for part in parts) else None
    terms = Terms(examples.horizon, {row.number: row.won for row in rows})
    found: dict[tuple[str, str], Figures] = {}
    for policy in POLICIES if examples.horizon is not None else (ORACLE,):
        timeline = list(steps(rows, POLICIES[policy](terms)))
        answers: dict[str, Answers] = {}
        for part in parts:
            tell(f"{part}, {policy}")
            if part in BOOSTING and matrix is not None:
                answers[part] = answering.refitted(BOOSTING[part], matrix, timeline, first=first, seed=seed)
            else:
                answers[part] = answering.one_by_one(learners()[part](), timeline)
        for model in (*models, *parts):
            said = answers.get(model) or _blended(model, answers, timeline)
            found[model, policy] = _judged(said, [row.won for row in rows], first)
    wanted = {key: found[key] for key in sorted(found, key=_as_asked(models)) if key[0] in models}
    return wanted if examples.horizon is None else _with_regret(wanted, found)


def _parts(model: str) -> list[str]:
    return model.replace(TIMES, PLUS).split(PLUS)


def _blended(model: str, answers: Mapping[str, Answers], timeline: Sequence[Ask | Teach]) -> Answers:
    parts = [answers[part] for part in _parts(model)]
    return answering.merit(parts, timeline) if TIMES in model else answering.blend(parts)


def _as_asked(models: Sequence[str]) -> Callable[[tuple[str, str]], int]:
    return lambda key: list(models).index(key[0]) if key[0] in models else len(models)


def _judged(said: Answers, won: Sequence[bool], first: int) -> Figures:
    p, won = said.p[first:], won[first:]
    return Figures(
        figures.auc(p, won),
        figures.log_loss(p, won),
        figures.brier(p, won),
        figures.calibration_error(p, won),
        figures.calibration_by_chance(p),
        figures.mean(p),
        figures.mean(won),
        said.predict_us,
        said.learn_us,
        said.state_bytes,
    )


def _with_regret(
    wanted: Mapping[tuple[str, str], Figures], found: Mapping[tuple[str, str], Figures]
) -> dict[tuple[str, str], Figures]:
    """Log-loss regret: 0 is as good as the same model without any delay, 1 as good as knowing the base rate alone.

    The base rate waits for each outcome, as whoever knows nothing else would; for the strict regret it is that of
    somebody who hears of everything at once.
    """
    waiting, at_once = found[BASE_RATE, WAIT].log_loss, found[BASE_RATE, ORACLE].log_loss
    with_regret = {}
    for (model, policy), figure in wanted.items():
        best = found[model, ORACLE].log_loss
        regret, strict = (_share(figure.log_loss - best, worst - best) for worst in (waiting, at_once))
        with_regret[model, policy] = (
            figure if model == BASE_RATE else replace(figure, regret=regret, strict_regret=strict)
        )
    return with_regret


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None
