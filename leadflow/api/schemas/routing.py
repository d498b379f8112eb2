"""Routing: rules, absences, working hours, and why somebody got a lead."""

from pydantic import Field, JsonValue

from leadflow.api.schemas.shape import Shape


class PoolItem(Shape):
    people: list[str]
    teams: list[str]
    everybody: bool


class PromiseItem(Shape):
    minutes: int = Field(description="Of working time")
    remind_before: int
    fallbacks: list[PoolItem]


class RuleItem(Shape):
    id: str
    position: int
    name: str
    is_on: bool
    conditions: dict[str, JsonValue] | None = Field(description="Null: every lead")
    pool: PoolItem
    strategy: str
    options: dict[str, JsonValue]
    promise: PromiseItem | None = Field(description="How soon somebody gets in touch; null: whenever they do")


class StrategyItem(Shape):
    key: str
    title: str
    options: dict[str, JsonValue] = Field(description="JSON Schema of what it can be told")


class Rules(Shape):
    items: list[RuleItem]
    strategies: list[StrategyItem]


class SharedWith(Shape):
    person: str | None = Field(description="Null: these would have waited, or been offered")
    name: str
    leads: int


class RuleTrial(Shape):
    name: str
    matched: int
    people: list[SharedWith]


class TrialResult(Shape):
    leads: int
    unmatched: int = Field(description="Leads that no rule was about")
    rules: list[RuleTrial]


class AbsenceItem(Shape):
    id: str
    person: str
    starts_at: int
    ends_at: int
    note: str


class Absences(Shape):
    items: list[AbsenceItem]


class HolidayItem(Shape):
    id: str
    day: str = Field(description="YYYY-MM-DD; it lasts from midnight to midnight wherever each person is")
    name: str = Field(description="Empty: somebody's own, of which you see the day alone")
    team: str | None = Field(description="Whose it is, with all teams below; null, like the person: everybody's")
    person: str | None
    origin: str = Field(description="Whose public holiday it is, as DE or DE-BY; empty: somebody added it")


class Holidays(Shape):
    items: list[HolidayItem]


class ImportedHolidays(Shape):
    new: int = Field(description="Those that were not there yet")


class RegionItem(Shape):
    code: str
    name: str


class CountryItem(Shape):
    code: str
    name: str
    regions: list[RegionItem] | None = Field(description="Of the country that was asked about")


class Countries(Shape):
    items: list[CountryItem]


class CalendarPerson(Shape):
    id: str
    name: str
    initials: str
    hours: dict[str, list[list[str]]] | None = Field(description="Shifts per weekday; null: always")
    zone: str
    may_change: bool = Field(description="Whether you may say when they are away")
    holidays: list[str] = Field(description="The ids of theirs")


class CalendarGroup(Shape):
    team: str | None = Field(description="Null: those who are in no team")
    name: str
    people: list[CalendarPerson]


class CalendarAnswer(Shape):
    first: str
    last: str
    groups: list[CalendarGroup]
    absences: list[AbsenceItem]
    holidays: list[HolidayItem]
    may_manage: bool = Field(description="Whether you may say for everybody who is away, and what is a holiday")


class HoursItem(Shape):
    hours: dict[str, list[list[str]]] | None = Field(description="Shifts per weekday; null: always")
    time_zone: str = Field(description="Empty: the organization's")


class After(Shape):
    start: int
    turn: int
    credits: int
    given: int


class CandidateItem(Shape):
    id: str
    name: str
    out: str | None = Field(default=None, description="Why they could not be chosen")
    weight: int | None = None
    start: int | None = Field(default=None, description="The virtual time of their next turn, before this decision")
    turn: int | None = Field(default=None, description="The number of the decision that last chose them")
    credits: int | None = Field(default=None, description="Turns owed back to them")
    open: int | None = None
    kin: str | None = None
    said: str = Field(description="Why not, or how they stood before this decision, in words")
    belongs: bool | None = Field(default=None, description="The lead was of their territory")
    waited: int | None = Field(default=None, description="For how many seconds the lead had been offered")
    claims: bool | None = Field(default=None, description="They took the lead themselves")
    after: After | None = None


class DecisionItem(Shape):
    rule: str | None
    rule_name: str
    strategy: str
    options: dict[str, JsonValue]
    chosen: str | None
    how: str
    fare: str
    candidates: list[CandidateItem]


class Proof(DecisionItem):
    id: str
    at: int
    returned_at: int | None


class LeadTrial(DecisionItem):
    retry_at: int | None = Field(description="When somebody could take it without anything else happening")


class Proofs(Shape):
    items: list[Proof]


class SpeedItem(Shape):
    """Seconds are of working time, with `clock` of all time; null where nobody has got in touch."""

    key: str | None = Field(description="A person's id, or a source; null: nobody's leads, or all of them")
    name: str | None
    leads: int
    answered: int
    promised: int = Field(description="Leads that a rule promises an answer within some time")
    breached: int = Field(description="Those of them whose time ran out")
    median_s: float | None
    p90_s: float | None
    median_clock_s: float | None
    p90_clock_s: float | None


class SpeedReport(Shape):
    total: SpeedItem
    items: list[SpeedItem]


class TerritoryItem(Shape):
    id: str
    position: int
    name: str
    conditions: dict[str, JsonValue] | None = Field(description="Null: every lead that no earlier territory takes")
    pool: PoolItem


class Territories(Shape):
    items: list[TerritoryItem]


class OfferItem(Shape):
    id: str = Field(description="The lead's")
    name: str | None = Field(description="Null: the lead is out of your reach until you claim it")
    is_in_reach: bool
    company: str | None
    source: str | None
    score: float
    band: str
    rule: str
    offered_at: int
    until: int | None = Field(description="When it is dealt to somebody instead; null: never")


class Offers(Shape):
    items: list[OfferItem] = Field(description="The best hundred")
    total: int


class GiverItem(Shape):
    id: str | None = Field(description="Null: leads that nobody owns")
    name: str
    leads: int


class TakerItem(Shape):
    id: str
    name: str
    gets: int
    keeps: int = Field(description="How many of the selection are theirs already and stay so")
    givers: list[GiverItem]
    open_before: int | None = Field(description="Null: you do not see their leads")
    open_after: int | None
    warning: str = Field(description="`absent`, `at capacity` or nothing")


class PassedOverItem(Shape):
    id: str
    name: str
    why: str


class ReassignPreview(Shape):
    leads: int = Field(description="Of the selection, those that you see")
    moving: int
    already: int = Field(description="Stay whose they are")
    refused: int = Field(description="You may look at these and not change them")
    closed: int = Field(description="Won or lost, and left as they are")
    missing: int = Field(description="Named, and not there or out of your sight")
    to: list[TakerItem]
    passed_over: list[PassedOverItem]


class ReassignResult(Shape):
    id: str | None = Field(description="To take it back by; null when no lead was to move")
    leads: int = Field(description="How many were to move")
    skipped: int = Field(description="How many of them somebody else had changed a moment before")
    remaining: int = Field(description="How many move in the background")


class UndoResult(Shape):
    returned: int
    kept: int = Field(description="Somebody has assigned these since, or whose they were cannot take them back")
    remaining: int = Field(description="How many go back in the background")
