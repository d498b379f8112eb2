"""What decides over a simulated lead: hidden fit, speed of the first answer, and what the person does.

The rates are those of a demonstration. Measured B2B medians are 1.5 % of leads won after one to two months; at that
pace two weeks would show nothing. Here about one lead in seven is won, about a week after it arrived.
The effect of speed is not scaled.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

FASTEST = timedelta(minutes=5)
SLOWEST = timedelta(hours=24)
SPEED_EXPONENT = 1.3
"""Odds to qualify fall with (t / 5 min) to this power.

HBR 2011 (1 h against 24 h: 60 times) implies 1.3, the Lead Response Management study of 2007 (5 against 30 minutes:
21 times) implies 1.7; below five minutes and beyond a day nothing changes.
"""

ENGAGEMENT: Mapping[str, float] = {
    "page_viewed": 0.05,
    "email_clicked": 0.25,
    "form_submitted": 0.3,
    "pricing_visited": 0.4,
    "email_replied": 0.6,
    "meeting_booked": 0.7,
    "demo_requested": 0.9,
}
"""What each act tells of interest. Opens are left out: up to half of them are privacy prefetch."""
FULLY_ENGAGED = 3.0


PICKS_UP: Mapping[range, float] = {range(9, 10): 0.3, range(10, 12): 0.52, range(12, 14): 0.2, range(16, 18): 0.44}
"""Share of calls that reach somebody, by the hour of day; studies agree on late morning and late afternoon."""
PICKS_UP_ELSE = 0.28
AWAY_ON_MONDAY = 0.75


def chance(logit: float) -> float:
    return 1.0 / (1.0 + math.exp(-logit))


def speed_effect(waited: timedelta) -> float:
    """Change of the log-odds to qualify when the first answer took `waited` of office time instead of five minutes."""
    return -SPEED_EXPONENT * math.log(min(max(waited, FASTEST), SLOWEST) / FASTEST)


def chance_to_reach(weekday: int, hour: int) -> float:
    """Whether a call at this time reaches the person; on Mondays it is less likely."""
    share = next((share for hours, share in PICKS_UP.items() if hour in hours), PICKS_UP_ELSE)
    return share * (AWAY_ON_MONDAY if weekday == 0 else 1.0)


def engagement(acts: Mapping[str, int]) -> float:
    """Interest shown so far, 0 to `FULLY_ENGAGED`."""
    shown = sum(ENGAGEMENT.get(kind, 0.0) * count for kind, count in acts.items())
    return FULLY_ENGAGED * math.tanh(shown / FULLY_ENGAGED)


def chance_to_qualify(fit: float, interest: float, waited: timedelta) -> float:
    return chance(1.0 + 1.3 * fit + 0.5 * interest + speed_effect(waited))


def chance_of_proposal(fit: float, interest: float) -> float:
    return chance(0.2 + 0.8 * fit + 0.3 * interest)


def chance_to_win(fit: float, interest: float, skill: float) -> float:
    return chance(-1.3 + 0.9 * fit + 0.4 * interest + skill)
