"""Deals leads out to people, one after another: pure, over what was read once for the whole batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from leadflow.kernel.reach import Team
from leadflow.routing.commands import Pool, Promise
from leadflow.routing.conditions import Condition, Facts, holds
from leadflow.routing.eligibility import AT_CAPACITY, OFF_SHIFT, Person, comes_back, earliest, members, reason
from leadflow.routing.fairness import Ledger
from leadflow.routing.models import EVERYBODY
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Candidate, Choice, Limit, Options, Strategy

NO_RULE: Final = "no rule is about this lead"
NOBODY: Final = "nobody can take it"
HAD_IT: Final = "had it before"


@dataclass(frozen=True)
class Rule:
    """A rule, ready to decide."""

    id: UUID
    name: str
    pool: Pool
    strategy_name: str
    strategy: Strategy
    options: Options
    conditions: Condition | None = None
    promise: Promise | None = None
    origin: UUID | None = None
    """The rule that this is a fall-back of."""
    step: int = 0
    """Which of its fall-backs; 0: the rule itself."""


def built_in() -> Rule:
    """What decides for an organization that has no rules."""
    strategy = shelf()["round_robin"]
    return Rule(EVERYBODY, "Everybody in turn", Pool(everybody=True), "round_robin", strategy, strategy.options())


@dataclass(frozen=True, slots=True)
class LeadToRoute:
    id: UUID
    facts: Facts
    kin: Mapping[UUID, str] = field(default_factory=dict)
    """Who owns a lead of the same person or company."""
    had_it: frozenset[UUID] = frozenset()
    """Who is not asked again."""


@dataclass(slots=True)
class Floor:
    """What is known when a batch begins. The counts go along with what is dealt."""

    rules: list[Rule]
    people: Mapping[UUID, Person]
    parents: Mapping[UUID, Team] = field(default_factory=dict)
    ledgers: dict[UUID, Ledger] = field(default_factory=dict)
    open: dict[UUID, int] = field(default_factory=dict)
    taken: dict[UUID, list[datetime]] = field(default_factory=dict)
    """When routing gave somebody leads, oldest first, as far back as the longest limit looks."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, and all that it was made from."""

    lead: UUID
    at: datetime
    rule: Rule | None
    candidates: tuple[Candidate, ...]
    choice: Choice | None
    after: Mapping[str, int] = field(default_factory=dict)
    """Where the chosen one stands afterwards."""
    retry_at: datetime | None = None

    @property
    def how(self) -> str:
        if self.choice:
            return self.choice.how
        return NOBODY if self.rule else NO_RULE


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule's pool at some moment: why somebody cannot be chosen, and what those weigh who can."""

    outs: Mapping[UUID, str]
    present: Mapping[UUID, int]


class Dealer:
    """Decides for one lead after another."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self._members = {rule.id: members(rule.pool, floor.people, floor.parents) for rule in floor.rules}
        self._weights = {rule.id: self._weigh(rule) for rule in floor.rules}
        self._reasons: dict[UUID, str] = {}
        self._reasons_at: datetime | None = None
        self._judged: dict[UUID, Judged] = {}

    def deal(self, lead: LeadToRoute, at: datetime) -> Decision:
        rule = next((rule for rule in self.floor.rules if holds(rule.conditions, lead.facts)), None)
        return self.deal_by(rule, lead, at) if rule else Decision(lead.id, at, None, (), None)

    def deal_by(self, rule: Rule, lead: LeadToRoute, at: datetime) -> Decision:
        """What one of the floor's rules says, whatever its conditions."""
        judged = self._judge(rule, at)
        candidates = self._candidates(rule, judged, lead)
        choice = rule.strategy.choose(rule.options, candidates)
        if choice is None:
            return Decision(lead.id, at, rule, candidates, None, retry_at=self._retry_at(rule, judged.outs, at))
        return Decision(lead.id, at, rule, candidates, choice, self._give(rule, choice, at))

    def has_anybody(self, at: datetime) -> bool:
        """Whether any rule has somebody to choose."""
        return any(self._judge(rule, at).present for rule in self.floor.rules)

    def somebody_returns(self, at: datetime) -> datetime | None:
        """When the first rule that has nobody has somebody, without anything else happening."""
        judged = [(rule, self._judge(rule, at)) for rule in self.floor.rules]
        return earliest(self._retry_at(rule, each.outs, at) for rule, each in judged if not each.present)

    def _weigh(self, rule: Rule) -> dict[UUID, int]:
        return {person: rule.strategy.weight(rule.options, person) for person in self._members[rule.id]}

    def _judge(self, rule: Rule, at: datetime) -> Judged:
        """Without a limit it is the same for all leads of a moment."""
        if at != self._reasons_at:
            self._reasons = {person.id: reason(person, at) for person in self.floor.people.values()}
            self._reasons_at, self._judged = at, {}
        known = self._judged.get(rule.id)
        if known is None or rule.strategy.limit(rule.options):
            outs, weights = self._outs(rule, at), self._weights[rule.id]
            known = Judged(outs, {person: weights[person] for person, why in outs.items() if not why})
            self._judged[rule.id] = known
        return known

    def _outs(self, rule: Rule, at: datetime) -> dict[UUID, str]:
        """Everybody of the rule's pool, and why they cannot be chosen."""
        outs = {person: self._reasons[person] for person in self._members[rule.id]}
        if limit := rule.strategy.limit(rule.options):
            for person, why in outs.items():
                if why in {"", OFF_SHIFT} and self._is_full(person, limit, at):
                    outs[person] = AT_CAPACITY
        if "" not in outs.values() and rule.options.when_nobody_is_on_shift == "assign":
            return {person: "" if why == OFF_SHIFT else why for person, why in outs.items()}
        return outs

    def _is_full(self, person: UUID, limit: Limit, at: datetime) -> bool:
        """Whether as many leads as the limit allows are younger than its period."""
        taken = self.floor.taken.get(person, ())
        return len(taken) >= limit.most and taken[-limit.most] > at - limit.period

    def _candidates(self, rule: Rule, judged: Judged, lead: LeadToRoute) -> tuple[Candidate, ...]:
        ledger = self.floor.ledgers.setdefault(rule.id, Ledger({}))
        ledger.enter(judged.present)
        load, kin = self.floor.open, lead.kin
        found = []
        for person, why in judged.outs.items():
            if why or person in lead.had_it:
                found.append(Candidate(person, why or HAD_IT))
            else:
                s = ledger[person]
                numbers = (s.weight, s.start, s.turn, s.credits, load.get(person, 0))
                found.append(Candidate(person, "", *numbers, kin.get(person, "") if kin else ""))
        return tuple(found)

    def _give(self, rule: Rule, choice: Choice, at: datetime) -> dict[str, int]:
        after = self.floor.ledgers[rule.id].give(choice.person, choice.fare)
        self.floor.open[choice.person] = self.floor.open.get(choice.person, 0) + 1
        self.floor.taken.setdefault(choice.person, []).append(at)
        return {"start": after.start, "turn": after.turn, "credits": after.credits, "given": after.given}

    def _retry_at(self, rule: Rule, outs: Mapping[UUID, str], at: datetime) -> datetime | None:
        """When somebody of the pool can be chosen without anything else happening."""
        limit = rule.strategy.limit(rule.options)
        frees = [
            self.floor.taken[person][-limit.most] + limit.period
            for person, why in outs.items()
            if limit and why == AT_CAPACITY
        ]
        returns = (comes_back(self.floor.people[person], why, at) for person, why in outs.items())
        return earliest([*frees, *returns])


def replay(strategy: str, options: Mapping[str, Any], candidates: list[Mapping[str, Any]]) -> Choice | None:
    """The same question again, from a proof as it is stored; nobody when no rule was about the lead."""
    if not strategy:
        return None
    member = shelf()[strategy]
    asked = [candidate_of(each) for each in candidates]
    return member.choose(member.options.model_validate(dict(options)), asked)


def proof_of(decision: Decision) -> list[dict[str, Any]]:
    """The candidates of a decision, to be stored as JSON: why not, or their numbers before and after."""
    chosen = decision.choice.person if decision.choice else None
    return [
        {"id": each.id, "out": each.out}
        if each.out
        else {
            "id": each.id,
            "weight": each.weight,
            "start": each.start,
            "turn": each.turn,
            "credits": each.credits,
            "open": each.open,
            "kin": each.kin,
            "after": dict(decision.after) if each.id == chosen else None,
        }
        for each in decision.candidates
    ]


def candidate_of(stored: Mapping[str, Any]) -> Candidate:
    known = {name: value for name, value in stored.items() if name not in {"id", "after"}}
    return Candidate(UUID(stored["id"]), **known)
