"""Let it rest: it has been tried often enough without an answer, or the lead does not want to hear from anybody."""

from typing import Final

from leadflow.intelligence.action import Action, Advice, Does
from leadflow.intelligence.insight import Case, Counts
from leadflow.intelligence.wording import counted

TRIES: Final = 6
"""Attempts without an answer. Most leads that are reached at all are reached by the sixth."""


def judge(case: Case, _: Counts) -> Advice | None:
    story = case.story
    has_no_phone = case.sees("phone") and not case.lead.get("phone")
    if story.unsubscribed and has_no_phone and (story.inbound or 0) <= (story.contact or 0):
        return Advice(Does.CLOSE_LOST, "Close as lost", "Unsubscribed, and there is no other way to reach it.", 0.7)
    if story.tries >= TRIES:
        tries = counted(story.tries, "attempt")
        return Advice(Does.CLOSE_LOST, "Close as lost", f"{tries} without an answer: your time is better spent.", 0.65)
    return None


ACTION = Action(judge)
