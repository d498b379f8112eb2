"""First contact: nobody has been in touch yet. What came of being quick is read from the log.

Of leads that were decided, those contacted within an hour of coming in are held against all others, and told where
they were clearly won more often. That is what was observed: it may also be that better leads are contacted sooner.
"""

from typing import Final

from leadflow.intelligence.action import Action, Advice, Does, way_to_reach
from leadflow.intelligence.insight import Case, Cell, Counted, Counts
from leadflow.intelligence.statistics import is_clearly_more
from leadflow.intelligence.story import HOUR, Story
from leadflow.intelligence.wording import ago, counted, percent

WON, DECIDED = "won by first contact", "decided by first contact"
QUICK, LATER = 0, 1
MINIMUM: Final = 20
"""Decided leads on either side."""


def cells(story: Story) -> Counted:
    if not story.outcome or story.opened is None:
        return
    is_quick = story.touched is not None and story.touched - story.opened <= HOUR
    bucket = QUICK if is_quick else LATER
    yield Cell(DECIDED, "", bucket), 1
    if story.outcome == "won":
        yield Cell(WON, "", bucket), 1


def judge(case: Case, counts: Counts) -> Advice | None:
    story, does = case.story, way_to_reach(case)
    if story.touched is not None or story.opened is None or does is None:
        return None
    hot = case.lead.get("band") == "hot"
    label = "Call now" if does is Does.CALL else "Write now"
    waiting = f"{'Hot, and nobody' if hot else 'Nobody'} has been in touch since it came in"
    reason = f"{waiting} {ago(case.second - story.opened)} ago."
    decided, won = counts.by_bucket(DECIDED), counts.by_bucket(WON)
    quick, later = (decided.get(bucket, 0) for bucket in (QUICK, LATER))
    urgency = 0.95 if hot else 0.85
    if min(quick, later) < MINIMUM or case.second - story.opened > HOUR:
        return Advice(does, label, reason, urgency)
    share, others = won.get(QUICK, 0) / quick, won.get(LATER, 0) / later
    if not is_clearly_more(share, quick, others, later):
        return Advice(does, label, reason, urgency)
    said = f"{percent(share)} of leads contacted within the hour were won"
    than = f"{percent(others)} of the others (from {counted(quick + later, 'decided lead')})"
    return Advice(does, label, f"{reason} {said}, {than}.", urgency, quick + later, "decided leads")


ACTION = Action(judge, cells, lambda _: ((WON, ""), (DECIDED, "")))
