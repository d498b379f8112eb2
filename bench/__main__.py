"""`python -m bench [name …]`: run benchmarks, print the table, write bench/results/latest.json."""

import importlib
import json
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path

import bench
from bench._stand import Metric

RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(wanted: list[str]) -> None:
    names = [found.name for found in pkgutil.iter_modules(bench.__path__) if not found.name.startswith("_")]
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(names)}.")
    metrics: dict[str, Metric] = {}
    if wanted and RESULTS.exists():
        metrics = {key: value for key, value in json.loads(RESULTS.read_text()).items() if not key.startswith("_")}
    for name in wanted or names:
        print(f"… {name}", file=sys.stderr, flush=True)
        started = time.monotonic()
        found = importlib.import_module(f"bench.{name}").run()
        metrics |= found
        print(f"  {name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    machine: Metric = {"cores": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**metrics, "_machine": machine}, indent=2) + "\n")
    _table(metrics)


def _table(metrics: dict[str, Metric]) -> None:
    head = ("metric", "value", "unit", "baseline", "ratio", "goal")
    rows = [(key, *(str(metric.get(column, "")) for column in head[1:])) for key, metric in sorted(metrics.items())]
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main(sys.argv[1:])
