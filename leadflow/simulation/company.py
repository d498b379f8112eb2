"""The company of the demonstration: who sells, where leads come from, when people work."""

from dataclasses import dataclass, field
from datetime import timedelta

from leadflow.simulation.hours import OfficeHours


@dataclass(frozen=True, slots=True)
class Rep:
    """`answers_in` is the median office time to the first touch, `skill` moves the log-odds to win."""

    key: str
    name: str
    answers_in: timedelta
    skill: float


@dataclass(frozen=True, slots=True)
class Source:
    """`weight` is its share of arrivals, `pull` how much better or worse than average its leads fit."""

    name: str
    weight: float
    pull: float


@dataclass(frozen=True, slots=True)
class Stay:
    """Median office time that a lead spends in a stage before its rep decides."""

    contacted: timedelta = timedelta(hours=10)
    qualified: timedelta = timedelta(hours=14)
    proposal: timedelta = timedelta(hours=18)


REPS = (
    Rep("ben", "Ben Adeyemi", timedelta(minutes=7), 0.3),
    Rep("mina", "Mina Kowalska", timedelta(minutes=13), 0.0),
    Rep("jonas", "Jonas Lindqvist", timedelta(minutes=32), -0.1),
)

SOURCES = (
    Source("google ads", 0.22, -0.2),
    Source("organic", 0.20, 0.2),
    Source("linkedin", 0.15, -0.5),
    Source("website form", 0.12, 0.6),
    Source("webinar", 0.10, 0.0),
    Source("referral", 0.09, 1.3),
    Source("partner", 0.07, 0.9),
    Source("trade fair", 0.05, -1.3),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A small firm that sells planning software to other firms."""

    name: str = "Larkspur Planning"
    hours: OfficeHours = field(default_factory=OfficeHours)
    reps: tuple[Rep, ...] = REPS
    sources: tuple[Source, ...] = SOURCES
    currency: str = "EUR"
    weekday_leads: float = 64.0
    weekend_leads: float = 24.0
    stay: Stay = Stay()
    never_answered: float = 0.08
    """Share of leads that nobody gets round to."""

    def rep(self, key: str | None) -> Rep | None:
        return next((rep for rep in self.reps if rep.key == key), None)

    def pull(self, source: str | None) -> float:
        return next((known.pull for known in self.sources if known.name == source), 0.0)


DEMO = Profile()
