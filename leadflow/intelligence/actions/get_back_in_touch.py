"""Get back in touch: an open lead of which nobody has heard for a week. How often that works is read from the log.

A call or e-mail after seven quiet days has worked when the lead answers within seven days (`story`).
"""

from typing import Final

from leadflow.intelligence.action import Action, Advice, Does, way_to_reach
from leadflow.intelligence.actions.let_it_rest import TRIES
from leadflow.intelligence.insight import Case, Cell, Counted, Counts
from leadflow.intelligence.story import QUIET_AFTER, Story
from leadflow.intelligence.wording import ago, counted, percent

TRIED, ANSWERED = "taken up again", "taken up again and answered"
MINIMUM: Final = 20


def cells(story: Story) -> Counted:
    if story.revivals:
        yield Cell(TRIED), story.revivals
        yield Cell(ANSWERED), story.revivals_answered


def judge(case: Case, counts: Counts) -> Advice | None:
    story, does = case.story, way_to_reach(case)
    if story.contact is None or does is None or story.tries >= TRIES:
        return None
    quiet = case.second - max(story.contact, story.inbound or 0)
    if quiet < QUIET_AFTER:
        return None
    label = "Call again" if does is Does.CALL else "Write again"
    reason = f"Nothing has happened for {ago(quiet)}."
    tried = counts.total(TRIED)
    if tried < MINIMUM:
        return Advice(does, label, reason, 0.6)
    share = percent(counts.total(ANSWERED) / tried)
    basis = f"{share} of leads answered when taken up again after a quiet week (from {counted(tried, 'try', 'tries')})"
    return Advice(does, label, f"{reason} {basis}.", 0.6, tried, "tries")


ACTION = Action(judge, cells, lambda _: ((TRIED, ""), (ANSWERED, "")))
