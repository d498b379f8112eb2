"""Somebody is mentioned in a note, or in what is noted of a call, an e-mail or a meeting."""

from collections.abc import Iterator

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell, by, person_in


def judge(event: RecordedEvent, _: Known) -> Iterator[Tell]:
    mentions = event.data.get("mentions")
    people = mentions if isinstance(mentions, list) else []
    for person in dict.fromkeys(person_in({"id": each}, "id") for each in people):
        if person is not None:
            yield Tell(person, f"{event.id}", {**by(event), "event": f"{event.id}"})


NOTICE = Notice(
    "Somebody mentions you",
    "With @ and your name, in a note or in what is noted of a call, an e-mail or a meeting.",
    ("activity.note", "activity.call", "activity.email", "activity.meeting"),
    judge,
    lambda _: "{who} mentioned you on {lead}: {note}",
    position=20,
)
