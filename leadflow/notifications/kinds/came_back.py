"""A lead of somebody's answers, asks for something, books a meeting, or comes in again."""

from collections.abc import Iterator, Mapping
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell, Told

DID: Final[Mapping[str, str]] = {
    "behaviour.email_replied": "replied to an e-mail",
    "behaviour.meeting_booked": "booked a meeting",
    "behaviour.demo_requested": "asked for a demo",
    "behaviour.form_submitted": "submitted a form",
    "lead.joined": "came in again",
}


def judge(event: RecordedEvent, known: Known) -> Iterator[Tell]:
    if owner := known.owner(event):
        yield Tell(owner, f"{event.lead_id}:{event.kind}", {"did": event.kind})


def words(told: Told) -> str:
    did = DID.get(str(told.data.get("did")), "came back")
    often = {1: "", 2: " twice"}.get(told.count, f" {told.count:,} times")
    return f"{{lead}} {did}{often}"


NOTICE = Notice(
    "A lead of yours comes back",
    "It replies, books a meeting, asks for a demo, submits a form, or comes in again.",
    tuple(DID),
    judge,
    words,
    position=50,
)
