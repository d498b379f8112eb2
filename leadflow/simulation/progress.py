"""How far a run has got, in figures and in one line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from leadflow.simulation.steps import Capture, Outcome, Step


@dataclass(slots=True)
class Progress:
    """Counts what was done in this run; `repeated` are steps that had been done before or no longer fitted."""

    steps: int = 0
    leads: int = 0
    won: int = 0
    lost: int = 0
    reopened: int = 0
    repeated: int = 0
    scored: int = 0
    """Outcomes whose lead had a score before."""
    auc: float | None = None
    """Of the scores given before each outcome, as it stands."""
    final_auc: float | None = None
    """The same, each lead counted once, by its last outcome; known at the end."""
    seconds: float = 0.0
    at: datetime | None = None

    @property
    def rate(self) -> float:
        return self.steps / self.seconds if self.seconds > 0 else 0.0

    def count(self, step: Step, done: bool) -> None:  # noqa: FBT001  # the answer of the use case
        self.steps += 1
        self.at = step.at
        if not done:
            self.repeated += 1
            return
        match step:
            case Capture():
                self.leads += 1
            case Outcome(result="won"):
                self.won += 1
                self.reopened += step.reopens
            case Outcome():
                self.lost += 1

    def line(self) -> str:
        """One line for a terminal."""
        parts = [
            f"{self.at:%Y-%m-%d}" if self.at else "",
            f"{self.leads:,} leads",
            f"{self.won + self.lost:,} outcomes ({self.won:,} won)",
            f"{self.rate:,.0f} steps/s",
            f"AUC {self.auc:.3f}" if self.auc is not None else "",
            f"{self.repeated:,} already there" if self.repeated else "",
        ]
        return " · ".join(part for part in parts if part)

    def summary(self) -> str:
        """What to print at the end."""
        reopened = f" ({self.reopened:,} after having been lost)" if self.reopened else ""
        lines = [
            f"{self.steps:,} steps in {self.seconds:,.1f} s ({self.rate:,.0f}/s); {self.repeated:,} were already there",
            f"{self.leads:,} leads captured, {self.won:,} won{reopened}, {self.lost:,} lost",
        ]
        if self.auc is not None:
            lines.append(f"AUC of the {self.scored:,} scores given before their outcome: {self.auc:.3f}")
        if self.final_auc is not None and self.reopened:
            lines.append(f"AUC by the last outcome of each lead: {self.final_auc:.3f}")
        return "\n".join(lines)


OnProgress: TypeAlias = Callable[[Progress], None]
