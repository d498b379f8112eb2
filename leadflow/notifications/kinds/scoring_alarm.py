"""Something is wrong with scores, or with what they are made of: for those who can do something about it."""

from collections.abc import Iterator, Mapping
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.permissions import Permission
from leadflow.notifications.notice import Known, Notice, Tell, Told

SAYS: Final[Mapping[str, str]] = {
    "error": "Scores no longer fit how leads end",
    "silence": "A behaviour that scores count on has stopped coming",
    "input": "New leads are unlike those before",
}


def judge(event: RecordedEvent, known: Known) -> Iterator[Tell]:
    cause = str(event.data.get("cause") or "scoring")
    for person in known.settlers:
        yield Tell(person, cause, {"about": cause.partition(":")[0]})


def words(told: Told) -> str:
    return SAYS.get(str(told.data.get("about")), "Scoring raised an alarm")


NOTICE = Notice(
    "Scoring raises an alarm",
    "When scores should not be relied upon, or leads have changed.",
    ("scoring.alarm_raised",),
    judge,
    words,
    position=80,
    href=lambda _: "/scoring?tab=model",
    is_about_leads=False,
    permission=Permission.SETTINGS_MANAGE,
)
