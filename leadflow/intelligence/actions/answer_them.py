"""Answer: the lead has replied, asked for something or booked a meeting, and nobody has been in touch since."""

from typing import Final

from leadflow.intelligence.action import Action, Advice, Does, way_to_reach
from leadflow.intelligence.insight import Case, Counts
from leadflow.intelligence.wording import ago

_DID: Final = {
    "email_replied": "Replied",
    "demo_requested": "Asked for a demo",
    "form_submitted": "Sent a form",
    "meeting_booked": "Booked a meeting",
}


def judge(case: Case, _: Counts) -> Advice | None:
    story = case.story
    if story.inbound is None or (story.contact is not None and story.contact >= story.inbound):
        return None
    did = _DID.get(story.inbound_kind, "Wrote")
    does = Does.EMAIL if story.inbound_kind == "email_replied" and case.lead.get("email") else way_to_reach(case)
    if does is None:
        return None
    verb = "Write back" if does is Does.EMAIL else "Call back"
    return Advice(does, verb, f"{did} {ago(case.second - story.inbound)} ago, and nobody has answered.", 1.0)


ACTION = Action(judge)
