"""What an organization's history says of a lead and of its sources."""

from typing import Literal

from pydantic import Field

from leadflow.api.schemas.shape import Shape


class InsightItem(Shape):
    """Without `text` there is not enough evidence yet: `missing` says how much more of `unit` it takes."""

    name: str
    title: str
    text: str
    why: str
    evidence: int = Field(description="How many of `unit` it rests on")
    minimum: int
    missing: int
    unit: str
    starts_at: int | None = Field(description="Where it is about a time: epoch milliseconds")
    ends_at: int | None


class NextStep(Shape):
    name: str
    does: Literal["call", "email", "edit_phone", "close_lost"] = Field(description="What its button opens")
    label: str
    reason: str
    basis: Literal["rule", "history"]
    evidence: int = Field(description="How many of `unit` the reason counts; 0 for a rule")
    unit: str


class LeadIntelligence(Shape):
    """Empty for a lead that is closed."""

    insights: list[InsightItem]
    steps: list[NextStep] = Field(description="The most urgent one first")


class MoneyItem(Shape):
    currency: str
    value: int = Field(description="Minor units")


class SourceFigures(Shape):
    leads: int
    won: int
    lost: int
    too_young: int = Field(description="Open, and younger than the horizon: they count with what they have shown")
    median_days_to_win: int | None
    conversion: float | None = Field(description="Share won by the horizon; null below the minimum of evidence")
    conversion_low: float | None = Field(description="Of a range that holds the true share nine times in ten")
    conversion_high: float | None
    evidence: int = Field(description="How many leads the share rests on, or how many have been decided so far")
    missing: int = Field(description="How many more decided leads it takes")


class SourceQuality(SourceFigures):
    source: str
    won_value: list[MoneyItem] | None = Field(description="Null where the role does not see values")
    bad_addresses: int | None = Field(description="Throw-away or undeliverable; null where addresses are hidden")


class SourceReport(Shape):
    horizon_days: int = Field(description="How old a lead has to be to be judged")
    minimum: int
    total: SourceFigures
    items: list[SourceQuality]
