"""The shelf of data sets that can be replayed: one file each, exporting `DATASET`."""

from leadflow.kernel.registry import discover
from leadflow.simulation.dataset import Dataset


def datasets() -> dict[str, Dataset]:
    """Every data set by name."""
    return discover(__name__, Dataset, "DATASET")
