"""Routing as a projection: a captured lead without an owner goes to the next rep."""

from collections import Counter
from collections.abc import Sequence

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.routing import repository, rules


async def assign(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Deal the new leads out. With nobody to take them they stay unowned, for a manager to see."""
    names, taken = await repository.reps(work)
    fresh = await repository.unowned(work, [event.lead_id for event in events if event.lead_id])
    turns = rules.entering(taken, names)
    dealt = rules.deal(fresh, turns)
    if not dealt:
        return
    given = Counter(dealt.values())
    await repository.assign(work, dealt, {person: turns[person] + given[person] for person in turns})
    times = {event.lead_id: event.occurred_at for event in events}
    work.record_all(
        Event(
            "lead.assigned",
            lead,
            {"from": None, "to": str(person), "name": names[person], "how": "round robin"},
            occurred_at=times[lead],
        )
        for lead, person in dealt.items()
    )


PROJECTION = Projection("routing", ("lead.captured", "lead.released"), assign)
