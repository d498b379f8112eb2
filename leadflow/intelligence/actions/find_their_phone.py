"""Find their phone number: there is none, and calls are clearly answered more often than e-mails."""

from leadflow.intelligence import reach
from leadflow.intelligence.action import Action, Advice, Does
from leadflow.intelligence.insight import Case, Counts
from leadflow.intelligence.statistics import is_clearly_more
from leadflow.intelligence.wording import counted, percent


def judge(case: Case, counts: Counts) -> Advice | None:
    if not case.sets("phone") or case.lead.get("phone"):
        return None
    if not case.lead.get("email"):
        return None
    calls, mails = reach.channel(counts, "call"), reach.channel(counts, "email")
    label = "Add their phone number"
    if calls.is_known and mails.is_known and is_clearly_more(calls.rate, calls.tries, mails.rate, mails.tries):
        share = f"{percent(calls.rate)} of calls reach somebody, {percent(mails.rate)} of e-mails are answered"
        basis = f"from {counted(calls.tries, 'call')} and {counted(mails.tries, 'e-mail')}"
        reason = f"There is none: {share} ({basis})."
        return Advice(Does.EDIT_PHONE, label, reason, 0.5, calls.tries + mails.tries, "calls and e-mails")
    return None


ACTION = Action(judge, asks=lambda _: reach.asks())
