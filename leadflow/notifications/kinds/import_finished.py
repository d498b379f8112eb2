"""An import of somebody's has been worked through to its last row."""

from collections.abc import Iterator
from typing import Final

from leadflow.kernel.events import RecordedEvent
from leadflow.kernel.permissions import Permission
from leadflow.notifications.notice import Known, Notice, Tell, Told, person_in

COUNTS: Final = ("created", "joined", "rejected")


def judge(event: RecordedEvent, _: Known) -> Iterator[Tell]:
    importer = person_in(event.data, "by")
    if importer is not None:
        kept = {name: event.data.get(name) for name in COUNTS}
        filename = str(event.data.get("filename") or "")
        yield Tell(importer, f"{event.data.get('import_id')}", {**kept, "text": filename})


def words(told: Told) -> str:
    created, joined, rejected = (_number(told.data.get(name)) for name in COUNTS)
    counts = [f"{created:,} new", f"{joined:,} known"] + ([f"{rejected:,} not understood"] if rejected else [])
    return f"{'{text}' if told.data.get('text') else 'Your file'} is imported: {', '.join(counts)}"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


NOTICE = Notice(
    "An import of yours is done",
    "With how many leads were new, known already, or not understood.",
    ("import.finished",),
    judge,
    words,
    position=70,
    href=lambda _: "/import",
    is_about_leads=False,
    permission=Permission.LEADS_IMPORT,
)
