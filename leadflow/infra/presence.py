"""Who has a lead open: what the sockets of this process watch, and what other web processes say of theirs.

Nothing is stored, and nobody else knows: what is here is gone within seconds of the process, the socket or Redis.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from leadflow.infra.channel import Channel
from leadflow.infra.mailbox import Mailbox
from leadflow.kernel.ids import new_id
from leadflow.kernel.live import Doorbell, Present
from leadflow.kernel.scope import Scope

log = structlog.get_logger(__name__)

BEAT_S = 3.0
"""How often a socket is asked whether somebody is still there, and other processes are told who is here."""
SILENCE_S = 7.0
"""A socket that has said nothing for so long has lost its connection, and so has a process."""

Place = tuple[UUID, UUID]
"""A lead of an organization."""


@dataclass(eq=False)
class Witness:
    """A socket: whose it is, and when it was last heard."""

    mailbox: Mailbox
    scope: Scope
    heard_at: float


@dataclass(eq=False)
class Watch:
    """A lead's page that is open."""

    place: Place
    witness: Witness
    channel: Channel
    told: list[str] = field(default_factory=list)

    @property
    def person(self) -> UUID | None:
        """Whom others see. A key is nobody, and whoever cannot read the lead is not there."""
        return None if self.channel.is_blind else self.witness.scope.person


class Presence:
    """Tells everybody who has a lead open which others have, and nobody else."""

    def __init__(self, doorbell: Doorbell, now: Callable[[], float] = time.monotonic) -> None:
        self.doorbell = doorbell
        self.now = now
        self.process = new_id()
        self._watches: dict[Place, dict[tuple[Mailbox, str], Watch]] = {}
        self._elsewhere: dict[Place, dict[UUID, tuple[frozenset[UUID], float]]] = {}
        self._published: dict[Place, frozenset[UUID]] = {}
        self._changed = asyncio.Event()

    def open(self, witness: Witness, name: str, channel: Channel) -> None:
        """A socket watches, as `name`, what `channel` shows: one lead."""
        if channel.filter.lead is None or witness.scope.person is None:
            return
        place = (witness.scope.organization_id, channel.filter.lead)
        watch = Watch(place, witness, channel)
        self._watches.setdefault(place, {})[witness.mailbox, name] = watch
        self._tell(place)

    def close(self, mailbox: Mailbox, name: str | None = None) -> None:
        """A socket watches no longer what it called `name`; None: it has gone."""
        for place, watches in list(self._watches.items()):
            left = [key for key in watches if key[0] is mailbox and name in {None, key[1]}]
            for key in left:
                del watches[key]
            if not watches:
                del self._watches[place]
            if left:
                self._tell(place)

    def heard(self, signal: Present) -> None:
        """Another process says who is there."""
        if signal.process == self.process:
            return
        for lead, people in signal.leads:
            place = (signal.organization_id, lead)
            others = self._elsewhere.setdefault(place, {})
            others[signal.process] = (frozenset(people), self.now())
            if not people:
                del others[signal.process]
            if not others:
                del self._elsewhere[place]
            self._tell(place)

    async def run(self) -> None:
        """Say who is here, at once when that changes and again every few seconds, until cancelled."""
        beat_at = self.now()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, beat_at - self.now())):
                    await self._changed.wait()
            self._changed.clear()
            is_beat = self.now() >= beat_at
            try:
                if is_beat:
                    beat_at = self.now() + BEAT_S
                    self.beat()
                await self.publish(again=is_beat)
            except Exception:
                log.exception("live.presence_failed")

    def beat(self) -> None:
        """Ask every socket that counts whether it is still there, and forget who has not been heard of."""
        old = self.now() - SILENCE_S
        for place, others in list(self._elsewhere.items()):
            kept = {process: told for process, told in others.items() if told[1] >= old}
            self._elsewhere[place] = kept
            if not kept:
                del self._elsewhere[place]
        for mailbox in {key[0] for watches in self._watches.values() for key in watches}:
            mailbox.tell({"op": "here"})
        for place in list(self._watches):
            self._tell(place)

    async def publish(self, *, again: bool) -> None:
        """Tell other processes what has changed here; `again`: all of it, for those who have heard nothing yet."""
        here = {place: people for place in list(self._watches) if (people := self._here(place))}
        news = {place: frozenset[UUID]() for place in self._published.keys() - here.keys()}
        news |= {place: people for place, people in here.items() if again or self._published.get(place) != people}
        self._published = here
        for organization_id in {place[0] for place in news}:
            leads = tuple((place[1], tuple(news[place])) for place in news if place[0] == organization_id)
            await self.doorbell.ring(Present(organization_id, self.process, leads))

    def _here(self, place: Place) -> frozenset[UUID]:
        return frozenset(_people(self._alive(place)))

    def _alive(self, place: Place) -> list[Watch]:
        old = self.now() - SILENCE_S
        return [watch for watch in self._watches.get(place, {}).values() if watch.witness.heard_at >= old]

    def _tell(self, place: Place) -> None:
        """Whoever may read the lead, and only when it is news to them."""
        here, old = self._here(place), self.now() - SILENCE_S
        told = (people for people, heard_at in self._elsewhere.get(place, {}).values() if heard_at >= old)
        people = here.union(*told)
        if self._published.get(place, frozenset()) != here:
            self._changed.set()
        for watch in self._watches.get(place, {}).values():
            others = sorted(str(each) for each in people if each != watch.witness.scope.person)
            seen = [] if watch.channel.is_blind else others
            if seen != watch.told:
                watch.told = seen
                watch.witness.mailbox.tell({"op": "presence", "lead": str(place[1]), "people": seen})


def _people(watches: Iterable[Watch]) -> set[UUID]:
    return {watch.person for watch in watches if watch.person is not None}
