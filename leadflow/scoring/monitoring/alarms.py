"""What is worth an alarm, and when one is over: pure.

What is wrong with the scores themselves, and behaviours that have stopped coming, make scores unreliable; that other
leads come than before does not by itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pydantic import JsonValue

from leadflow.scoring.goals import Goal
from leadflow.scoring.monitoring.drift import courses
from leadflow.scoring.monitoring.inputs import SETTLED, SHIFTED, Day, Shift, Silence, shifts, silences
from leadflow.scoring.monitoring.reading import merged, summary
from leadflow.scoring.monitoring.tally import Tally

ERROR: Final = "error"
SILENCE: Final = "silence"
INPUT: Final = "input"
_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause for alarm. `cause` is the same as long as it is the same thing."""

    cause: str
    stops: bool
    """Whether scores are not to be relied upon because of it."""
    evidence: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.cause.partition(":")[0]


def findings(
    grades: Sequence[tuple[date, Tally]],
    inputs: Mapping[date, Day],
    today: date,
    standing: Collection[str] = (),
    goal: Goal = Goal.WON,
) -> list[Finding]:
    """All that is worth an alarm today; alarms that stand, `standing` being their causes, end later than they began.

    `goal` is what the grades are about.
    """
    return [*_errors(grades, goal), *map(_silence, silences(inputs, today)), *_shifts(shifts(inputs, today), standing)]


def _errors(grades: Sequence[tuple[date, Tally]], goal: Goal) -> list[Finding]:
    found = []
    for wrong, course in courses(grades).items():
        if course.alarmed:
            told = summary(merged(tally for day, tally in grades if course.since is None or day >= course.since))
            evidence: dict[str, JsonValue] = {
                "since": course.since.isoformat() if course.since else None,
                "goal": goal.value,
            }
            if told:
                evidence |= {"outcomes": round(told.outcomes), "said": round(told.said, 4), "won": round(told.won, 4)}
            found.append(Finding(f"{ERROR}:{wrong.value}", stops=True, evidence=evidence))
    return found


def _silence(silence: Silence) -> Finding:
    evidence: dict[str, JsonValue] = {
        "since": silence.since.isoformat(),
        "days": silence.days,
        "came": silence.came,
        "usual": round(silence.usual, 1),
    }
    return Finding(f"{SILENCE}:{silence.behaviour}", stops=True, evidence=evidence)


def _shifts(found: Sequence[Shift], standing: Collection[str]) -> list[Finding]:
    alarms = []
    for shift in found:
        cause = f"{INPUT}:{shift.attribute}"
        if shift.exceeds(SETTLED if cause in standing else SHIFTED):
            shares: list[JsonValue] = [
                {"value": each.value, "before": round(each.before, 4), "lately": round(each.lately, 4)}
                for each in shift.shares[:_TOLD]
            ]
            leads: dict[str, JsonValue] = {"leads": shift.leads_lately, "leads_before": shift.leads_before}
            alarms.append(
                Finding(cause, stops=False, evidence={"index": round(shift.index, 3), **leads, "shares": shares})
            )
    return alarms
