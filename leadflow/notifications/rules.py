"""Pure decisions about notifications: who is told of a batch of events, and how a line reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from leadflow.kernel.events import Data, RecordedEvent
from leadflow.notifications.notice import PLACEHOLDERS, Known, Notice
from leadflow.notifications.shelf import listening

KEPT: Final = timedelta(days=90)
"""For how long a notification is kept after its last event."""
NEWS: Final = timedelta(days=1)
"""What happened longer ago is history, and tells nobody: what is imported, replayed or noted later."""
LONGEST_NOTE: Final = 140
_NAMELESS: Final = {"who": "somebody", "lead": "a lead"}
"""For whom the reader is not told of, or who is gone."""
_ROLES: Final = {"note": "quote", "task": "quote"}
_PLACES: Final = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")


class Key(NamedTuple):
    """What is told together while it is unread."""

    person: UUID
    kind: str
    group: str


@dataclass(frozen=True, slots=True)
class News:
    """What of a batch is told to one person in one line."""

    key: Key
    data: Data
    count: int
    first_at: datetime
    last_at: datetime
    is_about_leads: bool
    leads: Mapping[UUID, datetime] = field(default_factory=dict)


class Part(NamedTuple):
    """A piece of a line: a `name`, a `quote` of what people wrote, or words of ours, whose role is empty."""

    text: str
    role: str = ""


def news(events: Iterable[RecordedEvent], known: Known, now: datetime) -> list[News]:
    """Who is told what of these events, grouped. Nobody is told of their own deeds, nor of history."""
    found: dict[Key, News] = {}
    for event in events:
        if event.occurred_at < now - NEWS:
            continue
        for kind, notice in listening(event.kind):
            for tell in notice.judge(event, known):
                if event.actor_kind == "person" and tell.person == event.actor_id:
                    continue
                key = Key(tell.person, kind, tell.group)
                found[key] = _joined(found.get(key), _one(key, notice, event, tell.data))
    return list(found.values())


def _one(key: Key, notice: Notice, event: RecordedEvent, data: Data) -> News:
    about = {event.lead_id: event.occurred_at} if notice.is_about_leads and event.lead_id else {}
    return News(key, data, 1, event.occurred_at, event.occurred_at, notice.is_about_leads, about)


def _joined(known: News | None, more: News) -> News:
    if known is None:
        return more
    return replace(
        more,
        count=known.count + more.count,
        first_at=min(known.first_at, more.first_at),
        last_at=max(known.last_at, more.last_at),
        leads={**known.leads, **more.leads},
    )


def parts(words: str, names: Mapping[str, str]) -> list[Part]:
    """A kind's words with what was looked up; what is missing at the end leaves no colon behind.

    >>> "".join(part.text for part in parts("{who} wrote: {note}", {"who": "Ben", "note": ""}))
    'Ben wrote'
    """
    pieces = _PLACES.split(words)
    found = [_looked_up(piece, names) if at % 2 else Part(piece) for at, piece in enumerate(pieces)]
    told = [part for part in found if part.text]
    if told and not told[-1].role:
        told[-1] = Part(told[-1].text.removesuffix(": "))
    if told and not told[0].role:
        told[0] = Part(told[0].text[:1].upper() + told[0].text[1:])
    return told


def _looked_up(place: str, names: Mapping[str, str]) -> Part:
    name = names.get(place)
    return Part(name, _ROLES.get(place, "name")) if name else Part(_NAMELESS.get(place, ""))


def excerpt(text: str) -> str:
    r"""The beginning of what somebody wrote, in one line and in quotation marks; empty where they wrote nothing.

    >>> excerpt("See  this\nplease")
    '“See this please”'
    """
    line = " ".join(text.split())
    short = line if len(line) <= LONGEST_NOTE else f"{line[: LONGEST_NOTE - 1].rstrip()}…"
    return short and f"“{short}”"


def unheard(events: Sequence[RecordedEvent], mark: tuple[int, int]) -> list[RecordedEvent]:
    """Those after the mark: what stands before it has been told already."""
    return [event for event in events if (event.xid, event.seq) > mark]
