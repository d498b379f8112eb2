"""Deals leads out to people, one after another: pure, over what was read once for the whole batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from leadflow.kernel.reach import Team
from leadflow.routing.commands import Pool, Promise
from leadflow.routing.conditions import TERRITORY, TERRITORY_ID, Condition, Facts, Unknown, surely
from leadflow.routing.eligibility import AT_CAPACITY, OFF_SHIFT, Person, comes_back, earliest, members, reason
from leadflow.routing.fairness import Fare, Ledger
from leadflow.routing.models import EVERYBODY
from leadflow.routing.strategies import shelf
from leadflow.routing.strategy import Candidate, Choice, Limit, Need, Offer, Options, Strategy
from leadflow.routing.trust.rules import WAITS

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
class Territory:
    """Whose leads these are. A lead is of the first whose conditions hold."""

    id: UUID
    name: str
    conditions: Condition | None
    pool: Pool


@dataclass(frozen=True, slots=True)
class LeadOffer:
    """By which rule a lead is offered, since when, and until when at most."""

    rule: UUID
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadToRoute:
    id: UUID
    facts: Facts
    kin: Mapping[UUID, str] = field(default_factory=dict)
    """Who owns a lead of the same person or company."""
    had_it: frozenset[UUID] = frozenset()
    """Who is not asked again."""
    offer: LeadOffer | None = None
    """How it is offered already."""


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
    territories: Sequence[Territory] = ()
    unknown: Unknown = frozenset()
    """Fields that rules cannot go by: a lead waits where the answer depends on one."""


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
    offered: Offer | None = None
    offer: LeadOffer | None = None
    """What stands when it is offered."""
    stood: LeadOffer | None = None
    """What stood before."""
    waits: bool = False
    """Which rule is about it depends on what is not known now; an offer stands as it is."""

    @property
    def is_news(self) -> bool:
        """Whether anything is to be told: an offer that stands is not made again."""
        return self.offer is None or self.offer != self.stood

    @property
    def ends_offer(self) -> bool:
        """Whether another rule is about the lead now, or none, and offers it to nobody."""
        return self.stood is not None and self.offer is None and (self.rule is None or self.rule.id != self.stood.rule)

    @property
    def how(self) -> str:
        if answer := self.choice or self.offered:
            return answer.how
        if self.waits:
            return WAITS
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
        self._homes = {
            each.id: frozenset(members(each.pool, floor.people, floor.parents)) for each in floor.territories
        }
        self._reasons: dict[UUID, str] = {}
        self._reasons_at: datetime | None = None
        self._judged: dict[UUID, Judged] = {}

    def deal(self, lead: LeadToRoute, at: datetime) -> Decision:
        unknown = self.floor.unknown
        territory, is_sure = self._territory(lead.facts)
        facts = lead.facts
        if territory is not None:
            facts = {**facts, TERRITORY: territory.name, TERRITORY_ID: str(territory.id)}
        if not is_sure:
            unknown |= {TERRITORY, TERRITORY_ID}
        for rule in self.floor.rules:
            answer = surely(rule.conditions, facts, unknown)
            if answer is None or (answer and not is_sure and Need.TERRITORY in rule.strategy.needs(rule.options)):
                return Decision(lead.id, at, None, (), None, offer=lead.offer, stood=lead.offer, waits=True)
            if answer:
                return self.deal_by(rule, lead, at, territory)
        return Decision(lead.id, at, None, (), None, stood=lead.offer)

    def deal_by(self, rule: Rule, lead: LeadToRoute, at: datetime, territory: Territory | None = None) -> Decision:
        """What one of the floor's rules says, whatever its conditions."""
        judged = self._judge(rule, at)
        candidates = self._candidates(rule, judged, lead, at, self._homes[territory.id] if territory else frozenset())
        match rule.strategy.choose(rule.options, candidates):
            case Choice() as choice:
                return Decision(lead.id, at, rule, candidates, choice, self._give(rule, choice, at), stood=lead.offer)
            case Offer() as offered:
                return self._offer(lead, rule, candidates, offered, at)
        retry_at = self._retry_at(rule, judged.outs, at)
        return Decision(lead.id, at, rule, candidates, None, retry_at=retry_at, stood=lead.offer)

    def take(self, rule_id: UUID, person: UUID, at: datetime) -> None:
        """Somebody has taken a lead of a rule's by themselves: that was their turn."""
        rule = next(rule for rule in self.floor.rules if rule.id == rule_id)
        ledger = self.floor.ledgers.setdefault(rule_id, Ledger({}))
        ledger.enter(self._judge(rule, at).present)
        ledger.give(person, Fare.TURN)

    def has_anybody(self, at: datetime) -> bool:
        """Whether any rule has somebody to choose, or to offer leads to."""
        return any(
            self._judge(rule, at).present or Need.OFFER in rule.strategy.needs(rule.options)
            for rule in self.floor.rules
        )

    def somebody_returns(self, at: datetime) -> datetime | None:
        """When the first rule that has nobody has somebody, without anything else happening."""
        judged = [(rule, self._judge(rule, at)) for rule in self.floor.rules]
        return earliest(self._retry_at(rule, each.outs, at) for rule, each in judged if not each.present)

    def _territory(self, facts: Facts) -> tuple[Territory | None, bool]:
        """Of which a lead is, and whether that can be said."""
        for each in self.floor.territories:
            answer = surely(each.conditions, facts, self.floor.unknown)
            if answer is not False:
                return (each, True) if answer else (None, False)
        return None, True

    @staticmethod
    def _offer(
        lead: LeadToRoute, rule: Rule, candidates: tuple[Candidate, ...], offered: Offer, at: datetime
    ) -> Decision:
        """Its time runs from when the rule first offered the lead."""
        stood = lead.offer
        since = stood.since if stood and stood.rule == rule.id else at
        until = None if offered.seconds is None else since + timedelta(seconds=offered.seconds)
        offer = LeadOffer(rule.id, since, until)
        return Decision(lead.id, at, rule, candidates, None, retry_at=until, offered=offered, offer=offer, stood=stood)

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

    def is_at_capacity(self, person: UUID, at: datetime) -> bool:
        """Whether some rule gives them no more for now because they have had so many."""
        limits = [(rule, rule.strategy.limit(rule.options)) for rule in self.floor.rules]
        return any(
            limit and person in self._members[rule.id] and self._is_full(person, limit, at) for rule, limit in limits
        )

    def _is_full(self, person: UUID, limit: Limit, at: datetime) -> bool:
        """Whether as many leads as the limit allows are younger than its period."""
        taken = self.floor.taken.get(person, ())
        return len(taken) >= limit.most and taken[-limit.most] > at - limit.period

    def _candidates(
        self, rule: Rule, judged: Judged, lead: LeadToRoute, at: datetime, home: frozenset[UUID]
    ) -> tuple[Candidate, ...]:
        ledger = self.floor.ledgers.setdefault(rule.id, Ledger({}))
        ledger.enter(judged.present)
        load, kin, offer = self.floor.open, lead.kin, lead.offer
        waited = int((at - offer.since).total_seconds()) if offer and offer.rule == rule.id else None
        found = []
        for person, why in judged.outs.items():
            if why or person in lead.had_it:
                found.append(Candidate(person, why or HAD_IT, belongs=person in home, waited=waited))
            else:
                s = ledger[person]
                numbers = (s.weight, s.start, s.turn, s.credits, load.get(person, 0))
                tie = kin.get(person, "") if kin else ""
                found.append(Candidate(person, "", *numbers, tie, person in home, waited))
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
