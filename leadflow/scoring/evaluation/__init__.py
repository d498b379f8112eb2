"""How good the models are: test, then train, over real data in the order in which they came."""

from leadflow.scoring.evaluation.examples import load
from leadflow.scoring.evaluation.reporting import markdown, table, to_json
from leadflow.scoring.evaluation.running import SEEDS, chosen, evaluate
from leadflow.scoring.evaluation.sources import find

__all__ = ["SEEDS", "chosen", "evaluate", "find", "load", "markdown", "table", "to_json"]
