"""How the demonstration's leads are dealt out: two rules, a promise each, and the hours of those who sell."""

from uuid import UUID

from leadflow.kernel.work import Work
from leadflow.routing import service
from leadflow.routing.commands import DefineRule
from leadflow.simulation.company import Profile
from leadflow.tenancy.hours import DAYS, SetHours, set_hours

EAGER = ("referral", "partner", "website form")
"""Where those come from who buy most often."""


async def lay(work: Work, profile: Profile, reps: list[UUID]) -> None:
    """Office hours for all who sell; then the rules."""
    hours = profile.hours
    shift = [[f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}"]]
    week = SetHours.model_validate({"hours": dict.fromkeys(DAYS[:5], shift), "time_zone": hours.zone})
    for rep in reps:
        await set_hours(work, rep, week)
    everybody = {"everybody": True}
    eager = {"field": "source", "operator": "one of", "value": list(EAGER)}
    first = {"minutes": 30, "remind_before": 10, "fallbacks": [everybody, everybody]}
    for rule in (
        {"name": "Warm sources", "conditions": eager, "promise": first},
        {"name": "Everybody else", "promise": {"minutes": 120, "remind_before": 30, "fallbacks": [everybody]}},
    ):
        await service.define(work, DefineRule.model_validate({"pool": everybody, **rule}))
