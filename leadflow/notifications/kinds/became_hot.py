"""A lead of somebody's becomes hot."""

from collections.abc import Iterator

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell


def judge(event: RecordedEvent, known: Known) -> Iterator[Tell]:
    if owner := known.owner(event):
        yield Tell(owner, f"{event.lead_id}")


NOTICE = Notice(
    "A lead of yours becomes hot",
    "Its score has risen over the threshold, or somebody holds it as hot.",
    ("lead.became_hot",),
    judge,
    lambda _: "{lead} became hot",
    position=30,
)
