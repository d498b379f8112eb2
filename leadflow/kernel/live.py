"""Doorbells: what a commit says to everybody who waits for it. Losing one costs latency, never data."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from leadflow.kernel.events import Event

MAX_NAMED_LEADS = 200
"""Above this many, a ring only says "many": the hub then reads everything since its revision."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One commit: whose, as which transaction, and which leads it changed (None: too many to name)."""

    organization_id: UUID
    xid: int
    leads: tuple[UUID, ...] | None
    has_events: bool
    kinds: tuple[str, ...] | None = None
    """What kinds of events it recorded; None: not told."""
    noted: tuple[UUID, ...] | None = ()
    """Leads whose timeline grew while they stayed as they were (None: too many to name)."""
    people: tuple[UUID, ...] = ()
    """Whose tasks it changed."""
    notified: tuple[UUID, ...] = ()
    """Whose notifications it changed."""


RIGHTS = ("team.", "member.", "role.")
"""Events of these nouns change who may do or see what."""


def changes_rights(ring: Ring) -> bool:
    return any(kind.startswith(RIGHTS) for kind in ring.kinds or ())


OFFERS = frozenset({"lead.offered", "routing.claimed"})
"""Events after which somebody is offered a lead, or no longer."""


def changes_offers(ring: Ring) -> bool:
    return not OFFERS.isdisjoint(ring.kinds or ())


TASKS = "task."
"""Events of this noun change what somebody has to do."""


def whose_tasks(events: Iterable[Event]) -> tuple[UUID, ...]:
    """The people whose tasks these events changed: who has one now, and who had it before."""
    told = [each for event in events if event.kind.startswith(TASKS) for each in _people(event)]
    return tuple(dict.fromkeys(told))


def _people(event: Event) -> Iterator[UUID]:
    for name in ("assignee", "was_assignee"):
        if isinstance(person := event.data.get(name), str):
            yield UUID(person)


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """A session was revoked: caches forget it and its sockets close."""

    session_id: UUID


Signal = Ring | SessionEnded


class Doorbell(Protocol):
    """Sends signals to every process; never raises, because the commit has already happened."""

    async def ring(self, signal: Signal) -> None: ...

    async def wake(self, queues: Sequence[str]) -> None: ...

    def listen(self) -> AsyncIterator[Signal | None]:
        """Signals as they come; None after a reconnect: something may have been missed."""
        ...
