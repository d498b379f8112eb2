"""The demonstration's stream of steps: two weeks that have been, then a present that never ends.

A lead's fit follows from the seed, its key and its source alone, and what comes next for it from its stage. So the
organization's own rows are all the memory the simulator has: stopped and started again, `live` is given the open leads
and goes on with them, whatever people have done to them in between.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import takewhile

from leadflow.simulation import people
from leadflow.simulation.arrivals import Arrival, arrivals
from leadflow.simulation.company import DEMO, Profile, Rep
from leadflow.simulation.journey import Journey
from leadflow.simulation.steps import Capture, OpenLead, Step

QUICKEST, SLOWEST = timedelta(seconds=0.7), timedelta(seconds=2.5)
"""The gap between two live steps at speed 1."""
BUSTLE = 2.5
"""Live brings this many times the arrivals, so that a viewer need not wait minutes for a new card."""


def history(seed: str, until: datetime, days: int = 14, profile: Profile = DEMO) -> Iterator[Step]:
    """All that happened in the `days` before `until`, in time order, at the company's natural pace."""
    start = until - timedelta(days=days)
    return takewhile(lambda step: step.at < until, _timeline(profile, seed, "", start, ()))


def live(
    seed: str, start: datetime, leads: Sequence[OpenLead], speed: float = 1.0, profile: Profile = DEMO
) -> Iterator[Step]:
    """What happens from `start` on, a step every one to three seconds divided by `speed`, without end.

    The company's own time is elastic: quiet hours, nights and weekends are skipped, so the order of steps is that of
    the company and only their times are those of the viewer; it always begins with the office open. Leads that the
    simulator cannot have made are left alone.
    """
    salt = f"live:{start.isoformat()}"
    rng = random.Random(f"{seed}:{salt}")
    busy = replace(profile, weekday_leads=profile.weekday_leads * BUSTLE, weekend_leads=profile.weekend_leads * BUSTLE)
    at = start
    ours = [lead for lead in leads if people.is_made_up(lead.key)]
    for step in _timeline(busy, seed, salt, profile.hours.next_open(start), ours):
        at += timedelta(seconds=rng.uniform(QUICKEST.total_seconds(), SLOWEST.total_seconds()) / speed)
        yield replace(step, at=at)


def _timeline(profile: Profile, seed: str, salt: str, start: datetime, leads: Sequence[OpenLead]) -> Iterator[Step]:
    """Merges the journeys of everyone, those already open and those who arrive, into one order without end."""
    known = {lead.key for lead in leads}
    stories = [_resumed(profile, seed, salt, start, lead).steps() for lead in leads]
    due = [(step.at, number, step, story) for number, story in enumerate(stories) for step in _next(story)]
    heapify(due)
    for number, arrival in enumerate(arrivals(profile, seed, salt, start), len(stories)):
        while due and due[0][0] <= arrival.at:
            _, turn, step, story = heappop(due)
            yield step
            for following in _next(story):
                heappush(due, (following.at, turn, following, story))
        if arrival.person.key in known:
            continue
        known.add(arrival.person.key)
        story = _begun(profile, seed, salt, arrival)
        for first in _next(story):
            heappush(due, (first.at, number, first, story))


def _next(story: Iterator[Step]) -> Iterator[Step]:
    """The next step, if there is one."""
    for step in story:
        yield step
        return


def _begun(profile: Profile, seed: str, salt: str, arrival: Arrival) -> Iterator[Step]:
    person = arrival.person
    journey = _journey(profile, seed, salt, arrival.at, OpenLead(key=person.key, stage="new", source=arrival.source))
    journey.value = arrival.value
    capture = Capture(
        at=arrival.at,
        key=person.key,
        ref=f"{journey.prefix}:0",
        name=person.name,
        email=person.email,
        phone=person.phone,
        company=person.company,
        title=arrival.title,
        source=arrival.source,
        value=arrival.value,
        currency=profile.currency,
        country=person.country,
        custom=arrival.custom,
    )
    return journey.again(capture)


def _resumed(profile: Profile, seed: str, salt: str, start: datetime, lead: OpenLead) -> Journey:
    journey = _journey(profile, seed, salt, start, lead)
    journey.rest = journey.rng.uniform(0.02, 1.0)
    return journey


def _journey(profile: Profile, seed: str, salt: str, at: datetime, lead: OpenLead) -> Journey:
    digest = hashlib.blake2s(f"{salt}:{lead.key}".encode(), digest_size=8).hexdigest()
    rng = random.Random(f"{seed}:{digest}")
    return Journey(
        profile=profile,
        rng=rng,
        prefix=f"sim:{seed}:{digest}",
        key=lead.key,
        fit=people.fit(profile, seed, lead.key, lead.source),
        rep=profile.rep(lead.rep) or _by_turn(profile, rng),
        at=at,
        value=lead.value,
        stage=lead.stage,
    )


def _by_turn(profile: Profile, rng: random.Random) -> Rep:
    return rng.choice(profile.reps)
