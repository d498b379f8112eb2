"""The believable company of the demonstration, and the replay of real data."""

from leadflow.simulation.company import DEMO, Profile, Rep
from leadflow.simulation.dataset import Dataset, Warnings
from leadflow.simulation.demo import history
from leadflow.simulation.ports import Company
from leadflow.simulation.progress import Progress
from leadflow.simulation.running import live, tell_history
from leadflow.simulation.steps import Behave, Capture, Move, OpenLead, Outcome, Step, Touch

__all__ = [
    "DEMO",
    "Behave",
    "Capture",
    "Company",
    "Dataset",
    "Move",
    "OpenLead",
    "Outcome",
    "Profile",
    "Progress",
    "Rep",
    "Step",
    "Touch",
    "Warnings",
    "history",
    "live",
    "tell_history",
]
