"""A large organization for measuring: leads and their history, written in bulk and with believable distributions.

Everything about lead number n follows from n, the seed and the plan, so that a run that was killed goes on where it
was and in the end there is what would have been without. The rows are made where they are stored; what they are drawn
from (names, days, weights) is made here.
"""

from leadflow.simulation.planting.plan import Plan, Progress
from leadflow.simulation.planting.service import begin, plant

__all__ = ["Plan", "Progress", "begin", "plant"]
