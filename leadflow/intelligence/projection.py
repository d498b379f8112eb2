"""Intelligence as a projection: each lead's story goes on, and the organization's counts follow.

A batch adds to the counts what the stories that it touched say now, less what they said before.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from leadflow.intelligence import repository
from leadflow.intelligence.insight import Cell
from leadflow.intelligence.shelf import counted
from leadflow.intelligence.story import KINDS, Story, tell
from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.permissions import Permission
from leadflow.kernel.projection import Projection
from leadflow.kernel.work import Work


async def fold(work: Work, events: Sequence[RecordedEvent]) -> None:
    """Let the stories of one organization's leads go on by its next events, in order."""
    ids = {event.lead_id for event in events if event.lead_id is not None}
    stories = await repository.load(work, ids)
    changes: Counter[Cell] = Counter()
    for story in stories.values():
        changes.subtract(counted(story))
    zone = await repository.usual_zone(work)
    for event in events:
        if event.lead_id is not None:
            tell(stories.setdefault(event.lead_id, Story()), event, zone)
    for story in stories.values():
        changes.update(counted(story))
    await repository.save(work, stories)
    await repository.count(work, changes)
    work.note(event.lead_id for event in events if event.lead_id is not None and PROJECTION.hurries(event.kind))


async def rebuild(work: Work) -> None:
    """Forget what was counted and read the log from its beginning: after the shelves have changed."""
    work.scope.require(Permission.SETTINGS_MANAGE)
    await repository.forget(work)


PATIENT: Final = frozenset(kind for kind in KINDS if kind.startswith("behaviour."))
"""What leads do of themselves comes in numbers; whoever has called or changed something looks at what is next."""

PROJECTION = Projection(repository.PROJECTION, KINDS, fold, batch=1000, patient=PATIENT)
