"""Leads, their scores and their timelines."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from leadflow.api.schemas.shape import FieldError, Shape


class Row(Shape):
    """A lead as lists and boards know it. Null is what your role does not see, where nothing else is said."""

    id: str
    name: str
    company: str | None
    email: str | None
    stage: str
    score: int
    delta: int = Field(description="Change of the last score, in points")
    trail: str = Field(
        description="The score over the last two weeks, at most eight steps: base 64 of the newest one's minute since "
        "2020 (3 bytes) and, oldest first, of each one's minutes before that (2 bytes) and its score (1 byte); empty "
        "before the first"
    )
    band: Literal["hot", "warm", "cold"]
    reason: str
    source: str | None
    value: int | None
    currency: str | None
    owner: str | None = Field(description="A person's id; null: nobody's")
    country: str | None
    captured_at: int
    stage_at: int
    touched_at: int | None
    due_at: int | None = Field(description="Until when somebody gets in touch, where a rule promises it")
    remind_at: int | None
    held_until: int | None = Field(description="Until when somebody holds it in its band; null: its score says")
    version: int


class ListedLead(Row):
    """With what was asked for in `columns`."""

    phone: str | None = None
    title: str | None = None
    domain: str | None = None
    team: str | None = Field(default=None, description="A team's id; null: the organization itself")
    closed_at: int | None = None


class LeadPage(Shape):
    items: list[ListedLead]
    next_cursor: str | None
    total: int = Field(description="As it was when the first page was read")
    total_capped: bool = Field(description="True when there are more than `total`")


class LeadGroup(Shape):
    key: str = Field(
        description="A stage, a person's id, a band, a source, a country, or a period's first day; empty for leads "
        "without owner, source or country, and for the list as a whole"
    )
    count: int
    values: dict[str, int] | None = Field(
        description="The sum of values by currency, in minor units, without those of nothing; null: your role does "
        "not see values, or there are too many leads to sum up"
    )
    mean: int | None = Field(description="The mean score; null: too many leads")


class LeadGroups(Shape):
    items: list[LeadGroup]
    capped: bool = Field(
        description="True when there are more groups than these, or more leads than are counted without `by`"
    )


class Fact(BaseModel):
    model_config = ConfigDict(extra="allow")

    value: JsonValue
    source: str
    at: JsonValue = None


class Consent(Shape):
    text: str
    at: int | None
    source: str


class LeadDetail(Row):
    phone: str | None
    title: str | None
    domain: str | None
    custom: dict[str, JsonValue] | None
    facts: dict[str, Fact]
    outcome: Literal["won", "lost"] | None
    closed_at: int | None
    consent: Consent | None


class LeadReference(Shape):
    """All that a key without `leads.read` is told."""

    id: str


class CapturedLead(Shape):
    lead: LeadDetail | LeadReference
    joined: bool = Field(description="True when the person was known already, by e-mail or phone")


class ChangedLead(Shape):
    lead: LeadDetail | LeadReference


class Mentioned(Shape):
    id: str
    name: str


class LoggedActivity(ChangedLead):
    id: str = Field(description="The event on the timeline")
    unseen_by: list[Mentioned] = Field(description="Who is mentioned, and does not see this lead")


class Contribution(BaseModel):
    model_config = ConfigDict(extra="allow")

    label: str
    points: float
    kind: str


class Held(Shape):
    """Somebody holds the lead in its band, whatever its score says."""

    until: int
    by: str = Field(description="A person's name; empty for a system with a key")
    reason: str


class Score(BaseModel):
    """Base and contributions add up to the score. Empty until the lead was scored or held for the first time."""

    model_config = ConfigDict(extra="allow")

    score: float | None = None
    band: str | None = Field(default=None, description="As shown everywhere: while held, the one it is held in")
    automatic_band: str | None = Field(default=None, description="By the score alone")
    band_since: int | None = Field(default=None, description="Since when it is in its automatic band, where known")
    flaps: int | None = Field(default=None, description="How often the automatic band changed in the last 30 days")
    held: Held | None = None
    base: float | None = None
    contributions: list[Contribution] = []
    model: dict[str, JsonValue] | None = None


class ScoreAt(Shape):
    at: int
    score: int


class Cause(Shape):
    label: str
    times: int
    points: int


class LastChange(Shape):
    """What the score was before, and is since: all within a day before `at`."""

    before: int | None = Field(description="Null: the lead had no score before")
    score: int
    since: int
    at: int
    causes: list[Cause] = Field(description="The strongest first; together they are the whole change")


class LeadWithScore(Shape):
    lead: LeadDetail
    score: Score
    history: list[ScoreAt]
    change: LastChange | None = Field(description="Null: the score has not changed yet")


class Way(Shape):
    says: str = Field(description="In words, such as: A booked meeting would make it hot")
    changes: list[str]
    score: int
    lift: int = Field(description="In points, from the score as it is shown")
    band: Literal["hot", "warm", "cold"]


class WorthFinding(Shape):
    field: str
    label: str
    points: float = Field(description="By how many points the score would move on average")
    chance: float = Field(description="How likely the band would change, from 0 to 1")
    leads: int = Field(description="How many of your other leads this rests on")
    by: Literal["hand", "form", "lookup"] = Field(
        description="How it becomes known: somebody writes it down, the lead says it in a form, or it is looked up"
    )


class WhatIf(Shape):
    target: Literal["hot", "warm"] | None = Field(
        description="The next band up by the score; null: it is hot, or won or lost, or not scored yet"
    )
    ways: list[Way] = Field(description="Of the same, smallest size; the one that lifts most first")
    nearest: Way | None = Field(description="Where nothing within reach is enough: how far the strongest would get")
    worth: list[WorthFinding]


class TimelineItem(Shape):
    id: str
    kind: str
    at: int
    actor: str
    title: str
    detail: str
    data: dict[str, JsonValue]
    mentions: list[Mentioned] = Field(default=[], description="Who is mentioned in it")


class Timeline(Shape):
    items: list[TimelineItem]
    next_cursor: str | None


class BatchResult(Shape):
    index: int
    status: Literal["created", "joined", "invalid"]
    id: str | None = None
    errors: list[FieldError] | None = None


class BatchResults(Shape):
    results: list[BatchResult]


class RecordedEvent(Shape):
    id: str
    lead_id: str
