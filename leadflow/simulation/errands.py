"""What the demonstration's people have to do around now: something late, something today, something to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from leadflow import tasks
from leadflow.kernel.scope import Actor, ActorKind
from leadflow.kernel.work import Work
from leadflow.simulation import repository
from leadflow.simulation.company import Profile
from leadflow.tasks import CreateTask
from leadflow.tasks.models import TaskKind
from leadflow.tasks.rules import due_on

HALF_AN_HOUR: Final = timedelta(minutes=30)
BEFORE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Errand:
    """`day` is counted from today; without a time it is the whole day, without a day no date at all."""

    title: str
    kind: TaskKind = TaskKind.PLAIN
    day: int | None = None
    at: time | None = None
    soon: bool = False
    """In about two hours, and reminded of."""
    is_about_a_lead: bool = True


ERRANDS: Final = (
    Errand("Call back about the offer", TaskKind.CALL, -1, time(16)),
    Errand("Show them the planner", TaskKind.MEETING, soon=True),
    Errand("Answer their security questions", TaskKind.EMAIL, 0),
    Errand("Ask who else decides", TaskKind.CALL, 1, time(10)),
    Errand("Send two references of their size", TaskKind.EMAIL, 3),
    Errand("Look through last month's lost deals", is_about_a_lead=False),
)


async def hand_out(work: Work, profile: Profile, people: Sequence[UUID], now: datetime) -> None:
    """To each of these people, about the best of their open leads, or of all where they have none; twice is once."""
    for person in people:
        best = await repository.best_open(work, person, len(ERRANDS)) or await repository.best_open(
            work, None, len(ERRANDS)
        )
        with work.acting_as(Actor(ActorKind.PERSON, person)):
            for place, errand in enumerate(ERRANDS):
                lead = best[place % len(best)] if best and errand.is_about_a_lead else None
                if lead is not None or not errand.is_about_a_lead:
                    await tasks.create(work, _task(errand, person, lead, now, profile.hours.zone))


def _task(errand: Errand, person: UUID, lead: UUID | None, now: datetime, zone: str) -> CreateTask:
    due = _due(errand, now, zone)
    return CreateTask(
        id=uuid5(person, errand.title),
        title=errand.title,
        kind=errand.kind,
        lead=lead,
        due_at=due,
        all_day=due is not None and errand.at is None and not errand.soon,
        remind_at=due - BEFORE if due and (errand.at or errand.soon) else None,
    )


def _due(errand: Errand, now: datetime, zone: str) -> datetime | None:
    if errand.soon:
        return datetime.fromtimestamp(now.timestamp() // 1800 * 1800, UTC) + 4 * HALF_AN_HOUR
    if errand.day is None:
        return None
    there = ZoneInfo(zone)
    day = now.astimezone(there).date() + timedelta(days=errand.day)
    at = datetime.combine(day, errand.at or time(12), there).astimezone(UTC)
    return at if errand.at else due_on(at, zone)
