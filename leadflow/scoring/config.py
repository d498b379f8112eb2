"""The rules of an organization's score: plain, JSON-able, and sensible for B2B before anybody has touched them."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from leadflow.scoring.features import DEFAULT_HALF_LIFE, NO_SHOW, RETURNED, TEAM
from leadflow.scoring.goals import LABELS, Goal
from leadflow.scoring.success import WORDS

Label = Annotated[str, Field(min_length=1, max_length=80)]
Points = Annotated[float, Field(ge=-200, le=200, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Days = Annotated[float, Field(ge=0.01, le=3650)]

PROFILE: Final = "profile"
ENGAGEMENT: Final = "engagement"


_GOALS: Final[JsonDict] = {
    "labels": dict(LABELS),
    "words": {goal: {**words.to_json()} for goal, words in WORDS.items()},
}


class Band(StrEnum):
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FitRule(_Part):
    """Points for who a lead is: `attribute` has one of `values` (any value when there are none)."""

    attribute: Label
    values: Annotated[tuple[Label, ...], Field(max_length=100)] = ()
    points: Points
    label: Label
    group: Label = PROFILE


class EngagementRule(_Part):
    """Points for what a lead does, for each time, halved every half-life, never more than `limit` either way."""

    behaviour: Label
    points: Points
    limit: Annotated[float, Field(gt=0, le=200)]
    half_life_days: Days = DEFAULT_HALF_LIFE
    label: Label
    group: Label = ENGAGEMENT


class Thresholds(_Part):
    """A lead is hot or warm from here on, and stays so until it has fallen `hysteresis` points below.

    It stays in a band for `dwell_hours` at least, before it falls by one; 0: it falls at once.
    """

    hot: Annotated[float, Field(gt=0, le=100, title="Hot from")] = 70
    warm: Annotated[float, Field(gt=0, le=100, title="Warm from")] = 40
    hysteresis: Annotated[float, Field(ge=0, le=20, title="Points below before a lead leaves its band")] = 4
    dwell_hours: Annotated[float, Field(ge=0, le=720, title="Hours in a band before a lead falls out of it")] = 12

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warm >= self.hot:
            raise ValueError("The threshold for warm must lie below the one for hot.")
        return self


class ScoringConfig(_Part):
    """How rules, and what was learned from outcomes, become one score.

    A rule's points count in the log-odds of the score: `points_per_logit` of them multiply the odds by e. `base` is
    the score of a lead of whom nothing is known. The learned part starts to speak with the first outcomes and weighs
    as much as the rules after `patience` of them (won and lost alike); in it a lead with the `usual_win_rate` stands
    at `usual_score`, so that a business that wins one lead in ten still has hot leads.
    """

    base: Annotated[float, Field(gt=0, lt=100, title="Score of a lead nothing is known of")] = 15
    points_per_logit: Annotated[float, Field(gt=0, le=1000, title="Points that lift a score from 50 to 73")] = 20
    fit: Annotated[tuple[FitRule, ...], Field(max_length=200)] = ()
    engagement: Annotated[tuple[EngagementRule, ...], Field(max_length=100)] = ()
    other_behaviour: EngagementRule | None = None
    """For whatever a lead does that no rule names; its label is made from the behaviour's name."""
    limits: Annotated[Mapping[Label, Annotated[float, Field(gt=0, le=500)]], Field(max_length=50)] = Field(
        default_factory=dict
    )
    thresholds: Thresholds = Thresholds()
    patience: Annotated[float, Field(gt=0, le=1_000_000, title="Outcomes until learning weighs as much as rules")] = 20
    goal: Annotated[Goal, Field(title="What counts as a success", json_schema_extra=_GOALS)] = Goal.WON
    champion: Label = "mix"
    """The model of the shelf that scores; see `scoring.models`."""
    usual_win_rate: Annotated[Share, Field(title="Usual share of leads that are a success")] = 0.10
    usual_score: Annotated[float, Field(gt=0, lt=100, title="Score of a usual lead once learned")] = 35

    @cached_property
    def half_lives(self) -> Mapping[str, float]:
        return {rule.behaviour: rule.half_life_days for rule in self.engagement}


_FIT: Final = (
    FitRule(attribute="email_kind", values=("business",), points=8, label="Business e-mail address"),
    FitRule(attribute="email_kind", values=("free",), points=-4, label="Free e-mail address"),
    FitRule(attribute="email_kind", values=("role",), points=-4, label="Shared mailbox"),
    FitRule(attribute="email_kind", values=("disposable",), points=-35, label="Disposable e-mail address"),
    FitRule(attribute="deliverable", values=("no",), points=-35, label="E-mail cannot be delivered"),
    FitRule(attribute="has_phone", points=5, label="Left a phone number"),
    FitRule(attribute="has_company", points=5, label="Named a company"),
    FitRule(attribute="seniority", values=("executive",), points=12, label="Executive"),
    FitRule(attribute="seniority", values=("director",), points=10, label="Director"),
    FitRule(attribute="seniority", values=("manager",), points=5, label="Manager"),
    FitRule(attribute="seniority", values=("student",), points=-15, label="Student or trainee"),
    FitRule(attribute="source", values=("referral", "partner"), points=10, label="Came through a referral"),
    FitRule(attribute="value", values=("10k to 100k",), points=5, label="Deal over 10k"),
    FitRule(attribute="value", values=("over 100k",), points=10, label="Deal over 100k"),
)

_ENGAGEMENT: Final = (
    EngagementRule(behaviour="demo_requested", points=40, limit=46, half_life_days=14, label="Requested a demo"),
    EngagementRule(behaviour="meeting_booked", points=34, limit=42, half_life_days=14, label="Booked a meeting"),
    EngagementRule(behaviour="email_replied", points=14, limit=24, half_life_days=14, label="Replied to an e-mail"),
    EngagementRule(behaviour="pricing_visited", points=11, limit=22, half_life_days=4, label="Visited pricing"),
    EngagementRule(behaviour="form_submitted", points=7, limit=14, half_life_days=10, label="Submitted a form"),
    EngagementRule(behaviour="email_clicked", points=4, limit=10, half_life_days=7, label="Clicked in an e-mail"),
    EngagementRule(behaviour="page_viewed", points=1.5, limit=8, half_life_days=5, label="Viewed a page"),
    # Mail programs open messages on their own: an open says little, and many say little more.
    EngagementRule(behaviour="email_opened", points=0.5, limit=2, half_life_days=5, label="Opened an e-mail"),
    EngagementRule(behaviour="unsubscribed", points=-45, limit=45, half_life_days=365, label="Unsubscribed"),
    EngagementRule(behaviour=RETURNED, points=8, limit=16, half_life_days=10, label="Came back"),
    EngagementRule(behaviour=NO_SHOW, points=-24, limit=36, half_life_days=30, label="Did not come to a meeting"),
    EngagementRule(behaviour=TEAM + "meeting", points=10, limit=18, half_life_days=21, label="Met your team"),
)

DEFAULT: Final = ScoringConfig(
    fit=_FIT,
    engagement=_ENGAGEMENT,
    other_behaviour=EngagementRule(behaviour="*", points=3, limit=9, label="Did something else"),
    limits={PROFILE: 34.0, ENGAGEMENT: 66.0},
)
