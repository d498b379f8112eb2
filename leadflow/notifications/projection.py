"""Tells people: a reader of the log whose place and whose notifications are written together."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.notifications import repository
from leadflow.notifications.jobs import tidy_at
from leadflow.notifications.notice import Known, person_in
from leadflow.notifications.rules import KEPT, NEWS, News, news, unheard
from leadflow.notifications.shelf import all_notices, heard, listening

ALARM = "scoring.alarm_raised"
HANDED_ON = "lead.assigned"


async def tell(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Tell whoever should hear of these events, each of them once however often the log is read."""
    fresh = unheard(events, await repository.mark(work))
    if not fresh:
        return
    await repository.move_mark(work, (fresh[-1].xid, fresh[-1].seq))
    now = work.clock.now()
    recent = [event for event in fresh if event.occurred_at >= now - NEWS]
    if not recent:
        return
    wanted = await _wanted(work, news(recent, await _look_up(work, recent), now))
    if wanted:
        await repository.save(work, wanted)
        work.enqueue(tidy_at(now + KEPT))
    work.notify({each.key.person for each in wanted} | set(_former_owners(recent)))


async def _look_up(work: Work, events: Sequence[RecordedEvent]) -> Known:
    leads = {event.lead_id for event in events if event.lead_id and listening(event.kind)}
    settlers = await repository.settlers(work) if any(event.kind == ALARM for event in events) else frozenset[UUID]()
    return Known(await repository.owners(work, leads), settlers)


async def _wanted(work: Work, told: Sequence[News]) -> list[News]:
    """What goes to people who are here and have not said that they do not want it."""
    people = {each.key.person for each in told}
    if not people:
        return []
    here, said = await repository.active(work, people), await repository.preferences(work, people)
    kinds = all_notices()
    return [
        each
        for each in told
        if each.key.person in here and said.get((each.key.person, each.key.kind), kinds[each.key.kind].is_on)
    ]


def _former_owners(events: Sequence[RecordedEvent]) -> Iterator[UUID]:
    """Whose notifications about a lead may have gone out of their reach with it."""
    for event in events:
        if event.kind == HANDED_ON and (former := person_in(event.data, "from")):
            yield former


KINDS = heard()
PATIENT = frozenset(kind for kind in KINDS if not kind.startswith(("activity.", "task.")))
"""What people say to each other is told at once; there is little of it."""
PROJECTION = Projection("notifications", KINDS, tell, patient=PATIENT)
