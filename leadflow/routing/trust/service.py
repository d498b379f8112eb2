"""Use cases of trust: whether leads wait while scores are in alarm, and going on all the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.permissions import Permission
from leadflow.kernel.work import Work
from leadflow.routing.trust import repository
from leadflow.routing.trust.commands import GoOn, StopOnAlarm
from leadflow.routing.trust.rules import Trust

RAISED: Final = "scoring.alarm_raised"
CLEARED: Final = "scoring.alarm_cleared"
STOP_SET: Final = "routing.stop_set"
GONE_ON: Final = "routing.gone_on"


@dataclass(frozen=True, slots=True)
class Standing:
    """`waiting` is how many of the leads in sight nobody owns because of it."""

    trust: Trust
    waiting: int


async def look(work: Work) -> Standing:
    """What is wanted, whether leads wait, and how many do."""
    work.scope.require(Permission.ROUTING_MANAGE)
    trust = await repository.get(work)
    return Standing(trust, await repository.count_waiting(work) if trust.is_stopped else 0)


async def set_stop(work: Work, command: StopOnAlarm) -> Standing:
    """Have leads wait while scores are in alarm, or not; the projection looks again at those that wait."""
    work.scope.require(Permission.ROUTING_MANAGE)
    if (await repository.hold(work)).stops != command.stops:
        await repository.set_stop(work, stops=command.stops)
        work.record(Event(STOP_SET, data={"stops": command.stops}))
    return await look(work)


async def go_on(work: Work, command: GoOn) -> Standing:
    """Go by scores in spite of the alarms that stand; the next alarm makes leads wait again. Without need, nothing."""
    work.scope.require(Permission.ROUTING_MANAGE)
    trust = await repository.hold(work)
    if trust.is_stopped:
        await repository.pass_over(work, command.reason, work.scope.actor.id)
        work.record(Event(GONE_ON, data={"reason": command.reason, "alarms": [*sorted(trust.alarms.values())]}))
    return await look(work)


async def hear(work: Work, events: Sequence[RecordedEvent]) -> None:
    """What the log says of alarms, in its order: for the projection, which alone keeps them."""
    told = [event for event in events if event.kind in {RAISED, CLEARED} and event.data["stops"]]
    if not told:
        return
    trust = await repository.hold(work)
    alarms, passed = dict(trust.alarms), dict(trust.passed)
    for event in told:
        alarm = str(event.data["alarm"])
        if event.kind == RAISED:
            alarms[alarm] = str(event.data["says"])
        else:
            alarms.pop(alarm, None)
            passed.pop(alarm, None)
    await repository.set_alarms(work, alarms, passed)
