"""An evaluation as JSON, as a table for a terminal, and as one for a document."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from math import isnan
from platform import python_version
from statistics import fmean, stdev
from typing import Final

from leadflow.scoring.evaluation.running import WARM_UP, Evaluation, Figures, Outcome
from leadflow.scoring.figures import BINS

LIBRARIES: Final = ("river", "lightgbm", "scikit-learn")
_HEAD: Final = (
    "model", "labels", "AUC", "log-loss", "Brier", "ECE", "by chance", "predicted / actual", "predict µs", "learn µs",
    "state kB", "regret", "strict",
)  # fmt: skip


def to_json(evaluation: Evaluation) -> dict[str, object]:
    """Everything; each figure with its mean, its standard deviation over the orders (null for one), and all values."""
    examples = evaluation.examples
    return {
        "data": {
            "name": examples.name,
            "rows": evaluation.rows,
            "judged": evaluation.judged,
            "available": len(examples.rows),
            "won_share": examples.won / len(examples.rows),
            "numeric": [column.name for column in examples.columns if column.is_number],
            "categorical": [column.name for column in examples.columns if not column.is_number],
            "left_out": dict(examples.left_out),
            "faults": dict(examples.faults),
            "horizon_days": examples.horizon,
            "order": "shuffled" if examples.is_shuffled else "given",
        },
        "protocol": {"warm_up": WARM_UP, "ece_bins": BINS, "ece_binning": "equal mass"},
        "versions": {"python": python_version(), **{name: _version(name) for name in LIBRARIES}},
        "models": [_outcome(outcome) for outcome in evaluation.outcomes],
    }


def table(evaluation: Evaluation) -> str:
    """For a terminal."""
    rows = _rows(evaluation)
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(_cell(text, width, place) for place, (text, width) in _sized(row, widths)) for row in rows]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join([*_preamble(evaluation), "", *(line.rstrip() for line in lines)])


def markdown(evaluation: Evaluation) -> str:
    """For docs/scoring.md."""
    head, *rows = _rows(evaluation)
    marks = ["---" if place < 2 else "---:" for place in range(len(head))]
    lines = [f"| {' | '.join(row)} |" for row in (head, marks, *rows)]
    first, *notes = _preamble(evaluation)
    return "\n".join([f"**{evaluation.examples.name}**: {first.partition(': ')[2]}", *notes, "", *lines])


def _preamble(evaluation: Evaluation) -> list[str]:
    examples = evaluation.examples
    orders = len(evaluation.outcomes[0].runs)
    numbers = sum(column.is_number for column in examples.columns)
    share = examples.won / len(examples.rows)
    lines = [
        f"{examples.name}: {evaluation.rows:,} rows, {share:.1%} won, {numbers} numeric and "
        f"{len(examples.columns) - numbers} categorical columns; the last {evaluation.judged:,} rows are judged, "
        + (f"mean of {orders} random orders" if examples.is_shuffled else "in their own order")
        + (f"; won within {examples.horizon:g} days" if examples.horizon is not None else "")
        + "."
    ]
    lines += [f"{count:,} × {fault}." for fault, count in sorted(examples.faults.items())]
    return lines


def _rows(evaluation: Evaluation) -> list[list[str]]:
    """The header, and a line for each model and policy; `labels` and regrets only where there is a delay."""
    rows = [list(_HEAD)]
    for outcome in evaluation.outcomes:
        mean = _averaged(outcome.runs)
        rows.append(
            [
                outcome.model,
                outcome.policy,
                _with_spread(outcome.runs),
                f"{mean('log_loss'):.4f}",
                f"{mean('brier'):.4f}",
                f"{mean('ece'):.4f}",
                f"{mean('chance'):.4f}",
                f"{mean('predicted') / mean('actual'):.3f}",
                f"{mean('predict_us'):.1f}",
                f"{mean('learn_us'):.1f}",
                f"{mean('state_bytes') / 1000:.1f}",
                *("" if isnan(mean(name)) else f"{mean(name):.3f}" for name in ("regret", "strict_regret")),
            ]
        )
    hidden = {1, len(_HEAD) - 2, len(_HEAD) - 1} if evaluation.examples.horizon is None else set()
    return [[text for place, text in enumerate(row) if place not in hidden] for row in rows]


def _averaged(runs: Sequence[Figures]) -> Callable[[str], float]:
    def mean(name: str) -> float:
        values = [value for run in runs if (value := getattr(run, name)) is not None]
        return fmean(values) if values else float("nan")

    return mean


def _with_spread(runs: Sequence[Figures]) -> str:
    aucs = [run.auc for run in runs]
    return f"{fmean(aucs):.4f}" + (f" ± {stdev(aucs):.4f}" if len(aucs) > 1 else "")


def _outcome(outcome: Outcome) -> dict[str, object]:
    said: dict[str, object] = {"model": outcome.model, "policy": outcome.policy}
    for name in (field.name for field in fields(Figures)):
        values = [value for run in outcome.runs if (value := getattr(run, name)) is not None]
        if values:
            spread = stdev(values) if len(values) > 1 else None
            said[name] = {"mean": fmean(values), "sd": spread, "values": values}
    return said


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _sized(row: Sequence[str], widths: Sequence[int]) -> list[tuple[int, tuple[str, int]]]:
    return list(enumerate(zip(row, widths, strict=True)))


def _cell(text: str, width: int, place: int) -> str:
    return text.ljust(width) if place == 0 else text.rjust(width)
