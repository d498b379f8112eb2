"""A lead that somebody was promised to hear from is about to wait for too long, or has."""

from collections.abc import Iterator
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell, Told, person_in

BREACHED: Final = "lead.breached"


def judge(event: RecordedEvent, _: Known) -> Iterator[Tell]:
    owner = person_in(event.data, "owner")
    if owner is not None:
        yield Tell(owner, f"{event.lead_id}", {"is_late": event.kind == BREACHED})


def words(told: Told) -> str:
    return "Nobody got in touch with {lead} in time" if told.data.get("is_late") else "{lead} is still waiting for you"


NOTICE = Notice(
    "A lead of yours waits too long",
    "When the time to get in touch is nearly up, and when it is over.",
    ("lead.reminded", BREACHED),
    judge,
    words,
    position=40,
)
