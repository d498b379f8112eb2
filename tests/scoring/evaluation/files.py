"""Small files that tests write themselves, with known answers."""

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leadflow.scoring.evaluation.examples import Examples, load
from leadflow.scoring.evaluation.running import Evaluation, Figures, evaluate
from leadflow.scoring.evaluation.sources import find

START = datetime(2030, 1, 1, tzinfo=UTC)
RATES = {"low": 0.1, "middle": 0.5, "high": 0.9}


def write(folder: Path, name: str, description: str, header: str, rows: Iterable[Sequence[object] | str]) -> Path:
    """`name`.csv and `name`.toml; the path of the CSV file."""
    lines = [row if isinstance(row, str) else ",".join(map(str, row)) for row in rows]
    path = folder / f"{name}.csv"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    path.with_suffix(".toml").write_text(description, "utf-8")
    return path


def read(path: Path) -> Examples:
    return load(find(path))


def run(path: Path, *models: str, seeds: int = 2, most: int | None = None) -> Evaluation:
    return evaluate(read(path), models, seeds=seeds, most=most, tell=lambda _: None)


def by_policy(evaluation: Evaluation) -> Mapping[tuple[str, str], Figures]:
    """The first run of each."""
    return {(outcome.model, outcome.policy): outcome.runs[0] for outcome in evaluation.outcomes}


def day(number: float) -> str:
    return (START + timedelta(days=number)).strftime("%Y-%m-%d %H:%M")


def graded(folder: Path, count: int = 3000, order: str = "shuffle") -> Path:
    """One feature that says all there is to know, and one that says nothing."""
    rng = random.Random(11)
    rows = []
    for _ in range(count):
        grade = rng.choice(list(RATES))
        rows.append((grade, round(rng.gauss(40, 9), 1), int(rng.random() < RATES[grade])))
    return write(folder, "graded", f'order = "{order}"\nlabel = "y"\n', "grade,age,y", rows)


def best_auc() -> float:
    """The area of whoever knows `RATES`, all grades being as frequent."""
    rates = sorted(RATES.values())
    won, lost = [rate / sum(rates) for rate in rates], [(1 - rate) / sum(1 - rate for rate in rates) for rate in rates]
    return sum(w * (x if j < i else x / 2) for i, w in enumerate(won) for j, x in enumerate(lost) if j <= i)


def firms(folder: Path, *, told_after: float, count: int = 400) -> Path:
    """People of one firm come within days and all end alike; the first end is told `told_after` days later.

    Nothing about a firm helps with the next one. Whoever learns an outcome before it is told does well on the
    colleagues, who come in between; whoever waits is left to guess.
    """
    rng = random.Random(5)
    rows = []
    for firm in range(count):
        won = int(rng.random() < 0.5)
        for person in range(5):
            at = firm + 2.0 * person
            rows.append((day(at), f"firm{firm}", won, day(at + told_after)))
    description = 'time = "at"\nlabel = "won"\nlabel_time = "told"\nhorizon_days = 30\n'
    return write(folder, "firms", description, "at,firm,won,told", rows)
