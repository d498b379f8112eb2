"""Lives of leads, as events and as what they are counted into."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from leadflow.intelligence.insight import Case, Cell, Counts
from leadflow.intelligence.shelf import counted
from leadflow.intelligence.story import Story, tell
from leadflow.kernel.events import RecordedEvent
from tests.fixtures.office import MONDAY

ZONE = "Europe/Berlin"
BEHAVIOUR = ("email_replied", "meeting_booked", "demo_requested", "form_submitted", "unsubscribed")
OUTCOMES = ("Reached", "No answer", "Left a message", "Wrong number", "")


def event(kind: str, at: datetime, **data: Any) -> RecordedEvent:
    return RecordedEvent(0, 0, uuid4(), kind, uuid4(), "person", None, at, at, "", data)


def after(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def story(*events: RecordedEvent, zone: str = ZONE) -> Story:
    """What a lead's events come to."""
    told = Story()
    for each in events:
        tell(told, each, zone)
    return told


def captured(at: datetime = MONDAY, source: str = "fair", **data: Any) -> RecordedEvent:
    return event("lead.captured", at, source=source, value=0, currency="EUR", country="DE", **data)


def called(at: datetime, outcome: str = "") -> RecordedEvent:
    return event("activity.call", at, outcome=outcome, text="")


def counts(stories: Iterable[Story]) -> Counts:
    """What an organization with these leads has counted."""
    cells: Counter[Cell] = Counter()
    for each in stories:
        cells.update(counted(each))
    return Counts(cells)


LEAD = {"email": "grace@acme.example", "phone": "+4930123456", "band": "warm", "outcome": None}


def case(told: Story, now: datetime, **lead: Any) -> Case:
    return Case(told, {**LEAD, **lead}, now, ZONE)


def decided(source: str, days: int, *, won: bool = False, value: int = 0, at: datetime = MONDAY) -> Story:
    kind = "lead.won" if won else "lead.lost"
    return story(captured(at, source), event(kind, at + timedelta(days=days), value=value))


def random_life(dice: random.Random, start: datetime = MONDAY) -> list[RecordedEvent]:
    """Anything that can happen to a lead, in an order that the log may well have."""
    at = start + timedelta(hours=dice.randrange(24 * 30))
    sources = ("fair", "partner", "google")
    events = [captured(at, dice.choice(sources), email=True, phone=dice.random() < 0.5)]
    for _ in range(dice.randrange(12)):
        at += timedelta(hours=dice.randrange(-5, 120))
        match dice.randrange(7):
            case 0 | 1:
                events.append(called(at, dice.choice(OUTCOMES)))
            case 2:
                events.append(event("activity.email", at))
            case 3:
                events.append(event(f"behaviour.{dice.choice(BEHAVIOUR)}", at))
            case 4:
                events.append(event("lead.updated", at, source=dice.choice(sources), value=dice.randrange(10**6)))
            case 5:
                facts = {"email_kind": {"value": dice.choice(("disposable", "business"))}}
                events.append(event("lead.enriched", at, facts=facts))
            case 6:
                events.append(event(dice.choice(("lead.won", "lead.lost", "lead.reopened")), at))
    return events
