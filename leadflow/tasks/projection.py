"""Tasks go with their leads: what its former owner was to do about a lead, its new owner is."""

from collections.abc import Sequence
from uuid import UUID

from leadflow.kernel.events import Event, RecordedEvent
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work
from leadflow.tasks import repository
from leadflow.tasks.repository import NewOwner

ASSIGNED = "lead.assigned"


async def follow(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Hand over the tasks of leads that have a new owner. Of a chain of owners, the first had them and the last does.

    Tasks of colleagues who help with a lead stay theirs; those of somebody who is no longer here do not.
    """
    owners: dict[UUID, NewOwner] = {}
    for event in events:
        to = _person(event.data.get("to"))
        if event.lead_id is None or to is None:
            continue
        known = owners.get(event.lead_id)
        was = known.was if known else _person(event.data.get("from"))
        owners[event.lead_id] = NewOwner(event.lead_id, was, to)
    if not owners:
        return
    for moved in await repository.follow(work, list(owners.values())):
        said = {"task_id": str(moved.id), "task": moved.kind, "assignee": str(moved.owner)}
        told = {"was_assignee": str(moved.was), "how": "with the lead"}
        work.record(Event("task.changed", moved.lead_id, {**said, **told, "changes": ["assignee"]}))


def _person(told: object) -> UUID | None:
    return UUID(told) if isinstance(told, str) and told else None


PROJECTION = Projection("tasks", (ASSIGNED,), follow, patient=frozenset({ASSIGNED}))
