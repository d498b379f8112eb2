"""Follow up: the last attempt is a while ago and has not been answered."""

from typing import Final

from leadflow.intelligence.action import Action, Advice, Does, way_to_reach
from leadflow.intelligence.actions.let_it_rest import TRIES
from leadflow.intelligence.insight import Case, Counts
from leadflow.intelligence.story import DAY, QUIET_AFTER
from leadflow.intelligence.wording import ago, counted

AFTER: Final = 2 * DAY
_LAST: Final = {"call": "call", "email": "e-mail", "meeting": "meeting"}


def judge(case: Case, _: Counts) -> Advice | None:
    story, does = case.story, way_to_reach(case)
    if story.contact is None or does is None or story.tries >= TRIES:
        return None
    since = case.second - story.contact
    if not AFTER <= since < QUIET_AFTER or (story.inbound or 0) > story.contact:
        return None
    last = f"The last {_LAST.get(story.contact_kind, 'contact')} was {ago(since)} ago"
    unanswered = f", and {counted(story.tries, 'attempt')} had no answer" if story.tries else ""
    return Advice(does, "Call again" if does is Does.CALL else "Write again", f"{last}{unanswered}.", 0.4)


ACTION = Action(judge)
