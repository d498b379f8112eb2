"""Doorbells: what a commit says to everybody who waits for it. Losing one costs latency, never data."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from leadflow.kernel.events import Event

MAX_NAMED_LEADS = 200
"""Above this many, a ring only says "many": the hub then reads everything since its revision."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that screens show has changed; what it is now, each of them asks for."""

    of: str
    people: tuple[UUID, ...] | None = None
    """Whose it is; None: it is about everybody."""


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
    news: tuple[News, ...] = ()
    """What else than leads it changed."""


RIGHTS = ("team.", "member.", "role.")
"""Events of these nouns change who may do or see what."""


def changes_rights(ring: Ring) -> bool:
    return any(kind.startswith(RIGHTS) for kind in ring.kinds or ())


OFFERS = frozenset({"lead.offered", "routing.claimed"})
"""Events after which somebody is offered a lead, or no longer."""
TASKS = "task."
"""Events of this noun change what somebody has to do."""
VIEWS = "view."
"""Events of this noun change views: `person`'s own, or everybody's where they name none."""


def news_of(events: Iterable[Event], notified: Collection[UUID] = ()) -> tuple[News, ...]:
    """What these events change on screens beside leads, each thing once; `notified`: whose notifications changed."""
    told: dict[str, dict[UUID, None] | None] = {}
    if notified:
        _add(told, "notifications", notified)
    for event in events:
        if event.kind in OFFERS:
            told["offers"] = None
        elif event.kind.startswith(TASKS):
            _add(told, "tasks", _people(event, "assignee", "was_assignee"))
        elif event.kind.startswith(VIEWS):
            if "person" in event.data:
                _add(told, "views", _people(event, "person"))
            else:
                told["views"] = None
    return tuple(News(of, None if people is None else tuple(people)) for of, people in told.items())


def _add(told: dict[str, dict[UUID, None] | None], of: str, people: Iterable[UUID]) -> None:
    known = told.setdefault(of, {})
    if known is not None:
        known.update(dict.fromkeys(people))


def _people(event: Event, *names: str) -> Iterator[UUID]:
    """Whose it is now, and whose it was."""
    for name in names:
        if isinstance(person := event.data.get(name), str):
            yield UUID(person)


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """A session was revoked: caches forget it and its sockets close."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class Present:
    """Who has which leads of one organization open in one web process. Nobody stores it, and it is said again."""

    organization_id: UUID
    process: UUID
    leads: tuple[tuple[UUID, tuple[UUID, ...]], ...]
    """Each with the people who have it open; none of them: nobody any more."""


Signal = Ring | SessionEnded | Present


class Doorbell(Protocol):
    """Sends signals to every process; never raises, because the commit has already happened."""

    async def ring(self, signal: Signal) -> None: ...

    async def wake(self, queues: Sequence[str]) -> None: ...

    def listen(self) -> AsyncIterator[Signal | None]:
        """Signals as they come; None after a reconnect: something may have been missed."""
        ...
