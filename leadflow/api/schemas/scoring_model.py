"""How the scoring model does."""

from pydantic import Field

from leadflow.api.schemas.goal_words import GoalWords
from leadflow.api.schemas.shape import Shape


class FiguresItem(Shape):
    outcomes: float = Field(description="What they rest on; a lead that is learned from twice counts half each time")
    said: float = Field(description="The mean probability that was said")
    won: float = Field(description="The share that came to the goal: was won, where that is a deal")
    auc: float | None = Field(
        description="The chance that a lead that came to the goal had been said to be likelier than one that did not"
    )
    log_loss: float = Field(description="In nats")
    expected_loss: float = Field(description="The log-loss if everything was as the model says")
    usual_loss: float = Field(description="The log-loss of saying of everybody what share had come to the goal by then")
    skill: float = Field(description="The part of the usual log-loss that is saved")
    brier: float
    calibration_error: float


class PointItem(Shape):
    day: str
    outcomes: float = Field(description="Of this day")
    figures: FiguresItem | None = Field(description="Of the 28 days that end with this one")


class GroupItem(Shape):
    low: float = Field(description="The least probability that was said, and the highest")
    high: float
    outcomes: float
    wins: float
    said: float
    won: float
    won_low: float = Field(description="The share that comes to the goal lies between these, with 95 % confidence")
    won_high: float


class BandFigures(Shape):
    band: str
    figures: GroupItem | None


class EvidenceItem(Shape):
    says: str
    part: float = Field(description="1: enough for an alarm")


class ModelItem(Shape):
    name: str
    title: str
    headline: str = Field(description="How well it is calibrated, in one sentence; empty: too few outcomes to say")
    is_champion: bool
    outcomes: float
    figures: FiguresItem | None = Field(description="Null: there are too few outcomes to say")
    points: list[PointItem]
    groups: list[GroupItem]
    bands: list[BandFigures]
    evidence: list[EvidenceItem]


class ShareItem(Shape):
    value: str
    before: float
    lately: float


class ShiftItem(Shape):
    label: str
    index: float = Field(description="Population stability index; from 0.1 notable, from 0.25 a shift")
    state: str = Field(description="steady, notable or shifted")
    leads_before: int
    leads_lately: int
    shares: list[ShareItem] = Field(description="Those that differ most, first")


class SilenceItem(Shape):
    since: str
    days: int
    came: int
    usual: float


class BehaviourFlow(Shape):
    label: str
    lately: float = Field(description="A day, in the last seven whole days")
    before: float = Field(description="A day, in the four weeks before")
    silence: SilenceItem | None = Field(description="It has stopped coming")


class AlarmItem(Shape):
    id: str
    kind: str = Field(description="error, silence or input")
    says: str
    because: str
    stops: bool = Field(description="Scores are not to be relied upon while it stands")
    raised_at: int
    cleared_at: int | None


class LearnedChange(Shape):
    says: str
    by: float = Field(description="In log-odds")
    odds: float = Field(description="By how much the odds are multiplied")
    outcomes: float = Field(description="Outcomes of leads like these on that day")
    wins: float


class LearnedDay(Shape):
    day: str
    is_today: bool
    won: int
    lost: int
    timed_out: int
    taken_back: int
    changes: list[LearnedChange]


class TrustItem(Shape):
    stops: bool = Field(description="Leads that go by their scores wait while scores are in alarm")
    is_stopped: bool
    waiting: int = Field(description="Leads in sight that wait because of it")
    passed: list[str] = Field(description="Alarms that stand, and of which somebody said: go on")
    passed_by: str
    passed_at: int | None
    reason: str


class AlarmReport(Shape):
    standing: list[AlarmItem]
    trust: TrustItem


class ModelReport(Shape):
    today: str
    days: int
    words: GoalWords = Field(description="How to say that a lead has come to the goal that the models learn")
    minimum: int = Field(description="Outcomes that figures have to rest on")
    window: int = Field(description="Days that a running figure is of")
    models: list[ModelItem]
    inputs: list[ShiftItem]
    behaviours: list[BehaviourFlow]
    alarms: list[AlarmItem] = Field(description="Those that stand first, then the latest")
    learned: LearnedDay | None = Field(description="The last day on which the model learned anything")
    trust: TrustItem
