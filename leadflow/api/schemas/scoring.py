"""Scoring: the rules, their versions, and what others would have done."""

from pydantic import Field, JsonValue

from leadflow.api.schemas.goal_words import GoalWords
from leadflow.api.schemas.shape import Shape
from leadflow.scoring.config import ScoringConfig


class AttributeItem(Shape):
    key: str
    label: str
    values: list[str] = Field(description="All that it can have; empty: any word")


class BehaviourItem(Shape):
    key: str
    label: str


class Rescored(Shape):
    done: int
    of: int | None = Field(description="Leads that may change bands are looked at twice; null: not counted yet")
    changed: int = Field(description="Leads whose score or band has changed")


class ScoringRules(Shape):
    number: int = Field(description="The version that is live; 0: the rules that everybody starts with")
    config: ScoringConfig
    model: str = Field(description="The title of `config.champion`, which scores beside the rules")
    defaults: ScoringConfig
    author: str | None
    reason: str
    deployed_at: int | None
    rescoring: Rescored | None = Field(description="How far the scores of open leads have followed; null: all have")
    options: dict[str, JsonValue] = Field(description="JSON Schema of `config`")
    attributes: list[AttributeItem]
    behaviours: list[BehaviourItem]


class VersionItem(Shape):
    number: int
    config: ScoringConfig
    author: str | None
    reason: str
    restores: int | None = Field(description="The version that this one went back to")
    deployed_at: int | None
    is_live: bool
    changes: list[str] = Field(description="What it changed of the version before, in words")


class Versions(Shape):
    items: list[VersionItem]
    next_cursor: str | None


class FigureValue(Shape):
    value: float | None = Field(description="Null: it would rest on too little")
    evidence: int = Field(description="How many leads it rests on")


class FigureItem(Shape):
    key: str
    label: str
    help: str
    unit: str = Field(description="share, times or nats")
    better: str = Field(description="up or down")
    before: FigureValue
    after: FigureValue


class HotLeads(Shape):
    leads: int
    per_week: float


class WorkloadItem(Shape):
    owner: str | None
    name: str | None
    before: HotLeads
    after: HotLeads


class ScoreAndBand(Shape):
    score: int
    band: str


class ChangedBand(Shape):
    lead: str
    name: str
    company: str | None
    owner: str | None
    before: ScoreAndBand
    after: ScoreAndBand


class OutcomeCounts(Shape):
    won: int = Field(description="Those that came to the goal of the rules that are tried")
    lost: int


class EventCounts(Shape):
    window: int
    warm_up: int = Field(description="Older ones, from which both have learned before")
    skipped: int = Field(description="Still older ones, which were left out")


class BacktestReport(Shape):
    since: int
    until: int
    weeks: float
    events: EventCounts
    leads: int = Field(description="Leads of which something happened in the window")
    words: GoalWords = Field(description="How to say that a lead has come to the goal of the rules that are tried")
    outcomes: OutcomeCounts
    minimum: int = Field(description="How many leads a figure has to rest on")
    moves: dict[str, dict[str, int]] = Field(description="Open leads by band before and after")
    figures: list[FigureItem]
    workload: list[WorkloadItem] = Field(description="Leads that were hot at some time in the window, by owner today")
    changed: list[ChangedBand] = Field(description="The first 50 that you see and whose band would be another")


class BacktestItem(Shape):
    id: str
    state: str = Field(description="waiting, running, done, failed, or replaced by another")
    days: int
    events: int = Field(description="How many are replayed; 0: not counted yet")
    replayed: int
    made_at: int
    finished_at: int | None
    report: BacktestReport | None


class ModelItem(Shape):
    name: str
    title: str
    about: str
    place: str = Field(description="champion, challenger, learning (from the log; not done yet) or shelf")
    verdict: str = Field(description="Against the champion, however often it is looked at: open, better or worse")
    outcomes: int | None = Field(description="How many the comparison rests on")
    gain: float | None = Field(description="By how much less one outcome surprises it than the champion, in nats")
    doubt: float | None = Field(description="The chance, at most, that one is ahead so far and no better")


class Contest(Shape):
    version: int = Field(description="The version of the rules that is live")
    champion: str = Field(description="The name of the model that scores, or will as soon as it has learned")
    words: GoalWords = Field(description="How to say that a lead has come to the goal that the models are compared by")
    entries: list[ModelItem]
