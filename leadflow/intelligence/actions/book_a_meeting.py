"""Book a meeting: the lead answers, is warm or hot, and nobody has met it yet."""

from leadflow.intelligence.action import Action, Advice, way_to_reach
from leadflow.intelligence.insight import Case, Counts
from leadflow.intelligence.story import QUIET_AFTER
from leadflow.intelligence.wording import ago


def judge(case: Case, _: Counts) -> Advice | None:
    story = case.story
    if story.met or story.inbound is None or story.contact is None or case.lead.get("band") == "cold":
        return None
    since, does = case.second - story.inbound, way_to_reach(case)
    if does is None or story.inbound > story.contact or since > 2 * QUIET_AFTER:
        return None
    reason = f"It answered {ago(since)} ago, somebody has been in touch since, and there was no meeting yet."
    return Advice(does, "Arrange a meeting", reason, 0.55)


ACTION = Action(judge)
