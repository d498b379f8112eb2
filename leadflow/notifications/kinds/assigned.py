"""A lead is given to somebody: by a colleague, by a rule, or with many others at once.

What one colleague gives, one reassignment moves, and the rules deal is one notification each until it is read.
"""

from collections.abc import Iterator

from leadflow.kernel.events import RecordedEvent
from leadflow.notifications.notice import Known, Notice, Tell, Told, by, person_in


def judge(event: RecordedEvent, _: Known) -> Iterator[Tell]:
    to = person_in(event.data, "to")
    if to is not None:
        moved, giver = event.data.get("reassignment_id"), by(event)
        yield Tell(to, f"{moved or giver.get('by') or 'rules'}", giver)


def words(told: Told) -> str:
    if told.data.get("by"):
        return "{who} gave you {lead}" if told.leads == 1 else f"{{who}} gave you {{lead}} and {_more(told)}"
    return "{lead} was assigned to you" if told.leads == 1 else f"{{lead}} and {_more(told)} were assigned to you"


def _more(told: Told) -> str:
    others = told.leads - 1
    return "one more lead" if others == 1 else f"{others:,} more leads"


NOTICE = Notice(
    "A lead is assigned to you",
    "By somebody else or by a rule. Leads that come together are one notification.",
    ("lead.assigned",),
    judge,
    words,
    position=10,
    href=lambda _: "/leads?owner=me",
)
