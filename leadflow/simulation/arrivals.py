"""Who arrives when: each day of a seed brings the same people, whenever it is asked for."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from leadflow.simulation import people, texts
from leadflow.simulation.behaviour import poisson
from leadflow.simulation.company import Profile
from leadflow.simulation.hours import SATURDAY
from leadflow.simulation.steps import Scalar

BUSY = (1, 1, 1, 1, 1, 1, 2, 4, 8, 11, 12, 11, 8, 10, 12, 11, 10, 8, 6, 5, 5, 4, 3, 2)
"""Weight of each local hour."""
BATCH = 16.0
"""Largest mean that one draw is made for; a day is a sum of such draws."""


@dataclass(frozen=True, slots=True)
class Arrival:
    at: datetime
    person: people.Person
    source: str
    fit: float
    title: str | None
    value: int
    custom: Mapping[str, Scalar]


def arrivals(profile: Profile, seed: str, salt: str, start: datetime) -> Iterator[Arrival]:
    """Everyone who arrives from `start` on, in time order, without end. `salt` makes other people of the same seed."""
    first = profile.hours.local(start).date()
    for ahead in count():
        for arrival in _of_day(profile, seed, salt, first + timedelta(days=ahead)):
            if arrival.at >= start:
                yield arrival


def _of_day(profile: Profile, seed: str, salt: str, day: date) -> list[Arrival]:
    rng = random.Random(f"{seed}:{salt}:{day.isoformat()}")
    mean = profile.weekend_leads if day.weekday() >= SATURDAY else profile.weekday_leads
    parts = max(1, round(mean / BATCH))
    number = sum(poisson(rng, mean / parts) for _ in range(parts))
    return sorted((_arrival(profile, seed, rng, day) for _ in range(number)), key=lambda arrival: arrival.at)


def _arrival(profile: Profile, seed: str, rng: random.Random, day: date) -> Arrival:
    person = people.draw(rng)
    source = rng.choices(profile.sources, [source.weight for source in profile.sources])[0].name
    fit = people.fit(profile, seed, person.key, source)
    staff = people.employees(rng, fit)
    custom: dict[str, Scalar] = {"interest": rng.choice(texts.INTERESTS)}
    if person.company:
        custom["employees"] = staff
    return Arrival(
        at=_moment(profile, rng, day),
        person=person,
        source=source,
        fit=fit,
        title=people.title(rng, fit),
        value=people.deal_value(rng, staff),
        custom=custom,
    )


def _moment(profile: Profile, rng: random.Random, day: date) -> datetime:
    hour = rng.choices(range(24), BUSY)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), ZoneInfo(profile.hours.zone))
    return local.astimezone(UTC)
