"""What is to be planted, and how far it has got."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Self

from pydantic import JsonValue

from leadflow.kernel.errors import FieldProblem, Invalid

MOST_LEADS = 100_000_000
"""So many numbers has a telephone exchange here."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`leads` numbered from 1 in the order in which they came in over the two years before `until`, and their history
    in exactly `events` events.
    """

    leads: int
    events: int
    seed: int
    until: datetime
    is_searchable: bool = True

    def __post_init__(self) -> None:
        problems = []
        if not 1 <= self.leads <= MOST_LEADS:
            problems.append(FieldProblem("leads", f"Say between 1 and {MOST_LEADS:,} leads."))
        if self.events < 0:
            problems.append(FieldProblem("events", "There cannot be fewer than no events."))
        if problems:
            raise Invalid(problems=problems)

    def noted(self) -> dict[str, JsonValue]:
        """As the organization remembers it."""
        return {**asdict(self), "until": self.until.isoformat(), "done": 0}

    @classmethod
    def remembered(cls, noted: dict[str, JsonValue]) -> tuple[Self, int]:
        """The plan, and the number of the last lead that is there."""
        told = dict(noted)
        done = int(str(told.pop("done")))
        until = datetime.fromisoformat(str(told.pop("until"))).astimezone(UTC)
        return cls(until=until, **told), done  # type: ignore[arg-type]  # as `noted` wrote it

    def is_same_as(self, other: Self) -> bool:
        """Whether the same was asked for; the moment of asking apart."""
        return (self.leads, self.events, self.seed) == (other.leads, other.events, other.seed)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far planting has got: `done` leads of the plan, `fresh` of them and `events` in the `seconds` of this run."""

    plan: Plan
    done: int
    fresh: int
    events: int
    seconds: float

    def line(self) -> str:
        """
        >>> plan = Plan(1_000_000, 5_000_000, 1, datetime(2026, 1, 1, tzinfo=UTC))
        >>> Progress(plan, 250_000, 250_000, 1_250_000, 50.0).line()
        '250,000 of 1,000,000 leads · 5,000 leads/s · 30,000 rows/s · 2 min 30 s left'
        """
        rate = self.fresh / self.seconds if self.seconds else 0.0
        parts = [f"{self.done:,} of {self.plan.leads:,} leads"]
        if rate:
            parts += [f"{rate:,.0f} leads/s", f"{(self.fresh + self.events) / self.seconds:,.0f} rows/s"]
            parts.append(f"{_time((self.plan.leads - self.done) / rate)} left")
        return " · ".join(parts)

    def summary(self) -> str:
        """What to print at the end."""
        if not self.fresh:
            return f"All {self.plan.leads:,} leads are there already."
        rate = (self.fresh + self.events) / self.seconds
        return (
            f"{self.fresh:,} leads and {self.events:,} events in {_time(self.seconds)} ({rate:,.0f} rows/s); "
            f"{self.done:,} leads of this plan are there."
        )


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
