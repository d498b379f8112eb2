"""What a kind of notification is: which events it listens to, whom it tells, and in which words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from leadflow.kernel.events import Data, RecordedEvent
from leadflow.kernel.permissions import Permission

PLACEHOLDERS: Final = ("who", "lead", "note", "task", "text")
"""What stands in braces in a kind's words, for what is looked up for the reader: the name of the person kept as `by`,
the name of the lead, the beginning of what the event kept as `event` notes, what the task kept as `task` is called;
`text` is what the kind itself has kept under this name.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What was looked up for the events of a batch."""

    owners: Mapping[UUID, UUID] = field(default_factory=dict)
    """Whose each lead is now."""
    settlers: frozenset[UUID] = frozenset()
    """Who may change settings."""

    def owner(self, event: RecordedEvent) -> UUID | None:
        return self.owners.get(event.lead_id) if event.lead_id else None


@dataclass(frozen=True, slots=True)
class Tell:
    """Somebody is to be told. While they have not read it, more with the same `group` joins it; what stands last in
    `data` is told. Names and what people wrote do not belong there: they are looked up for whoever reads.
    """

    person: UUID
    group: str
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """Of what a line is made: what the kind has kept, how often it happened, to how many leads within reach."""

    data: Data
    count: int = 1
    leads: int = 1


def _nowhere(_: Told) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of notification. All functions are pure.

    `kinds` are exact kinds of events. `judge` says who hears of one; whose deed it was never does. `words` is one line
    with the placeholders above, `href` where it leads when that is not its one lead. With `permission`, only for those
    who have it when they read. `is_on`: told to whoever has not said otherwise.
    """

    label: str
    help: str
    kinds: tuple[str, ...]
    judge: Callable[[RecordedEvent, Known], Iterable[Tell]]
    words: Callable[[Told], str]
    position: int
    href: Callable[[Told], str] = _nowhere
    is_about_leads: bool = True
    permission: Permission = Permission.LEADS_READ
    is_on: bool = True


def person_in(data: Data, name: str) -> UUID | None:
    """Whom an event's data names; None where it names nobody."""
    told = data.get(name)
    try:
        return UUID(told) if isinstance(told, str) else None
    except ValueError:
        return None


def by(event: RecordedEvent) -> dict[str, str]:
    """Who did it, where that is a person."""
    return {"by": str(event.actor_id)} if event.actor_kind == "person" and event.actor_id else {}
